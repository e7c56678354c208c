/* Regular joins: equalities between the sides become pairs of key columns, both sides cast to one type; what is computed is
 * computed below. What is left is the condition. */

import { sameType, withNullable } from '#data';
import { castTo, commonType, isDeterministic, mapColumns, type Expr } from '#expr';
import { conjunction, conjuncts } from '../../logical/conditions.ts';
import { givesLeftOnly, type JoinRel } from '../../logical/nodes/join.ts';
import type { PlanNode } from '../node.ts';
import { withColumns } from '../nodes/calc.ts';
import { storedKey } from '../nodes/join.ts';
import { shiftColumns, withoutColumns } from './columns.ts';
import { refuseOtherJoins, readsOnly, type Pair } from './other-joins.ts';
import type { Convert, Conversion } from './rule.ts';

export const convertJoin: Convert<JoinRel> = {
  make(rel, to) {
    const width = rel.left.fields.length;
    const { pairs, rest } = split(rel.condition, width);
    refuseOtherJoins(rel, pairs, rest);
    const left = keyed(
      to.convert(rel.left),
      pairs.map((p) => p.left),
    );
    const right = keyed(
      to.convert(rel.right),
      pairs.map((p) => p.right),
    );
    const moreLeft = left.node.fields.length - width;
    const moreRight = right.node.fields.length - rel.right.fields.length;
    const condition = conjunction(rest);
    const { settings } = to.session;
    const ttlMs = settings.durationMs('table.exec.state.ttl');
    const onlyLeft = givesLeftOnly(rel.type);
    const ofLeft = rel.fields.slice(0, width);
    const joined: PlanNode = {
      kind: 'join',
      inputs: [left.node, right.node],
      type: rel.type,
      leftKeys: left.columns,
      rightKeys: right.columns,
      filterNulls: pairs.map((p) => p.filterNulls),
      condition: condition && shiftColumns(condition, width, moreLeft),
      leftUniqueKey: stored(left, to),
      rightUniqueKey: stored(right, to),
      leftTtlMs: rel.leftTtlMs ?? ttlMs,
      rightTtlMs: rel.rightTtlMs ?? ttlMs,
      finalOnly: settings.batch,
      fields: [
        ...ofLeft,
        ...keyFields(left, width, rel.type === 'right' || rel.type === 'full'),
        ...(onlyLeft
          ? []
          : [
              ...rel.fields.slice(width),
              ...keyFields(right, rel.right.fields.length, rel.type === 'left' || rel.type === 'full'),
            ]),
      ],
    };
    // The columns of keys stand behind each side: first those of the right go, which are the last, then those of the left.
    const kept = joined.fields.length - moreRight;
    const withoutRight = onlyLeft
      ? joined
      : withoutColumns(joined, kept, moreRight, joined.fields.slice(0, kept));
    return withoutColumns(withoutRight, width, moreLeft, rel.fields);
  },
};

interface Keyed {
  readonly node: PlanNode;
  readonly columns: readonly number[];
}
/** The input with its key expressions as columns: its own where they are, else behind. */
function keyed(input: PlanNode, keys: readonly Expr[]): Keyed {
  const computed = keys.filter((k) => k.kind !== 'column');
  let next = input.fields.length;
  return {
    node: withColumns(input, computed, '$key'),
    columns: keys.map((k) => (k.kind === 'column' ? k.index : next++)),
  };
}
const keyFields = ({ node }: Keyed, from: number, nullable: boolean): PlanNode['fields'] =>
  node.fields.slice(from).map((f) => ({ ...f, type: withNullable(f.type, f.type.nullable || nullable) }));
const stored = ({ node, columns }: Keyed, to: Conversion): readonly number[] | undefined =>
  storedKey(columns, to.upward.of(node));

/** The equalities between the two sides, and what else must hold. */
function split(
  condition: Expr | undefined,
  width: number,
): { readonly pairs: readonly Pair[]; readonly rest: readonly Expr[] } {
  const pairs: Pair[] = [];
  const rest: Expr[] = [];
  for (const part of conjuncts(condition)) {
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
