/* Operators that rank rows against their slow references, as against-reference.ts compares them. */

import { types } from '#data';
import type { DeduplicateSpec, RankSpec, WindowRankSpec } from '#job';
import { DeduplicateReference, RankReference, WindowRankReference } from '#testkit';
import { holdAgainstReference, type Case } from './against-reference.ts';
import { FLAG, ID, K, T, V, wide, type Shape } from './feed.ts';
import { bench } from './harness.ts';

function rankCase(name: string, changes: Partial<RankSpec>, shape: Partial<Shape> = {}): Case {
  const spec: RankSpec = {
    partition: [K],
    keys: [{ column: V, descending: true, nullsLast: true }],
    from: 1,
    to: 3,
    strategy: 'retract',
    rowKey: [],
    byPosition: false,
    numbered: false,
    updateBefore: true,
    ttlMs: 0,
    ...changes,
  };
  const courses = { append: 'insert', update: 'rising', retract: 'retract' } as const;
  return {
    name: `rank, ${spec.strategy}, ${name}`,
    courses: [courses[spec.strategy]],
    make: () => bench('rank', spec, wide, spec.numbered ? [...wide, types.BIGINT] : wide),
    reference: () => new RankReference(spec),
    shape,
  };
}

function deduplicateCase(changes: Partial<DeduplicateSpec>): Case {
  const spec: DeduplicateSpec = {
    keys: [K, ID],
    keep: 'last',
    time: undefined,
    compared: wide.map((_, i) => i),
    updateBefore: true,
    ttlMs: 0,
    ...changes,
  };
  const waits = spec.keep === 'first' && spec.time !== undefined;
  return {
    name: `deduplicate, ${spec.keep} by ${spec.time === undefined ? 'arrival' : 'time'}${spec.updateBefore ? '' : ' without -U'}`,
    courses: ['insert'],
    make: () => bench('deduplicate', spec, wide, wide),
    reference: () => new DeduplicateReference(spec),
    ...(waits ? { freed: { time: T, ordered: [] } } : {}),
  };
}
/** Each time is a window of its own. */
function windowRankCase(name: string, changes: Partial<WindowRankSpec>): Case {
  const spec: WindowRankSpec = {
    partition: [K, T],
    end: T,
    keys: [{ column: V, descending: true, nullsLast: true }],
    from: 1,
    to: 3,
    numbered: false,
    latestOfEquals: false,
    zone: undefined,
    ...changes,
  };
  const types_ = spec.numbered ? [...wide, types.BIGINT] : wide;
  return {
    name: `window-rank, ${name}`,
    courses: ['insert'],
    make: () => bench('window-rank', spec, wide, types_),
    reference: () => new WindowRankReference(spec),
    freed: { time: T, ordered: [K] },
  };
}
const byValue = [{ column: V, descending: false, nullsLast: false }];

holdAgainstReference(
  [
    rankCase('rows', { strategy: 'append' }),
    rankCase('by position', { strategy: 'append', from: 2, to: 6, byPosition: true }),
    rankCase('numbered', { strategy: 'append', byPosition: true, numbered: true }),
    rankCase('numbered, without -U', {
      strategy: 'append',
      from: 2,
      to: 5,
      byPosition: true,
      numbered: true,
      updateBefore: false,
    }),
    rankCase('numbered', { strategy: 'update', rowKey: [K, ID], byPosition: true, numbered: true }),
    rankCase('numbered, without -U', {
      strategy: 'update',
      rowKey: [K, ID],
      byPosition: true,
      numbered: true,
      updateBefore: false,
    }),
    rankCase('numbered', { byPosition: true, numbered: true }),
    rankCase('numbered, without -U', { from: 2, byPosition: true, numbered: true, updateBefore: false }),
    rankCase('rows', { strategy: 'update', rowKey: [K, ID] }),
    rankCase('rows without -U', { strategy: 'update', rowKey: [K, ID], to: 2, updateBefore: false }),
    rankCase('by position', { strategy: 'update', rowKey: [K, ID], from: 1, to: 3, byPosition: true }),
    rankCase('by position, not the first', {
      strategy: 'update',
      rowKey: [K, ID],
      from: 2,
      to: 4,
      byPosition: true,
    }),
    rankCase('rows', {}),
    rankCase('by arrival', { keys: [], to: 2 }),
    rankCase('by position', { from: 2, to: 30, byPosition: true, keys: byValue }, { keys: 2, liveMax: 120 }),
    deduplicateCase({ keep: 'first' }),
    deduplicateCase({ keep: 'first', time: T }),
    deduplicateCase({}),
    deduplicateCase({ compared: [K, V, FLAG], updateBefore: false }),
    deduplicateCase({ time: T }),
    deduplicateCase({ time: T, updateBefore: false }),
    windowRankCase('rows', {}),
    windowRankCase('numbered, not the first', { from: 2, to: 9, numbered: true, keys: byValue }),
    windowRankCase('the latest of equals', { to: 1, latestOfEquals: true }),
  ],
  100,
);
