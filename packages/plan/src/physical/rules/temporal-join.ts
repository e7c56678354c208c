/* Temporal joins: what stands right must have versions of rows by the key that is asked for. */

import { UserError } from '#base';
import { conjuncts } from '../../logical/conditions.ts';
import type { TemporalJoinRel } from '../../logical/nodes/temporal-join.ts';
import { columnNames } from '../../text.ts';
import type { PlanNode } from '../node.ts';
import { holds } from '../nodes/two-sides.ts';
import { keyedJoin, type KeyedJoin } from './join-keys.ts';
import type { Convert, Conversion } from './rule.ts';

export const convertTemporalJoin: Convert<TemporalJoinRel> = {
  make(rel, to) {
    const { keyed, withoutKeys } = keyedJoin(rel, conjuncts(rel.condition), to);
    checkVersions(rel, keyed, to);
    return withoutKeys({
      kind: 'temporal-join',
      ...keyed,
      type: rel.type,
      leftTime: rel.leftTime,
      rightTime: rel.rightTime,
      endsByUpdateBefore: isFiltered(keyed.inputs[1]),
      ttlMs: to.session.settings.durationMs('table.exec.state.ttl'),
    });
  },
};

/** Flink: TemporalJoinRewriteWithUniqueKeyRule. */
function checkVersions(
  rel: TemporalJoinRel,
  { inputs: [, right], rightKeys }: KeyedJoin,
  to: Conversion,
): void {
  if (rightKeys.length === 0)
    throw new UserError('PLAN1007', {
      message: 'Currently the join key in Temporal Table Join can not be empty.',
      hint: `Join on the key of "${rel.name}": ON l.k = r.k.`,
    });
  const { unique, upsert } = to.upward.keys(right);
  const keys = [...unique, ...upsert];
  if (keys.some((key) => holds(rightKeys, key))) return;
  const [first] = keys;
  if (first === undefined)
    throw new UserError('PLAN1007', {
      message: `Temporal Table Join requires primary key in versioned table, but no primary key can be found in "${rel.name}".`,
      hint: 'Declare PRIMARY KEY (…) NOT ENFORCED: a row then follows the one of its key.',
    });
  throw new UserError('PLAN1007', {
    message: `Temporal table's primary key [${columnNames(first, right.fields)}] must be included in the equivalence condition of temporal join, but current temporal join condition is [${columnNames(rightKeys, right.fields)}].`,
  });
}

/** Whether a filter stands between the rows and what made them: it lets a -U through whose +U it may not. */
const isFiltered = (node: PlanNode): boolean =>
  node.kind === 'calc' && (node.condition !== undefined || isFiltered(node.inputs[0]));
