/* One row per element of an ARRAY, MAP or MULTISET: the input's fields, then the element's. */

import { columnsOf, type Expr } from '#expr';
import { exprText } from '../../text.ts';
import type { RelField } from '../field.ts';
import { oneInput, type Pruned, type RelKind } from '../kind.ts';
import { moved, unionOf } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';

export interface UnnestRel {
  readonly kind: 'unnest';
  readonly input: Rel;
  readonly expr: Expr;
  readonly ordinality: boolean;
  readonly left: boolean;
  readonly fields: readonly RelField[];
}

export const unnestKind: RelKind<UnnestRel> = {
  ...oneInput,
  reads: (rel) => ({ exprs: [{ expr: rel.expr, over: rel.input.fields }], columns: [] }),
  windows: (_, [below]) => below!,
  text: (rel) => `LogicalCorrelate(unnest=[${exprText(rel.expr, rel.input.fields)}])`,

  prune(rel, needed, prune): Pruned {
    const count = rel.input.fields.length;
    const used = [...needed].filter((i) => i < count);
    const input = prune(rel.input, unionOf(used, columnsOf(rel.expr)));
    const at = new Map(input.at);
    const shift = input.rel.fields.length;
    for (let i = count; i < rel.fields.length; i++) at.set(i, shift + i - count);
    return {
      rel: {
        ...rel,
        input: input.rel,
        expr: moved(rel.expr, input.at),
        fields: [...input.rel.fields, ...rel.fields.slice(count)],
      },
      at,
    };
  },
};
