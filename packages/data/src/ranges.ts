/* Bytes moved and compared where they lie, without a view of each string: eight or four at a time through the DataView of
 * the whole buffer. `set` of a `subarray` costs some 35 ns a call, as much as a hundred bytes do here. */

/** From this length on a copy by the machine is faster than a loop. */
const longFrom = 256;
const views = new WeakMap<Uint8Array, DataView>();

/** The DataView of the same bytes; made once for each array. */
export function viewOf(bytes: Uint8Array): DataView {
  let view = views.get(bytes);
  if (view === undefined) {
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    views.set(bytes, view);
  }
  return view;
}

type Copy = (to: DataView, at: number, from: DataView, start: number, length: number) => void;

function copyByEight(to: DataView, at: number, from: DataView, start: number, length: number): void {
  if (length >= longFrom) return copyLong(to, at, from, start, length);
  let i = 0;
  for (const end = length - 8; i <= end; i += 8)
    to.setBigInt64(at + i, from.getBigInt64(start + i, true), true);
  copyTail(to, at, from, start, i, length);
}
function copyByFour(to: DataView, at: number, from: DataView, start: number, length: number): void {
  if (length >= longFrom) return copyLong(to, at, from, start, length);
  copyTail(to, at, from, start, 0, length);
}
function copyTail(
  to: DataView,
  at: number,
  from: DataView,
  start: number,
  first: number,
  length: number,
): void {
  let i = first;
  for (const end = length - 4; i <= end; i += 4) to.setInt32(at + i, from.getInt32(start + i, true), true);
  for (; i < length; i++) to.setUint8(at + i, from.getUint8(start + i));
}
function copyLong(to: DataView, at: number, from: DataView, start: number, length: number): void {
  const bytes = new Uint8Array(from.buffer, from.byteOffset + start, length);
  new Uint8Array(to.buffer, to.byteOffset + at, length).set(bytes);
}

/** Older compilers make an object of every BigInt on its way. */
const bigintsAreFree = Number(process.versions.v8.split('.', 1)[0]) >= 13;

/** Copies `length` bytes of `from`, from `start` on, to `at` in another buffer. */
export const copyRange: Copy = bigintsAreFree ? copyByEight : copyByFour;

/** Whether `length` bytes of both are the same. */
export function equalRanges(
  a: DataView,
  aStart: number,
  b: DataView,
  bStart: number,
  length: number,
): boolean {
  let i = 0;
  for (const end = length - 4; i <= end; i += 4)
    if (a.getInt32(aStart + i, true) !== b.getInt32(bStart + i, true)) return false;
  for (; i < length; i++) if (a.getUint8(aStart + i) !== b.getUint8(bStart + i)) return false;
  return true;
}
