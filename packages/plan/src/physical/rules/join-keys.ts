/* The equalities of a join as pairs of key columns: both sides cast to one type, and what is computed is computed below.
 *
 *   l.a + 1 = r.b AND l.c < r.d   ⇒   left keys [$key0], right keys [b], and l.c < r.d is left */

import { sameType, withNullable } from '#data';
import { castTo, columnsOf, commonType, isDeterministic, mapColumns, type Expr } from '#expr';
import { conjunction } from '../../logical/conditions.ts';
import { givesLeftOnly, mayMiss, type JoinType } from '../../logical/nodes/join.ts';
import type { Rel } from '../../logical/rel.ts';
import type { PlanNode } from '../node.ts';
import { withColumns } from '../nodes/calc.ts';
import { shiftColumns, withoutColumns } from './columns.ts';
import type { Conversion } from './rule.ts';

/** Two expressions that must be equal, each over its own side. */
interface Pair {
  readonly left: Expr;
  readonly right: Expr;
  /** NULL meets nothing. */
  readonly filterNulls: boolean;
}

/** What is joined, and the fields that come of it. */
interface Joined {
  readonly type: JoinType;
  readonly left: Rel;
  readonly right: Rel;
  readonly fields: PlanNode['fields'];
}

/** A join of two nodes whose keys are columns. */
export interface KeyedJoin {
  readonly inputs: readonly [PlanNode, PlanNode];
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  readonly filterNulls: readonly boolean[];
  /** What else must hold, over the fields of both inputs. */
  readonly condition: Expr | undefined;
  readonly fields: PlanNode['fields'];
}

/** The join with keys, and how its node becomes one with the relation's columns. `parts`: what must hold of both sides. */
export function keyedJoin(
  rel: Joined,
  parts: readonly Expr[],
  to: Conversion,
): { readonly keyed: KeyedJoin; withoutKeys(node: PlanNode): PlanNode } {
  const width = rel.left.fields.length;
  const { pairs, rest } = split(parts, width);
  const left = withKeys(
    to.convert(rel.left),
    pairs.map((p) => p.left),
  );
  const right = withKeys(
    to.convert(rel.right),
    pairs.map((p) => p.right),
  );
  const moreLeft = left.node.fields.length - width;
  const moreRight = right.node.fields.length - rel.right.fields.length;
  const condition = conjunction(rest);
  const onlyLeft = givesLeftOnly(rel.type);
  const fields = [
    ...rel.fields.slice(0, width),
    ...keyFields(left, width, mayMiss(rel.type, 'left')),
    ...(onlyLeft
      ? []
      : [
          ...rel.fields.slice(width),
          ...keyFields(right, rel.right.fields.length, mayMiss(rel.type, 'right')),
        ]),
  ];
  return {
    keyed: {
      inputs: [left.node, right.node],
      leftKeys: left.columns,
      rightKeys: right.columns,
      filterNulls: pairs.map((p) => p.filterNulls),
      condition: condition && shiftColumns(condition, width, moreLeft),
      fields,
    },
    // The columns of keys stand behind each side: first those of the right go, which are the last, then those of the left.
    withoutKeys(node) {
      const kept = fields.length - moreRight;
      const withoutRight = onlyLeft ? node : withoutColumns(node, kept, moreRight, fields.slice(0, kept));
      return withoutColumns(withoutRight, width, moreLeft, rel.fields);
    },
  };
}

interface Keyed {
  readonly node: PlanNode;
  readonly columns: readonly number[];
}
/** The input with its key expressions as columns: its own where they are, else behind. */
function withKeys(input: PlanNode, keys: readonly Expr[]): Keyed {
  const computed = keys.filter((k) => k.kind !== 'column');
  let next = input.fields.length;
  return {
    node: withColumns(input, computed, '$key'),
    columns: keys.map((k) => (k.kind === 'column' ? k.index : next++)),
  };
}
const keyFields = ({ node }: Keyed, from: number, nullable: boolean): PlanNode['fields'] =>
  node.fields.slice(from).map((f) => ({ ...f, type: withNullable(f.type, f.type.nullable || nullable) }));

/** The equalities between the two sides, and what else must hold. */
function split(
  parts: readonly Expr[],
  width: number,
): { readonly pairs: readonly Pair[]; readonly rest: readonly Expr[] } {
  const pairs: Pair[] = [];
  const rest: Expr[] = [];
  for (const part of parts) {
    const pair = pairOf(part, width);
    if (pair === undefined) rest.push(part);
    else pairs.push(pair);
  }
  return { pairs, rest };
}
function pairOf(part: Expr, width: number): Pair | undefined {
  if (part.kind !== 'call' || (part.fn !== '=' && part.fn !== 'IS NOT DISTINCT FROM')) return undefined;
  const [a, b] = [part.args[0]!, part.args[1]!];
  if (!isDeterministic(a) || !isDeterministic(b)) return undefined;
  const [left, right] = readsOnly(a, 'left', width) ? [a, b] : [b, a];
  if (!readsOnly(left, 'left', width) || !readsOnly(right, 'right', width)) return undefined;
  const type = commonType([left.type, right.type]);
  if (type === undefined) return undefined;
  const cast = (e: Expr): Expr => {
    const wanted = withNullable(type, e.type.nullable);
    return sameType(e.type, wanted, false) ? e : castTo(e, wanted);
  };
  return {
    left: cast(left),
    right: cast(mapColumns(right, (c) => ({ ...c, index: c.index - width }))),
    filterNulls: part.fn === '=',
  };
}
/** Whether an expression over both sides, the left one `width` columns wide, reads columns of that side and no others. */
function readsOnly(expr: Expr, side: 'left' | 'right', width: number): boolean {
  const read = [...columnsOf(expr)];
  return read.length > 0 && read.every((c) => (side === 'left' ? c < width : c >= width));
}
