/* What kinds share when they are narrowed: sets of columns, and where columns have gone. */

import { mapColumns, type Expr } from '#expr';

export const sortedColumns = (set: Iterable<number>): number[] => [...set].sort((a, b) => a - b);
export const positions = (kept: readonly number[]): Map<number, number> =>
  new Map(kept.map((old, i) => [old, i]));
export const moved = (expr: Expr, at: ReadonlyMap<number, number>): Expr =>
  mapColumns(expr, (c) => ({ ...c, index: at.get(c.index)! }));
export const unionOf = (...sets: readonly Iterable<number>[]): Set<number> =>
  new Set(sets.flatMap((s) => [...s]));
