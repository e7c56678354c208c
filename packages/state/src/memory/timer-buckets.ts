/* Timers that are not due soon, by stretches of time. A bucket is a list of slots in the order in which they were set.
 *
 * How wide a stretch is follows from the timers: it is halved while the first bucket holds too many, and doubled when there
 * are too many buckets. Then all are sorted in anew; between the two bounds lies a factor of four, so that this happens a
 * few times in a job's life. */

import type { F64Cells, I32Cells } from '../columns/cells.ts';
import { roomy } from '../growable.ts';

const initialWidth = 1024;
/** Entries of a bucket, above which stretches are halved where fewer than `bucketsMin` buckets come of it. */
const entriesMax = 1 << 11;
const bucketsMin = 1 << 11;
/** Above this many buckets stretches are doubled. */
const bucketsMax = 1 << 12;
/** What a bucket takes beside its list, about. */
const bucketBytes = 128;

class Bucket {
  slots = new Int32Array(8);
  /** Entries, and those of them that count. */
  entries = 0;
  live = 0;
}

export class TimerBuckets {
  readonly #places: I32Cells;
  readonly #times: F64Cells;
  readonly #buckets = new Map<number, Bucket>();
  #width = initialWidth;
  /** No bucket before this number. */
  #first = Infinity;
  #spare: Bucket | undefined;
  /** Timers in buckets. */
  size = 0;
  bytes = 0;

  /** `places`: by slot, the negative of its entry plus one; `times`: its time. */
  constructor(places: I32Cells, times: F64Cells) {
    this.#places = places;
    this.#times = times;
  }
  add(slot: number, at: number): void {
    this.#enter(slot, at);
    this.size++;
  }
  #enter(slot: number, at: number): void {
    const number = Math.floor(at / this.#width);
    let bucket = this.#buckets.get(number);
    if (bucket === undefined) bucket = this.#open(number);
    else if (bucket.entries === bucket.slots.length) {
      if (bucket.live * 2 < bucket.entries) this.#compact(bucket, number);
      else this.#grow(bucket);
    }
    bucket.slots[bucket.entries++] = slot;
    bucket.live++;
    this.#places.values[slot] = -bucket.entries;
  }
  #grow(bucket: Bucket): void {
    const before = bucket.slots.byteLength;
    bucket.slots = roomy(bucket.slots, bucket.entries + 1);
    this.bytes += bucket.slots.byteLength - before;
  }
  #open(number: number): Bucket {
    let bucket = this.#spare;
    this.#spare = undefined;
    if (bucket === undefined) {
      bucket = new Bucket();
      this.bytes += bucketBytes + bucket.slots.byteLength;
    }
    this.#buckets.set(number, bucket);
    if (number < this.#first) this.#first = number;
    return bucket;
  }
  /** The slot's timer, which is still known by its time, counts no more. */
  drop(slot: number): void {
    const number = Math.floor(this.#times.values[slot]! / this.#width);
    const bucket = this.#buckets.get(number)!;
    this.#places.values[slot] = 0;
    this.size--;
    if (--bucket.live === 0) this.#close(number, bucket);
  }
  /** Its list is used again for the next bucket. */
  #close(number: number, bucket: Bucket): void {
    this.#buckets.delete(number);
    bucket.entries = 0;
    bucket.live = 0;
    if (this.#spare !== undefined) this.bytes -= bucketBytes + this.#spare.slots.byteLength;
    this.#spare = bucket;
  }
  #isLive(bucket: Bucket, entry: number, number: number): boolean {
    const slot = bucket.slots[entry]!;
    return (
      this.#places.values[slot] === -(entry + 1) &&
      Math.floor(this.#times.values[slot]! / this.#width) === number
    );
  }
  #compact(bucket: Bucket, number: number): void {
    let kept = 0;
    for (let entry = 0; entry < bucket.entries; entry++) {
      if (!this.#isLive(bucket, entry, number)) continue;
      const slot = bucket.slots[entry]!;
      bucket.slots[kept++] = slot;
      this.#places.values[slot] = -kept;
    }
    bucket.entries = kept;
  }

  /** Gives the timers of the first bucket to `take`, and returns where the next one begins. */
  takeFirst(take: (slot: number) => void): number {
    let number = this.#firstNumber();
    let bucket = this.#buckets.get(number)!;
    while (bucket.live > entriesMax && this.#buckets.size * 2 < bucketsMin && this.#width > 1) {
      this.#sortAnew(this.#width / 2);
      number = this.#firstNumber();
      bucket = this.#buckets.get(number)!;
    }
    if (this.#buckets.size > bucketsMax) {
      this.#sortAnew(this.#width * 2);
      number = this.#firstNumber();
      bucket = this.#buckets.get(number)!;
    }
    this.#first = number + 1;
    this.size -= bucket.live;
    for (let entry = 0; entry < bucket.entries; entry++)
      if (this.#isLive(bucket, entry, number)) take(bucket.slots[entry]!);
    this.#close(number, bucket);
    return (number + 1) * this.#width;
  }
  #firstNumber(): number {
    if (this.#buckets.has(this.#first)) return this.#first;
    let least = Infinity;
    for (const number of this.#buckets.keys()) if (number < least) least = number;
    return (this.#first = least);
  }
  #sortAnew(width: number): void {
    const before = [...this.#buckets];
    const slots: Int32Array[] = before.map(([number, bucket]) => {
      this.#compact(bucket, number);
      return bucket.slots.subarray(0, bucket.entries);
    });
    this.clear(this.size);
    this.#width = width;
    for (const list of slots) for (const slot of list) this.#enter(slot, this.#times.values[slot]!);
  }
  clear(size = 0): void {
    this.#buckets.clear();
    this.#spare = undefined;
    this.#first = Infinity;
    this.size = size;
    this.bytes = 0;
  }
}
