/* DISTINCT inside an aggregate: each value is counted in when it first appears and out when its last occurrence goes. */

import { columnBuilder, readValue, type Column, type LogicalType, type Value } from '#data';
import type { StateReader, StateWriter } from '#state';
import type { Accumulator, AccumulatorSpec } from './accumulator.ts';
import { ValueCounts } from './value-counts.ts';

export class DistinctAccumulator implements Accumulator {
  readonly #columns: readonly number[];
  readonly #types: readonly LogicalType[];
  readonly #counts: ValueCounts;
  readonly #inner: Accumulator;

  constructor({ call }: AccumulatorSpec, make: () => Accumulator) {
    this.#columns = call.args;
    this.#types = call.argTypes;
    this.#inner = make();
    this.#counts = new ValueCounts({
      kind: 'ROW',
      nullable: false,
      fields: call.argTypes.map((type, i) => ({ name: `f${i}`, type })),
    });
  }
  #value(columns: readonly Column[], row: number): Value {
    return this.#columns.map((c, i) => readValue(columns[c]!, this.#types[i]!, row));
  }
  ensure(size: number): void {
    this.#inner.ensure(size);
  }
  reset(slot: number): void {
    this.#counts.reset(slot);
    this.#inner.reset(slot);
  }
  add(slot: number, columns: readonly Column[], row: number): void {
    if (this.#counts.change(slot, this.#value(columns, row), 1) === 1) this.#inner.add(slot, columns, row);
  }
  retract(slot: number, columns: readonly Column[], row: number): void {
    if (this.#counts.change(slot, this.#value(columns, row), -1) === 0)
      this.#inner.retract(slot, columns, row);
  }
  /** A value that is on both sides must count once: the merged result is counted anew from the values. */
  merge(slot: number, from: Accumulator, fromSlot: number): void {
    const other = from as DistinctAccumulator;
    for (const [value, count] of other.#counts.entries(fromSlot)) {
      const after = this.#counts.change(slot, value, count);
      if (after === count) this.#addValue(slot, value as readonly Value[]);
    }
  }
  #addValue(slot: number, value: readonly Value[]): void {
    const columns: Column[] = [];
    this.#columns.forEach((c, i) => {
      columns[c] = columnOf(this.#types[i]!, value[i]!);
    });
    this.#inner.add(slot, columns, 0);
  }
  value(slot: number): Value {
    return this.#inner.value(slot);
  }
  get bytes(): number {
    return this.#counts.bytes + this.#inner.bytes;
  }
  snapshot(to: StateWriter, size: number): void {
    this.#counts.snapshot(to, size);
    this.#inner.snapshot(to, size);
  }
  restore(from: StateReader): void {
    this.#counts.restore(from);
    this.#inner.restore(from);
  }
}

function columnOf(type: LogicalType, value: Value): Column {
  const builder = columnBuilder(type);
  builder.append(value);
  return builder.build();
}
