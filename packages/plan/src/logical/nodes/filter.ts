/* Rows for which a condition is TRUE. */

import { columnsOf, type Expr } from '#expr';
import { exprText } from '../../text.ts';
import type { RelField } from '../field.ts';
import { oneInput, type RelKind } from '../kind.ts';
import { moved, unionOf } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';

export interface FilterRel {
  readonly kind: 'filter';
  readonly input: Rel;
  readonly condition: Expr;
  readonly fields: readonly RelField[];
}

export function filter(input: Rel, condition: Expr): FilterRel {
  return { kind: 'filter', input, condition, fields: input.fields };
}

export const filterKind: RelKind<FilterRel> = {
  ...oneInput,
  reads: (rel) => ({ exprs: [{ expr: rel.condition, over: rel.input.fields }], columns: [] }),
  windows: (_, [below]) => below!,
  text: (rel) => `LogicalFilter(condition=[${exprText(rel.condition, rel.input.fields)}])`,
  prune(rel, needed, prune) {
    const input = prune(rel.input, unionOf(needed, columnsOf(rel.condition)));
    return { rel: filter(input.rel, moved(rel.condition, input.at)), at: input.at };
  },
};
