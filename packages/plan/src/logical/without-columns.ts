/* Columns that a narrowed relation still has, and that the one above must not see. */

import type { Pruned } from './kind.ts';
import { column, project } from './nodes/project.ts';
import { positions } from './prune-columns.ts';

/** Less the columns that are `gone`, by their old places. */
export function without({ rel, at }: Pruned, gone: (old: number) => boolean): Pruned {
  const kept = [...at].filter(([old]) => !gone(old)).sort(([, a], [, b]) => a - b);
  if (kept.length === at.size) return { rel, at };
  return {
    rel: project(
      rel,
      kept.map(([, i]) => column(rel, i)),
      kept.map(([, i]) => rel.fields[i]!.name),
    ),
    at: positions(kept.map(([old]) => old)),
  };
}
