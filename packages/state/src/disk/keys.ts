/* Keys of the map on disk that holds the rows of one operator instance which do not fit into memory.
 *
 *   0                                          which generation was written last
 *   1  table  hash  0  key's bytes             a row; hashes ascend, so key groups lie together
 *   1  table  hash  1  SHA-256 of the bytes    a row whose key is long: the bytes stand in its value
 *   2  timers  time  row's key                 a timer of such a row
 *   3  generation  number                      what one of these keys held before that generation */

import { createHash } from 'node:crypto';

export const metaKey = Uint8Array.of(0);
const rows = 1;
const timers = 2;
const undo = 3;

/** Bytes of a key that stand in the map's key: LMDB takes 1,978 in all, and a timer's key holds a row's. */
const keyBytesMax = 512;
const rowHead = 7;
const timerHead = 10;

/** The key of a row. `key`: the bytes of its key columns. */
export function rowKey(table: number, hash: number, key: Uint8Array): Uint8Array {
  const isLong = key.length > keyBytesMax;
  const tail = isLong ? createHash('sha256').update(key).digest() : key;
  const bytes = new Uint8Array(rowHead + tail.length);
  bytes[0] = rows;
  bytes[1] = table;
  new DataView(bytes.buffer).setInt32(2, hash);
  bytes[6] = isLong ? 1 : 0;
  bytes.set(tail, rowHead);
  return bytes;
}
export const hashOf = (row: Uint8Array): number =>
  new DataView(row.buffer, row.byteOffset, row.byteLength).getInt32(2);
/** The bytes of the key columns, unless they are long. */
export const keyBytesOf = (row: Uint8Array): Uint8Array | undefined =>
  row[6] === 0 ? row.subarray(rowHead) : undefined;
export const isLongKey = (row: Uint8Array): boolean => row[6] === 1;

/** The least key that is greater. */
export function behind(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

/** From the first row of a table to behind its last. */
export const rowsOf = (table: number): readonly [Uint8Array, Uint8Array] => [
  Uint8Array.of(rows, table),
  Uint8Array.of(rows, table + 1),
];

/** The key of a timer: times ascend. */
export function timerKey(name: number, at: number, row: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(timerHead + row.length);
  bytes[0] = timers;
  bytes[1] = name;
  const view = new DataView(bytes.buffer);
  view.setFloat64(2, at);
  // In the order of numbers: the sign of what is not negative is set, all bits of what is are turned.
  if ((bytes[2]! & 0x80) === 0) bytes[2]! ^= 0x80;
  else for (let i = 2; i < timerHead; i++) bytes[i]! ^= 0xff;
  bytes.set(row, timerHead);
  return bytes;
}
export function timeOfTimer(key: Uint8Array): number {
  const time = key.slice(2, timerHead);
  if ((time[0]! & 0x80) !== 0) time[0]! ^= 0x80;
  else for (let i = 0; i < time.length; i++) time[i]! ^= 0xff;
  return new DataView(time.buffer).getFloat64(0);
}
export const rowOfTimer = (key: Uint8Array): Uint8Array => key.slice(timerHead);
export const timersOf = (name: number): readonly [Uint8Array, Uint8Array] => [
  Uint8Array.of(timers, name),
  Uint8Array.of(timers, name + 1),
];

export function undoKey(generation: number, number: number): Uint8Array {
  const bytes = new Uint8Array(9);
  bytes[0] = undo;
  const view = new DataView(bytes.buffer);
  view.setUint32(1, generation);
  view.setUint32(5, number);
  return bytes;
}
/** Everything written since a generation, that one not. */
export const undoSince = (generation: number): readonly [Uint8Array, Uint8Array] => [
  undoKey(generation + 1, 0),
  Uint8Array.of(undo + 1),
];
/** Everything written up to a generation, that one too. */
export const undoUntil = (generation: number): readonly [Uint8Array, Uint8Array] => [
  Uint8Array.of(undo),
  undoKey(generation + 1, 0),
];
