/* MIN and MAX. Over inserts alone the best value so far is enough; where rows can be taken back, every value is counted. */

import { assert } from '#base';
import { compareValues, readValue, type Column, type LogicalType, type Value } from '#data';
import { slotColumn, type SlotColumn, type StateReader, type StateWriter } from '#state';
import { isNullAt, type Accumulator, type AccumulatorSpec } from './accumulator.ts';
import { MultisetAccumulator } from './multiset.ts';

export class ExtremeAccumulator implements Accumulator {
  readonly #column: number;
  readonly #type: LogicalType;
  /** 1 for MAX, -1 for MIN. */
  readonly #sign: number;
  readonly #best: SlotColumn;

  constructor({ call }: AccumulatorSpec, sign: 1 | -1) {
    this.#column = call.args[0]!;
    this.#type = call.argTypes[0]!;
    this.#sign = sign;
    this.#best = slotColumn(this.#type);
  }
  ensure(size: number): void {
    this.#best.ensure(size);
  }
  reset(slot: number): void {
    this.#best.clear(slot);
    this.#best.setValue(slot, null);
  }
  add(slot: number, columns: readonly Column[], row: number): void {
    const column = columns[this.#column]!;
    if (isNullAt(column, row)) return;
    if (this.#best.isNull(slot) || this.#better(readValue(column, this.#type, row), this.#best.get(slot)))
      this.#best.set(slot, column, row);
  }
  #better(candidate: Value, best: Value): boolean {
    return compareValues(candidate, best) * this.#sign > 0;
  }
  retract(): void {
    assert(false, 'a MIN or MAX over inserts alone is never asked to take a row back');
  }
  merge(slot: number, from: Accumulator, fromSlot: number): void {
    const other = (from as ExtremeAccumulator).#best.get(fromSlot);
    if (other !== null && (this.#best.isNull(slot) || this.#better(other, this.#best.get(slot))))
      this.#best.setValue(slot, other);
  }
  value(slot: number): Value {
    return this.#best.get(slot);
  }
  get bytes(): number {
    return this.#best.bytes;
  }
  snapshot(to: StateWriter, size: number): void {
    this.#best.snapshot(to, size);
  }
  restore(from: StateReader): void {
    this.#best.restore(from);
  }
}

/** MIN and MAX that can take rows back: a count per value, and the best value found again when it goes. */
export class RetractableExtremeAccumulator extends MultisetAccumulator {
  readonly #sign: number;

  constructor(spec: AccumulatorSpec, sign: 1 | -1) {
    super(spec);
    this.#sign = sign;
  }
  value(slot: number): Value {
    return this.counts.extreme(slot, this.#sign);
  }
}
