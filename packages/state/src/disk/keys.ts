/* Keys of the map on disk that holds the rows of one operator instance which do not fit into memory.
 *
 *   0                                          which generation was written last
 *   1  table  …                                rows of a table (row-space.ts)
 *   2  timers  time  row's key                 a timer of such a row
 *   3  generation  number                      what one of these keys held before that generation
 *   4  slice  table  …                         rows of a table in a slice of time (row-space.ts) */

export const metaKey = Uint8Array.of(0);
const timers = 2;
const undo = 3;
const timerHead = 10;

/** The least key that is greater. */
export function behind(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

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
