/* Pruning of relations that look at whole rows: a change of a column that nobody reads above is a change to them. */

import type { Prune, Pruned } from './kind.ts';
import type { Rel } from './rel.ts';

export function wholeInput(
  rel: Rel & { readonly input: Rel },
  _needed: ReadonlySet<number>,
  prune: Prune,
): Pruned {
  const all = new Set(rel.input.fields.keys());
  const input = prune(rel.input, all);
  return { rel: { ...rel, input: input.rel } as Rel, at: new Map(rel.fields.map((_, i) => [i, i])) };
}
