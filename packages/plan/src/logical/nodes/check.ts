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
  readonly severity: string;
  /** TRUE for a row that is unexpected. */
  readonly unexpected: Expr;
}
/** How old the newest row may be: see table-checks.ts. */
export interface BoundFreshness {
  readonly expectation: string;
  readonly subject: string;
  readonly text: string;
  readonly severity: string;
  readonly delayMaxMs: number;
  readonly strict: boolean;
  /** A timestamp, NULL for a row that does not count. */
  readonly newest: Expr;
}
export interface CheckRel {
  readonly kind: 'check';
  readonly input: Rel;
  readonly table: BoundTable;
  readonly checks: readonly BoundCheck[];
  readonly freshness: readonly BoundFreshness[];
  readonly fields: readonly RelField[];
}

export function check(
  input: Rel,
  table: BoundTable,
  checks: readonly BoundCheck[],
  freshness: readonly BoundFreshness[],
): Rel {
  if (checks.length + freshness.length === 0) return input;
  return { kind: 'check', input, table, checks, freshness, fields: input.fields };
}

const exprsOf = ({ checks, freshness }: Pick<CheckRel, 'checks' | 'freshness'>): Expr[] => [
  ...checks.map((c) => c.unexpected),
  ...freshness.map((f) => f.newest),
];
/** Over an input whose columns have gone elsewhere. */
export const movedFreshness = (
  freshness: readonly BoundFreshness[],
  at: ReadonlyMap<number, number>,
): BoundFreshness[] => freshness.map((f) => ({ ...f, newest: moved(f.newest, at) }));

export const checkKind: RelKind<CheckRel> = {
  ...oneInput,
  reads: ({ input, checks, freshness }) => ({
    exprs: exprsOf({ checks, freshness }).map((expr) => ({ expr, over: input.fields })),
    columns: [],
  }),
  windows: (_, [below]) => below!,
  text: ({ table, checks, freshness }) =>
    `LogicalQualityCheck(table=[${table.path.object}], expectations=[${checks.length + freshness.length}])`,
  prune(rel, needed, prune) {
    // A letter is the whole row: it may be sent again.
    const isWhole = rel.checks.some((c) => c.action === 'dead-letter');
    const read = isWhole ? [rel.input.fields.keys()] : exprsOf(rel).map((expr) => columnsOf(expr));
    const input = prune(rel.input, unionOf(needed, ...read));
    return {
      rel: {
        ...rel,
        input: input.rel,
        checks: rel.checks.map((c) => ({ ...c, unexpected: moved(c.unexpected, input.at) })),
        freshness: movedFreshness(rel.freshness, input.at),
        fields: input.rel.fields,
      },
      at: input.at,
    };
  },
};
