/* The cache of looked-up rows: how many it keeps, which go, and when an entry is too old. */

import { expect, test } from 'vitest';
import { Rng } from '#base';
import { parseOptions } from '#catalog';
import { SimWorld } from '#testkit';
import { LookupCache } from '../../src/jdbc/cache.ts';
import { jdbcSchema } from '../../src/jdbc/options.ts';

const world = new SimWorld(1);
const answer = { rows: [[1]], unread: [] };
function cacheOf(options: Readonly<Record<string, string>>): LookupCache {
  const all = { url: 'jdbc:postgresql:embedded', 'table-name': 't', ...options };
  const raw = Object.entries(all).map(([key, value]) => ({ key, value }));
  return new LookupCache(world, parseOptions(jdbcSchema, raw));
}
const bounded = (rows: number): LookupCache => cacheOf({ 'lookup.partial-cache.max-rows': String(rows) });

test('what was put in last is there, however much the others are in use', () => {
  const cache = bounded(3);
  for (let i = 0; i < 200; i++) {
    cache.put(`k${i}`, answer);
    for (let k = 0; k <= i; k++) cache.get(`k${k}`);
    expect(cache.get(`k${i}`)).toBe(answer);
  }
});

test('a key in use stays among keys that nobody asks for again', () => {
  const cache = bounded(3);
  cache.put('hot', answer);
  for (let i = 0; i < 200; i++) {
    expect(cache.get('hot')).toBe(answer);
    cache.put(`k${i}`, answer);
  }
});

test.each([0, 1, 2, 7])('never more than %i keys, by chance', (rowsMax) => {
  const rng = new Rng(rowsMax);
  const cache = bounded(rowsMax);
  const keys = Array.from({ length: 20 }, (_, i) => `k${i}`);
  for (let i = 0; i < 2000; i++) {
    if (rng.below(2) === 0) cache.get(rng.pick(keys));
    else cache.put(rng.pick(keys), answer);
    // Looking marks what is there as used, as any use does.
    if (i % 50 === 0)
      expect(keys.filter((key) => cache.get(key) !== undefined).length).toBeLessThanOrEqual(rowsMax);
  }
  expect(keys.filter((key) => cache.get(key) !== undefined)).toHaveLength(rowsMax);
});

test('an entry ends so long after it was written, or used', () => {
  const written = cacheOf({ 'lookup.partial-cache.expire-after-write': '10 s' });
  const used = cacheOf({ 'lookup.partial-cache.expire-after-access': '10 s' });
  for (const cache of [written, used]) cache.put('k', answer);
  world.moveTo(world.now() + 9_000);
  expect([written.get('k'), used.get('k')]).toEqual([answer, answer]);
  world.moveTo(world.now() + 9_000);
  expect([written.get('k'), used.get('k')]).toEqual([undefined, answer]);
  world.moveTo(world.now() + 10_000);
  expect(used.get('k')).toBeUndefined();
});

test('that a key has no rows is kept unless the table says otherwise', () => {
  const nothing = { rows: [], unread: [] };
  const [kept, not] = [cacheOf({}), cacheOf({ 'lookup.partial-cache.cache-missing-key': 'false' })];
  for (const cache of [kept, not]) cache.put('k', nothing);
  expect([kept.get('k'), not.get('k')]).toEqual([nothing, undefined]);
});
