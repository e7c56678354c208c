/* The rows of a table, held against what is expected of each. Rows may go no further, or pass and be counted. */

import { columnsOf, type Expr } from '#expr';
import type { CheckAction } from '#job';
import { oneInput, type RelKind } from '../kind.ts';
import type { RelField } from '../field.ts';
import { moved, unionOf } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';
import type { BoundTable } from '../table.ts';

export interface BoundCheck {
  readonly expectation: string;
  readonly subject: string;
  readonly text: string;
  readonly action: CheckAction;
  /** TRUE for a row that is unexpected. */
  readonly unexpected: Expr;
}
export interface CheckRel {
  readonly kind: 'check';
  readonly input: Rel;
  readonly table: BoundTable;
  readonly checks: readonly BoundCheck[];
  readonly fields: readonly RelField[];
}

export function check(input: Rel, table: BoundTable, checks: readonly BoundCheck[]): Rel {
  return checks.length === 0 ? input : { kind: 'check', input, table, checks, fields: input.fields };
}

export const checkKind: RelKind<CheckRel> = {
  ...oneInput,
  reads: ({ input, checks }) => ({
    exprs: checks.map(({ unexpected }) => ({ expr: unexpected, over: input.fields })),
    columns: [],
  }),
  windows: (_, [below]) => below!,
  text: ({ table, checks }) =>
    `LogicalQualityCheck(table=[${table.path.object}], expectations=[${checks.length}])`,
  prune(rel, needed, prune) {
    // A letter is the whole row: it may be sent again.
    const isWhole = rel.checks.some((c) => c.action === 'dead-letter');
    const read = isWhole ? [rel.input.fields.keys()] : rel.checks.map((c) => columnsOf(c.unexpected));
    const input = prune(rel.input, unionOf(needed, ...read));
    return {
      rel: {
        ...rel,
        input: input.rel,
        checks: rel.checks.map((c) => ({ ...c, unexpected: moved(c.unexpected, input.at) })),
        fields: input.rel.fields,
      },
      at: input.at,
    };
  },
};
