/* The age of a table's newest row, judged by the clock in one instance: see logical/nodes/freshness.ts. */

import { insertOnly } from '#catalog';
import { planCalc } from '#expr';
import { operatorCall, type FreshnessWatchSpec } from '#job';
import type { RelField } from '../../logical/field.ts';
import type { BoundFreshness } from '../../logical/nodes/check.ts';
import { exprText } from '../../text.ts';
import { inPlace, noKeys, typesOf, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface FreshnessNode {
  readonly kind: 'freshness';
  readonly inputs: readonly [PlanNode];
  readonly table: string;
  readonly checks: readonly BoundFreshness[];
  readonly windowMs: number;
  readonly fields: readonly RelField[];
}

/** `, newest=[at 3600000 ms]`, or nothing. */
export const freshnessText = (checks: readonly BoundFreshness[], fields: readonly RelField[]): string =>
  checks.length === 0
    ? ''
    : `, newest=[${checks.map((c) => `${exprText(c.newest, fields)} ${c.delayMaxMs} ms`).join(', ')}]`;

export const freshnessWatch = (
  checks: readonly BoundFreshness[],
  fields: readonly RelField[],
): FreshnessWatchSpec => ({
  checks: checks.map(({ newest: _, ...about }) => about),
  newest: planCalc({ inputTypes: typesOf(fields), where: undefined, project: checks.map((c) => c.newest) }),
});

export const freshnessKind: NodeKind<FreshnessNode> = {
  ...inPlace,
  idKey: ({ table }) => `:${table}`,
  reads: ({ inputs: [input], checks }) => ({
    exprs: checks.map(({ newest }) => ({ expr: newest, over: input.fields })),
    columns: [],
  }),
  title: ({ table, checks, inputs: [input] }) =>
    `Freshness(table=[${table}]${freshnessText(checks, input.fields)})`,
  distribution: () => ({ kind: 'single' }),
  needsUpdateBefore: () => false,
  gives: () => insertOnly,
  updatePairs: () => 'makes',
  keys: () => noKeys,
  state: () => 'none',
  becomes: ({ table, checks, windowMs, inputs: [input] }) => ({
    kind: 'operator',
    ...operatorCall('freshness', { table, windowMs, ...freshnessWatch(checks, input.fields) }),
  }),
};
