/* Operators that keep or count rows against their slow references; those that rank, look over rows or join within bounds
 * have files of their own. */

import { types, type LogicalType } from '#data';
import type { AggregateCall, Expr } from '#expr';
import type {
  GroupAggregateSpec,
  JoinSpec,
  CompactSpec,
  EmitWindowAggregateSpec,
  MaterializeSpec,
  NormalizeSpec,
  SessionAggregateSpec,
  SortSpec,
  WindowAggregateSpec,
  WindowShape,
  WindowTableSpec,
} from '#job';
import {
  GroupAggregateReference,
  JoinReference,
  LimitReference,
  CompactReference,
  EmitWindowAggregateReference,
  MaterializeReference,
  NormalizeReference,
  SessionAggregateReference,
  SessionTableReference,
  SortReference,
  WindowAggregateReference,
  WindowTableReference,
} from '#testkit';
import { holdAgainstReference, type Case } from './against-reference.ts';
import { F, ID, K, S, T, V, wide, type Course } from './feed.ts';
import { bench, call } from './harness.ts';
import { distinct, filtered, one, orderedCalls, plainCalls } from './calls.ts';

const { INT, DOUBLE } = types;
const TIME = types.timestamp(3);
/* The operators. */

const typesOf = (calls: readonly AggregateCall[]): LogicalType[] => calls.map((c) => c.type);

function groupCase(name: string, changes: Partial<GroupAggregateSpec>): Case {
  const spec: GroupAggregateSpec = {
    keys: [K],
    calls: [...plainCalls, ...orderedCalls],
    retract: true,
    updateBefore: true,
    ttlMs: 0,
    finalOnly: false,
    ...changes,
  };
  return {
    name: `group-aggregate, ${name}`,
    courses: [spec.retract ? 'retract' : 'insert'],
    make: () =>
      bench('group-aggregate', spec, wide, [...spec.keys.map((k) => wide[k]!), ...typesOf(spec.calls)]),
    reference: () => new GroupAggregateReference(spec),
    // All rows of a group are gone through for each: few groups would be long ones.
    ...(spec.retract ? {} : { shape: { keys: 300, batchMax: 300 } }),
  };
}

function windowCase(name: string, changes: Partial<WindowAggregateSpec>): Case {
  const spec: WindowAggregateSpec = {
    keys: [K, ID],
    calls: [...plainCalls, ...orderedCalls],
    retract: true,
    properties: ['start', 'end', 'rowtime'],
    zone: undefined,
    window: { kind: 'rowtime', column: T, shape: { kind: 'tumble', sizeMs: 10, offsetMs: 0 } },
    ...changes,
  };
  const width = spec.keys.length + spec.calls.length;
  return {
    name: `window-aggregate, ${name}`,
    courses: [spec.retract ? 'retract' : 'insert'],
    make: () =>
      bench('window-aggregate', spec, wide, [
        ...spec.keys.map((k) => wide[k]!),
        ...typesOf(spec.calls),
        ...spec.properties.map(() => TIME),
      ]),
    reference: () => new WindowAggregateReference(spec),
    freed: { time: width + spec.properties.indexOf('end'), ordered: [] },
    ...(spec.retract ? {} : { shape: { keys: 40, pace: 5, batchMax: 200 } }),
    runs: 4,
  };
}
const shaped = (shape: WindowShape): Partial<WindowAggregateSpec> => ({
  window: { kind: 'rowtime', column: T, shape },
});

function sessionCase(name: string, changes: Partial<SessionAggregateSpec>): Case {
  const spec: SessionAggregateSpec = {
    keys: [K, ID],
    calls: [...plainCalls, ...orderedCalls],
    retract: false,
    properties: ['start', 'end', 'rowtime'],
    zone: undefined,
    gapMs: 7,
    time: T,
    ...changes,
  };
  const width = spec.keys.length + spec.calls.length;
  return {
    name: `session-aggregate, ${name}`,
    courses: [spec.retract ? 'retract' : 'insert'],
    make: () =>
      bench('session-aggregate', spec, wide, [
        ...spec.keys.map((k) => wide[k]!),
        ...typesOf(spec.calls),
        TIME,
        TIME,
        TIME,
      ]),
    reference: () => new SessionAggregateReference(spec),
    freed: { time: width + 1, ordered: [] },
    shape: { forgets: true },
  };
}

function sessionTableCase(course: Course): Case {
  const spec = {
    keys: [K, ID],
    properties: ['start', 'end', 'rowtime'] as const,
    zone: undefined,
    gapMs: 7,
    time: T,
  };
  return {
    name: `session-table, ${course}`,
    courses: [course],
    make: () => bench('session-table', spec, wide, [...wide, TIME, TIME, TIME]),
    reference: () => new SessionTableReference(spec),
    freed: { time: wide.length + 1, ordered: [K, ID, wide.length] },
  };
}

