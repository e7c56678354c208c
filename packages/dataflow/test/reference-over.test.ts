/* OVER against its slow references, as against-reference.ts compares them. */

import { types, type LogicalType } from '#data';
import type { OverCall } from '#expr';
import type { OverAggregateSpec, OverSortedSpec } from '#job';
import { OverAggregateReference, OverSortedReference } from '#testkit';
import { holdAgainstReference, type Case } from './against-reference.ts';
import { B, F, ID, K, S, T, V, wide } from './feed.ts';
import { bench, call } from './harness.ts';

const { INT, STRING, BIGINT } = types;
const one = (fn: string, column: number, type: LogicalType = wide[column]!): OverCall =>
  call(fn, [column], [wide[column]!], type);
const lag = (rows: number, ...args: readonly number[]): OverCall => ({
  ...call(
    'LAG',
    args,
    args.map((a) => wide[a]!),
    wide[args[0]!],
  ),
  parameter: rows,
});
const aggregates: readonly OverCall[] = [
  call('COUNT'),
  one('SUM', V),
  one('SUM', B),
  one('AVG', F, types.DOUBLE),
  one('MIN', V),
  one('MAX', S),
  one('FIRST_VALUE', V),
  one('LAST_VALUE', S),
  call('LISTAGG', [S], [STRING], STRING),
  { ...call('COUNT', [V], [INT]), distinct: true },
];
const ranks: readonly OverCall[] = [
  call('RANK', [T], [wide[T]!], BIGINT),
  call('DENSE_RANK', [T], [wide[T]!], BIGINT),
];
const rowWise: readonly OverCall[] = [call('ROW_NUMBER'), lag(1, S), lag(3, V, ID), lag(0, B)];

function overCase(
  name: string,
  frame: OverAggregateSpec['frame'],
  changes: Partial<OverAggregateSpec>,
): Case {
  const spec: OverAggregateSpec = {
    partition: [K],
    calls: aggregates,
    frame,
    time: T,
    ttlMs: 0,
    ...changes,
  };
  const out = [...wide, ...spec.calls.map((c) => c.type)];
  return {
    name: `over-aggregate, ${name}`,
    courses: ['insert'],
    make: () => bench('over-aggregate', spec, wide, out),
    reference: () => new OverAggregateReference(spec),
    ...(spec.time === undefined ? {} : { freed: { time: T, ordered: [K] } }),
    shape: { heavy: false },
    runs: 4,
  };
}
function sortedCase(name: string, changes: Partial<OverSortedSpec>): Case {
  const spec: OverSortedSpec = {
    partition: [K],
    keys: [{ column: V, descending: false, nullsLast: false }],
    calls: aggregates,
    unit: 'range',
    updateBefore: true,
    ttlMs: 0,
    ...changes,
  };
  const out = [...wide, ...spec.calls.map((c) => c.type)];
  return {
    name: `over-sorted, ${name}`,
    courses: ['retract'],
    make: () => bench('over-sorted', spec, wide, out),
    reference: () => new OverSortedReference(spec),
    shape: { heavy: false, liveMax: 30 },
    runs: 3,
  };
}
const byTextThenValue = [
  { column: S, descending: true, nullsLast: true },
  { column: V, descending: false, nullsLast: false },
];
const ranksOfValue: readonly OverCall[] = [
  call('RANK', [V], [INT], BIGINT),
  call('DENSE_RANK', [V], [INT], BIGINT),
];
const all = Infinity;

holdAgainstReference(
  [
    overCase(
      'arrival, all',
      { unit: 'rows', preceding: all },
      { time: undefined, calls: [...aggregates, ...rowWise] },
    ),
    overCase('arrival, 3 rows', { unit: 'rows', preceding: 2 }, { time: undefined }),
    overCase('rows, all', { unit: 'rows', preceding: all }, { calls: [...aggregates, ...rowWise] }),
    overCase('rows, ranks', { unit: 'rows', preceding: all }, { calls: ranks, partition: [] }),
    overCase('rows, 1', { unit: 'rows', preceding: 0 }, {}),
    overCase('rows, 6', { unit: 'rows', preceding: 5 }, {}),
    overCase('range, all', { unit: 'range', preceding: all }, { calls: [...aggregates, ...ranks] }),
    overCase('range, 9 ms', { unit: 'range', preceding: 9 }, {}),
    overCase('range, 40 ms, in one partition', { unit: 'range', preceding: 40 }, { partition: [] }),
    sortedCase('range', {}),
    sortedCase('rows', { unit: 'rows', calls: [...aggregates, ...rowWise], keys: byTextThenValue }),
    sortedCase('ranks, without -U', { updateBefore: false, calls: ranksOfValue }),
  ],
  200,
);
