/* FILTER (WHERE …): rows count only where the condition's column is TRUE. */

import type { Column, Value } from '#data';
import type { StateReader, StateWriter } from '#state';
import { isNullAt, type Accumulator } from './accumulator.ts';

export class FilteredAccumulator implements Accumulator {
  readonly #inner: Accumulator;
  readonly #filter: number;

  constructor(inner: Accumulator, filter: number) {
    this.#inner = inner;
    this.#filter = filter;
  }
  #passes(columns: readonly Column[], row: number): boolean {
    const column = columns[this.#filter]!;
    return !isNullAt(column, row) && (column as { values: Int32Array }).values[row] !== 0;
  }
  ensure(size: number): void {
    this.#inner.ensure(size);
  }
  reset(slot: number): void {
    this.#inner.reset(slot);
  }
  add(slot: number, columns: readonly Column[], row: number): void {
    if (this.#passes(columns, row)) this.#inner.add(slot, columns, row);
  }
  retract(slot: number, columns: readonly Column[], row: number): void {
    if (this.#passes(columns, row)) this.#inner.retract(slot, columns, row);
  }
  merge(slot: number, from: Accumulator, fromSlot: number): void {
    this.#inner.merge(slot, (from as FilteredAccumulator).#inner, fromSlot);
  }
  value(slot: number): Value {
    return this.#inner.value(slot);
  }
  get bytes(): number {
    return this.#inner.bytes;
  }
  snapshot(to: StateWriter, size: number): void {
    this.#inner.snapshot(to, size);
  }
  restore(from: StateReader): void {
    this.#inner.restore(from);
  }
}
