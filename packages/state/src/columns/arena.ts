/* Byte strings by slot, in one buffer: what a slot held before is garbage, and the buffer is compacted when half is.
 *
 * Bytes are only ever added; compaction fills other arrays and leaves the old ones as they are. So a snapshot that reads
 * on while strings come and go (image.ts) finds the bytes that it was promised. */

import type { StateReader, StateWriter } from '../bytes.ts';
import { compareRanges, copyRange, equalRanges, viewOf } from '#data';
import { roomy } from '../growable.ts';

type Ints = Int32Array<ArrayBuffer>;
type Bytes = Uint8Array<ArrayBuffer>;

const initialBytes = 256;

export class Arena {
  starts = new Int32Array(16);
  lengths = new Int32Array(16);
  data = new Uint8Array(initialBytes);
  #view = viewOf(this.data);
  #used = 0;
  #live = 0;
  #compactions = 0;

  /** What the snapshot under way reads from: these arrays as they grow, until a compaction leaves them. */
  #read: { starts: Ints; lengths: Ints; data: Bytes } | undefined;

  ensure(size: number): void {
    this.starts = roomy(this.starts, size);
    this.lengths = roomy(this.lengths, size);
    this.#follow();
  }
  #follow(): void {
    const { starts, lengths, data } = this;
    this.#view = viewOf(data);
    if (this.#read !== undefined) Object.assign(this.#read, { starts, lengths, data });
  }
  /** Room for `length` bytes for the slot, which held what is garbage now; returns where they go in `data`. */
  place(slot: number, length: number): number {
    this.clear(slot);
    if (this.#used + length > this.data.length) this.#makeRoom(length);
    const at = this.#used;
    this.starts[slot] = at;
    this.lengths[slot] = length;
    this.#used += length;
    this.#live += length;
    return at;
  }
  put(slot: number, from: Uint8Array, start: number, length: number): void {
    this.putFrom(slot, viewOf(from), start, length);
  }
  putFrom(slot: number, from: DataView, start: number, length: number): void {
    const at = this.place(slot, length);
    copyRange(this.#view, at, from, start, length);
  }
  slice(slot: number): Uint8Array {
    return this.data.subarray(this.starts[slot]!, this.starts[slot]! + this.lengths[slot]!);
  }
  equals(slot: number, other: DataView, start: number, length: number): boolean {
    return this.lengths[slot] === length && equalRanges(this.#view, this.starts[slot]!, other, start, length);
  }
  /** In the order of bytes. */
  compare(slot: number, other: Uint8Array, start: number, length: number): number {
    return compareRanges(this.data, this.starts[slot]!, this.lengths[slot]!, other, start, length);
  }
  /** Brings the strings near: see fetch.ts. */
  fetch(slots: Int32Array, count: number): number {
    const { starts, lengths, data } = this;
    let seen = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      seen ^= data[starts[slot]!]! ^ lengths[slot]!;
    }
    return seen;
  }
  clear(slot: number): void {
    this.#live -= this.lengths[slot]!;
    this.lengths[slot] = 0;
  }
  /** Half of a full buffer is garbage: what lives is moved together. Else the buffer grows. */
  #makeRoom(more: number): void {
    if ((this.#live + more) * 2 > this.data.length) {
      this.data = roomy(this.data, this.#used + more);
      this.#follow();
    } else this.compact();
  }
  compact(): void {
    if (this.#live === this.#used) return;
    if (this.#read !== undefined) {
      this.#read = undefined;
      this.starts = this.starts.slice();
      this.lengths = this.lengths.slice();
    }
    this.#compactions++;
    const next = new Uint8Array(this.data.length);
    const from = this.#view;
    const to = viewOf(next);
    const { starts, lengths } = this;
    let used = 0;
    for (let slot = 0; slot < starts.length; slot++) {
      const length = lengths[slot]!;
      if (length === 0) continue;
      copyRange(to, used, from, starts[slot]!, length);
      starts[slot] = used;
      used += length;
    }
    this.data = next;
    this.#view = to;
    this.#used = used;
  }
  get bytes(): number {
    return this.starts.byteLength + this.lengths.byteLength + this.data.byteLength;
  }
  write(to: StateWriter, size: number): void {
    const read = { starts: this.starts, lengths: this.lengths, data: this.data };
    this.#read = read;
    // A compaction writes them all anew.
    const version = this.#compactions;
    to.bySlot(() => read.starts, size, 1, version);
    to.bySlot(() => read.lengths, size, 1, version);
    to.kept(() => read.data, this.#used, version);
  }
  read(from: StateReader): void {
    this.starts = from.i32s();
    this.lengths = from.i32s();
    this.data = from.bytes();
    this.#view = viewOf(this.data);
    this.#used = this.data.length;
    this.#live = 0;
    for (let slot = 0; slot < this.lengths.length; slot++) this.#live += this.lengths[slot]!;
    this.#read = undefined;
  }
}
