/* The rows of a table against what is expected of each, in one pass: those that must not go on are left out. */

import type { ConnectorTable } from '#catalog';
import { types } from '#data';
import { bindCall, literal, planCalc, type Expr } from '#expr';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import type { BoundCheck, BoundFreshness } from '../../logical/nodes/check.ts';
import { identity } from '../../logical/field.ts';
import { exprText } from '../../text.ts';
import type { BadRowsOptions } from '../bad-rows-options.ts';
import { inPlace, typesOf, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';
import { freshnessText, freshnessWatch } from './freshness.ts';

export interface CheckRowsNode {
  readonly kind: 'check-rows';
  readonly inputs: readonly [PlanNode];
  /** Whose rows they are. */
  readonly connector: string;
  readonly table: ConnectorTable;
  readonly name: string;
  readonly checks: readonly BoundCheck[];
  readonly freshness: readonly BoundFreshness[];
  /** What becomes of those that go to the dead letters; undefined: none does, and an expression that fails does so for the job. */
  readonly badRows: BadRowsOptions | undefined;
  readonly fields: readonly RelField[];
}

/** Whether a row for which it does not hold goes no further. */
const removes = ({ action }: BoundCheck): boolean => action === 'drop' || action === 'dead-letter';

export const checkRowsKind: NodeKind<CheckRowsNode> = {
  ...inPlace,
  idKey: ({ name }) => `:${name}`,
  reads: ({ inputs: [input], checks, freshness }) => ({
    exprs: [...checks.map((c) => c.unexpected), ...freshness.map((f) => f.newest)].map((expr) => ({
      expr,
      over: input.fields,
    })),
    columns: [],
  }),
  title: ({ name, checks, freshness, inputs: [input] }) =>
    `QualityCheck(table=[${name}], unexpected=[${checks.map((c) => `${exprText(c.unexpected, input.fields)} ${c.action}`).join(', ')}]${freshnessText(freshness, input.fields)})`,
  // As a filter: the new row may go no further, and then nobody takes the old one back.
  needsUpdateBefore: ({ checks }, _, needed, [below]) =>
    needed || (below!.changes.updateAfter && checks.some(removes)),
  gives: (_, [input]) => input!,
  updatePairs: ({ checks }, [below]) =>
    below!.changes.updateAfter && checks.some(removes) ? 'parts' : 'passes',
  keys: (_, [below]) => below!.keys,
  state: () => 'none',
  course: ({ checks }, column, below) => (checks.some(removes) ? undefined : below(column)),
  origin: (_, column) => column,
  becomes: ({ inputs: [input], checks, freshness, name }) => ({
    kind: 'operator',
    ...operatorCall('check-rows', {
      table: name,
      fields: input.fields.map((f) => f.name),
      checks: checks.map(({ unexpected: _, ...about }) => about),
      find: planCalc({
        inputTypes: typesOf(input.fields),
        where: anyOf(checks.map((c) => c.unexpected)) ?? literal(false, types.BOOLEAN),
        project: checks.map((c) => bindCall('IS TRUE', [c.unexpected])),
        forFull: true,
      }),
      pass: planCalc({
        inputTypes: typesOf(input.fields),
        where: passes(checks.filter(removes).map((c) => c.unexpected)),
        project: identity(input.fields),
      }),
      freshness: freshness.length === 0 ? undefined : freshnessWatch(freshness, input.fields),
    }),
  }),
};

const anyOf = (conditions: readonly Expr[]): Expr | undefined =>
  conditions.length === 0 ? undefined : conditions.reduce((a, b) => bindCall('OR', [a, b]));
function passes(removing: readonly Expr[]): Expr | undefined {
  const any = anyOf(removing);
  return any && bindCall('IS NOT TRUE', [any]);
}
