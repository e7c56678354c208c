/* LISTAGG(text [, separator]): values joined in order of arrival. COLLECT: a multiset of values. */

import { readValue, types, type Column, type Value } from '#data';
import type { StateReader, StateWriter } from '#state';
import { isNullAt, type Accumulator, type AccumulatorSpec } from './accumulator.ts';
import { ArrivalList } from './first-last.ts';
import { MultisetAccumulator } from './multiset.ts';

export class ListAggAccumulator implements Accumulator {
  readonly #column: number;
  readonly #separator: number | undefined;
  readonly #arrivals = new ArrivalList(
    types.row([
      { name: 'value', type: types.STRING },
      { name: 'separator', type: types.STRING },
    ]),
  );

  constructor({ call }: AccumulatorSpec) {
    this.#column = call.args[0]!;
    this.#separator = call.args[1];
  }
  #item(columns: readonly Column[], row: number): Value {
    const separator =
      this.#separator === undefined ? ',' : readValue(columns[this.#separator]!, types.STRING, row);
    return [readValue(columns[this.#column]!, types.STRING, row), separator];
  }
  ensure(_size: number): void {}
  reset(slot: number): void {
    this.#arrivals.reset(slot);
  }
  add(slot: number, columns: readonly Column[], row: number): void {
    if (!isNullAt(columns[this.#column]!, row)) this.#arrivals.add(slot, this.#item(columns, row));
  }
  retract(slot: number, columns: readonly Column[], row: number): void {
    if (!isNullAt(columns[this.#column]!, row)) this.#arrivals.remove(slot, this.#item(columns, row));
  }
  merge(slot: number, from: Accumulator, fromSlot: number): void {
    for (const item of (from as ListAggAccumulator).#arrivals.list(fromSlot)) this.#arrivals.add(slot, item);
  }
  value(slot: number): Value {
    const list = this.#arrivals.list(slot) as readonly (readonly [string, string | null])[];
    if (list.length === 0) return null;
    return list.map(([text, separator], i) => (i === 0 ? text : `${separator ?? ''}${text}`)).join('');
  }
  get bytes(): number {
    return this.#arrivals.bytes;
  }
  snapshot(to: StateWriter, size: number): void {
    this.#arrivals.snapshot(to, size);
  }
  restore(from: StateReader): void {
    this.#arrivals.restore(from);
  }
}

/** COLLECT: the multiset itself. */
export class CollectAccumulator extends MultisetAccumulator {
  value(slot: number): Value {
    return { entries: [...this.counts.entries(slot)].map(([value, count]) => [value, count] as const) };
  }
}
