/* Column pruning: every relation computes only what is read above it, and scans read only those columns. */

import { relKind } from '../logical/kinds.ts';
import type { Pruned } from '../logical/kind.ts';
import { column, project } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';

const prune = (rel: Rel, needed: ReadonlySet<number>): Pruned => relKind(rel).prune(rel, needed, prune);

/** The relation with all its columns, but nothing below that nobody reads. */
export function pruneColumns(rel: Rel): Rel {
  const all = new Set(rel.fields.map((_, i) => i));
  const { rel: narrowed, at } = prune(rel, all);
  if (rel.fields.length === narrowed.fields.length && rel.fields.every((_, i) => at.get(i) === i))
    return narrowed;
  return project(
    narrowed,
    rel.fields.map((_, i) => column(narrowed, at.get(i)!)),
    rel.fields.map((f) => f.name),
  );
}
