/* Gathers records and writes them as one record batch of version 2: in the thread's memory where it has a home there, in
 * ordinary memory else.
 *
 *   head, 61 bytes │ records … */

import { ByteWriter } from '#base';
import { attributesOffset, batchHeaderBytes, codecs, type Codec } from './record-batch.ts';
import type { RecordHeader } from './record-index.ts';
import { sealBatch } from './seal.ts';

/** The size of a zigzag varint. */
function varintBytes(value: number): number {
  let left = value >= 0 ? value * 2 : -value * 2 - 1;
  let size = 1;
  while (left >= 128) {
    left = Math.floor(left / 128);
    size++;
  }
  return size;
}

export function writeVarint(to: ByteWriter, value: number): void {
  let left = value >= 0 ? value * 2 : -value * 2 - 1;
  while (left >= 128) {
    to.byte((left % 128) | 128);
    left = Math.floor(left / 128);
  }
  to.byte(left);
}

const bytesSize = (bytes: Uint8Array | null): number =>
  bytes === null ? 1 : varintBytes(bytes.length) + bytes.length;

export function writeBytes(to: ByteWriter, bytes: Uint8Array | null): void {
  writeVarint(to, bytes === null ? -1 : bytes.length);
  if (bytes !== null) to.bytes(bytes);
}

/** What a record adds to a batch at most, beside its key and value. */
export const recordOverheadMax = 32;

/** Bytes of a home that a batch of so many bytes of records does not leave. */
export const batchHomeBytes = (batchBytes: number): number => batchHeaderBytes + batchBytes + 16;

/** A header with its name as bytes. */
export interface EncodedHeader {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

export const encodeHeaders = (headers: readonly RecordHeader[]): EncodedHeader[] =>
  headers.map((h) => ({ key: new TextEncoder().encode(h.key), value: h.value }));

/** Who writes a batch, and the number of its first record among those that it wrote to the partition. */
export interface BatchProducer {
  /** The batch is part of a transaction, unless it says that it is not. */
  readonly transactional?: boolean;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly sequence: number;
}

/** In a batch's attributes: it is part of a transaction. */
const transactionalBit = 0x10;

export class BatchWriter {
  readonly #home: Buffer | undefined;
  #batch: ByteWriter;
  #baseTimestamp = 0;
  #maxTimestamp = 0;
  count = 0;

  /** `home`: bytes of the thread's memory for batches that fit. */
  constructor(home?: Buffer) {
    this.#home = home;
    this.#batch = this.#empty();
  }
  #empty(): ByteWriter {
    const batch = new ByteWriter(this.#home);
    batch.size = batchHeaderBytes;
    return batch;
  }

  /** Bytes of the records so far, before compression. */
  get bytes(): number {
    return this.#batch.size - batchHeaderBytes;
  }
  /** What the times in records count from, once there are records. */
  get baseTimestamp(): number {
    return this.#baseTimestamp;
  }

  add(
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers: readonly EncodedHeader[],
    timestamp: number,
  ): void {
    this.#note(timestamp, timestamp);
    const timestampDelta = timestamp - this.#baseTimestamp;
    let length =
      1 + varintBytes(timestampDelta) + varintBytes(this.count) + bytesSize(key) + bytesSize(value);
    length += varintBytes(headers.length);
    for (const h of headers) length += bytesSize(h.key) + bytesSize(h.value);
    const to = this.#batch;
    writeVarint(to, length);
    to.byte(0);
    writeVarint(to, timestampDelta);
    writeVarint(to, this.count);
    writeBytes(to, key);
    writeBytes(to, value);
    writeVarint(to, headers.length);
    for (const h of headers) {
      writeBytes(to, h.key);
      writeBytes(to, h.value);
    }
    this.count++;
  }
  #note(first: number, latest: number): void {
    if (this.count === 0) this.#baseTimestamp = this.#maxTimestamp = first;
    this.#maxTimestamp = Math.max(this.#maxTimestamp, latest);
  }

  /** The rest of its home, while it is there: where records may be written that `addWritten` then counts. */
  get free(): Buffer | undefined {
    const { data, size } = this.#batch;
    return this.#home !== undefined && data.buffer === this.#home.buffer ? data.subarray(size) : undefined;
  }
  /** Adds records that a RecordBlock has written for this place in the batch: at the beginning of `free` or, as here,
   *  elsewhere. `first`: the first one's time. */
  addWritten(
    records: Uint8Array,
    added: { readonly count: number; readonly latest: number },
    first: number,
  ): void {
    this.#note(first, added.latest);
    const { data, size } = this.#batch;
    if (records.buffer === data.buffer && records.byteOffset === data.byteOffset + size)
      this.#batch.size += records.length;
    else this.#batch.bytes(records);
    this.count += added.count;
  }

  /** The batch. The writer is empty afterwards. `copyOut`: where a batch that was made in the thread's memory goes.
   *  `producer`: of a batch in a transaction. */
  finish(
    codec: Codec,
    copyOut: (batch: Buffer) => Buffer = (batch) => Buffer.from(batch),
    producer?: BatchProducer,
  ): Uint8Array {
    const bytes = this.#batch.data.subarray(0, this.#batch.size);
    const writeHead = (head: Buffer): void => {
      head.writeInt32BE(-1, 12); // leader epoch: the broker's
      head[16] = 2;
      const transactional = producer === undefined || producer.transactional === false ? 0 : transactionalBit;
      head.writeInt16BE(codecs.indexOf(codec) | transactional, attributesOffset);
      head.writeInt32BE(this.count - 1, 23);
      head.writeBigInt64BE(BigInt(this.#baseTimestamp), 27);
      head.writeBigInt64BE(BigInt(this.#maxTimestamp), 35);
      head.writeBigInt64BE(BigInt(producer?.producerId ?? -1), 43);
      head.writeInt16BE(producer?.producerEpoch ?? -1, 51);
      head.writeInt32BE(producer?.sequence ?? -1, 53);
      head.writeInt32BE(this.count, 57);
    };
    const batch = sealBatch(codec, bytes, writeHead, copyOut);
    if (this.#home === undefined) this.#batch.size = batchHeaderBytes;
    else this.#batch = this.#empty();
    this.count = 0;
    return batch;
  }
}
