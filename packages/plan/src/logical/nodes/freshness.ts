/* What is said of the age of a table's rows, by the clock: a row when the newest is too old, when one is new enough again, and
 * at the end of the input. */

import { types, withNullable } from '#data';
import { columnsOf } from '#expr';
import type { RelField } from '../field.ts';
import { noWindow, oneInput, type RelKind } from '../kind.ts';
import { positions, unionOf } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';
import { movedFreshness, type BoundFreshness } from './check.ts';

export interface FreshnessRel {
  readonly kind: 'freshness';
  readonly input: Rel;
  readonly table: string;
  readonly checks: readonly BoundFreshness[];
  readonly windowMs: number;
  readonly fields: readonly RelField[];
}

const text = withNullable(types.STRING, true);
const time = types.timestamp(3);
const columns: readonly (readonly [string, RelField['type']])[] = [
  ['window_start', time],
  ['window_end', time],
  ['expectation_type', text],
  ['column', text],
  ['success', types.BOOLEAN],
  ['element_count', types.BIGINT],
  ['unexpected_count', types.BIGINT],
  ['unexpected_percent', types.DOUBLE],
  ['observed_value', text],
  ['severity', text],
];

export function freshness(
  input: Rel,
  table: string,
  checks: readonly BoundFreshness[],
  windowMs: number,
): FreshnessRel {
  const fields = columns.map(([name, type]): RelField => ({ name, type, time: undefined }));
  return { kind: 'freshness', input, table, checks, windowMs, fields };
}

export const freshnessKind: RelKind<FreshnessRel> = {
  ...oneInput,
  reads: ({ input, checks }) => ({
    exprs: checks.map(({ newest }) => ({ expr: newest, over: input.fields })),
    columns: [],
  }),
  windows: () => noWindow,
  text: ({ table, checks }) => `LogicalFreshness(table=[${table}], expectations=[${checks.length}])`,
  prune(rel, _needed, prune) {
    const input = prune(rel.input, unionOf(...rel.checks.map((c) => columnsOf(c.newest))));
    return {
      rel: { ...rel, input: input.rel, checks: movedFreshness(rel.checks, input.at) },
      at: positions(rel.fields.map((_, i) => i)),
    };
  },
};