function windowTableCase(shape: WindowShape): Case {
  const spec: WindowTableSpec = { shape, time: T, properties: ['start', 'end', 'rowtime'], zone: undefined };
  return {
    name: `window-table, ${shape.kind}`,
    courses: ['retract'],
    make: () => bench('window-table', spec, wide, [...wide, TIME, TIME, TIME]),
    reference: () => new WindowTableReference(spec),
  };
}

function normalizeCase(updateBefore: boolean): Case {
  const spec: NormalizeSpec = { keys: [K, ID], updateBefore, ttlMs: 0 };
  return {
    name: `normalize, ${updateBefore ? 'with' : 'without'} -U`,
    courses: ['upsert'],
    make: () => bench('normalize', spec, wide, wide),
    reference: () => new NormalizeReference(spec),
  };
}
function materializeCase(inputKey: MaterializeSpec['inputKey'], course: Course): Case {
  const spec: MaterializeSpec = { keys: [K], inputKey, ttlMs: 0 };
  return {
    name: `materialize, ${inputKey === undefined ? 'rows' : 'keyed rows'}`,
    courses: [course],
    make: () => bench('materialize', spec, wide, wide),
    reference: () => new MaterializeReference(spec),
  };
}
function emitCase(name: string, changes: Partial<EmitWindowAggregateSpec>): Case {
  const spec: EmitWindowAggregateSpec = {
    keys: [K],
    calls: [...plainCalls, one('FIRST_VALUE', V)],
    retract: true,
    updateBefore: true,
    shape: { kind: 'tumble', sizeMs: 10, offsetMs: 3 },
    time: T,
    properties: ['start', 'end', 'rowtime'],
    zone: undefined,
    earlyMs: 0,
    lateMs: undefined,
    latenessMs: 0,
    ...changes,
  };
  const width = spec.keys.length + spec.calls.length;
  return {
    name: `emit, ${name}`,
    courses: [spec.retract ? 'retract' : 'insert'],
    make: () =>
      bench('emit-window-aggregate', spec, wide, [
        ...spec.keys.map((k) => wide[k]!),
        ...typesOf(spec.calls),
        TIME,
        TIME,
        TIME,
      ]),
    reference: () => new EmitWindowAggregateReference(spec),
    freed: { time: width + 1, ordered: [K] },
  };
}
function compactCase(inputKey: MaterializeSpec['inputKey'], course: Course): Case {
  const spec: CompactSpec = { keys: [K], keyNames: ['k'], inputKey, ttlMs: 0, conflict: 'NOTHING' };
  return {
    name: `compact, ${inputKey === undefined ? 'rows' : 'keyed rows'}`,
    courses: [course],
    make: () => bench('compact', spec, wide, wide),
    reference: () => new CompactReference(spec),
    freed: { time: -1, ordered: [K] },
  };
}
function sortCase(keys: SortSpec['keys']): Case {
  const spec: SortSpec = { keys, mode: 'rowtime' };
  return {
    name: `sort by ${keys.length} columns`,
    courses: ['insert'],
    make: () => bench('sort', spec, wide, wide),
    reference: () => new SortReference(spec),
  };
}
function limitCase(offset: number, limit: number | undefined): Case {
  return {
    name: `limit ${limit} offset ${offset}`,
    courses: ['insert'],
    make: () => bench('limit', { offset, limit }, wide, wide),
    reference: () => new LimitReference({ offset, limit }),
  };
}

/** left.V < right.V */
const less: Expr = {
  kind: 'call',
  fn: '<',
  args: [
    { kind: 'column', index: V, type: INT },
    { kind: 'column', index: wide.length + V, type: INT },
  ],
  flags: [],
  type: types.BOOLEAN,
};
function joinCase(
  type: JoinSpec['type'],
  name: string,
  changes: Partial<JoinSpec>,
  courses: readonly Course[],
): Case {
  const spec: JoinSpec = {
    type,
    leftKeys: [K, ID],
    rightKeys: [K, ID],
    filterNulls: [true, true],
    condition: undefined,
    leftUniqueKey: undefined,
    rightUniqueKey: undefined,
    leftInsertOnly: false,
    rightInsertOnly: false,
    leftTtlMs: 0,
    rightTtlMs: 0,
    finalOnly: false,
    ...changes,
  };
  const holds =
    spec.condition === undefined
      ? undefined
      : (l: readonly unknown[], r: readonly unknown[]): boolean =>
          l[V] !== null && r[V] !== null && (l[V] as number) < (r[V] as number);
  const outputTypes = type === 'semi' || type === 'anti' ? wide : [...wide, ...wide];
  return {
    name: `join, ${type}, ${name}`,
    courses,
    make: () => bench('join', spec, wide, outputTypes, undefined, wide),
    reference: () => new JoinReference(spec, [wide.length, wide.length], holds),
    // Rows that only come pile up, and each is paired with all of its key.
    shape: { keys: 3, liveMax: 40, ...(courses.includes('insert') ? { batchMax: 150 } : {}) },
    runs: 4,
  };
}
const both = (course: Course): readonly Course[] => [course, course];
const joinTypes = ['inner', 'left', 'right', 'full', 'semi', 'anti'] as const;

