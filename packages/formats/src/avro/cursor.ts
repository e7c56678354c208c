/* Reads the binary encoding of Avro (Avro 1.12, "Binary Encoding") out of one message. Every read checks that the bytes are
 * there; what a message says of its own lengths is never believed, and nothing is allocated for it. */

import { instant, type Instant } from '#data';
import { MalformedRecord } from '../malformed.ts';
import type { UnitsPerMilli } from './read-plan.ts';

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Shorter text is put together here: calling the decoder costs more. */
const shortText = 24;
const depthMax = 200;
/** Values that take no bytes, as nulls in an array: so many of them in one message. */
const emptyValuesMax = 1 << 20;
const safe = Number.MAX_SAFE_INTEGER;

export class AvroCursor {
  readonly format: string;
  data: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  start = 0;
  at = 0;
  end = 0;
  #depth = 0;
  #emptyValues = 0;

  constructor(format: string) {
    this.format = format;
  }
  /** `position` of errors counts from `start`; reading begins at `from`. */
  reset(data: Uint8Array, start: number, end: number, from = start): void {
    if (this.data !== data) {
      this.data = data;
      this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    }
    this.start = start;
    this.at = from;
    this.end = end;
    this.#depth = 0;
    this.#emptyValues = 0;
  }

  malformed(reason: string, at = this.at): MalformedRecord {
    const hint = 'The bytes are no message of the schema that they were read with.';
    return new MalformedRecord(this.format, reason, Math.min(at, this.end) - this.start, undefined, hint);
  }
  fail(reason: string): never {
    throw this.malformed(reason);
  }
  #cut(): never {
    return this.fail('the message ends within a value');
  }

  boolean(): boolean {
    if (this.at >= this.end) this.#cut();
    const byte = this.data[this.at]!;
    if (byte > 1) this.fail(`found byte ${byte}, expected 0 or 1 for a boolean`);
    this.at++;
    return byte === 1;
  }
  /** A zigzag number of 32 bits. */
  int(): number {
    const { data, end } = this;
    let at = this.at;
    let raw = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (at >= end) this.#cut();
      const byte = data[at++]!;
      raw |= (byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      if (shift === 28 && byte > 0x0f) break;
      this.at = at;
      return (raw >>> 1) ^ -(raw & 1);
    }
    return this.fail('an int has more than 32 bits');
  }
  /** A zigzag number of 64 bits, as a double where that is exact. */
  long(): number | bigint {
    const { data, end } = this;
    let at = this.at;
    let raw = 0;
    let factor = 1;
    for (let i = 0; i < 7; i++) {
      if (at >= end) this.#cut();
      const byte = data[at++]!;
      raw += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        this.at = at;
        return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
      }
      factor *= 128;
    }
    let wide = BigInt(raw);
    for (let shift = 49n; shift < 70n; shift += 7n) {
      if (at >= end) this.#cut();
      const byte = data[at++]!;
      wide |= BigInt(byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      if (shift === 63n && byte > 1) break;
      this.at = at;
      const value = (wide >> 1n) ^ -(wide & 1n);
      return value >= -BigInt(safe) && value <= BigInt(safe) ? Number(value) : value;
    }
    return this.fail('a long has more than 64 bits');
  }
  bigint(): bigint {
    return BigInt(this.long());
  }
  integer(min: number, max: number, what: string): number {
    const value = this.int();
    if (value < min || value > max) this.fail(`${value} is no ${what}`);
    return value;
  }
  float(): number {
    const at = this.#take(4);
    return this.#view.getFloat32(at, true);
  }
  double(): number {
    const at = this.#take(8);
    return this.#view.getFloat64(at, true);
  }
  #take(length: number): number {
    const { at } = this;
    if (length > this.end - at) this.#cut();
    this.at = at + length;
    return at;
  }
  skip(length: number): void {
    this.#take(length);
  }

  /** How long what follows is; it is there. */
  length(): number {
    const length = Number(this.long());
    if (length < 0) this.fail(`found the length ${length}`);
    if (length > this.end - this.at)
      this.fail(`a length of ${length}, and the message has ${this.end - this.at} more bytes`);
    return length;
  }
  /** `length`: of a fixed. */
  text(length = this.length()): string {
    const at = this.#take(length);
    return this.textOf(at, at + length);
  }
  textOf(start: number, end: number): string {
    const { data } = this;
    if (end - start <= shortText) {
      let short = '';
      let i = start;
      while (i < end && data[i]! < 0x80) short += String.fromCharCode(data[i++]!);
      if (i === end) return short;
    }
    try {
      return text.decode(data.subarray(start, end));
    } catch {
      throw this.malformed('text that is no UTF-8', start);
    }
  }
  bytes(length = this.length()): Uint8Array {
    const at = this.#take(length);
    // A copy: slice of a Buffer is none.
    return new Uint8Array(this.data.subarray(at, at + length));
  }
  uuid(): string {
    const at = this.#take(16);
    const hex = Buffer.from(this.data.subarray(at, at + 16)).toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
  symbol(symbols: readonly string[]): string {
    const index = this.int();
    const symbol = symbols[index];
    if (symbol === undefined) this.fail(`found symbol ${index} of an enum that has ${symbols.length}`);
    return symbol!;
  }
  /** Two's complement, the highest byte first. */
  decimal(precision: number, length = this.length()): bigint {
    const at = this.#take(length);
    let value = 0n;
    if (length > 0) {
      const hex = Buffer.from(this.data.buffer, this.data.byteOffset + at, length).toString('hex');
      value = BigInt.asIntN(length * 8, BigInt(`0x${hex}`));
    }
    const bound = 10n ** BigInt(precision);
    if (value >= bound || value <= -bound) this.fail(`a decimal has more than ${precision} digits`);
    return value;
  }
  /** Milliseconds of a day. */
  timeOfDay(units: UnitsPerMilli): number {
    const value = Number(units === 1 ? this.int() : this.long());
    const ms = Math.floor(value / units);
    if (ms < 0 || ms >= 86_400_000) this.fail(`${value} is no time of a day`);
    return ms;
  }
  instant(units: UnitsPerMilli, precision: number): Instant {
    const value = this.long();
    if (units === 1) return instant(Number(value));
    let ms: number;
    let part: number;
    if (typeof value === 'number') {
      ms = Math.floor(value / units);
      part = value - ms * units;
    } else {
      const wide = BigInt(units);
      const rest = ((value % wide) + wide) % wide;
      ms = Number((value - rest) / wide);
      part = Number(rest);
    }
    const ns = units === 1000 ? part * 1000 : part;
    return instant(ms, precision <= 3 ? 0 : precision <= 6 ? ns - (ns % 1000) : ns);
  }
  /** Which branch of a union of `count` follows. */
  branch(count: number): number {
    const index = this.int();
    if (index < 0 || index >= count) this.fail(`found branch ${index} of a union of ${count}`);
    return index;
  }

  /** How many items the next block of an array or map has; 0 behind the last one. Each takes `bytesMin` at least. */
  block(bytesMin: number): number {
    let count = Number(this.long());
    if (count < 0) {
      count = -count;
      this.length();
    }
    this.#checkCount(count, bytesMin);
    return count;
  }
  #checkCount(count: number, bytesMin: number): void {
    if (bytesMin === 0) {
      this.#emptyValues += count;
      if (this.#emptyValues > emptyValuesMax) this.fail(`${count} values that take no bytes`);
    } else if (count > (this.end - this.at) / bytesMin)
      this.fail(`a block of ${count} values, and the message has ${this.end - this.at} more bytes`);
  }
  /** As `block`, but skips a block that says its size. */
  skipBlock(bytesMin: number): number {
    for (;;) {
      const count = Number(this.long());
      if (count >= 0) {
        this.#checkCount(count, bytesMin);
        return count;
      }
      this.skip(this.length());
    }
  }
  skipLong(): void {
    const { data, end } = this;
    for (let i = 0; i < 10; i++) {
      if (this.at >= end) this.#cut();
      if (data[this.at++]! < 0x80) return;
    }
    this.fail('a number has more than 64 bits');
  }
  /** Into a value that may hold others of its kind. */
  enter(): void {
    if (++this.#depth > depthMax) this.fail(`values lie more than ${depthMax} deep in each other`);
  }
  leave(): void {
    this.#depth--;
  }
}
