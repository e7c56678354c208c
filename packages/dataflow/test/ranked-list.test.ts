/* RankedList against a sorted array, and how much it compares when it is large. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Rng } from '#base';
import { RankedList } from '../src/operators/ranked-list.ts';

test('positions are those of a sorted array', () => {
  fc.assert(
    fc.property(
      fc.infiniteStream(fc.nat(500_000)),
      fc.integer({ min: 1, max: 4000 }),
      fc.boolean(),
      (draws, steps, grows) => {
        const list = new RankedList((a, b) => a - b);
        const sorted: number[] = [];
        for (let step = 0; step < steps; step++) {
          const draw = draws.next().value;
          if (draw % 3 > 0 === grows || sorted.length === 0) {
            const item = draw * 4000 + step;
            const at = sorted.findIndex((x) => x > item);
            const position = at < 0 ? sorted.length : at;
            sorted.splice(position, 0, item);
            expect(list.insert(item)).toBe(position);
          } else {
            const position = draw % sorted.length;
            expect(list.remove(sorted[position]!)).toBe(position);
            sorted.splice(position, 1);
          }
          expect(list.size).toBe(sorted.length);
          if (sorted.length > 0) expect(list.at(draw % sorted.length)).toBe(sorted[draw % sorted.length]);
        }
        const copy = new RankedList((a, b) => a - b);
        copy.fill(list.items());
        expect(Array.from({ length: copy.size }, (_, i) => copy.at(i))).toEqual(sorted);
      },
    ),
    { numRuns: 20 },
  );
});

test('a change in a list of 200,000 compares some twenty times', () => {
  let compared = 0;
  const list = new RankedList((a, b) => {
    compared++;
    return a - b;
  });
  const rng = new Rng(7);
  const items = [...new Set(Array.from({ length: 200_000 }, () => rng.below(2 ** 31)))];
  for (const item of items) list.insert(item);
  for (const item of items) list.remove(item);
  expect(list.size).toBe(0);
  expect(compared / (2 * items.length)).toBeLessThan(21);
});
