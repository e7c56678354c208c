/* FOR SYSTEM_TIME AS OF a processing time: the left fields, then the looked-up columns. */

import { columnsOf, type Expr } from '#expr';
import type { RelField } from '../field.ts';
import { noWindow, oneInput, type Pruned, type RelKind } from '../kind.ts';
import { moved, unionOf } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';
import type { BoundTable } from '../table.ts';

export interface LookupJoinRel {
  readonly kind: 'lookup-join';
  readonly input: Rel;
  readonly table: BoundTable;
  /** The looked-up columns: indexes into the table's columns. */
  readonly columns: readonly number[];
  /** For each key: which of `columns` it asks, by which column of the left row. */
  readonly keys: readonly { readonly right: number; readonly left: Expr }[];
  readonly left: boolean;
  /** What else must hold, over left and right fields together. */
  readonly condition: Expr | undefined;
  readonly hints: ReadonlyMap<string, string>;
  readonly fields: readonly RelField[];
}

export const lookupJoinKind: RelKind<LookupJoinRel> = {
  ...oneInput,
  reads: (rel) => ({
    exprs: [
      ...rel.keys.map((k) => ({ expr: k.left, over: rel.input.fields })),
      ...(rel.condition === undefined ? [] : [{ expr: rel.condition, over: rel.fields }]),
    ],
    columns: [],
  }),
  windows: () => noWindow,
  text: (rel) => `LogicalJoin(lookup=[${rel.table.path.object}], joinType=[${rel.left ? 'left' : 'inner'}])`,

  prune(rel, needed, prune): Pruned {
    const count = rel.input.fields.length;
    const used = unionOf(needed, rel.condition ? columnsOf(rel.condition) : []);
    const below = new Set([...used].filter((i) => i < count));
    for (const k of rel.keys) columnsOf(k.left, below);
    const input = prune(rel.input, below);
    const right = rel.columns
      .map((_, i) => i)
      .filter((i) => used.has(count + i) || rel.keys.some((k) => k.right === i));
    const at = new Map(input.at);
    right.forEach((old, i) => {
      at.set(count + old, input.rel.fields.length + i);
    });
    return {
      rel: {
        ...rel,
        input: input.rel,
        columns: right.map((i) => rel.columns[i]!),
        keys: rel.keys.map((k) => ({ right: right.indexOf(k.right), left: moved(k.left, input.at) })),
        condition: rel.condition && moved(rel.condition, at),
        fields: [...input.rel.fields, ...right.map((i) => rel.fields[count + i]!)],
      },
      at,
    };
  },
};
