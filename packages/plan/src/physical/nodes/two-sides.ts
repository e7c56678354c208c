/* What nodes of two keyed sides have in common: their text, their keys, what they read. */

import { isInsertOnly } from '#catalog';
import type { Expr } from '#expr';
import { givesLeftOnly, mayMiss, uniqueNames, type JoinType } from '../../logical/nodes/join.ts';
import type { Reads } from '../../logical/kind.ts';
import { exprText } from '../../text.ts';
import { byKey, inPlace, type Below, type ColumnSets, type Keys } from '../kind.ts';
import type { PlanNode } from '../node.ts';

/** The part of a node that says who meets whom. */
export interface TwoSides {
  readonly inputs: readonly [PlanNode, PlanNode];
  readonly type: JoinType;
  /** Columns that must be equal, pair by pair; the two of a pair have the same type. */
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  /** For each pair, whether NULL meets nothing. */
  readonly filterNulls: readonly boolean[];
  /** What else must hold, over the left fields and then the right ones. */
  readonly condition: Expr | undefined;
}

const typeTexts: Record<JoinType, string> = {
  inner: 'InnerJoin',
  left: 'LeftOuterJoin',
  right: 'RightOuterJoin',
  full: 'FullOuterJoin',
  semi: 'LeftSemiJoin',
  anti: 'LeftAntiJoin',
};
/** `joinType=[…]`. */
export const typeText = ({ type }: TwoSides): string => `joinType=[${typeTexts[type]}]`;
/** `where=[…]`, over the columns of both sides under names that differ. */
export function whereText(node: TwoSides): string {
  const { inputs, leftKeys, rightKeys, filterNulls, condition } = node;
  const [left, right] = inputs;
  const names = uniqueNames([...left.fields, ...right.fields].map((f) => f.name)).map((name) => ({ name }));
  const width = left.fields.length;
  const pairs = leftKeys.map((l, i) => {
    const equal = filterNulls[i]! ? '=' : 'IS NOT DISTINCT FROM';
    return `(${names[l]!.name} ${equal} ${names[width + rightKeys[i]!]!.name})`;
  });
  const rest = condition === undefined ? [] : [exprText(condition, names)];
  return `where=[${[...pairs, ...rest].join(' AND ') || 'true'}]`;
}

/** What kinds share whose rows meet by key. */
export const bySides = {
  ...inPlace,
  port: (_: unknown, input: number): number => input,
  distribution: ({ leftKeys, rightKeys }: TwoSides, input: number): ReturnType<typeof byKey> =>
    byKey(input === 0 ? leftKeys : rightKeys),
  idKey({ type, leftKeys, rightKeys }: TwoSides, nameOf: (input: number, column: number) => string): string {
    const pairs = leftKeys.map((l, i) => `${nameOf(0, l)}=${nameOf(1, rightKeys[i]!)}`);
    return `[${pairs.join(',')};${type}]`;
  },
};
/** The keys, the condition, and more columns of a side. */
export function readsOfSides(
  node: TwoSides,
  moreLeft: readonly number[],
  moreRight: readonly number[],
): Reads {
  const [left, right] = node.inputs;
  const { condition } = node;
  const over = [...left.fields, ...right.fields];
  return {
    exprs: condition === undefined ? [] : [{ expr: condition, over }],
    columns: [
      ...[...node.leftKeys, ...moreLeft].map((index) => ({ index, over: left.fields })),
      ...[...node.rightKeys, ...moreRight].map((index) => ({ index, over: right.fields })),
    ],
  };
}

export const holds = (set: readonly number[], columns: readonly number[]): boolean =>
  columns.every((c) => set.includes(c));

/** The keys by which changes of one row stay together on their way to the join: those that hold the join key, for other
 *  changes of one row may meet another instance; any unique key of rows that never change. */
function sideUpsertKeys(keys: readonly number[], below: Below): ColumnSets {
  return isInsertOnly(below.changes) ? below.keys.unique : below.keys.upsert.filter((k) => holds(k, keys));
}
/** The keys that are unique at every moment, not only once all changes are through. */
export const lastingKeys = ({ changes, keys }: Below): ColumnSets =>
  isInsertOnly(changes) ? keys.unique : keys.upsert;

const keysMax = 8;
/** Without those that hold another; a few are enough. */
function leastSets(sets: ColumnSets): ColumnSets {
  const distinct = sets.map((s) => [...new Set(s)].sort((a, b) => a - b));
  const least = distinct.filter(
    (s, i) => !distinct.some((o, j) => i !== j && holds(s, o) && (o.length < s.length || j < i)),
  );
  return least.slice(0, keysMax);
}

/** Flink: FlinkRelMdUniqueKeys, FlinkRelMdUpsertKeys. */
export function joinedKeys(node: TwoSides, below: readonly Below[]): Keys {
  const [left, right] = [below[0]!, below[1]!];
  const width = node.inputs[0].fields.length;
  const upsert: [ColumnSets, ColumnSets] = [
    sideUpsertKeys(node.leftKeys, left),
    sideUpsertKeys(node.rightKeys, right),
  ];
  if (givesLeftOnly(node.type)) return { unique: left.keys.unique, upsert: upsert[0] };
  const combined = ([ofLeft, ofRight]: readonly [ColumnSets, ColumnSets], once: Once): ColumnSets => {
    const shifted = ofRight.map((k) => k.map((c) => c + width));
    return leastSets([
      ...(once.right && !mayMiss(node.type, 'left') ? ofLeft : []),
      ...(once.left && !mayMiss(node.type, 'right') ? shifted : []),
      ...ofLeft.flatMap((l) => shifted.map((r) => [...l, ...r])),
    ]);
  };
  const unique: [ColumnSets, ColumnSets] = [left.keys.unique, right.keys.unique];
  return {
    unique: combined(unique, metOnce(node, unique)),
    upsert: combined(upsert, metOnce(node, [lastingKeys(left), lastingKeys(right)])),
  };
}
interface Once {
  readonly left: boolean;
  readonly right: boolean;
}
/** Of which sides a row meets one row at most: those that have a key in the join key. In the end, or all the time, as the
 *  keys are unique. */
const metOnce = (node: TwoSides, [left, right]: readonly [ColumnSets, ColumnSets]): Once => ({
  left: left.some((k) => holds(node.leftKeys, k)),
  right: right.some((k) => holds(node.rightKeys, k)),
});
