/* The bytes of a BITMAP, a set of unsigned integers of 32 bits: Roaring's portable format, whose containers hold the low
 * 16 bits of what has the same high 16 bits.
 *
 *   cookie · number of containers · which are runs · high bits and size of each · where each begins · containers
 *     array    up to 4096 numbers, ascending        bitset   8192 bytes, for more
 *     runs     first number and length less 1 of each run, where that is shorter
 *
 * Each set has one text in this form here: equal sets have equal bytes. See github.com/RoaringBitmap/RoaringFormatSpec. */

const cookie = 12347;
const cookieWithoutRuns = 12346;
const arrayMax = 4096;
const bitsetBytes = 8192;
/** As many containers as this say where each begins, runs or not. */
const offsetsMin = 4;

/** The empty set and every other, from its members: ascending, each once. */
export function bitmapOf(members: Uint32Array): Uint8Array {
  const containers: Container[] = [];
  for (let from = 0; from < members.length; ) {
    const key = members[from]! >>> 16;
    let to = from + 1;
    let runs = 1;
    for (; to < members.length && members[to]! >>> 16 === key; to++)
      if (members[to] !== members[to - 1]! + 1) runs++;
    const plainBytes = to - from > arrayMax ? bitsetBytes : 2 * (to - from);
    const isRuns = plainBytes > 2 + 4 * runs;
    containers.push({ key, from, to, isRuns, bytes: isRuns ? 2 + 4 * runs : plainBytes });
    from = to;
  }
  return written(members, containers);
}

interface Container {
  readonly key: number;
  readonly from: number;
  readonly to: number;
  readonly isRuns: boolean;
  readonly bytes: number;
}

function written(members: Uint32Array, containers: readonly Container[]): Uint8Array {
  const count = containers.length;
  const hasRuns = containers.some((c) => c.isRuns);
  const flagBytes = hasRuns ? (count + 7) >> 3 : 0;
  const hasOffsets = !hasRuns || count >= offsetsMin;
  const head = (hasRuns ? 4 + flagBytes : 8) + 4 * count + (hasOffsets ? 4 * count : 0);
  const bytes = new Uint8Array(containers.reduce((sum, c) => sum + c.bytes, head));
  const view = new DataView(bytes.buffer);
  if (hasRuns) view.setUint32(0, cookie | ((count - 1) << 16), true);
  else {
    view.setUint32(0, cookieWithoutRuns, true);
    view.setUint32(4, count, true);
  }
  const keys = hasRuns ? 4 + flagBytes : 8;
  let at = head;
  containers.forEach((container, i) => {
    if (container.isRuns) bytes[4 + (i >> 3)]! |= 1 << (i & 7);
    view.setUint16(keys + 4 * i, container.key, true);
    view.setUint16(keys + 4 * i + 2, container.to - container.from - 1, true);
    if (hasOffsets) view.setUint32(keys + 4 * count + 4 * i, at, true);
    writeContainer(view, at, members, container);
    at += container.bytes;
  });
  return bytes;
}

function writeContainer(
  view: DataView,
  start: number,
  members: Uint32Array,
  { from, to, isRuns }: Container,
): void {
  let at = start;
  if (isRuns) {
    at += 2;
    for (let i = from; i < to; at += 4) {
      const first = i++;
      while (i < to && members[i] === members[i - 1]! + 1) i++;
      view.setUint16(at, members[first]! & 0xffff, true);
      view.setUint16(at + 2, i - first - 1, true);
    }
    view.setUint16(start, (at - start - 2) / 4, true);
  } else if (to - from <= arrayMax) {
    for (let i = from; i < to; i++, at += 2) view.setUint16(at, members[i]! & 0xffff, true);
  } else {
    for (let i = from; i < to; i++) {
      const low = members[i]! & 0xffff;
      const byte = start + (low >> 3);
      view.setUint8(byte, view.getUint8(byte) | (1 << (low & 7)));
    }
  }
}

/** Why bytes are no bitmap. */
export class BitmapError extends Error {}

/** What stands in front of the containers. */
interface Head {
  readonly count: number;
  /** Where the high bits and sizes begin. */
  readonly keys: number;
  readonly isRuns: (container: number) => boolean;
  /** Where the containers begin. */
  readonly content: number;
}
function headOf(view: DataView): Head {
  const first = view.getUint32(0, true);
  if ((first & 0xffff) === cookie) {
    const count = (first >>> 16) + 1;
    const keys = 4 + ((count + 7) >> 3);
    return {
      count,
      keys,
      isRuns: (i) => (view.getUint8(4 + (i >> 3)) & (1 << (i & 7))) !== 0,
      content: keys + 4 * count + (count >= offsetsMin ? 4 * count : 0),
    };
  }
  if (first !== cookieWithoutRuns) throw new BitmapError(`it begins with ${first}, which no bitmap does`);
  const count = view.getUint32(4, true);
  if (count > 65536) throw new BitmapError(`it says that it has ${count} containers`);
  return { count, keys: 8, isRuns: () => false, content: 8 + 8 * count };
}
const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** How many members a bitmap has, by what its containers say. */
export function bitmapSize(bytes: Uint8Array): number {
  const view = viewOf(bytes);
  const { count, keys } = headOf(view);
  let size = 0;
  for (let i = 0; i < count; i++) size += view.getUint16(keys + 4 * i + 2, true) + 1;
  return size;
}

