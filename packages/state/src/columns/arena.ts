/* Byte strings by slot, in one buffer: what a slot held before is room for its next string where that fits, else garbage,
 * and the buffer is compacted when half is.
 *
 * Bytes that a snapshot names are never written again, and compaction fills other arrays and leaves the old ones as they
 * are. So a snapshot that reads on while strings come and go (image.ts) finds the bytes that it was promised. */

import { UserError } from '#base';
import { compareRanges, copyRange, equalRanges, viewOf } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import { roomy } from '../growable.ts';

type Ints = Int32Array<ArrayBuffer>;
type Bytes = Uint8Array<ArrayBuffer>;

const initialBytes = 256;
/** Positions are 32-bit integers. */
const positionMax = 2 ** 31 - 1;
const tooMuchText = (): UserError =>
  new UserError('JOB1002', {
    message: 'one column of the state of one instance holds more than 2 GiB of text or bytes',
    hint: "Keep the state on disk (SET 'state.backend.type' = 'rocksdb'), or spread it over more instances (parallelism.default).",
  });

export class Arena {
  starts = new Int32Array(16);
  /** Of a slot without a string: less its room. */
  lengths = new Int32Array(16);
  data = new Uint8Array(initialBytes);
  #view = viewOf(this.data);
  #used = 0;
  #live = 0;
  #compactions = 0;
  /** Bytes in front of this one are in a snapshot. */
  #named = 0;

  /** What the snapshot under way reads from: these arrays as they grow, until a compaction leaves them. */
  #read: { starts: Ints; lengths: Ints; data: Bytes } | undefined;

  readonly #bytesMax: number;

  /** Throws JOB1002 where its strings would have more bytes than `bytesMax` together. */
  constructor(bytesMax = positionMax) {
    this.#bytesMax = bytesMax;
  }
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
  /** Room for `length` bytes for the slot, in place of what it held; returns where they go in `data`. */
  place(slot: number, length: number): number {
    const start = this.starts[slot]!;
    const held = this.lengths[slot]!;
    if (length > 0 && length <= Math.abs(held) && start >= this.#named) {
      this.#live += length - Math.max(0, held);
      this.lengths[slot] = length;
      return start;
    }
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
    const start = this.starts[slot]!;
    return this.data.subarray(start, start + Math.max(0, this.lengths[slot]!));
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
    const held = this.lengths[slot]!;
    if (held <= 0) return;
    this.#live -= held;
    this.lengths[slot] = -held;
  }
  /** Half of a full buffer is garbage: what lives is moved together. Else the buffer grows. */
  #makeRoom(more: number): void {
    if ((this.#live + more) * 2 <= this.data.length || this.#used + more > this.#bytesMax) this.compact();
    if (this.#used + more <= this.data.length) return;
    if (this.#used + more > this.#bytesMax) throw tooMuchText();
    this.data = roomy(this.data, this.#used + more);
    this.#follow();
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
      if (length <= 0) {
        lengths[slot] = 0;
        continue;
      }
      copyRange(to, used, from, starts[slot]!, length);
      starts[slot] = used;
      used += length;
    }
    this.data = next;
    this.#view = to;
    this.#used = used;
    this.#named = 0;
  }
  get bytes(): number {
    return this.starts.byteLength + this.lengths.byteLength + this.data.byteLength;
  }
  write(to: StateWriter, size: number): void {
    const read = { starts: this.starts, lengths: this.lengths, data: this.data };
    this.#read = read;
    this.#named = this.#used;
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
    this.#named = this.#used;
    this.#live = 0;
    for (let slot = 0; slot < this.lengths.length; slot++) this.#live += Math.max(0, this.lengths[slot]!);
    this.#read = undefined;
  }
}
