/* Reads the primitive types of Kafka's protocol, plain or flexible (KIP-482), from bytes that nobody vouches for: a
 * length that the bytes cannot hold is an error before anything is made of it. */

import { uuidText } from './uuid.ts';

/** The bytes are not what their version says. The connection that they came over is of no further use. */
export class WireError extends Error {}

/** Of a string, also where a flexible version could say more: an answer in a plain version could not tell it. */
const stringBytesMax = 0x7fff;
const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

export class WireReader {
  readonly data: Buffer;
  readonly flexible: boolean;
  at: number;
  #itemsLeft: number;

  /** Together its arrays may have `itemsMax` items: an item makes an object, which takes far more than its bytes. */
  constructor(data: Buffer, at: number, flexible: boolean, itemsMax = Infinity) {
    this.#itemsLeft = itemsMax;
    this.data = data;
    this.at = at;
    this.flexible = flexible;
  }
  get left(): number {
    return this.data.length - this.at;
  }
  #take(length: number): number {
    const { at } = this;
    if (length < 0 || at + length > this.data.length)
      throw new WireError(`${length} bytes were announced, ${this.left} are left`);
    this.at = at + length;
    return at;
  }
  bool(): boolean {
    return this.data[this.#take(1)] !== 0;
  }
  int8(): number {
    return this.data.readInt8(this.#take(1));
  }
  int16(): number {
    return this.data.readInt16BE(this.#take(2));
  }
  uint16(): number {
    return this.data.readUInt16BE(this.#take(2));
  }
  int32(): number {
    return this.data.readInt32BE(this.#take(4));
  }
  uint32(): number {
    return this.data.readUInt32BE(this.#take(4));
  }
  /** Exact up to 2^53 in magnitude, which holds every offset, time and id in use; beyond that the nearest double. */
  int64(): number {
    const at = this.#take(8);
    return this.data.readInt32BE(at) * 0x1_0000_0000 + this.data.readUInt32BE(at + 4);
  }
  float64(): number {
    return this.data.readDoubleBE(this.#take(8));
  }
  uuid(): string {
    const at = this.#take(16);
    return uuidText(this.data.subarray(at, at + 16));
  }
  uvarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.data[this.#take(1)]!;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new WireError('a variable-length number does not end');
  }
  string(): string {
    const value = this.nullableString();
    if (value === null) throw new WireError('a string is null that must not be');
    return value;
  }
  nullableString(): string | null {
    const length = this.flexible ? this.uvarint() - 1 : this.int16();
    if (length < 0) return null;
    if (length > stringBytesMax) throw new WireError(`a string of ${length} bytes was announced`);
    const at = this.#take(length);
    return text.decode(this.data.subarray(at, at + length));
  }
  /** A view of the bytes read from, not a copy. */
  bytes(): Buffer {
    const value = this.nullableBytes();
    if (value === null) throw new WireError('bytes are null that must not be');
    return value;
  }
  nullableBytes(): Buffer | null {
    const length = this.flexible ? this.uvarint() - 1 : this.int32();
    if (length < 0) return null;
    const at = this.#take(length);
    return this.data.subarray(at, at + length);
  }
  /** Record batches, as one string of bytes. */
  records(): Uint8Array[] | null {
    const bytes = this.nullableBytes();
    return bytes === null ? null : [bytes];
  }
  array<T>(read: () => T): T[] {
    const value = this.nullableArray(read);
    if (value === null) throw new WireError('an array is null that must not be');
    return value;
  }
  nullableArray<T>(read: () => T): T[] | null {
    const length = this.flexible ? this.uvarint() - 1 : this.int32();
    if (length < 0) return null;
    // Every item takes a byte at least.
    if (length > this.left)
      throw new WireError(`${length} items were announced, ${this.left} bytes are left`);
    this.#itemsLeft -= length;
    if (this.#itemsLeft < 0) throw new WireError('more items than a request may have');
    const items: T[] = [];
    for (let i = 0; i < length; i++) items.push(read());
    return items;
  }
  /** A structure that may be absent: a byte says so. */
  nullable<T>(read: () => T): T | null {
    return this.int8() < 0 ? null : read();
  }
  /** The tagged fields at the end of a flexible structure; those that `read` does not take are passed over. */
  tags(read?: (tag: number) => boolean): void {
    if (!this.flexible) return;
    for (let n = this.uvarint(); n > 0; n--) {
      const tag = this.uvarint();
      const length = this.uvarint();
      const end = this.#take(length) + length;
      this.at = end - length;
      if (read?.(tag) === true && this.at !== end)
        throw new WireError(`tagged field ${tag} is not as long as it says`);
      this.at = end;
    }
  }
}
