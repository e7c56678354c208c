/* The rows of each partition that rank from one position to another: in a window that closes, the first or last of a key by
 * time, or kept up to date. */

import { UserError } from '#base';
import { isInsertOnly } from '#catalog';
import type { SortKey } from '../../logical/field.ts';
import type { RankRel } from '../../logical/nodes/rank.ts';
import type { PlanNode } from '../node.ts';
import type { Convert, Conversion } from './rule.ts';

export const convertRank: Convert<RankRel> = {
  make(rel, to) {
    const input = to.convert(rel.input);
    if (rel.by !== 'ROW_NUMBER')
      throw new UserError('PLAN1007', { message: `${rel.by}() on streaming table is not supported` });
    return topN(rel, input, to);
  },
};

/** The first rows of each partition, however its input changes. */
function topN(rel: RankRel, input: PlanNode, to: Conversion): PlanNode {
  const { partition, from, to: last, number } = rel;
  // To the rows of a stream its processing time is the same: they come in order of arrival.
  const keys = rel.keys.filter((k) => rel.fields[k.column]!.time !== 'proctime');
  const numbered = number !== undefined;
  const { strategy, rowKey } = rankStrategy(input, partition, keys, to);
  return {
    kind: 'rank',
    inputs: [input],
    partition,
    keys,
    from,
    to: last,
    strategy,
    rowKey,
    byPosition: numbered || from > 1 || (last === 1 && strategy !== 'retract'),
    numbered,
    ttlMs: to.session.settings.durationMs('table.exec.state.ttl'),
    fields: rel.fields,
  };
}

/** How the first rows of an input are kept up to date. */
export function rankStrategy(
  input: PlanNode,
  partition: readonly number[],
  keys: readonly SortKey[],
  to: Conversion,
): { readonly strategy: 'append' | 'update' | 'retract'; readonly rowKey: readonly number[] } {
  if (isInsertOnly(to.upward.changes(input, true))) return { strategy: 'append', rowKey: [] };
  const rowKey = growingKey(input, partition, keys, to);
  return rowKey === undefined ? { strategy: 'retract', rowKey: [] } : { strategy: 'update', rowKey };
}

/** An upsert key of an input whose rows never move down in the order, nor go; undefined: there is none. */
function growingKey(
  input: PlanNode,
  partition: readonly number[],
  keys: readonly SortKey[],
  { upward }: Conversion,
): readonly number[] | undefined {
  if (upward.changes(input, true).delete || keys.length === 0) return undefined;
  const up = ({ column, descending, nullsLast }: SortKey): boolean => {
    const course = upward.course(input, column);
    // What begins as NULL and then gets a value must not move down with that.
    if (input.fields[column]!.type.nullable && course !== 'constant' && !nullsLast) return false;
    return course === 'constant' || course === (descending ? 'grows' : 'falls');
  };
  if (!keys.every(up)) return undefined;
  return upward.keys(input).upsert.find((key) => partition.every((c) => key.includes(c)));
}
