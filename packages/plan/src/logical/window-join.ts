/* Window joins: both sides carry equal windows, and are joined on both their ends. A row then meets none but those of its own
 * window, and nothing is kept beyond that. One of the two equalities alone makes a regular join.
 * Flink: WindowJoinUtil. */

import type { Expr } from '#expr';
import { conjuncts } from './conditions.ts';
import type { WindowColumns } from './kind.ts';
import { windowDigest } from './nodes/union.ts';

/** What must hold beside the two equalities; undefined where this is no window join. `width`: of the left side. */
export function windowJoinRest(
  left: WindowColumns,
  right: WindowColumns,
  condition: Expr | undefined,
  width: number,
): readonly Expr[] | undefined {
  // A window of GROUP BY TUMBLE(…) is none that a later step may build on, in Flink.
  if (left.window?.tableFunction !== true || right.window?.tableFunction !== true) return undefined;
  if (windowDigest(left.window) !== windowDigest(right.window)) return undefined;
  const equals = (part: Expr, l: number | undefined, r: number | undefined): boolean => {
    if (l === undefined || r === undefined || part.kind !== 'call' || part.fn !== '=') return false;
    const [a, b] = part.args.map((e) => (e.kind === 'column' ? e.index : -1));
    return (a === l && b === r + width) || (a === r + width && b === l);
  };
  const parts = conjuncts(condition);
  const starts = parts.filter((p) => equals(p, left.start, right.start));
  const ends = parts.filter((p) => equals(p, left.end, right.end));
  if (starts.length === 0 || ends.length === 0) return undefined;
  return parts.filter((p) => !starts.includes(p) && !ends.includes(p));
}
