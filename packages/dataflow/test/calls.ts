/* Calls of aggregates over the rows of a feed, as many kinds as there are. */

import { types, type LogicalType } from '#data';
import type { AggregateCall } from '#expr';
import { B, BM, D, F, FLAG, K, P, PS, S, V, wide } from './feed.ts';
import { call } from './harness.ts';

const { INT, STRING, DOUBLE } = types;

export const decimal = wide[D]!;
export const one = (fn: string, column: number, type: LogicalType = wide[column]!): AggregateCall =>
  call(fn, [column], [wide[column]!], type);
export const distinct = (c: AggregateCall): AggregateCall => ({ ...c, distinct: true });
export const filtered = (c: AggregateCall): AggregateCall => ({ ...c, filter: FLAG });
export const listAgg = call('LISTAGG', [S], [STRING], STRING);
/** Of DOUBLEs, each as often as a BIGINT says. */
export const percentile = (percentages: number, type: LogicalType): AggregateCall =>
  call('PERCENTILE', [F, percentages, B], [DOUBLE, type, types.BIGINT], type);
/** Of which the order of rows plays no part. */
export const plainCalls: readonly AggregateCall[] = [
  call('COUNT'),
  call('COUNT', [V], [INT]),
  one('SUM', V),
  one('AVG', V),
  one('SUM', B),
  one('AVG', B),
  one('SUM', D, types.decimal(38, 2)),
  one('AVG', D, types.decimal(38, 6)),
  one('SUM', F, DOUBLE),
  one('AVG', F, DOUBLE),
  one('$SUM0', V),
  one('MIN', V),
  one('MAX', S),
  one('MIN', D, decimal),
  filtered(one('MAX', B)),
  filtered(call('COUNT')),
  filtered(one('SUM', V)),
  distinct(call('COUNT', [V], [INT])),
  distinct(one('SUM', V)),
  filtered(distinct(one('SUM', V))),
  distinct(call('COUNT', [S], [STRING])),
  filtered(distinct(call('COUNT', [S], [STRING]))),
  one('COLLECT', S, types.multiset(STRING)),
  percentile(P, DOUBLE),
  filtered(percentile(PS, types.array(DOUBLE))),
  distinct(percentile(P, DOUBLE)),
  one('BITMAP_BUILD_AGG', V, types.BITMAP),
  filtered(one('BITMAP_BUILD_CARDINALITY_AGG', V, types.BIGINT)),
  ...['OR', 'AND', 'XOR'].flatMap((name) => [
    one(`BITMAP_${name}_AGG`, BM),
    filtered(distinct(one(`BITMAP_${name}_CARDINALITY_AGG`, BM, types.BIGINT))),
  ]),
];
export const orderedCalls: readonly AggregateCall[] = [
  one('FIRST_VALUE', V),
  one('LAST_VALUE', S),
  filtered(one('LAST_VALUE', B)),
  listAgg,
  call('LISTAGG', [S, K], [STRING, STRING], STRING),
  filtered(listAgg),
  distinct(listAgg),
  one('ARRAY_AGG', V, types.array(INT)),
  filtered(one('ARRAY_AGG', D, types.array(decimal))),
  distinct(one('ARRAY_AGG', S, types.array(STRING))),
  one('$ARRAY_AGG_IGNORE_NULLS', S, types.array(STRING)),
  one('JSON_ARRAYAGG', S, STRING),
  one('$JSON_ARRAYAGG_NULL_ON_NULL', S, STRING),
];
