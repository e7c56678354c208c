/* A process table function against its slow reference, as against-reference.ts compares them: one that counts rows, keeps them
 * in a list and a map, sets timers with names and without, for times to come and times that are over, and clears all again. */

import { allChanges } from '#catalog';
import { changeKind, types } from '#data';
import {
  addUserProcess,
  type ProcessCalls,
  type ProcessHost,
  type ProcessStart,
  type ProcessTable,
} from '#expr';
import type { OrderedRowsSpec, ProcessSpec } from '#job';
import { OrderedRowsReference, ProcessReference } from '#testkit';
import { holdAgainstReference, type Case } from './against-reference.ts';
import { ID, K, T, V, wide } from './feed.ts';
import { bench } from './harness.ts';

/** Times are small, below 0 too. */
const textOf = (due: number): string => String(1_000_000 + due);
const dueOf = (name: string): number => Number(name) - 1_000_000;

/** A timer's name says when it falls due: rows that one mark frees come in that order. Timers that fall due in front of the one
 *  that sets them are set in one partition alone: among several there is no order of those. */
function start(host: ProcessHost, { tables }: ProcessStart): ProcessCalls {
  const [{ partition }] = tables as readonly [ProcessStart['tables'][number]];
  const at = (): number => host.time!;
  const count = (): bigint => (host.read(0) ?? 0n) as bigint;
  const named = (time: number, due: number): void => host.register(textOf(due), time);
  const soon = (time: number): void => named(time, Math.max(time, host.watermark + 1));
  const steps: readonly (() => void)[] = [
    () => host.register(undefined, Math.max(at(), host.watermark) + 5),
    () => soon(at() + 20),
    () => soon(at() - 40),
    () => host.clearTimers(),
    () => host.write(0, null),
    () => host.clearTimer(at() + 5),
    () => host.clearTimer(textOf(at() + 20)),
    () => {},
  ];
  /** Entries come, go and are replaced, before a walk begins and while it lasts. */
  const keep = (id: string, v: number): string => {
    const [list, map] = [host.list(1), host.map(2)];
    const walked = list.values()[Symbol.iterator]();
    const first = walked.next();
    if (v % 5 === 0) list.remove(id);
    else list.add(id);
    if (v % 7 === 0) list.clear();
    if (v % 3 === 0) map.remove(`k${v % 4}`);
    else map.put(`k${v % 4}`, v % 11 === 0 ? null : BigInt(v));
    if (v % 13 === 0) map.clear();
    const seen = first.done === true ? [] : [first.value, ...{ [Symbol.iterator]: () => walked }];
    const held = [...map.entries()].map(([k, n]) => `${String(k)}=${String(n)}`);
    return `${seen.join(',')} ${[...list.values()].length} ${held.join(',')} ${String(map.get('k1'))}`;
  };
  return {
    eval(table, row, kind) {
      const v = Math.abs(Number(row[V] ?? 0));
      host.write(0, count() + 1n);
      // Of several tables each row goes out as the change that it came as.
      host.emit([count(), `${table} ${String(row[ID])} ${keep(String(row[ID]), v)}`], kind);
      steps[v % steps.length]!();
    },
    onTimer(name) {
      host.emit([count(), name ?? textOf(at())], changeKind.insert);
      const next = (partition.length === 0 ? at() : name === undefined ? at() : dueOf(name)) + 1;
      if (at() % 6 === 0) named(next, next);
      else if (at() % 6 === 3 && partition.length === 0) named(at() - 1, at() - 1);
    },
  };
}
const columns = [
  { name: 'n', type: types.BIGINT },
  { name: 'due', type: types.STRING },
];
const table = (name: string): ProcessTable => ({
  kind: 'table',
  name,
  semantics: 'set',
  optionalPartition: true,
  requiresTime: true,
  passesColumns: false,
  supportsUpdates: true,
  requiresUpdateBefore: true,
  requiresFullDelete: false,
});
const counted = (args: readonly ProcessTable[]): string =>
  addUserProcess({
    title: 'counted',
    args,
    columns,
    states: [
      { kind: 'value', name: 'n', type: types.BIGINT, ttlMs: undefined },
      { kind: 'list', name: 'ids', element: types.STRING, ttlMs: undefined },
      { kind: 'map', name: 'per', key: types.STRING, value: types.BIGINT, ttlMs: undefined },
    ],
    hasTimers: true,
    changes: () => allChanges,
    start,
  });
const [ofOne, ofTwo] = [counted([table('input')]), counted([table('a'), table('b')])];

/** `partitions`: of each table. */
function processCase(name: string, partitions: readonly (readonly number[])[]): Case {
  const fields = wide.map((type, i) => ({ name: `c${i}`, type }));
  const spec: ProcessSpec = {
    fn: partitions.length === 1 ? ofOne : ofTwo,
    inputs: partitions.map((partition) => ({ fields, partition, time: T })),
    passesColumns: false,
    emitsTime: true,
    scalars: [],
    changes: allChanges,
    ttlMs: 0,
  };
  const keys = partitions.flat();
  const given = [...keys.map((c) => wide[c]!), ...columns.map((c) => c.type), types.timestamp(3)];
  return {
    name: `process, ${name}`,
    courses: partitions.map((_, i) => (i === 0 ? 'insert' : 'retract')),
    make: () => bench('process', spec, wide, given, undefined, partitions.length === 1 ? undefined : wide),
    reference: () => new ProcessReference(spec),
    freed: { time: keys.length + 1, ordered: keys.map((_, i) => i) },
  };
}

/** A table in an order, by which such a function may ask for it. */
function orderedCase(name: string, partition: readonly number[]): Case {
  const spec: OrderedRowsSpec = {
    partition,
    keys: [
      { column: T, descending: false, nullsLast: false },
      { column: V, descending: true, nullsLast: false },
    ],
  };
  return {
    name: `ordered rows, ${name}`,
    courses: ['retract'],
    make: () => bench('ordered-rows', spec, wide, wide),
    reference: () => new OrderedRowsReference(spec),
    freed: { time: T, ordered: partition },
  };
}

holdAgainstReference(
  [
    processCase('by key', [[K]]),
    processCase('by two keys', [[K, ID]]),
    processCase('all in one', [[]]),
    processCase('two tables', [[K], [K]]),
    processCase('two tables, all in one', [[], []]),
    orderedCase('by key', [K]),
    orderedCase('all in one', []),
  ],
  300,
);
