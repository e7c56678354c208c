/* Greedy search for repeats over a table of positions by the hash of four bytes: what LZ4 and Snappy
 * compressors share. */

export const hashBits = 13;
export const hashFactor = 0x9e3779b1;
const hashTable = new Uint16Array(1 << hashBits);
/** The more positions in a row repeat nothing, the more are skipped: one more for each 16. */
export const missesShift = 4;
export const firstMisses = 1 << missesShift;

export interface CompressedSink {
  /** Bytes that repeat nothing, then a match of `length` bytes `distance` back; the last call has length
   *  0. */
  sequence(literalsStart: number, literalsEnd: number, distance: number, length: number): void;
}

const word = (data: Uint8Array, at: number): number =>
  data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);

/** Cuts data[start, end), 64 KiB at most, into sequences: both formats take distances of 16 bits. Matches start
 *  `headroom` bytes and end `tail` bytes before the end at least. */
export function findMatches(
  data: Uint8Array,
  start: number,
  end: number,
  headroom: number,
  tail: number,
  sink: CompressedSink,
): void {
  hashTable.fill(0);
  let anchor = start;
  let misses = firstMisses;
  // A place that was never set stands for the first position, which is as good as any.
  for (let at = start + 1; at + headroom <= end; ) {
    const here = word(data, at);
    const slot = Math.imul(here, hashFactor) >>> (32 - hashBits);
    const candidate = hashTable[slot]! + start;
    hashTable[slot] = at - start;
    if (word(data, candidate) !== here) {
      at += misses++ >> missesShift;
      continue;
    }
    misses = firstMisses;
    let length = 4;
    while (at + length < end - tail && data[candidate + length] === data[at + length]) length++;
    sink.sequence(anchor, at, at - candidate, length);
    at += length;
    anchor = at;
  }
  sink.sequence(anchor, end, 0, 0);
}
