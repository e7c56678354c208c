/* From hash to slot: open addressing in segments of bounded size, found by the top bits of the hash.
 *
 *   hash ─▶ directory[top bits] ─▶ segment ─▶ probe from the low bits: [slot + 1, hash], or [0, 0] for free
 *
 * A segment grows by doubling until it has `segmentPlacesMax` places; then it splits by the next bit of the hash, and no
 * insert ever moves more entries than one segment holds (extendible hashing: Fagin et al., 1979; ADR 5). The hash lies
 * beside the slot, so that a probe touches one line of the cache. */

import { assert } from '#base';

const initialPlaces = 16;
/** Powers of two. Above this a segment splits; it moves 5/8 as many entries then, in a few milliseconds. */
const segmentPlacesMax = 1 << 18;
/** The directory's bits at most: keys of one hash fill one segment, which then grows as it must. */
const depthMax = 16;
/** So many places are kept, however few entries an index had. */
const placesKept = 4096;
/** From so many places on an index is larger than what is near the processor. */
const farPlaces = 1 << 15;

export class Segment {
  readonly depth: number;
  /** Pairs: slot + 1 and its hash. */
  pairs: Int32Array;
  /** Number of places less one. */
  mask: number;
  entries = 0;

  constructor(depth: number, places: number) {
    this.depth = depth;
    this.pairs = new Int32Array(places * 2);
    this.mask = places - 1;
  }
  /** At most five eighths full, so that a probe always ends soon. */
  get crowded(): boolean {
    return this.entries * 8 > (this.mask + 1) * 5;
  }
  clear(): void {
    this.pairs.fill(0);
    this.entries = 0;
  }
  put(hash: number, slot: number): void {
    const { pairs, mask } = this;
    let at = hash & mask;
    while (pairs[at * 2] !== 0) at = (at + 1) & mask;
    pairs[at * 2] = slot + 1;
    pairs[at * 2 + 1] = hash;
    this.entries++;
  }
}

export class SlotIndex {
  #directory: Segment[] = [new Segment(0, initialPlaces)];
  /** Bits of the hash that the directory tells apart. */
  #depth = 0;
  readonly #placesMax: number;

  /** `placesMax`: a power of two, at least 16; above it a segment splits. */
  constructor(placesMax = segmentPlacesMax) {
    this.#placesMax = placesMax;
  }

