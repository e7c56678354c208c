/* COUNT(*), COUNT(x). */

import type { Column, Value } from '#data';
import type { StateReader, StateWriter } from '#state';
import { isNullAt, roomy, type Accumulator, type AccumulatorSpec } from './accumulator.ts';

export class CountAccumulator implements Accumulator {
  readonly #column: number;
  #counts = new Float64Array(16);

  constructor({ call }: AccumulatorSpec) {
    this.#column = call.args[0] ?? -1;
  }
  ensure(size: number): void {
    this.#counts = roomy(this.#counts, size);
  }
  reset(slot: number): void {
    this.#counts[slot] = 0;
  }
  add(slot: number, columns: readonly Column[], row: number): void {
    if (this.#column < 0 || !isNullAt(columns[this.#column]!, row)) this.#counts[slot]!++;
  }
  retract(slot: number, columns: readonly Column[], row: number): void {
    if (this.#column < 0 || !isNullAt(columns[this.#column]!, row)) this.#counts[slot]!--;
  }
  merge(slot: number, from: Accumulator, fromSlot: number): void {
    this.#counts[slot]! += (from as CountAccumulator).#counts[fromSlot]!;
  }
  value(slot: number): Value {
    return BigInt(this.#counts[slot]!);
  }
  get bytes(): number {
    return this.#counts.byteLength;
  }
  snapshot(to: StateWriter, size: number): void {
    to.f64s(this.#counts, size);
  }
  restore(from: StateReader): void {
    this.#counts = from.f64s();
  }
}
