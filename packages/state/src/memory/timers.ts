/* At most one time a slot. What is soon due stands in a heap, what is far in buckets of time, which nobody sorts until
 * their time comes: so a timer that is set costs a step, whatever their number (a calendar queue: R. Brown, 1988).
 *
 *   set ─▶ before `#nearEnd`? ─ yes ─▶ heap ─▶ due, by time and slot
 *                             └ no ──▶ bucket of its time ── the heap is empty, and it is the first ──▶ heap
 *
 * A timer that was moved or cleared leaves its entry in the bucket, where it counts for nothing: `#places` says which
 * entry of a slot is the true one. */

import type { StateReader, StateWriter } from '../bytes.ts';
import { F64Cells, I32Cells, U8Cells } from '../columns/cells.ts';
import type { Timers } from '../contract.ts';
import { roomy } from '../growable.ts';
import type { Pages } from './pages.ts';
import type { Belonging } from './table.ts';
import { TimerBuckets } from './timer-buckets.ts';

export class MemoryTimers implements Timers, Belonging {
  readonly name: string;
  #heap = new Int32Array(16);
  #size = 0;
  /** Times from here on stand in buckets. */
  #nearEnd = -Infinity;
  readonly #buckets: TimerBuckets;
  /** By slot: its place in the heap plus one, its entry in a bucket as a negative number, or 0; and its time. */
  readonly #places = new I32Cells();
  readonly #times = new F64Cells();
  /** By slot: 1 where a timer is set. */
  readonly #set = new U8Cells();
  readonly #pages: Pages;

  /** `pages`: of the table whose slots have the timers. */
  constructor(name: string, pages: Pages) {
    this.name = name;
    this.#pages = pages;
    this.#buckets = new TimerBuckets(this.#places, this.#times);
  }
  get next(): number {
    return this.#size === 0 ? Infinity : this.#times.values[this.#heap[0]!]!;
  }
  timeOf(slot: number): number {
    return (this.#places.values[slot] ?? 0) === 0 ? Number.NaN : this.#times.values[slot]!;
  }
  set(slot: number, at: number): void {
    if (slot >= this.#places.values.length || slot >= this.#set.values.length) {
      this.#places.ensure(slot + 1);
      this.#times.ensure(slot + 1);
      this.#set.ensure(slot + 1);
    }
    const place = this.#places.values[slot]!;
    const before = this.#times.values[slot]!;
    if (place !== 0 && before === at) return;
    this.#pages.touch(slot);
    this.#set.values[slot] = 1;
    if (place > 0 && at < this.#nearEnd) {
      this.#times.values[slot] = at;
      if (at < before) this.#rise(place - 1, slot);
      else this.#sink(place - 1, slot);
      return;
    }
    if (place !== 0) this.#take(slot, place);
    this.#times.values[slot] = at;
    if (at < this.#nearEnd) this.#push(slot);
    else this.#buckets.add(slot, at);
    if (this.#size === 0) this.#comeNear();
  }
  clear(slot: number): void {
    const place = this.#places.values[slot] ?? 0;
    if (place === 0) return;
    this.#unset(slot);
    this.#take(slot, place);
    if (this.#size === 0) this.#comeNear();
  }
  #unset(slot: number): void {
    this.#pages.touch(slot);
    this.#set.values[slot] = 0;
  }
  due(at: number, into: Int32Array, from = 0): number {
    let end = from;
    while (end < into.length && this.#size > 0 && this.next <= at) {
      into[end++] = this.#heap[0]!;
      this.#unset(this.#heap[0]!);
      this.#takeNear(0);
      if (this.#size === 0) this.#comeNear();
    }
    return end - from;
  }
  forget(slot: number): void {
    this.clear(slot);
  }
  forgetAll(): void {
    this.#size = 0;
    this.#nearEnd = -Infinity;
    this.#buckets.clear();
    this.#places.values.fill(0);
    this.#set.values.fill(0);
  }

  /** The first bucket's timers come into the heap. */
  #comeNear(): void {
    while (this.#size === 0 && this.#buckets.size > 0)
      this.#nearEnd = this.#buckets.takeFirst((slot) => this.#push(slot));
  }
  #push(slot: number): void {
    this.#heap = roomy(this.#heap, this.#size + 1);
    this.#rise(this.#size++, slot);
  }
  #take(slot: number, place: number): void {
    if (place > 0) this.#takeNear(place - 1);
    else this.#buckets.drop(slot);
  }
  #takeNear(place: number): void {
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
    return (
      this.#heap.byteLength + this.#buckets.bytes + this.#places.bytes + this.#times.bytes + this.#set.bytes
    );
  }
  snapshotBySlot(to: StateWriter, slots: number): void {
    this.#set.snapshot(to, slots);
    this.#times.snapshot(to, slots);
  }
  restoreBySlot(from: StateReader): void {
    this.#set.restore(from);
    this.#times.restore(from);
    const set = this.#set.values;
    const times = this.#times.values;
    this.#size = 0;
    this.#nearEnd = -Infinity;
    this.#buckets.clear();
    this.#places.values = new Int32Array(times.length);
    for (let slot = 0; slot < set.length; slot++) if (set[slot] === 1) this.#buckets.add(slot, times[slot]!);
    this.#comeNear();
  }
}