  /** Where entries of this hash are: probe from `hash & mask` up to the first free place. */
  segment(hash: number): Segment {
    return this.#directory[this.#depth === 0 ? 0 : hash >>> (32 - this.#depth)]!;
  }
  /** Brings the places of a run's hashes near: loads that wait for nothing overlap, and those of a probe, which branches
   *  on each, do not. */
  fetch(hashes: Int32Array, count: number): void {
    const shift = 32 - this.#depth;
    const directory = this.#directory;
    if (this.#depth === 0 && directory[0]!.mask < farPlaces) return;
    let seen = 0;
    for (let i = 0; i < count; i++) {
      const hash = hashes[i]!;
      const { pairs, mask } = directory[shift === 32 ? 0 : hash >>> shift]!;
      seen ^= pairs[(hash & mask) << 1]!;
    }
    this.#fetched = seen;
  }
  /** So that the loads are not left out. */
  #fetched = 0;
  get fetched(): number {
    return this.#fetched;
  }
  /** Enters a slot that is not there yet. */
  put(slot: number, hash: number): void {
    let segment = this.segment(hash);
    segment.put(hash, slot);
    // A split may leave all on one side, still crowded.
    for (; segment.crowded; segment = this.segment(hash)) {
      if (segment.mask + 1 < this.#placesMax || segment.depth === depthMax) grow(segment);
      else this.#split(segment);
    }
  }
  /** Enters the slots that are 1 in `live` into an index that has none, segment by segment: each is filled while it is near. */
  fill(live: Uint8Array, hashes: Int32Array, extent: number): void {
    let count = 0;
    for (let slot = 0; slot < extent; slot++) count += live[slot]!;
    this.#prepare(count);
    const shift = 32 - this.#depth;
    const partOf = (hash: number): number => (shift === 32 ? 0 : hash >>> shift);
    const next = new Int32Array(this.#directory.length + 1);
    for (let slot = 0; slot < extent; slot++) if (live[slot] === 1) next[partOf(hashes[slot]!) + 1]!++;
    for (let part = 1; part < next.length; part++) next[part]! += next[part - 1]!;
    const pairs = new Int32Array(count * 2);
    for (let slot = 0; slot < extent; slot++) {
      if (live[slot] !== 1) continue;
      const hash = hashes[slot]!;
      const at = next[partOf(hash)]!++ * 2;
      pairs[at] = slot;
      pairs[at + 1] = hash;
    }
    for (let at = 0; at < pairs.length; at += 2) this.put(pairs[at]!, pairs[at + 1]!);
  }
  /** As many segments as so many entries need where their hashes are spread evenly. */
  #prepare(count: number): void {
    const entriesMax = this.#placesMax / 2;
    let depth = 0;
    while (depth < depthMax && count / 2 ** depth > entriesMax) depth++;
    let places = initialPlaces;
    while (places < this.#placesMax && places / 2 < count / 2 ** depth) places *= 2;
    this.#depth = depth;
    this.#directory = Array.from({ length: 2 ** depth }, () => new Segment(depth, places));
  }
  /** Takes the slot out and closes the gap behind it (Knuth, TAOCP 6.4, algorithm R). */
  remove(slot: number, hash: number): void {
    const segment = this.segment(hash);
    const { pairs, mask } = segment;
    let gap = hash & mask;
    while (pairs[gap * 2] !== slot + 1) {
      assert(pairs[gap * 2] !== 0, 'what is taken out is there');
      gap = (gap + 1) & mask;
    }
    for (let at = (gap + 1) & mask; pairs[at * 2] !== 0; at = (at + 1) & mask) {
      const home = pairs[at * 2 + 1]! & mask;
      const stays = gap <= at ? home > gap && home <= at : home > gap || home <= at;
      if (stays) continue;
      pairs[gap * 2] = pairs[at * 2]!;
      pairs[gap * 2 + 1] = pairs[at * 2 + 1]!;
      gap = at;
    }
    pairs[gap * 2] = 0;
    pairs[gap * 2 + 1] = 0;
    segment.entries--;
  }
  /** Another slot in the place of one of the same hash. */
  replace(slot: number, by: number, hash: number): void {
    const { pairs, mask } = this.segment(hash);
    let at = hash & mask;
    while (pairs[at * 2] !== slot + 1) {
      assert(pairs[at * 2] !== 0, 'what is replaced is there');
      at = (at + 1) & mask;
    }
    pairs[at * 2] = by + 1;
  }
  clear(): void {
    const segments = new Set(this.#directory);
    let [entries, places] = [0, 0];
    for (const segment of segments) {
      entries += segment.entries;
      places += segment.mask + 1;
    }
    // As many come again, as a rule: the places that they need are there.
    if (places <= placesKept || entries * 8 >= places) {
      for (const segment of segments) segment.clear();
      return;
    }
    this.#directory = [new Segment(0, initialPlaces)];
    this.#depth = 0;
  }
  get bytes(): number {
    let bytes = 8 * this.#directory.length;
    let last: Segment | undefined;
    for (const segment of this.#directory) {
      // What shares a segment stands side by side.
      if (segment !== last) bytes += segment.pairs.byteLength;
      last = segment;
    }
    return bytes;
  }

  #split(segment: Segment): void {
    if (segment.depth === this.#depth) {
      this.#directory = this.#directory.flatMap((s) => [s, s]);
      this.#depth++;
    }
    const depth = segment.depth + 1;
    const places = segment.mask + 1;
    const halves = [new Segment(depth, places), new Segment(depth, places)] as const;
    const { pairs } = segment;
    for (let at = 0; at < pairs.length; at += 2) {
      if (pairs[at] === 0) continue;
      const hash = pairs[at + 1]!;
      halves[(hash >>> (32 - depth)) & 1]!.put(hash, pairs[at]! - 1);
    }
    for (let i = 0; i < this.#directory.length; i++)
      if (this.#directory[i] === segment) this.#directory[i] = halves[(i >>> (this.#depth - depth)) & 1]!;
  }
}

function grow(segment: Segment): void {
  const { pairs } = segment;
  const places = (segment.mask + 1) * 2;
  segment.pairs = new Int32Array(places * 2);
  segment.mask = places - 1;
  segment.entries = 0;
  for (let at = 0; at < pairs.length; at += 2)
    if (pairs[at] !== 0) segment.put(pairs[at + 1]!, pairs[at]! - 1);
}
