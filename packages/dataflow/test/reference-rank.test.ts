/* Operators that rank rows against their slow references, as against-reference.ts compares them. */

import { types } from '#data';
import type { RankSpec } from '#job';
import { RankReference } from '#testkit';
import { emitsAsReference, type Case } from './against-reference.ts';
import { ID, K, V, wide, type Shape } from './feed.ts';
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

const byValue = [{ column: V, descending: false, nullsLast: false }];

emitsAsReference([
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
]);
