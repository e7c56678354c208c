/* Conditions go below joins: to the side whose columns they read, where the type of the join allows it.
 *
 *   filter(a.x > 1 AND b.y = a.y) ─ cross ─ a, b   ⇒   inner on b.y = a.y ─ filter(x > 1) ─ a,  b
 *
 * A filter that no row with a missing side passes makes that side no longer missing (LEFT becomes INNER, FULL becomes
 * LEFT): such rows would be dropped right above. Flink: FlinkFilterJoinRule. */

import { columnsOf, isDeterministic, mapColumns, type Expr } from '#expr';
import { conjunction, conjuncts } from '../logical/conditions.ts';
import { filter, type FilterRel } from '../logical/nodes/filter.ts';
import { mayMiss, type JoinRel, type JoinType } from '../logical/nodes/join.ts';
import type { Rel } from '../logical/rel.ts';
import { retimed } from '../logical/timed-join.ts';

export function pushIntoJoin(rel: Rel): Rel {
  if (rel.kind === 'join') return pushCondition(rel);
  if (rel.kind === 'filter' && rel.input.kind === 'join') return pushFilter(rel, rel.input);
  return rel;
}

/** The filter, or what stands in its place where pushing it down bounds a join in time. Asked while names are bound, for
 *  such a join leaves time attributes. */
export function boundedByFilter(above: FilterRel): Rel {
  const pushed = pushedDown(above);
  return pushed.fields.some((f, i) => f.time !== above.fields[i]!.time) ? pushed : above;
}
function pushedDown(rel: Rel): Rel {
  const pushed = pushIntoJoin(rel);
  if (pushed.kind === 'filter' && pushed !== rel) return filter(pushedDown(pushed.input), pushed.condition);
  if (pushed.kind !== 'join') return pushed;
  return retimed({ ...pushed, left: pushedDown(pushed.left), right: pushedDown(pushed.right) });
}

type Side = 'left' | 'right' | 'both' | 'none';
function sideOf(expr: Expr, width: number): Side {
  if (!isDeterministic(expr)) return 'both';
  const read = [...columnsOf(expr)];
  if (read.length === 0) return 'none';
  if (read.every((c) => c < width)) return 'left';
  return read.every((c) => c >= width) ? 'right' : 'both';
}

/** To which sides a condition above the join may go: those whose every row comes out. */
const filterGoes: Record<JoinType, { readonly left: boolean; readonly right: boolean }> = {
  inner: { left: true, right: true },
  left: { left: true, right: false },
  right: { left: false, right: true },
  full: { left: false, right: false },
  semi: { left: true, right: false },
  anti: { left: true, right: false },
};
/** To which sides a condition of the join itself may go: those of which no row comes out for not having met another. */
const conditionGoes: typeof filterGoes = {
  inner: { left: true, right: true },
  left: { left: false, right: true },
  right: { left: true, right: false },
  full: { left: false, right: false },
  semi: { left: true, right: true },
  anti: { left: false, right: true },
};

function pushCondition(rel: JoinRel): Rel {
  const width = rel.left.fields.length;
  const goes = conditionGoes[rel.type];
  const parts = conjuncts(rel.condition);
  const toLeft = parts.filter((p) => goes.left && sideOf(p, width) === 'left');
  const toRight = parts.filter((p) => goes.right && sideOf(p, width) === 'right');
  if (toLeft.length + toRight.length === 0) {
    return rel.condition !== undefined && parts.length === 0 ? { ...rel, condition: undefined } : rel;
  }
  const condition = conjunction(parts.filter((p) => !toLeft.includes(p) && !toRight.includes(p)));
  return { ...rel, ...sides(rel, toLeft, toRight), condition };
}

function pushFilter(above: FilterRel, joined: JoinRel): Rel {
  const width = joined.left.fields.length;
  const parts = conjuncts(above.condition);
  const type = narrowedType(joined.type, parts, width);
  const goes = filterGoes[type];
  const toLeft = parts.filter((p) => goes.left && sideOf(p, width) === 'left');
  const toRight = parts.filter((p) => goes.right && sideOf(p, width) === 'right');
  const intoCondition = parts.filter(
    (p) => type === 'inner' && sideOf(p, width) === 'both' && isDeterministic(p),
  );
  const gone = [...toLeft, ...toRight, ...intoCondition];
  if (gone.length === 0 && type === joined.type) return above;
  const rest = conjunction(parts.filter((p) => !gone.includes(p)));
  const below: JoinRel = {
    ...joined,
    ...sides(joined, toLeft, toRight),
    type,
    condition: conjunction([...conjuncts(joined.condition), ...intoCondition]),
  };
  return rest === undefined ? below : filter(below, rest);
}

function sides(
  rel: JoinRel,
  toLeft: readonly Expr[],
  toRight: readonly Expr[],
): { readonly left: Rel; readonly right: Rel } {
  const width = rel.left.fields.length;
  const left = conjunction(toLeft);
  const right = conjunction(toRight.map((e) => mapColumns(e, (c) => ({ ...c, index: c.index - width }))));
  return {
    left: left === undefined ? rel.left : filter(rel.left, left),
    right: right === undefined ? rel.right : filter(rel.right, right),
  };
}

function narrowedType(type: JoinType, parts: readonly Expr[], width: number): JoinType {
  const needsLeft = mayMiss(type, 'left') && parts.some((p) => refusesNull(p, (c) => c < width));
  const needsRight = mayMiss(type, 'right') && parts.some((p) => refusesNull(p, (c) => c >= width));
  if (type === 'full')
    return needsLeft && needsRight ? 'inner' : needsLeft ? 'left' : needsRight ? 'right' : type;
  return needsLeft || needsRight ? 'inner' : type;
}

const comparisons = new Set(['=', '<>', '<', '<=', '>', '>=', 'LIKE', 'BETWEEN', 'IS NOT NULL']);
const strict = new Set(['+', '-', '*', '/', '%', 'CAST', 'UPPER', 'LOWER', '||', ...comparisons]);

/** True when the condition is never TRUE while all columns of the side are NULL. */
function refusesNull(condition: Expr, ofSide: (column: number) => boolean): boolean {
  if (condition.kind !== 'call') return false;
  switch (condition.fn) {
    case 'AND':
      return condition.args.some((a) => refusesNull(a, ofSide));
    case 'OR':
      return condition.args.every((a) => refusesNull(a, ofSide));
    case 'IN':
      return isNull(condition.args[0]!, ofSide);
    default:
      return comparisons.has(condition.fn) && condition.args.some((a) => isNull(a, ofSide));
  }
}
/** True when the expression is NULL while all columns of the side are. */
function isNull(expr: Expr, ofSide: (column: number) => boolean): boolean {
  switch (expr.kind) {
    case 'literal':
      return expr.value === null;
    case 'column':
      return ofSide(expr.index);
    case 'field':
      return isNull(expr.operand, ofSide);
    case 'call':
      return strict.has(expr.fn) && expr.fn !== 'IS NOT NULL' && expr.args.some((a) => isNull(a, ofSide));
  }
}