/** The members, ascending. Throws BitmapError for bytes that are none; what stands behind them is passed over. */
export function bitmapMembers(bytes: Uint8Array): Uint32Array {
  try {
    return readMembers(viewOf(bytes));
  } catch (error) {
    if (error instanceof RangeError) throw new BitmapError('it ends too early');
    throw error;
  }
}

function readMembers(view: DataView): Uint32Array {
  const { count, keys, isRuns, content } = headOf(view);
  // A run may be longer than its container says, so that a few bytes could ask for any room: it grows by the container.
  const parts: Uint32Array[] = [];
  let at = content;
  let size = 0;
  let lastKey = -1;
  for (let i = 0; i < count; i++) {
    const key = view.getUint16(keys + 4 * i, true);
    if (key <= lastKey) throw new BitmapError('its containers are not in order');
    lastKey = key;
    const members = new Uint32Array(view.getUint16(keys + 4 * i + 2, true) + 1);
    at = isRuns(i) ? readRuns(view, at, key, members) : readPlain(view, at, key, members);
    parts.push(members);
    size += members.length;
  }
  const all = new Uint32Array(size);
  let to = 0;
  for (const part of parts) {
    all.set(part, to);
    to += part.length;
  }
  return all;
}

/** Fills `members`; returns where the container ends. */
function readRuns(view: DataView, start: number, key: number, members: Uint32Array): number {
  const runs = view.getUint16(start, true);
  let size = 0;
  let next = 0;
  for (let r = 0; r < runs; r++) {
    const first = view.getUint16(start + 2 + 4 * r, true);
    const last = first + view.getUint16(start + 4 + 4 * r, true);
    if (first < next || last > 0xffff) throw new BitmapError('its runs are not in order');
    for (let low = first; low <= last; low++) members[size++] = key * 65536 + low;
    next = last + 1;
  }
  return ended(start + 2 + 4 * runs, size, members);
}
function readPlain(view: DataView, start: number, key: number, members: Uint32Array): number {
  const isBitset = members.length > arrayMax;
  let size = 0;
  if (isBitset) {
    for (let byte = 0; byte < bitsetBytes; byte++)
      for (let bits = view.getUint8(start + byte); bits !== 0; bits &= bits - 1)
        members[size++] = key * 65536 + byte * 8 + (31 - Math.clz32(bits & -bits));
    return ended(start + bitsetBytes, size, members);
  }
  for (; size < members.length; size++) {
    members[size] = key * 65536 + view.getUint16(start + 2 * size, true);
    if (size > 0 && members[size]! <= members[size - 1]!)
      throw new BitmapError('its members are not in order');
  }
  return start + 2 * size;
}
function ended(end: number, size: number, members: Uint32Array): number {
  if (size !== members.length)
    throw new BitmapError(`a container says that it has ${members.length} members, and has ${size}`);
  return end;
}

/** The set of some integers, taken as unsigned. */
export function bitmapOfIntegers(values: Iterable<number>): Uint8Array {
  const sorted = Uint32Array.from(values).sort();
  let size = 0;
  for (const value of sorted) if (size === 0 || sorted[size - 1] !== value) sorted[size++] = value;
  return bitmapOf(sorted.subarray(0, size));
}

/** Which members of two sets stay: of the first alone, of both, of the second alone. */
export interface BitmapOperation {
  readonly first: boolean;
  readonly both: boolean;
  readonly second: boolean;
}
export const bitmapOperations = {
  AND: { first: false, both: true, second: false },
  OR: { first: true, both: true, second: true },
  XOR: { first: true, both: false, second: true },
  ANDNOT: { first: true, both: false, second: false },
} as const satisfies Record<string, BitmapOperation>;

export function combineBitmaps(a: Uint8Array, b: Uint8Array, keep: BitmapOperation): Uint8Array {
  const [x, y] = [bitmapMembers(a), bitmapMembers(b)];
  const kept = new Uint32Array(x.length + y.length);
  let [i, j, size] = [0, 0, 0];
  while (i < x.length || j < y.length) {
    const [p, q] = [x[i] ?? Infinity, y[j] ?? Infinity];
    if (p < q ? keep.first : p > q ? keep.second : keep.both) kept[size++] = Math.min(p, q);
    if (p <= q) i++;
    if (q <= p) j++;
  }
  return bitmapOf(kept.subarray(0, size));
}

/** `{1,2,4294967295}` */
export const bitmapText = (bytes: Uint8Array): string => `{${bitmapMembers(bytes).join(',')}}`;
