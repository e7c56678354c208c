/* A multiset of values per slot: how often each is there. A count may go below zero when a retraction comes first. */

import { compareValues, type LogicalType, type Value } from '#data';
import { heapBytes, readValueBytes, writeValueBytes, type StateReader, type StateWriter } from '#state';
import { valueKey } from './value-key.ts';

interface Entry {
  readonly value: Value;
  count: number;
}

/** An empty Map, and one entry of it beside its value. */
const mapBytes = 160;
const entryBytes = 64;

export class ValueCounts {
  readonly #type: LogicalType;
  readonly #slots: (Map<string | number | bigint, Entry> | undefined)[] = [];
  /** The best present value, kept until it is taken back. */
  readonly #best: (Value | undefined)[] = [];
  /** Of all maps and entries, about. */
  #bytes = 0;

  constructor(type: LogicalType) {
    this.#type = type;
  }
  ensure(_size: number): void {}
  reset(slot: number): void {
    const map = this.#slots[slot];
    if (map !== undefined) {
      this.#bytes -= mapBytes;
      for (const { value } of map.values()) this.#bytes -= entryBytes + heapBytes(value);
    }
    this.#slots[slot] = undefined;
    this.#best[slot] = undefined;
  }
  /** Adds `by` to the value's count and returns the new count. */
  change(slot: number, value: Value, by: number): number {
    const map = this.#mapOf(slot);
    const key = valueKey(value);
    const entry = map.get(key);
    this.#best[slot] = undefined;
    if (entry === undefined) {
      map.set(key, { value, count: by });
      this.#bytes += entryBytes + heapBytes(value);
      return by;
    }
    entry.count += by;
    if (entry.count === 0) {
      map.delete(key);
      this.#bytes -= entryBytes + heapBytes(value);
    }
    return entry.count;
  }
  #mapOf(slot: number): Map<string | number | bigint, Entry> {
    const known = this.#slots[slot];
    if (known !== undefined) return known;
    this.#bytes += mapBytes;
    const map = new Map<string | number | bigint, Entry>();
    this.#slots[slot] = map;
    return map;
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
  get bytes(): number {
    return 8 * (this.#slots.length + this.#best.length) + this.#bytes;
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
    this.#bytes = 0;
    const size = from.i32();
    for (let slot = 0; slot < size; slot++) {
      this.#slots[slot] = undefined;
      for (let n = from.i32(); n > 0; n--) {
        const value = readValueBytes(from, this.#type);
        this.change(slot, value, from.f64());
      }
    }
  }
}
