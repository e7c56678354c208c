import { expect, test } from 'vitest';
import { Rng } from '#base';
import { SlotIndex } from '../src/memory/slot-index.ts';

/** The slots with this hash, as a reader of the index finds them. */
function slotsOf(index: SlotIndex, hash: number): number[] {
  const { pairs, mask } = index.segment(hash);
  const found: number[] = [];
  for (let at = hash & mask; pairs[at * 2] !== 0; at = (at + 1) & mask)
    if (pairs[at * 2 + 1] === hash) found.push(pairs[at * 2]! - 1);
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
      index.remove(gone, hashes[gone]!);
      live.delete(gone);
    } else {
      hashes[step] = next(rng);
      index.put(step, hashes[step]!);
      live.add(step);
    }
  }
  const byHash = new Map<number, number[]>();
  for (const slot of live) byHash.set(hashes[slot]!, [...(byHash.get(hashes[slot]!) ?? []), slot]);
  for (const [hash, slots] of byHash) expect(slotsOf(index, hash)).toEqual(slots.sort((a, b) => a - b));
  for (const slot of live) index.remove(slot, hashes[slot]!);
  for (const hash of byHash.keys()) expect(slotsOf(index, hash)).toEqual([]);
});

test.each(spreads)('%s: many entered at once are found, and those that are not live are not', (_, next) => {
  const rng = new Rng(8);
  const index = new SlotIndex(32);
  const hashes = Int32Array.from({ length: 3000 }, () => next(rng));
  const live = Uint8Array.from(hashes, () => Number(rng.below(4) > 0));
  index.fill(live, hashes, 2900);
  const byHash = Map.groupBy(
    [...hashes.keys()].filter((slot) => slot < 2900 && live[slot] === 1),
    (slot) => hashes[slot]!,
  );
  for (const hash of new Set(hashes)) expect(slotsOf(index, hash)).toEqual(byHash.get(hash) ?? []);
  for (const slot of live.keys()) if (live[slot] === 1 && slot < 2900) index.remove(slot, hashes[slot]!);
  for (const hash of byHash.keys()) expect(slotsOf(index, hash)).toEqual([]);
});

test('an index that is emptied keeps what as many entries need again, and no more', () => {
  const rng = new Rng(3);
  const index = new SlotIndex(1024);
  const hashes = Int32Array.from({ length: 20_000 }, () => rng.uint32() | 0);
  const fill = (count: number): void => {
    for (let slot = 0; slot < count; slot++) index.put(slot, hashes[slot]!);
  };
  fill(20_000);
  const { bytes } = index;
  index.clear();
  expect(index.bytes).toBe(bytes);
  expect(slotsOf(index, hashes[5]!)).toEqual([]);
  fill(3000);
  expect(slotsOf(index, hashes[5]!)).toEqual([5]);
  index.remove(5, hashes[5]!);
  expect(slotsOf(index, hashes[5]!)).toEqual([]);
  index.clear();
  expect(index.bytes).toBeLessThan(bytes / 8);
  fill(100);
  expect(slotsOf(index, hashes[99]!)).toEqual([99]);
});
