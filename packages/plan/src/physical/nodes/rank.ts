/* Top-N: the first rows of each partition. ORDER BY … LIMIT on a stream, LIMIT over what changes, and ROW_NUMBER with a
 * filter. How it is kept up to date follows from how its input changes.
 *
 *   append    the input only inserts
 *   update    each row has a key, and its sort keys only ever move it up: COUNT and MAX descending, MIN ascending
 *   retract   anything else
 *
 * Flink: RankProcessStrategy, FlinkRelMdModifiedMonotonicity. */

import { allChanges, insertOnly, upsertChanges, type ChangelogMode } from '#catalog';
import { operatorCall } from '#job';
import type { RelField, SortKey } from '../../logical/field.ts';
import { columnNames, orderText } from '../../text.ts';
import { byKey, inPlace, readColumns, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface RankNode {
  readonly kind: 'rank';
  readonly inputs: readonly [PlanNode];
  readonly partition: readonly number[];
  /** None: by order of arrival. */
  readonly keys: readonly SortKey[];
  /** Ranks that count, both included: 1 is the first. */
  readonly from: number;
  readonly to: number;
  readonly strategy: 'append' | 'update' | 'retract';
  /** For 'update': by which columns a row replaces its former self. */
  readonly rowKey: readonly number[];
  /** Rows of one position go out as updates of one another: its changes have a key only where the position has. */
  readonly byPosition: boolean;
  /** The number of the row stands behind its columns. */
  readonly numbered: boolean;
  readonly ttlMs: number;
  readonly fields: readonly RelField[];
}

/** Columns that tell the position of a row: its partition and its number, or the partition alone where only one position
 *  counts. Undefined: none do. */
function positionKey({ partition, from, to, numbered, fields }: RankNode): readonly number[] | undefined {
  if (numbered) return [...partition, fields.length - 1];
  return from === to && partition.length > 0 ? partition : undefined;
}
/** The position that changes of a row stand for has no key. */
const unkeyed = (node: RankNode): boolean => node.byPosition && positionKey(node) === undefined;

const takes = {
  append: insertOnly,
  update: { ...upsertChanges, delete: false },
  retract: allChanges,
} as const satisfies Record<RankNode['strategy'], ChangelogMode>;

export const rankKind: NodeKind<RankNode> = {
  ...inPlace,
  idKey({ partition, keys, strategy }, nameOf) {
    const order = keys.map((k) => `${nameOf(0, k.column)} ${k.descending ? 'desc' : 'asc'}`);
    return `[${partition.map((k) => nameOf(0, k)).join(',')};${order.join(',')};${strategy}]`;
  },
  reads: (node) => readColumns(node, [...node.partition, ...node.keys.map((k) => k.column), ...node.rowKey]),
  title({ partition, keys, from, to, strategy, rowKey, numbered, fields }) {
    const kept = { append: 'AppendFast', update: 'UpdateFast', retract: 'Retract' }[strategy];
    const by = `${kept}Strategy${strategy === 'update' ? `[${rowKey.join(',')}]` : ''}`;
    if (numbered || partition.length > 0)
      return `Rank(strategy=[${by}], rankType=[ROW_NUMBER], rankRange=[rankStart=${from}, rankEnd=${to}], partitionBy=[${columnNames(partition, fields)}], orderBy=[${orderText(keys, fields)}], select=[${fields.map((f) => f.name).join(', ')}])`;
    const range = `offset=[${from - 1}], fetch=[${to - from + 1}]`;
    if (keys.length === 0) return `Limit(${range})`;
    return `SortLimit(orderBy=[${orderText(keys, fields)}], ${range}, strategy=[${by}])`;
  },
  distribution: ({ partition }) => byKey(partition),
  takes: ({ strategy }) => takes[strategy],
  needsUpdateBefore: ({ strategy }) => strategy !== 'update',
  gives(node, _, needed) {
    const { strategy, byPosition } = node;
    const updates = byPosition || strategy === 'update';
    return {
      insert: true,
      updateBefore: unkeyed(node) || (updates && needed),
      updateAfter: updates,
      delete: !byPosition || strategy === 'retract',
      keyOnlyDelete: false,
    };
  },
  updatePairs: (node) => (unkeyed(node) ? 'parts' : 'makes'), // -U and +U of rows with different keys
  keys(node, [below]) {
    const key = positionKey(node);
    const own = key === undefined ? [] : [key];
    // A row that goes to another partition goes to another instance.
    const kept = below!.keys.upsert.filter((k) => node.partition.every((p) => k.includes(p)));
    return { unique: [...own, ...below!.keys.unique], upsert: [...own, ...(node.byPosition ? [] : kept)] };
  },
  state: ({ strategy, partition, ttlMs }) =>
    strategy !== 'retract' && partition.length === 0 ? 'none' : ttlMs > 0 ? 'ttl' : 'unbounded',
  grows: ({ strategy }) =>
    strategy === 'retract'
      ? "keeps every row that its input holds, for any of them may move up. Set 'table.exec.state.ttl' where rows grow without end."
      : "keeps the first rows of every partition that it ever saw. Set 'table.exec.state.ttl' where partitions come without end.",
  origin: ({ numbered, fields }, column) => (numbered && column === fields.length - 1 ? undefined : column),
  becomes(node, { needed }) {
    const { partition, keys, from, to, strategy, rowKey, byPosition, numbered, ttlMs } = node;
    const updateBefore = needed || unkeyed(node);
    const spec = { partition, keys, from, to, strategy, rowKey, byPosition, numbered, updateBefore, ttlMs };
    return { kind: 'operator', ...operatorCall('rank', spec) };
  },
};
