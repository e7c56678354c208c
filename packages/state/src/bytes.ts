/* The bytes of snapshots: a writer that grows and a reader that checks, little-endian, every item with its own form.
 * Typed arrays are written whole, so a snapshot of flat state costs no serialisation of rows. */

import { assert } from '#base';
import type { PageGuard, SlotArray } from './page-guard.ts';

export interface StateWriter {
  u8(value: number): void;
  i32(value: number): void;
  f64(value: number): void;
  bigint(value: bigint): void;
  text(value: string): void;
  bytes(value: Uint8Array): void;
  /** The first `length` elements. */
  f64s(values: Float64Array, length: number): void;
  i32s(values: Int32Array, length: number): void;
  /** Of an array by slot what `size` slots have, `perSlot` elements each: of the table that `behind` names perhaps copied
   *  later (image.ts). `read` gives the array as it is then, grown or not; `version` is another one when slots changed that
   *  nobody reported. Read back by its own form: bytes, f64s, i32s. */
  bySlot(read: () => SlotArray, size: number, perSlot?: number, version?: number): void;
  behind(guard: PageGuard | undefined): void;
  /** Bytes that stay what they are while the array grows, within one `version`: perhaps copied later. */
  kept(read: () => Uint8Array<ArrayBuffer>, length: number, version?: number): void;
}

