/* Timers against an obvious list: set, moved, cleared and taken, at times that are near, far, equal and spread. */

import { expect, test } from 'vitest';
import { Rng } from '#base';
import { types } from '#data';
import { MemoryStore, BytesReader, BytesWriter } from '#state';

const slots = 4000;

function declared(): { store: MemoryStore; timers: ReturnType<MemoryStore['timers']> } {
  const store = new MemoryStore();
  const keys = store.keyed({ name: 'keys', key: [types.INT] });
  const timers = store.timers(keys, { name: 'timers', domain: 'event' });
  const values = Int32Array.from({ length: slots }, (_, i) => i);
  for (const row of values) keys.upsertRow([{ layout: 'i32', valid: undefined, values }], row);
  return { store, timers };
}

/** Ways in which a job's times are spread over what is to come. */
const spreads: readonly (readonly [string, (now: number, rng: Rng) => number])[] = [
  ['all at a few times', (now, rng) => now + 1000 * Math.floor(rng.double() * 3)],
  ['close together', (now, rng) => now + Math.floor(rng.double() * 50)],
  ['over an hour', (now, rng) => now + Math.floor(rng.double() * 3_600_000)],
  ['over centuries', (now, rng) => now + Math.floor(rng.double() ** 8 * 1e13)],
  ['before the epoch too', (now, rng) => now + Math.floor((rng.double() - 0.5) * 1e6)],
  ['fractions', (now, rng) => now + rng.double() * 5000],
];

test.each(spreads)('%s', (_, timeFrom) => {
  const rng = new Rng(11);
  let { store, timers } = declared();
  const known = new Map<number, number>();
  const due = new Int32Array(300);
  let now = 1_700_000_000_000;
  const takeUpTo = (at: number): void => {
    const expected = [...known].filter(([, time]) => time <= at).sort((a, b) => a[1] - b[1] || a[0] - b[0]);
    const found: number[] = [];
    for (let count = timers.due(at, due); count > 0; count = timers.due(at, due))
      found.push(...due.subarray(0, count));
    expect(found).toEqual(expected.map(([slot]) => slot));
    for (const slot of found) known.delete(slot);
  };
  for (let step = 0; step < 60_000; step++) {
    const slot = Math.floor(rng.double() * slots);
    if (rng.double() < 0.2) {
      timers.clear(slot);
      known.delete(slot);
    } else {
      const at = timeFrom(now, rng);
      timers.set(slot, at);
      known.set(slot, at);
    }
    if (step % 3000 === 0) {
      expect(timers.next).toBe(Math.min(Infinity, ...known.values()));
      for (const probe of [slot, 0, slots - 1])
        expect(timers.timeOf(probe)).toBe(known.get(probe) ?? Number.NaN);
      now = Math.max(now, timeFrom(now, rng));
      takeUpTo(now);
    }
    if (step % 20_000 === 19_999) {
      const writer = new BytesWriter();
      store.snapshot(writer);
      ({ store, timers } = declared());
      store.restore(new BytesReader(writer.finish()));
    }
  }
  takeUpTo(Infinity);
  expect(timers.next).toBe(Infinity);
});
