/* At most one time a slot: a binary heap of slots that knows where each stands, so that a time can be moved or taken out.
 * Equal times come by slot. */

import type { StateReader, StateWriter } from '../bytes.ts';
import { F64Cells, I32Cells } from '../columns/cells.ts';
import type { Timers } from '../contract.ts';
import { roomy } from '../growable.ts';
import type { Belonging } from './table.ts';

export class MemoryTimers implements Timers, Belonging {
  readonly name: string;
  #heap = new Int32Array(16);
  #size = 0;
  /** By slot: its place in the heap plus one, or 0; and its time. */
  readonly #places = new I32Cells();
  readonly #times = new F64Cells();

  constructor(name: string) {
    this.name = name;
  }
  get next(): number {
    return this.#size === 0 ? Infinity : this.#times.values[this.#heap[0]!]!;
  }
  timeOf(slot: number): number {
    return (this.#places.values[slot] ?? 0) === 0 ? Number.NaN : this.#times.values[slot]!;
  }
  set(slot: number, at: number): void {
    this.#places.ensure(slot + 1);
    this.#times.ensure(slot + 1);
    const place = this.#places.values[slot]! - 1;
    const before = this.#times.values[slot]!;
    this.#times.values[slot] = at;
    if (place < 0) {
      this.#heap = roomy(this.#heap, this.#size + 1);
      this.#rise(this.#size++, slot);
    } else if (at < before) this.#rise(place, slot);
    else if (at > before) this.#sink(place, slot);
  }
  clear(slot: number): void {
    const place = (this.#places.values[slot] ?? 0) - 1;
    if (place >= 0) this.#take(place);
  }
  due(at: number, into: Int32Array, from = 0): number {
    let end = from;
    while (end < into.length && this.next <= at) {
      into[end++] = this.#heap[0]!;
      this.#take(0);
    }
    return end - from;
  }
  forget(slot: number): void {
    this.clear(slot);
  }
  forgetAll(): void {
    this.#size = 0;
    this.#places.values.fill(0);
  }

  #take(place: number): void {
    this.#places.values[this.#heap[place]!] = 0;
    const last = this.#heap[--this.#size]!;
    if (place === this.#size) return;
    const parent = (place - 1) >> 1;
    if (place > 0 && this.#before(last, this.#heap[parent]!)) this.#rise(place, last);
    else this.#sink(place, last);
  }
  #before(a: number, b: number): boolean {
    const times = this.#times.values;
    return times[a]! < times[b]! || (times[a] === times[b] && a < b);
  }
  #put(place: number, slot: number): void {
    this.#heap[place] = slot;
    this.#places.values[slot] = place + 1;
  }
  #rise(from: number, slot: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(slot, this.#heap[parent]!)) break;
      this.#put(at, this.#heap[parent]!);
      at = parent;
    }
    this.#put(at, slot);
  }
  #sink(from: number, slot: number): void {
    let at = from;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#before(this.#heap[child + 1]!, this.#heap[child]!)) child++;
      if (!this.#before(this.#heap[child]!, slot)) break;
      this.#put(at, this.#heap[child]!);
      at = child;
    }
    this.#put(at, slot);
  }

  get bytes(): number {
    return this.#heap.byteLength + this.#places.bytes + this.#times.bytes;
  }
  snapshot(to: StateWriter, slots: number): void {
    to.i32s(this.#heap, this.#size);
    this.#times.snapshot(to, slots);
  }
  restore(from: StateReader): void {
    this.#heap = from.i32s();
    this.#size = this.#heap.length;
    this.#times.restore(from);
    this.#places.values = new Int32Array(this.#times.values.length);
    for (let place = 0; place < this.#size; place++) this.#places.values[this.#heap[place]!] = place + 1;
  }
}