export interface StateReader {
  u8(): number;
  i32(): number;
  f64(): number;
  bigint(): bigint;
  text(): string;
  bytes(): Uint8Array<ArrayBuffer>;
  f64s(): Float64Array<ArrayBuffer>;
  i32s(): Int32Array<ArrayBuffer>;
  /** True when everything was read. */
  readonly done: boolean;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class BytesWriter implements StateWriter {
  #data: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #used = 0;

  /** `expected`: about how many bytes will be written. */
  constructor(expected = 256) {
    this.#data = new Uint8Array(expected);
    this.#view = new DataView(this.#data.buffer);
  }

  #reserve(length: number): number {
    const at = this.#used;
    if (at + length > this.#data.length) {
      const bigger = new Uint8Array(Math.max(at + length, this.#data.length * 2));
      bigger.set(this.#data.subarray(0, at));
      this.#data = bigger;
      this.#view = new DataView(bigger.buffer);
    }
    this.#used = at + length;
    return at;
  }
  u8(value: number): void {
    // Reserved first: that may replace the buffer.
    const at = this.#reserve(1);
    this.#data[at] = value;
  }
  i32(value: number): void {
    const at = this.#reserve(4);
    this.#view.setInt32(at, value, true);
  }
  f64(value: number): void {
    const at = this.#reserve(8);
    this.#view.setFloat64(at, value, true);
  }
  bigint(value: bigint): void {
    this.text(value.toString(36));
  }
  text(value: string): void {
    this.bytes(encoder.encode(value));
  }
  bytes(value: Uint8Array): void {
    this.i32(value.length);
    const at = this.#reserve(value.length);
    this.#data.set(value, at);
  }
  f64s(values: Float64Array, length: number): void {
    this.bytes(new Uint8Array(values.buffer, values.byteOffset, length * 8));
  }
  i32s(values: Int32Array, length: number): void {
    this.bytes(new Uint8Array(values.buffer, values.byteOffset, length * 4));
  }
  bySlot(read: () => SlotArray, size: number, perSlot = 1, _version?: number): void {
    const array = read();
    this.bytes(new Uint8Array(array.buffer, array.byteOffset, size * perSlot * array.BYTES_PER_ELEMENT));
  }
  behind(_guard: PageGuard | undefined): void {}
  kept(read: () => Uint8Array<ArrayBuffer>, length: number, _version?: number): void {
    this.bytes(read().subarray(0, length));
  }
  protected get used(): number {
    return this.#used;
  }
  /** Begins anew in the same buffer. */
  clear(): void {
    this.#used = 0;
  }
  /** Everything written so far, good until the next write. */
  get written(): Uint8Array {
    return this.#data.subarray(0, this.#used);
  }
  /** Everything written so far, in bytes of its own. */
  finish(): Uint8Array {
    return this.#data.slice(0, this.#used);
  }
}

export class BytesReader implements StateReader {
  readonly #pieces: readonly Uint8Array[];
  #nextPiece = 1;
  #data: Uint8Array;
  #view: DataView;
  #at = 0;

  /** `data`: as a whole, or in pieces one behind the other. */
  constructor(data: Uint8Array | readonly Uint8Array[]) {
    this.#pieces = data instanceof Uint8Array ? [data] : data;
    this.#data = this.#pieces[0] ?? nothing;
    this.#view = viewOf(this.#data);
  }
  /** Where the next `length` bytes lie in `#data`. */
  #take(length: number): number {
    assert(length >= 0, 'a length is not below zero');
    while (this.#at === this.#data.length && this.#nextPiece < this.#pieces.length) this.#enterNext();
    if (this.#at + length > this.#data.length) this.#join(length);
    const at = this.#at;
    this.#at = at + length;
    return at;
  }
  #enterNext(): void {
    this.#data = this.#pieces[this.#nextPiece++]!;
    this.#view = viewOf(this.#data);
    this.#at = 0;
  }
  /** Bytes that lie in several pieces: brought together, with the rest of the last one. */
  #join(length: number): void {
    const joined: Uint8Array[] = [this.#data.subarray(this.#at)];
    for (let size = joined[0]!.length; size < length; size += this.#data.length) {
      assert(this.#nextPiece < this.#pieces.length, 'a snapshot holds what its reader asks for');
      this.#enterNext();
      joined.push(this.#data);
    }
    const { buffer, byteOffset, byteLength } = Buffer.concat(joined);
    this.#data = new Uint8Array(buffer, byteOffset, byteLength);
    this.#view = viewOf(this.#data);
    this.#at = 0;
  }
  u8(): number {
    const at = this.#take(1);
    return this.#data[at]!;
  }
  i32(): number {
    const at = this.#take(4);
    return this.#view.getInt32(at, true);
  }
  f64(): number {
    const at = this.#take(8);
    return this.#view.getFloat64(at, true);
  }
  bigint(): bigint {
    return bigintOf36(this.text());
  }
  text(): string {
    const length = this.i32();
    const at = this.#take(length);
    return decoder.decode(this.#data.subarray(at, at + length));
  }
  bytes(): Uint8Array<ArrayBuffer> {
    const length = this.i32();
    assert(length >= 0, 'a length is not below zero');
    if (this.#at + length <= this.#data.length) {
      const at = this.#take(length);
      return this.#data.slice(at, at + length) as Uint8Array<ArrayBuffer>;
    }
    const bytes = new Uint8Array(length);
    for (let to = 0; to < length; ) {
      while (this.#at === this.#data.length) {
        assert(this.#nextPiece < this.#pieces.length, 'a snapshot holds what its reader asks for');
        this.#enterNext();
      }
      const piece = this.#data.subarray(this.#at, this.#at + length - to);
      bytes.set(piece, to);
      this.#at += piece.length;
      to += piece.length;
    }
    return bytes;
  }
  f64s(): Float64Array<ArrayBuffer> {
    const bytes = this.bytes();
    return new Float64Array(bytes.buffer, 0, bytes.length / 8);
  }
  i32s(): Int32Array<ArrayBuffer> {
    const bytes = this.bytes();
    return new Int32Array(bytes.buffer, 0, bytes.length / 4);
  }
  get done(): boolean {
    return this.#at === this.#data.length && this.#pieces.slice(this.#nextPiece).every((p) => p.length === 0);
  }
}
const nothing = new Uint8Array(0);
const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

function bigintOf36(text: string): bigint {
  const negative = text.startsWith('-');
  let value = 0n;
  for (const c of negative ? text.slice(1) : text) value = value * 36n + BigInt(Number.parseInt(c, 36));
  return negative ? -value : value;
}
