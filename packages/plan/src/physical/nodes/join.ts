/* A regular join of two inputs that may both change. Both sides are kept: by a unique key where there is one.
 *
 * What it gives (Flink: FlinkChangelogModeInferenceProgram): INNER and SEMI pass on the kinds of their inputs, outer and
 * ANTI joins may give any kind. A side may come without -U when its updates stay within one join key, for the row that they
 * replace is then in the state at hand; but not where another condition may turn a match into none. */

import { allChanges, hasUpdates, insertOnly, isInsertOnly } from '#catalog';
import type { Expr } from '#expr';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { givesLeftOnly, mayMiss, uniqueNames, type JoinType } from '../../logical/nodes/join.ts';
import { durationText, exprText } from '../../text.ts';
import { unionOfChanges } from '../changes.ts';
import { byKey, inPlace, type Below, type ColumnSets, type Keys, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface JoinNode {
  readonly kind: 'join';
  readonly inputs: readonly [PlanNode, PlanNode];
  readonly type: JoinType;
  /** Columns that must be equal, pair by pair; the two of a pair have the same type. */
  readonly leftKeys: readonly number[];
  readonly rightKeys: readonly number[];
  /** For each pair, whether NULL meets nothing. */
  readonly filterNulls: readonly boolean[];
  /** What else must hold, over the left fields and then the right ones. */
  readonly condition: Expr | undefined;
  /** By which columns the rows of a side are kept; undefined: by all. */
  readonly leftUniqueKey: readonly number[] | undefined;
  readonly rightUniqueKey: readonly number[] | undefined;
  readonly leftTtlMs: number;
  readonly rightTtlMs: number;
  /** Batch: results only at the end of input. */
  readonly finalOnly: boolean;
  readonly fields: readonly RelField[];
}

const sides = (node: JoinNode): readonly [SideOfJoin, SideOfJoin] => [
  { keys: node.leftKeys, unique: node.leftUniqueKey, ttlMs: node.leftTtlMs },
  { keys: node.rightKeys, unique: node.rightUniqueKey, ttlMs: node.rightTtlMs },
];
interface SideOfJoin {
  readonly keys: readonly number[];
  readonly unique: readonly number[] | undefined;
  readonly ttlMs: number;
}
const holds = (set: readonly number[], columns: readonly number[]): boolean =>
  columns.every((c) => set.includes(c));

/** The keys by which changes of one row stay together on their way to the join: those that hold the join key, for other
 *  changes of one row may meet another instance; any unique key of rows that never change. */
function sideUpsertKeys(keys: readonly number[], { changes, keys: known }: Below): ColumnSets {
  return isInsertOnly(changes) ? known.unique : known.upsert.filter((k) => holds(k, keys));
}
/** By which key a side is kept: one that holds the join key replaces rows in place, so it is the first choice. */
export function storedKey(keys: readonly number[], below: Below): readonly number[] | undefined {
  const shortest = (sets: ColumnSets): readonly number[] | undefined =>
    [...sets].sort((a, b) => a.length - b.length)[0];
  return shortest(below.keys.upsert.filter((k) => holds(k, keys))) ?? shortest(below.keys.unique);
}
/** Whether updates of a side may come as +U alone. */
const replacesInPlace = (node: JoinNode, input: number, below: Below): boolean =>
  node.condition === undefined && below.keys.upsert.some((k) => holds(k, sides(node)[input]!.keys));

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
function joinedKeys(node: JoinNode, below: readonly Below[]): Keys {
  const [left, right] = [below[0]!, below[1]!];
  const width = node.inputs[0].fields.length;
  const upsert: [ColumnSets, ColumnSets] = [
    sideUpsertKeys(node.leftKeys, left),
    sideUpsertKeys(node.rightKeys, right),
  ];
  if (givesLeftOnly(node.type)) return { unique: left.keys.unique, upsert: upsert[0] };
  // A row meets one row at most of a side that has its unique key in the join key.
  const leftOnce = left.keys.unique.some((k) => holds(node.leftKeys, k));
  const rightOnce = right.keys.unique.some((k) => holds(node.rightKeys, k));
  const combined = (ofLeft: ColumnSets, ofRight: ColumnSets): ColumnSets => {
    const shifted = ofRight.map((k) => k.map((c) => c + width));
    return leastSets([
      ...(rightOnce && !mayMiss(node.type, 'left') ? ofLeft : []),
      ...(leftOnce && !mayMiss(node.type, 'right') ? shifted : []),
      ...ofLeft.flatMap((l) => shifted.map((r) => [...l, ...r])),
    ]);
  };
  return { unique: combined(left.keys.unique, right.keys.unique), upsert: combined(...upsert) };
}

const typeTexts: Record<JoinType, string> = {
  inner: 'InnerJoin',
  left: 'LeftOuterJoin',
  right: 'RightOuterJoin',
  full: 'FullOuterJoin',
  semi: 'LeftSemiJoin',
  anti: 'LeftAntiJoin',
};
/** The columns of both sides under names that differ. */
const bothNames = ({ inputs: [left, right] }: JoinNode): readonly { readonly name: string }[] =>
  uniqueNames([...left.fields, ...right.fields].map((f) => f.name)).map((name) => ({ name }));
function storedText({ keys, unique }: SideOfJoin): string {
  if (unique === undefined) return 'NoUniqueKey';
  return holds(keys, unique) ? 'JoinKeyContainsUniqueKey' : 'HasUniqueKey';
}

export const joinKind: NodeKind<JoinNode> = {
  ...inPlace,
  port: (_, input) => input,
  idKey({ type, leftKeys, rightKeys }, nameOf) {
    const pairs = leftKeys.map((l, i) => `${nameOf(0, l)}=${nameOf(1, rightKeys[i]!)}`);
    return `[${pairs.join(',')};${type}]`;
  },
  reads(node) {
    const [left, right] = node.inputs;
    const columns = sides(node).flatMap(({ keys, unique = [] }, i) =>
      [...keys, ...unique].map((index) => ({ index, over: node.inputs[i]!.fields })),
    );
    const { condition } = node;
    const over = [...left.fields, ...right.fields];
    return { exprs: condition === undefined ? [] : [{ expr: condition, over }], columns };
  },
  title(node) {
    const names = bothNames(node);
    const width = node.inputs[0].fields.length;
    const pairs = node.leftKeys.map((l, i) => {
      const equal = node.filterNulls[i]! ? '=' : 'IS NOT DISTINCT FROM';
      return `(${names[l]!.name} ${equal} ${names[width + node.rightKeys[i]!]!.name})`;
    });
    const rest = node.condition === undefined ? [] : [exprText(node.condition, names)];
    const where = [...pairs, ...rest].join(' AND ') || 'true';
    const [leftSpec, rightSpec] = sides(node).map(storedText);
    const ttls = sides(node).map((s) => (s.ttlMs === 0 ? 'none' : durationText(s.ttlMs)));
    const ttl = ttls.every((t) => t === 'none') ? '' : `, stateTtl=[${ttls.join(', ')}]`;
    return `Join(joinType=[${typeTexts[node.type]}], where=[${where}], leftInputSpec=[${leftSpec}], rightInputSpec=[${rightSpec}]${ttl})`;
  },
  distribution: (node, input) => byKey(sides(node)[input]!.keys),
  needsUpdateBefore: (node, input, needed, below) =>
    needed || (hasUpdates(below[input]!.changes) && !replacesInPlace(node, input, below[input]!)),
  gives({ type, finalOnly }, inputs, needed) {
    if (finalOnly) return insertOnly;
    const given = { ...unionOfChanges(inputs), keyOnlyDelete: false };
    if (type === 'inner' || type === 'semi') return given;
    return { ...allChanges, updateBefore: needed || given.updateBefore };
  },
  // Between a -U and its +U of one side the other side may change, and then neither gives what the pair was about.
  updatePairs: () => 'parts',
  keys: joinedKeys,
  state(node) {
    const bounds = sides(node).map((s) =>
      s.ttlMs > 0 ? 'ttl' : s.unique !== undefined ? 'key' : 'unbounded',
    );
    return bounds.includes('unbounded') ? 'unbounded' : bounds.includes('key') ? 'key' : 'ttl';
  },
  grows: (node) =>
    node.finalOnly
      ? undefined
      : "keeps every row of both sides, for a match may come at any time. Set 'table.exec.state.ttl', or a STATE_TTL hint for a side; or join rows that have a primary key.",
  becomes: (node, { inputs }) => ({
    kind: 'operator',
    ...operatorCall('join', {
      type: node.type,
      leftKeys: node.leftKeys,
      rightKeys: node.rightKeys,
      filterNulls: node.filterNulls,
      condition: node.condition,
      // Rows that never change are never replaced: a list of them is enough.
      leftUniqueKey: isInsertOnly(inputs[0]!) ? undefined : node.leftUniqueKey,
      rightUniqueKey: isInsertOnly(inputs[1]!) ? undefined : node.rightUniqueKey,
      leftTtlMs: node.leftTtlMs,
      rightTtlMs: node.rightTtlMs,
      finalOnly: node.finalOnly,
    }),
  }),
};
