/* Reads the wire format of Protobuf (protobuf.dev, "Encoding") out of one message. Every read checks that the bytes are there,
 * and that a message in another does not reach beyond it. */

import { MalformedRecord } from '../malformed.ts';
import { wire } from './message-type.ts';

const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const shortText = 24;
const groupDepthMax = 100;

export class ProtoCursor {
  readonly format: string;
  data: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  start = 0;
  at = 0;
  end = 0;

  constructor(format: string) {
    this.format = format;
  }
  reset(data: Uint8Array, start: number, end: number, from = start): void {
    if (this.data !== data) {
      this.data = data;
      this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    }
    this.start = start;
    this.at = from;
    this.end = end;
  }
  malformed(reason: string, at = this.at): MalformedRecord {
    return new MalformedRecord(this.format, reason, Math.min(at, this.end) - this.start);
  }
  fail(reason: string): never {
    throw this.malformed(reason);
  }
  #cut(): never {
    return this.fail('the message ends within a value');
  }
  #take(length: number): number {
    const { at } = this;
    if (length > this.end - at) this.#cut();
    this.at = at + length;
    return at;
  }

  /** Number and wire type of the next field. */
  tag(): number {
    const tag = this.uint32();
    if (tag < 8) this.fail('found 0, expected the number of a field');
    return tag;
  }
  /** The low 32 bits of a varint, unsigned. */
  uint32(): number {
    const { data, end } = this;
    let at = this.at;
    let low = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= end) this.#cut();
      const byte = data[at++]!;
      if (shift < 32) low |= (byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      if (shift === 63 && byte > 1) break;
      this.at = at;
      return low >>> 0;
    }
    return this.fail('a number has more than 64 bits');
  }
  int32(): number {
    return this.uint32() | 0;
  }
  narrow(value: number, bits: number): number {
    if ((value << (32 - bits)) >> (32 - bits) !== value) this.fail(`${value} has more than ${bits} bits`);
    return value;
  }
  sint32(): number {
    const raw = this.uint32();
    return (raw >>> 1) ^ -(raw & 1);
  }
  uint64(): bigint {
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
        return BigInt(raw);
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
      return wide;
    }
    return this.fail('a number has more than 64 bits');
  }
  int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }
  sint64(): bigint {
    const raw = this.uint64();
    return (raw >> 1n) ^ -(raw & 1n);
  }
  bool(): boolean {
    return this.uint64() !== 0n;
  }
  fixed32(): number {
    const at = this.#take(4);
    return this.#view.getUint32(at, true);
  }
  sfixed32(): number {
    return this.fixed32() | 0;
  }
  fixed64(): bigint {
    const at = this.#take(8);
    return this.#view.getBigUint64(at, true);
  }
  sfixed64(): bigint {
    return BigInt.asIntN(64, this.fixed64());
  }
  float(): number {
    const at = this.#take(4);
    return this.#view.getFloat32(at, true);
  }
  double(): number {
    const at = this.#take(8);
    return this.#view.getFloat64(at, true);
  }
  /** How long what follows is; it is there. */
  length(): number {
    const length = this.uint32();
    if (length > this.end - this.at) this.fail(`a length of ${length}, and ${this.end - this.at} more bytes`);
    return length;
  }
  string(): string {
    const length = this.length();
    const start = this.#take(length);
    const { data } = this;
    const end = start + length;
    if (length <= shortText) {
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
  bytes(): Uint8Array {
    const length = this.length();
    const at = this.#take(length);
    // A copy: slice of a Buffer is none.
    return new Uint8Array(this.data.subarray(at, at + length));
  }
  /** Into a value with a length in front: reading ends there until `leave` with what this gives. */
  enter(): number {
    const length = this.length();
    const outer = this.end;
    this.end = this.at + length;
    return outer;
  }
  leave(outer: number): void {
    this.end = outer;
  }

  /** Past the value of a field that is not known. */
  skip(tag: number, depth = 0): void {
    switch (tag & 7) {
      case wire.varint:
        this.uint32();
        return;
      case wire.fixed64:
        this.#take(8);
        return;
      case wire.bytes:
        this.#take(this.length());
        return;
      case wire.fixed32:
        this.#take(4);
        return;
      case wire.startGroup: {
        if (depth > groupDepthMax) this.fail(`groups lie more than ${groupDepthMax} deep in each other`);
        const close = (tag & ~7) | wire.endGroup;
        for (let inner = this.tag(); inner !== close; inner = this.tag()) this.skip(inner, depth + 1);
        return;
      }
      default:
        this.fail(`a field of wire type ${tag & 7}`);
    }
  }
}
