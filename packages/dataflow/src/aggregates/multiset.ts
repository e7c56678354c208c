/* Accumulators that count every value of their argument, so that rows can be taken back. NULLs are passed over. */

import { readValue, type Column, type LogicalType, type Value } from '#data';
import type { StateReader, StateWriter } from '#state';
import { isNullAt, type Accumulator, type AccumulatorSpec } from './accumulator.ts';
import { ValueCounts } from './value-counts.ts';

export abstract class MultisetAccumulator implements Accumulator {
  readonly #column: number;
  readonly #type: LogicalType;
  protected readonly counts: ValueCounts;

  constructor({ call }: AccumulatorSpec) {
    this.#column = call.args[0]!;
    this.#type = call.argTypes[0]!;
    this.counts = new ValueCounts(this.#type);
  }
  ensure(size: number): void {
    this.counts.ensure(size);
  }
  reset(slot: number): void {
    this.counts.reset(slot);
  }
  add(slot: number, columns: readonly Column[], row: number): void {
    this.#change(slot, columns[this.#column]!, row, 1);
  }
  retract(slot: number, columns: readonly Column[], row: number): void {
    this.#change(slot, columns[this.#column]!, row, -1);
  }
  #change(slot: number, column: Column, row: number, by: 1 | -1): void {
    if (!isNullAt(column, row)) this.counts.change(slot, readValue(column, this.#type, row), by);
  }
  merge(slot: number, from: Accumulator, fromSlot: number): void {
    for (const [value, count] of (from as MultisetAccumulator).counts.entries(fromSlot))
      this.counts.change(slot, value, count);
  }
  abstract value(slot: number): Value;
  get bytes(): number {
    return this.counts.bytes;
  }
  snapshot(to: StateWriter, size: number): void {
    this.counts.snapshot(to, size);
  }
  restore(from: StateReader): void {
    this.counts.restore(from);
  }
}