const hop = (newestFirst: boolean): WindowShape => ({
  kind: 'hop',
  sizeMs: 10,
  slideMs: 4,
  offsetMs: 1,
  newestFirst,
});

const cases: readonly Case[] = [
  groupCase('rows come and go', {}),
  groupCase('rows come', { retract: false }),
  groupCase('without -U', { updateBefore: false, calls: plainCalls }),
  groupCase('one group', {
    keys: [],
    calls: [call('COUNT'), distinct(one('SUM', V)), one('MAX', F, DOUBLE)],
  }),
  groupCase('calls that seldom change', {
    calls: [one('MIN', V), filtered(one('MIN', F)), distinct(call('COUNT', [S], [types.STRING]))],
  }),
  groupCase('no calls', { keys: [K, S, ID], calls: [] }),
  windowCase('tumble', {}),
  windowCase('tumble, rows come', { retract: false }),
  windowCase('tumble with an offset', shaped({ kind: 'tumble', sizeMs: 25, offsetMs: -3 })),
  windowCase('hop', shaped(hop(false))),
  windowCase('hop, the newest slice first', shaped(hop(true))),
  windowCase('hop, rows come', { ...shaped(hop(false)), retract: false }),
  windowCase(
    'hop with gaps',
    shaped({ kind: 'hop', sizeMs: 6, slideMs: 9, offsetMs: 0, newestFirst: false }),
  ),
  windowCase('cumulate', shaped({ kind: 'cumulate', sizeMs: 20, stepMs: 5, offsetMs: 2 })),
  windowCase('attached', { window: { kind: 'attached', start: T, end: T }, properties: ['end'] }),
  sessionCase('rows come', {}),
  sessionCase('rows come and go', { retract: true }),
  sessionTableCase('insert'),
  sessionTableCase('retract'),
  windowTableCase({ kind: 'tumble', sizeMs: 10, offsetMs: 3 }),
  windowTableCase(hop(false)),
  windowTableCase({ kind: 'cumulate', sizeMs: 20, stepMs: 5, offsetMs: 0 }),
  normalizeCase(true),
  normalizeCase(false),
  materializeCase(undefined, 'retract'),
  materializeCase([K, ID], 'upsert'),
  emitCase('with each row', {}),
  emitCase('with each row that comes', { retract: false, updateBefore: false }),
  emitCase('hop', { shape: hop(false) }),
  emitCase('late rows alone', { earlyMs: undefined, lateMs: 0, latenessMs: 15 }),
  emitCase('early and late', { lateMs: 0, latenessMs: 7 }),
  compactCase(undefined, 'retract'),
  compactCase(undefined, 'insert'),
  compactCase([K, ID], 'unique'),
  sortCase([{ column: T, descending: false, nullsLast: false }]),
  sortCase([
    { column: T, descending: false, nullsLast: false },
    { column: V, descending: true, nullsLast: true },
    { column: S, descending: false, nullsLast: false },
  ]),
  limitCase(300, 500),
  limitCase(7, undefined),
  ...joinTypes.flatMap((type) => [
    joinCase(type, 'rows', {}, both('retract')),
    joinCase(type, 'NULL meets NULL', { filterNulls: [false, true] }, both('retract')),
    joinCase(
      type,
      'a condition',
      { leftKeys: [K], rightKeys: [K], filterNulls: [true], condition: less },
      both('retract'),
    ),
    joinCase(type, 'rows come', { leftInsertOnly: true, rightInsertOnly: true }, both('insert')),
    joinCase(type, 'rows of the right come', { rightInsertOnly: true }, ['retract', 'insert']),
    joinCase(type, 'unique keys', { leftUniqueKey: [K, ID], rightUniqueKey: [K, ID] }, both('unique')),
  ]),
];

holdAgainstReference(cases, 0);
