/* ORDER BY, OFFSET, LIMIT. */

import { orderText } from '../../text.ts';
import type { RelField, SortKey } from '../field.ts';
import { noWindow, oneInput, type RelKind } from '../kind.ts';
import { unionOf } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';

export interface SortRel {
  readonly kind: 'sort';
  readonly input: Rel;
  readonly keys: readonly SortKey[];
  readonly offset: number;
  readonly limit: number | undefined;
  readonly fields: readonly RelField[];
}

export function sort(
  input: Rel,
  keys: readonly SortKey[],
  offset: number,
  limit: number | undefined,
): SortRel {
  return { kind: 'sort', input, keys, offset, limit, fields: input.fields };
}

export const sortKind: RelKind<SortRel> = {
  ...oneInput,
  reads: (rel) => ({
    exprs: [],
    columns: rel.keys.map((k) => ({ index: k.column, over: rel.input.fields })),
  }),
  windows: () => noWindow,
  text: (rel) =>
    `LogicalSort(sort=[${orderText(rel.keys, rel.fields)}]${rel.limit === undefined ? '' : `, fetch=[${rel.limit}]`})`,
  prune(rel, needed, prune) {
    const keys = rel.keys.map((k) => k.column);
    const input = prune(rel.input, unionOf(needed, keys));
    const moved = rel.keys.map((k) => ({ ...k, column: input.at.get(k.column)! }));
    return { rel: sort(input.rel, moved, rel.offset, rel.limit), at: input.at };
  },
};
