/* Where the records of a batch lie: one entry a record, in arrays, over the batch's decompressed bytes. */

import { ExternalError } from '#base';

/** Positions are indexes into `data`; a start of -1 is a null key or value. */
export class RecordIndex {
  data: Uint8Array = new Uint8Array(0);
  count = 0;
  offsets = new Float64Array(0);
  timestamps = new Float64Array(0);
  keyStarts = new Int32Array(0);
  keyEnds = new Int32Array(0);
  valueStarts = new Int32Array(0);
  valueEnds = new Int32Array(0);
  /** Where the number of headers stands. */
  headers = new Int32Array(0);

  reserve(count: number): void {
    if (count <= this.offsets.length) return;
    const size = Math.max(count, 256, this.offsets.length * 2);
    this.offsets = new Float64Array(size);
    this.timestamps = new Float64Array(size);
    for (const name of ['keyStarts', 'keyEnds', 'valueStarts', 'valueEnds', 'headers'] as const) {
      this[name] = new Int32Array(size);
    }
  }
}

/** What a record's offset and timestamp are relative to. `appendTime`: the time of all of them, set by the
 *  broker. */
export interface RecordBase {
  readonly offset: number;
  readonly timestamp: number;
  readonly appendTime: number | undefined;
}

function corrupt(reason: string): ExternalError {
  return new ExternalError('KAF2003', { message: `a corrupt record batch: ${reason}`, retryable: false });
}

/** Variable-length integers, as a cursor over bytes. */
export class VarintCursor {
  readonly data: Uint8Array;
  at: number;
  readonly end: number;

  constructor(data: Uint8Array, start: number, end: number) {
    this.data = data;
    this.at = start;
    this.end = end;
  }
  /** A zigzag varint; whole numbers up to 2^53 come back exactly, others near by. */
  next(): number {
    let byte = this.#byte();
    const negative = (byte & 1) === 1;
    let half = (byte & 127) >> 1;
    for (let scale = 64; byte >= 128; scale *= 128) {
      byte = this.#byte();
      if (scale === 2 ** 62 && byte > 1) throw corrupt('a number has more than 64 bits');
      half += (byte & 127) * scale;
    }
    return negative ? -half - 1 : half;
  }
  #byte(): number {
    if (this.at >= this.end) throw corrupt('a number runs past its end');
    return this.data[this.at++]!;
  }
  skip(length: number): number {
    const at = this.at;
    if (length < 0 || at + length > this.end) throw corrupt('a record runs past its end');
    this.at = at + length;
    return at;
  }
}

/** The least that a record takes: its length, attributes, time, offset, key, value and headers, a byte each. */
export const recordBytesMin = 7;

/** Fills `index` with the `count` records in data[start, end). Throws ExternalError when they are not there. */
export function indexRecords(
  data: Uint8Array,
  start: number,
  end: number,
  count: number,
  base: RecordBase,
  index: RecordIndex,
): void {
  if (count < 0 || count * recordBytesMin > end - start)
    throw corrupt(`${end - start} bytes hold no ${count} records`);
  index.reserve(count);
  index.data = data;
  index.count = count;
  const batch = new VarintCursor(data, start, end);
  for (let i = 0; i < count; i++) {
    const length = batch.next();
    const from = batch.skip(length);
    const record = new VarintCursor(data, from + 1, from + length);
    const timestamp = base.timestamp + record.next();
    index.timestamps[i] = base.appendTime ?? timestamp;
    index.offsets[i] = base.offset + record.next();
    const keyLength = record.next();
    index.keyStarts[i] = keyLength < 0 ? -1 : record.skip(keyLength);
    index.keyEnds[i] = record.at;
    const valueLength = record.next();
    index.valueStarts[i] = valueLength < 0 ? -1 : record.skip(valueLength);
    index.valueEnds[i] = record.at;
    index.headers[i] = record.at;
  }
}

/** Where record `i` ends: behind its headers. */
export function recordEnd(index: RecordIndex, i: number): number {
  const cursor = new VarintCursor(index.data, index.headers[i]!, index.data.length);
  for (let left = cursor.next(); left > 0; left--) {
    cursor.skip(cursor.next());
    const length = cursor.next();
    if (length > 0) cursor.skip(length);
  }
  return cursor.at;
}

/** One header of a record. */
export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** The headers whose count stands at `at`. */
export function readHeaders(data: Uint8Array, at: number): RecordHeader[] {
  const cursor = new VarintCursor(data, at, data.length);
  const headers: RecordHeader[] = [];
  for (let left = cursor.next(); left > 0; left--) {
    const keyLength = cursor.next();
    const keyAt = cursor.skip(keyLength);
    const valueLength = cursor.next();
    const valueAt = valueLength < 0 ? -1 : cursor.skip(valueLength);
    headers.push({
      key: new TextDecoder().decode(data.subarray(keyAt, keyAt + keyLength)),
      value: valueAt < 0 ? null : Uint8Array.prototype.slice.call(data, valueAt, valueAt + valueLength),
    });
  }
  return headers;
}
