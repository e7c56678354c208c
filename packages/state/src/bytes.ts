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
  readonly #data: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }
  #take(length: number): number {
    const at = this.#at;
    assert(length >= 0 && at + length <= this.#data.length, 'a snapshot holds what its reader asks for');
    this.#at = at + length;
    return at;
  }
  u8(): number {
    return this.#data[this.#take(1)]!;
  }
  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }
  f64(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }
  bigint(): bigint {
    return bigintOf36(this.text());
  }
  text(): string {
    return decoder.decode(this.#slice());
  }
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#slice().slice();
  }
  #slice(): Uint8Array {
    const length = this.i32();
    const at = this.#take(length);
    return this.#data.subarray(at, at + length);
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
    return this.#at === this.#data.length;
  }
}

function bigintOf36(text: string): bigint {
  const negative = text.startsWith('-');
  let value = 0n;
  for (const c of negative ? text.slice(1) : text) value = value * 36n + BigInt(Number.parseInt(c, 36));
  return negative ? -value : value;
}
