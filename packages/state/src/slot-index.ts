/* From hash to slot: open addressing in segments of bounded size, found by the top bits of the hash.
 *
 *   hash ─▶ directory[top bits] ─▶ segment ─▶ probe from the low bits: slot + 1, or 0 for free
 *
 * A segment grows by doubling until it has `segmentPlacesMax` places; then it splits by the next bit of the hash, and no
 * insert ever moves more entries than one segment holds (extendible hashing: Fagin et al., 1979). The top seven bits
 * are the key group, so segments never mix what an exchange keeps apart.
 *
 * Keeps: places and the number of entries of each segment. The hashes belong to the caller, by slot. */

import { assert } from '#base';

const initialPlaces = 32;
/** Powers of two. Above this a segment splits; it moves 5/8 as many entries then, in a few milliseconds. */
const segmentPlacesMax = 1 << 18;
/** The directory's bits at most: keys of one hash fill one segment, which then grows as it must. */
const depthMax = 16;

class Segment {
  readonly depth: number;
  places: Int32Array;
  mask: number;
  entries = 0;

  constructor(depth: number, places: number) {
    this.depth = depth;
    this.places = new Int32Array(places);
    this.mask = places - 1;
  }
  /** At most five eighths full, so that a probe always ends soon. */
  get crowded(): boolean {
    return this.entries * 8 > this.places.length * 5;
  }
  put(hash: number, slot: number): void {
    let at = hash & this.mask;
    while (this.places[at] !== 0) at = (at + 1) & this.mask;
    this.places[at] = slot + 1;
    this.entries++;
  }
}

export class SlotIndex {
  #directory: Segment[] = [new Segment(0, initialPlaces)];
  /** Bits of the hash that the directory tells apart. */
  #depth = 0;
  readonly #placesMax: number;

  /** `placesMax`: a power of two, at least 32; above it a segment splits. */
  constructor(placesMax = segmentPlacesMax) {
    this.#placesMax = placesMax;
  }

  /** Where entries of this hash are: probe `places` from `hash & mask` up to the first 0. */
  segment(hash: number): { readonly places: Int32Array; readonly mask: number } {
    return this.#segment(hash);
  }
  #segment(hash: number): Segment {
    return this.#directory[this.#depth === 0 ? 0 : hash >>> (32 - this.#depth)]!;
  }
  /** Enters a slot that is not there yet. `hashes` has the hash of every entered slot and of this one. */
  put(slot: number, hashes: Int32Array): void {
    const hash = hashes[slot]!;
    let segment = this.#segment(hash);
    segment.put(hash, slot);
    // A split may leave all on one side, still crowded.
    for (; segment.crowded; segment = this.#segment(hash)) {
      if (segment.places.length < this.#placesMax || segment.depth === depthMax) grow(segment, hashes);
      else this.#split(segment, hashes);
    }
  }
  /** Takes the slot out and closes the gap behind it (Knuth, TAOCP 6.4, algorithm R). */
  remove(slot: number, hashes: Int32Array): void {
    const segment = this.#segment(hashes[slot]!);
    const { places, mask } = segment;
    let gap = hashes[slot]! & mask;
    while (places[gap] !== slot + 1) {
      assert(places[gap] !== 0, 'what is taken out is there');
      gap = (gap + 1) & mask;
    }
    for (let at = (gap + 1) & mask; places[at] !== 0; at = (at + 1) & mask) {
      const home = hashes[places[at]! - 1]! & mask;
      const stays = gap <= at ? home > gap && home <= at : home > gap || home <= at;
      if (stays) continue;
      places[gap] = places[at]!;
      gap = at;
    }
    places[gap] = 0;
    segment.entries--;
  }
  clear(): void {
    this.#directory = [new Segment(0, initialPlaces)];
    this.#depth = 0;
  }
  get bytes(): number {
    let bytes = 8 * this.#directory.length;
    for (const segment of new Set(this.#directory)) bytes += segment.places.byteLength;
    return bytes;
  }

  #split(segment: Segment, hashes: Int32Array): void {
    if (segment.depth === this.#depth) {
      this.#directory = this.#directory.flatMap((s) => [s, s]);
      this.#depth++;
    }
    const depth = segment.depth + 1;
    const { length } = segment.places;
    const halves = [new Segment(depth, length), new Segment(depth, length)] as const;
    for (const place of segment.places) {
      if (place === 0) continue;
      const hash = hashes[place - 1]!;
      halves[(hash >>> (32 - depth)) & 1]!.put(hash, place - 1);
    }
    for (let i = 0; i < this.#directory.length; i++)
      if (this.#directory[i] === segment) this.#directory[i] = halves[(i >>> (this.#depth - depth)) & 1]!;
  }
}

function grow(segment: Segment, hashes: Int32Array): void {
  const { places } = segment;
  segment.places = new Int32Array(places.length * 2);
  segment.mask = segment.places.length - 1;
  segment.entries = 0;
  for (const place of places) if (place !== 0) segment.put(hashes[place - 1]!, place - 1);
}
