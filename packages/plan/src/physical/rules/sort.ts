/* ORDER BY and LIMIT: what a stream can do of it, and how. */

import { UserError } from '#base';
import { isInsertOnly } from '#catalog';
import { notYet } from '../../bind/not-yet.ts';
import type { SortRel } from '../../logical/nodes/sort.ts';
import type { PlanNode } from '../node.ts';
import { rankStrategy } from './rank.ts';
import type { Convert, Conversion } from './rule.ts';

export const convertSort: Convert<SortRel> = {
  make(rel, to) {
    const input = to.convert(rel.input);
    const updating = !isInsertOnly(to.upward.changes(input, true));
    const [first] = rel.keys;
    if (to.session.settings.batch) {
      if (updating) throw notYet('ORDER BY or LIMIT over a changing result in batch mode', undefined);
      return limited(rel, first === undefined ? input : sorted(rel, input, 'end'));
    }
    const byTime = first !== undefined && !first.descending ? rel.fields[first.column]!.time : undefined;
    const arrival = first === undefined || (byTime === 'proctime' && rel.keys.length === 1);
    if (!updating && arrival) return limited(rel, input);
    if (rel.limit === 0) return limited(rel, input); // nothing, whatever changes
    if (rel.limit !== undefined) return rank(rel, rel.limit, input, to);
    if (!updating && byTime === 'rowtime') return limited(rel, sorted(rel, input, 'rowtime'));
    throw refused(rel, updating);
  },
};

function refused(rel: SortRel, updating: boolean): UserError {
  if (rel.offset > 0)
    return new UserError('PLAN1002', {
      message: 'OFFSET without LIMIT is not supported on a stream that changes or is ordered.',
      hint: 'Say how many rows are wanted: LIMIT n.',
    });
  return new UserError('PLAN1002', {
    message: updating
      ? 'Sort of a changing result is not supported on a stream.'
      : 'Sort on a non-time-attribute field is not supported on a stream.',
    hint: "Add a LIMIT; or order by the rowtime first, ascending; or SET 'execution.runtime-mode' = 'batch' where all sources are bounded.",
  });
}

const sorted = (rel: SortRel, input: PlanNode, mode: 'rowtime' | 'end'): PlanNode => ({
  kind: 'sort',
  inputs: [input],
  keys: rel.keys,
  mode,
  fields: rel.fields,
});
function limited({ offset, limit, fields }: SortRel, input: PlanNode): PlanNode {
  if (offset === 0 && limit === undefined) return input;
  return { kind: 'limit', inputs: [input], offset, limit, fields };
}

function rank(rel: SortRel, limit: number, input: PlanNode, to: Conversion): PlanNode {
  const [from, last] = [rel.offset + 1, rel.offset + limit];
  const { strategy, rowKey } = rankStrategy(input, [], rel.keys, to);
  return {
    kind: 'rank',
    inputs: [input],
    partition: [],
    keys: rel.keys,
    from,
    to: last,
    strategy,
    // With an offset a change moves rows from one position to the next, and a single row is replaced by another.
    byPosition: from > 1 || (last === 1 && strategy !== 'retract'),
    numbered: false,
    rowKey,
    ttlMs: to.session.settings.durationMs('table.exec.state.ttl'),
    fields: input.fields,
  };
}
