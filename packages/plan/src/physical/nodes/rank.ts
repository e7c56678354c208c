/* Top-N: the first rows of each partition. ORDER BY … LIMIT on a stream, and LIMIT over what changes. How it is kept up to
 * date follows from how its input changes.
 *
 *   append    the input only inserts
 *   update    each row has a key, and its sort keys only ever move it up: COUNT and MAX descending, MIN ascending
 *   retract   anything else
 *
 * Flink: RankProcessStrategy, FlinkRelMdModifiedMonotonicity. */

import { allChanges, insertOnly, upsertChanges, type ChangelogMode } from '#catalog';
import { operatorCall } from '#job';
import type { RelField, SortKey } from '../../logical/field.ts';
import { orderText } from '../../text.ts';
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
  /** Rows of one position go out as updates of one another, so its changes have no key. */
  readonly byPosition: boolean;
  readonly ttlMs: number;
  readonly fields: readonly RelField[];
}

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
  title({ keys, from, to, strategy, rowKey, fields }) {
    const range = `offset=[${from - 1}], fetch=[${to - from + 1}]`;
    if (keys.length === 0) return `Limit(${range})`;
    const kept = { append: 'AppendFast', update: 'UpdateFast', retract: 'Retract' }[strategy];
    const by = strategy === 'update' ? `[${rowKey.join(',')}]` : '';
    return `SortLimit(orderBy=[${orderText(keys, fields)}], ${range}, strategy=[${kept}Strategy${by}])`;
  },
  distribution: ({ partition }) => byKey(partition),
  takes: ({ strategy }) => takes[strategy],
  needsUpdateBefore: ({ strategy }) => strategy !== 'update',
  gives({ strategy, byPosition }, _, needed) {
    const updates = byPosition || strategy === 'update';
    return {
      insert: true,
      updateBefore: byPosition || (updates && needed),
      updateAfter: updates,
      delete: !byPosition || strategy === 'retract',
      keyOnlyDelete: false,
    };
  },
  updatePairs: ({ byPosition }) => (byPosition ? 'parts' : 'makes'), // -U and +U of rows with different keys
  keys: ({ byPosition }, [below]) => ({
    unique: below!.keys.unique,
    upsert: byPosition ? [] : below!.keys.upsert,
  }),
  state: ({ strategy, partition, ttlMs }) =>
    strategy !== 'retract' && partition.length === 0 ? 'none' : ttlMs > 0 ? 'ttl' : 'unbounded',
  grows: ({ strategy }) =>
    strategy === 'retract'
      ? "keeps every row that its input holds, for any of them may move up. Set 'table.exec.state.ttl' where rows grow without end."
      : "keeps the first rows of every partition that it ever saw. Set 'table.exec.state.ttl' where partitions come without end.",
  becomes({ partition, keys, from, to, strategy, rowKey, byPosition, ttlMs }, { needed }) {
    const spec = { partition, keys, from, to, strategy, rowKey, byPosition, updateBefore: needed, ttlMs };
    return { kind: 'operator', ...operatorCall('rank', spec) };
  },
};
