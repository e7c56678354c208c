/* Writes the primitive types of Kafka's protocol, plain or flexible (KIP-482). Long byte strings are not copied: they
 * stand between parts in the list that `parts` gives. */

import { uuidBytes } from './uuid.ts';

/** From this length on bytes are handed on as they are. */
const copiedMax = 4096;

/** A tagged field for `tags`, where it is to be written. */
export const tagged = (
  there: boolean,
  tag: number,
  write: (w: WireWriter) => void,
): readonly (readonly [number, (w: WireWriter) => void])[] => (there ? [[tag, write]] : []);

export class WireWriter {
  readonly flexible: boolean;
  #data = Buffer.allocUnsafe(256);
  #size = 0;
  /** Where the bytes begin that are not yet in `#parts`. */
  #from = 0;
  readonly #parts: Buffer[] = [];

  constructor(flexible: boolean) {
    this.flexible = flexible;
  }
  #reserve(length: number): number {
    const at = this.#size;
    if (at + length > this.#data.length) {
      const kept = at - this.#from;
      const bigger = Buffer.allocUnsafe(Math.max(256, (kept + length) * 2));
      bigger.set(this.#data.subarray(this.#from, at));
      this.#data = bigger;
      this.#from = 0;
      this.#size = kept + length;
      return kept;
    }
    this.#size = at + length;
    return at;
  }
  bool(value: boolean): void {
    this.int8(value ? 1 : 0);
  }
  int8(value: number): void {
    const at = this.#reserve(1);
    this.#data.writeInt8(value, at);
  }
  int16(value: number): void {
    const at = this.#reserve(2);
    this.#data.writeInt16BE(value, at);
  }
  uint16(value: number): void {
    const at = this.#reserve(2);
    this.#data.writeUInt16BE(value, at);
  }
  int32(value: number): void {
    const at = this.#reserve(4);
    this.#data.writeInt32BE(value, at);
  }
  uint32(value: number): void {
    const at = this.#reserve(4);
    this.#data.writeUInt32BE(value, at);
  }
  int64(value: number): void {
    const at = this.#reserve(8);
    // The nearest double of the largest int64 is one too many for it.
    const high = Math.min(0x7fff_ffff, Math.floor(value / 0x1_0000_0000));
    this.#data.writeInt32BE(high, at);
    this.#data.writeUInt32BE(value >= 2 ** 63 ? 0xffff_ffff : value - high * 0x1_0000_0000, at + 4);
  }
  float64(value: number): void {
    const at = this.#reserve(8);
    this.#data.writeDoubleBE(value, at);
  }
  uuid(value: string): void {
    this.raw(uuidBytes(value));
  }
  uvarint(value: number): void {
    let left = value;
    for (; left >= 0x80; left = Math.floor(left / 0x80)) this.int8((((left & 0x7f) | 0x80) << 24) >> 24);
    this.int8(left);
  }
  raw(value: Uint8Array): void {
    if (value.length >= copiedMax) {
      this.#close();
      this.#parts.push(Buffer.from(value.buffer, value.byteOffset, value.length));
      return;
    }
    const at = this.#reserve(value.length);
    this.#data.set(value, at);
  }
  #length(length: number, wide: boolean): void {
    if (this.flexible) this.uvarint(length + 1);
    else if (wide) this.int32(length);
    else this.int16(length);
  }
  string(value: string | null): void {
    if (value === null) return this.#length(-1, false);
    const bytes = Buffer.from(value);
    this.#length(bytes.length, false);
    this.raw(bytes);
  }
  bytes(value: Uint8Array | null): void {
    if (value === null) return this.#length(-1, true);
    this.#length(value.length, true);
    this.raw(value);
  }
  /** Byte strings one behind the other as one, each handed on without a copy. */
  chunks(value: readonly Uint8Array[] | null): void {
    if (value === null) return this.#length(-1, true);
    this.#length(
      value.reduce((n, part) => n + part.length, 0),
      true,
    );
    for (const part of value) this.raw(part);
  }
  array<T>(items: readonly T[] | null, write: (item: T) => void): void {
    this.#length(items === null ? -1 : items.length, true);
    for (const item of items ?? []) write(item);
  }
  nullable<T>(value: T | null, write: (value: T) => void): void {
    this.int8(value === null ? -1 : 1);
    if (value !== null) write(value);
  }
  /** The tagged fields that are there, by rising tag; only in flexible versions. */
  tags(fields: readonly (readonly [tag: number, write: (w: WireWriter) => void])[] = []): void {
    if (!this.flexible) return;
    this.uvarint(fields.length);
    for (const [tag, write] of fields) {
      const inner = new WireWriter(true);
      write(inner);
      const parts = inner.finish();
      this.uvarint(tag);
      this.uvarint(parts.reduce((n, part) => n + part.length, 0));
      for (const part of parts) this.raw(part);
    }
  }
  #close(): void {
    if (this.#size > this.#from) this.#parts.push(this.#data.subarray(this.#from, this.#size));
    this.#from = this.#size;
  }
  /** What was written, in parts to be sent one behind the other. */
  finish(): Buffer[] {
    this.#close();
    return this.#parts;
  }
}
