/* Keys of the rows of one table in the map on disk.
 *
 *   …  hash  0  key's bytes             a row; hashes ascend, so key groups lie together
 *   …  hash  1  SHA-256 of the bytes    a row whose key's bytes stand in its value: a long one, or one whose equals differ in them
 *
 * Of a table in a slice of time, beside its rows:
 *
 *   …  arrival                          which key came as the how-manieth: what stands above behind the dots */

import { createHash } from 'node:crypto';

/** An interval of keys: from the first to before the second. */
export type KeyRange = readonly [Uint8Array, Uint8Array];

const tables = 1;
const slices = 4;
/** Within a table of a slice. */
const rows = 0;
const arrivals = 1;

/** Bytes of a key that stand in the map's key: LMDB takes 1,978 in all, and a timer's key holds a row's. */
const keyBytesMax = 512;
/** Hash and kind of key. */
const headBytes = 5;

export class RowSpace {
  protected prefix: Uint8Array;

  constructor(table: number) {
    this.prefix = Uint8Array.of(tables, table);
  }
  /** `key`: the bytes of the key columns, equal for equal keys. `apart`: the value holds bytes of its own. */
  rowKey(hash: number, key: Uint8Array, apart: boolean): Uint8Array {
    const isApart = apart || key.length > keyBytesMax;
    const tail = isApart ? createHash('sha256').update(key).digest() : key;
    const at = this.prefix.length;
    const bytes = new Uint8Array(at + headBytes + tail.length);
    bytes.set(this.prefix);
    new DataView(bytes.buffer).setInt32(at, hash);
    bytes[at + headBytes - 1] = isApart ? 1 : 0;
    bytes.set(tail, at + headBytes);
    return bytes;
  }
  hashOf(row: Uint8Array): number {
    return new DataView(row.buffer, row.byteOffset, row.byteLength).getInt32(this.prefix.length);
  }
  /** The bytes of the key columns, where the value does not hold them. */
  keyBytesOf(row: Uint8Array): Uint8Array | undefined {
    return this.isApart(row) ? undefined : row.subarray(this.prefix.length + headBytes);
  }
  isApart(row: Uint8Array): boolean {
    return row[this.prefix.length + headBytes - 1] === 1;
  }
  get range(): KeyRange {
    return under(this.prefix);
  }
}

export class SliceRowSpace extends RowSpace {
  readonly #table: number;
  #arrivals = new Uint8Array(0);

  constructor(table: number, slice: number) {
    super(table);
    this.#table = table;
    this.slice = slice;
  }
  /** The number of the slice. */
  set slice(slice: number) {
    const table = Uint8Array.of(...slicePrefix(slice), this.#table);
    this.prefix = Uint8Array.of(...table, rows);
    this.#arrivals = Uint8Array.of(...table, arrivals);
  }
  arrivalKey(arrival: number): Uint8Array {
    const at = this.#arrivals.length;
    const bytes = new Uint8Array(at + 8);
    bytes.set(this.#arrivals);
    // Numbers that are not negative are in the order of their bytes.
    new DataView(bytes.buffer).setFloat64(at, arrival);
    return bytes;
  }
  arrivalOf(key: Uint8Array): number {
    return new DataView(key.buffer, key.byteOffset, key.byteLength).getFloat64(this.#arrivals.length);
  }
  /** All arrivals. */
  get arrivals(): KeyRange {
    return under(this.#arrivals);
  }
  /** What an arrival points to, and back. */
  tailOf(row: Uint8Array): Uint8Array {
    return row.subarray(this.prefix.length);
  }
  rowOf(tail: Uint8Array): Uint8Array {
    const row = new Uint8Array(this.prefix.length + tail.length);
    row.set(this.prefix);
    row.set(tail, this.prefix.length);
    return row;
  }
}

function slicePrefix(slice: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = slices;
  new DataView(bytes.buffer).setUint32(1, slice);
  return bytes;
}
/** All that lies under a prefix, whose last byte is not 255. */
function under(prefix: Uint8Array): KeyRange {
  const end = prefix.slice();
  end[end.length - 1]!++;
  return [prefix, end];
}

/** All rows of a slice. */
export const sliceRange = (slice: number): KeyRange => [slicePrefix(slice), slicePrefix(slice + 1)];
/** The rows of this slice and of those with greater numbers. */
export const slicesFrom = (slice: number): KeyRange => [slicePrefix(slice), Uint8Array.of(slices + 1)];
export const sliceOf = (key: Uint8Array): number =>
  new DataView(key.buffer, key.byteOffset, key.byteLength).getUint32(1);
