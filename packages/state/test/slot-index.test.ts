import { expect, test } from 'vitest';
import { Rng } from '#base';
import { SlotIndex } from '../src/slot-index.ts';

/** The slots with this hash, as a reader of the index finds them. */
function slotsOf(index: SlotIndex, hashes: Int32Array, hash: number): number[] {
  const { places, mask } = index.segment(hash);
  const found: number[] = [];
  for (let at = hash & mask; places[at] !== 0; at = (at + 1) & mask)
    if (hashes[places[at]! - 1] === hash) found.push(places[at]! - 1);
  return found.sort((a, b) => a - b);
}

const spreads: readonly [string, (rng: Rng) => number][] = [
  ['hashes over all bits', (rng) => rng.uint32() | 0],
  ['one key group: equal top bits', (rng) => (rng.uint32() >>> 9) | 0],
  ['few hashes, many slots each', (rng) => Math.imul(rng.below(7), 0x9e3779b1) | 0],
];
test.each(spreads)('%s: what was put and not removed is found, however segments split', (_, next) => {
  const rng = new Rng(7);
  const index = new SlotIndex(32);
  const hashes = new Int32Array(6000);
  const live = new Set<number>();
  for (let step = 0; step < 6000; step++) {
    if (live.size > 0 && rng.below(3) === 0) {
      const gone = [...live][rng.below(live.size)]!;
      index.remove(gone, hashes);
      live.delete(gone);
    } else {
      hashes[step] = next(rng);
      index.put(step, hashes);
      live.add(step);
    }
  }
  const byHash = new Map<number, number[]>();
  for (const slot of live) byHash.set(hashes[slot]!, [...(byHash.get(hashes[slot]!) ?? []), slot]);
  for (const [hash, slots] of byHash)
    expect(slotsOf(index, hashes, hash)).toEqual(slots.sort((a, b) => a - b));
  for (const slot of live) index.remove(slot, hashes);
  for (const hash of byHash.keys()) expect(slotsOf(index, hashes, hash)).toEqual([]);
});
