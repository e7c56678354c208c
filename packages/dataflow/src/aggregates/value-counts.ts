/* A multiset of values per slot: how often each is there. A count may go below zero when a retraction comes first. */

import { compareValues, type LogicalType, type Value } from '#data';
import { readValueBytes, writeValueBytes, type StateReader, type StateWriter } from '#state';
import { valueKey } from './value-key.ts';

interface Entry {
  readonly value: Value;
  count: number;
}

export class ValueCounts {
  readonly #type: LogicalType;
  readonly #slots: (Map<string | number | bigint, Entry> | undefined)[] = [];
  /** The best present value, kept until it is taken back. */
  readonly #best: (Value | undefined)[] = [];

  constructor(type: LogicalType) {
    this.#type = type;
  }
  ensure(_size: number): void {}
  reset(slot: number): void {
    this.#slots[slot] = undefined;
    this.#best[slot] = undefined;
  }
  /** Adds `by` to the value's count and returns the new count. */
  change(slot: number, value: Value, by: number): number {
    const map = (this.#slots[slot] ??= new Map());
    const key = valueKey(value);
    const entry = map.get(key);
    this.#best[slot] = undefined;
    if (entry === undefined) {
      map.set(key, { value, count: by });
      return by;
    }
    entry.count += by;
    if (entry.count === 0) map.delete(key);
    return entry.count;
  }
  extreme(slot: number, sign: number): Value {
    const known = this.#best[slot];
    if (known !== undefined) return known;
    let best: Value = null;
    for (const { value, count } of this.#slots[slot]?.values() ?? []) {
      if (count > 0 && (best === null || compareValues(value, best) * sign > 0)) best = value;
    }
    this.#best[slot] = best;
    return best;
  }
  *entries(slot: number): Iterable<readonly [Value, number]> {
    for (const { value, count } of this.#slots[slot]?.values() ?? []) yield [value, count];
  }
  snapshot(to: StateWriter, size: number): void {
    to.i32(size);
    for (let slot = 0; slot < size; slot++) {
      const map = this.#slots[slot];
      to.i32(map?.size ?? 0);
      for (const { value, count } of map?.values() ?? []) {
        writeValueBytes(to, this.#type, value);
        to.f64(count);
      }
    }
  }
  restore(from: StateReader): void {
    this.#slots.length = 0;
    this.#best.length = 0;
    const size = from.i32();
    for (let slot = 0; slot < size; slot++) {
      let map: Map<string | number | bigint, Entry> | undefined;
      for (let n = from.i32(); n > 0; n--) {
        const value = readValueBytes(from, this.#type);
        (map ??= new Map()).set(valueKey(value), { value, count: from.f64() });
      }
      this.#slots[slot] = map;
    }
  }
}
