/* The primitive types of Kafka's protocol, in the older form without tagged fields: every request that we
 * send has such a version, and every broker since 2.4 takes it. */

import { assert } from '#base';

export class RequestWriter {
  #data = Buffer.allocUnsafe(256);
  #size = 0;

  #reserve(length: number): number {
    const at = this.#size;
    if (at + length > this.#data.length) {
      const bigger = Buffer.allocUnsafe(Math.max(at + length, this.#data.length * 2));
      bigger.set(this.#data.subarray(0, at));
      this.#data = bigger;
    }
    this.#size = at + length;
    return at;
  }
  int8(value: number): this {
    const at = this.#reserve(1);
    this.#data.writeInt8(value, at);
    return this;
  }
  int16(value: number): this {
    const at = this.#reserve(2);
    this.#data.writeInt16BE(value, at);
    return this;
  }
  int32(value: number): this {
    const at = this.#reserve(4);
    this.#data.writeInt32BE(value, at);
    return this;
  }
  /** A whole number below 2^53 in magnitude. */
  int64(value: number): this {
    const at = this.#reserve(8);
    this.#data.writeBigInt64BE(BigInt(value), at);
    return this;
  }
  string(value: string | null): this {
    if (value === null) return this.int16(-1);
    const bytes = Buffer.from(value);
    this.int16(bytes.length);
    return this.raw(bytes);
  }
  bytes(value: Uint8Array): this {
    this.int32(value.length);
    return this.raw(value);
  }
  raw(value: Uint8Array): this {
    const at = this.#reserve(value.length);
    this.#data.set(value, at);
    return this;
  }
  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length);
    for (const item of items) write(item);
    return this;
  }
  finish(): Buffer {
    return this.#data.subarray(0, this.#size);
  }
}

/** Reads a response. What a broker sends is trusted to follow its own protocol; a short response is a
 *  defect. */
export class ResponseReader {
  readonly data: Buffer;
  at = 0;

  constructor(data: Buffer) {
    this.data = data;
  }
  #take(length: number): number {
    const at = this.at;
    assert(length >= 0 && at + length <= this.data.length, 'a response holds what its version says');
    this.at = at + length;
    return at;
  }
  int8(): number {
    return this.data.readInt8(this.#take(1));
  }
  int16(): number {
    return this.data.readInt16BE(this.#take(2));
  }
  int32(): number {
    return this.data.readInt32BE(this.#take(4));
  }
  /** Offsets and times: below 2^53. */
  int64(): number {
    return Number(this.data.readBigInt64BE(this.#take(8)));
  }
  string(): string {
    return this.nullableString() ?? '';
  }
  nullableString(): string | null {
    const length = this.int16();
    if (length < 0) return null;
    const at = this.#take(length);
    return this.data.toString('utf8', at, at + length);
  }
  /** Bytes of the response itself, not a copy; empty for null. */
  bytes(): Buffer {
    const length = Math.max(0, this.int32());
    const at = this.#take(length);
    return this.data.subarray(at, at + length);
  }
  array<T>(read: () => T): T[] {
    const length = this.int32();
    const items: T[] = [];
    for (let i = 0; i < length; i++) items.push(read());
    return items;
  }
}

/** A whole request, without the length in front. */
export function requestFrame<T>(request: KafkaRequest<T>, correlation: number, clientId: string): Buffer {
  return Buffer.concat([requestHead(request, correlation, clientId), request.body]);
}
/** What stands in front of a request's body. */
export function requestHead<T>(request: KafkaRequest<T>, correlation: number, clientId: string): Buffer {
  const head = new RequestWriter();
  head.int16(request.key).int16(request.version).int32(correlation).string(clientId);
  return head.finish();
}

/** A request with its place in the protocol and how its response is read. */
export interface KafkaRequest<T> {
  readonly name: string;
  readonly key: number;
  readonly version: number;
  readonly body: Buffer;
  /** Undefined for requests that get no response (Produce with acks=0). */
  readonly read: ((response: ResponseReader) => T) | undefined;
}
