/* Joins that a regular join must not stand for: over equal windows, or with bounds between two time attributes, rows go when
 * their time is over, where a regular join would keep them for ever. They are refused by name.
 * Flink: WindowJoinUtil.satisfyWindowJoin, IntervalJoinUtil.satisfyIntervalJoin. */

import { columnsOf, type CallExpr, type Expr } from '#expr';
import { notYet } from '../../bind/not-yet.ts';
import { isTimeAttribute, type RelField } from '../../logical/field.ts';
import { windowColumns } from '../../logical/kinds.ts';
import { givesLeftOnly, type JoinRel } from '../../logical/nodes/join.ts';
import { windowDigest } from '../../logical/nodes/union.ts';

/** Two expressions that must be equal, each over its own side. */
export interface Pair {
  readonly left: Expr;
  readonly right: Expr;
  /** NULL meets nothing. */
  readonly filterNulls: boolean;
}

/** Whether an expression over both sides, the left one `width` columns wide, reads columns of that side and no others. */
export function readsOnly(expr: Expr, side: 'left' | 'right', width: number): boolean {
  const read = [...columnsOf(expr)];
  return read.length > 0 && read.every((c) => (side === 'left' ? c < width : c >= width));
}

/** Throws SQL9001 for a window join and for an interval join. `rest`: what must hold beside the pairs. */
export function refuseOtherJoins(rel: JoinRel, pairs: readonly Pair[], rest: readonly Expr[]): void {
  if (joinsWindows(rel, pairs))
    throw notYet(
      'a window join (both sides are windowed, and joined on window_start and window_end)',
      undefined,
    );
  if (boundsTimes(rel, pairs, rest))
    throw notYet('an interval join (the condition bounds two time attributes by one another)', undefined);
}

function joinsWindows(rel: JoinRel, pairs: readonly Pair[]): boolean {
  const [left, right] = [windowColumns(rel.left), windowColumns(rel.right)];
  const is = (expr: Expr, column: number | undefined): boolean =>
    expr.kind === 'column' && expr.index === column;
  const equal = (end: 'start' | 'end'): boolean =>
    pairs.some((p) => is(p.left, left[end]) && is(p.right, right[end]));
  return (
    left.window !== undefined &&
    windowDigest(left.window) === windowDigest(right.window) &&
    equal('start') &&
    equal('end')
  );
}

/** A lower and an upper bound between two time attributes of one kind; equality is both. Semi and anti joins with bounds are
 *  regular joins in Flink too. */
function boundsTimes(rel: JoinRel, pairs: readonly Pair[], rest: readonly Expr[]): boolean {
  if (givesLeftOnly(rel.type)) return false;
  const timeOf = (expr: Expr, fields: readonly RelField[]): RelField['time'] =>
    [...columnsOf(expr)].map((c) => fields[c]!.time).find(isTimeAttribute);
  const oneKind = (a: RelField['time'], b: RelField['time']): boolean => a !== undefined && a === b;
  if (pairs.some((p) => oneKind(timeOf(p.left, rel.left.fields), timeOf(p.right, rel.right.fields))))
    return true;
  const width = rel.left.fields.length;
  const both = [...rel.left.fields, ...rel.right.fields];
  const bounds = rest.flatMap(asComparisons).flatMap(({ fn, args }): readonly ('lower' | 'upper')[] => {
    const [a, b] = [args[0]!, args[1]!];
    const forwards = readsOnly(a, 'left', width) && readsOnly(b, 'right', width);
    const backwards = readsOnly(a, 'right', width) && readsOnly(b, 'left', width);
    if (!(forwards || backwards) || !oneKind(timeOf(a, both), timeOf(b, both))) return [];
    return [(fn === '<' || fn === '<=') === forwards ? 'upper' : 'lower'];
  });
  return bounds.includes('lower') && bounds.includes('upper');
}

/** Comparisons for more and less; BETWEEN is two. */
function asComparisons(part: Expr): readonly CallExpr[] {
  if (part.kind !== 'call') return [];
  if (['<', '<=', '>', '>='].includes(part.fn)) return [part];
  if (part.fn !== 'BETWEEN' || part.flags.includes('SYMMETRIC')) return [];
  const [value, low, high] = [part.args[0]!, part.args[1]!, part.args[2]!];
  return [
    { ...part, fn: '>=', args: [value, low] },
    { ...part, fn: '<=', args: [value, high] },
  ];
}
