/* Each row as often as its last column says: INTERSECT ALL and EXCEPT ALL behind their counts. Fields: the input's but for
 * that column. */

import { unionOf } from '../prune-columns.ts';
import type { RelField } from '../field.ts';
import { noWindow, oneInput, type Pruned, type RelKind } from '../kind.ts';
import type { Rel } from '../rel.ts';
import { picked } from './project.ts';

export interface ReplicateRel {
  readonly kind: 'replicate';
  readonly input: Rel;
  readonly fields: readonly RelField[];
}

export function replicate(input: Rel): ReplicateRel {
  return { kind: 'replicate', input, fields: input.fields.slice(0, -1) };
}

export const replicateKind: RelKind<ReplicateRel> = {
  ...oneInput,
  reads: ({ input }) => ({
    exprs: [],
    columns: [{ index: input.fields.length - 1, over: input.fields }],
  }),
  windows: () => noWindow,
  text: ({ input }) => `LogicalReplicate(count=[${input.fields.at(-1)!.name}])`,

  prune(rel, needed, prune): Pruned {
    const count = rel.fields.length;
    const wanted = unionOf(needed, [count]);
    const { rel: input, at } = picked(prune(rel.input, wanted), wanted);
    return { rel: replicate(input), at: new Map([...at].filter(([old]) => old !== count)) };
  },
};
