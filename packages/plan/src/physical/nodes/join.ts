/* A regular join of two inputs that may both change. Both sides are kept: by a unique key where there is one.
 *
 * What it gives (Flink: FlinkChangelogModeInferenceProgram): INNER and SEMI pass on the kinds of their inputs, outer and
 * ANTI joins may give any kind. A side may come without -U when its updates stay within one join key, for the row that they
 * replace is then in the state at hand; but not where another condition may turn a match into none. */

import { allChanges, hasUpdates, insertOnly, isInsertOnly } from '#catalog';
import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { durationText } from '../../text.ts';
import { unionOfChanges } from '../changes.ts';
import type { Below, ColumnSets, NodeKind } from '../kind.ts';
import {
  bySides,
  holds,
  joinedKeys,
  lastingKeys,
  readsOfSides,
  typeText,
  whereText,
  type TwoSides,
} from './two-sides.ts';

export interface JoinNode extends TwoSides {
  readonly kind: 'join';
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

/** By which key a side is kept: one that holds the join key replaces rows in place, so it is the first choice. Rows that are
 *  unique only once all changes are through may be there twice for a moment, or come in another order from several instances:
 *  of what changes only keys count whose changes stay together. */
export function storedKey(keys: readonly number[], below: Below): readonly number[] | undefined {
  const shortest = (sets: ColumnSets): readonly number[] | undefined =>
    [...sets].sort((a, b) => a.length - b.length)[0];
  return shortest(below.keys.upsert.filter((k) => holds(k, keys))) ?? shortest(lastingKeys(below));
}
/** Whether updates of a side may come as +U alone. */
const replacesInPlace = (node: JoinNode, input: number, below: Below): boolean =>
  node.condition === undefined && below.keys.upsert.some((k) => holds(k, sides(node)[input]!.keys));

function storedText({ keys, unique }: SideOfJoin): string {
  if (unique === undefined) return 'NoUniqueKey';
  return holds(keys, unique) ? 'JoinKeyContainsUniqueKey' : 'HasUniqueKey';
}

export const joinKind: NodeKind<JoinNode> = {
  ...bySides,
  reads: (node) => readsOfSides(node, node.leftUniqueKey ?? [], node.rightUniqueKey ?? []),
  title(node) {
    const [leftSpec, rightSpec] = sides(node).map(storedText);
    const ttls = sides(node).map((s) => (s.ttlMs === 0 ? 'none' : durationText(s.ttlMs)));
    const ttl = ttls.every((t) => t === 'none') ? '' : `, stateTtl=[${ttls.join(', ')}]`;
    return `Join(${typeText(node)}, ${whereText(node)}, leftInputSpec=[${leftSpec}], rightInputSpec=[${rightSpec}]${ttl})`;
  },
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
      leftInsertOnly: isInsertOnly(inputs[0]!),
      rightInsertOnly: isInsertOnly(inputs[1]!),
      leftTtlMs: node.leftTtlMs,
      rightTtlMs: node.rightTtlMs,
      finalOnly: node.finalOnly,
    }),
  }),
};
