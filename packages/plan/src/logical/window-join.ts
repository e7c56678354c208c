/* Window joins: both sides carry equal windows, and are joined on both their ends. A row then meets none but those of its own
 * window, and nothing is kept beyond that. One of the two equalities alone makes a regular join.
 * Flink: WindowJoinUtil. */

import type { Expr } from '#expr';
import { conjuncts } from './conditions.ts';
import { partColumns, type WindowColumns, type WindowPart } from './kind.ts';
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
  const equal = (what: WindowPart): Expr[] =>
    conjuncts(condition).filter((part) => {
      if (part.kind !== 'call' || part.fn !== '=') return false;
      const sides = part.args.map((e) => (e.kind === 'column' ? e.index : -1)).sort((a, b) => a - b);
      return (
        partColumns(left, what).includes(sides[0]!) && partColumns(right, what).includes(sides[1]! - width)
      );
    });
  const [starts, ends] = [equal('start'), equal('end')];
  if (starts.length === 0 || ends.length === 0) return undefined;
  return conjuncts(condition).filter((p) => !starts.includes(p) && !ends.includes(p));
}
