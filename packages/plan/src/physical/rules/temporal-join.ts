/* Temporal joins: what stands right must have versions of rows by the key that is asked for. */

import { UserError } from '#base';
import { isInsertOnly } from '#catalog';
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
    const [left, right] = keyed.inputs;
    checkVersions(rel, keyed, to);
    checkFilters(right, to);
    return withoutKeys({
      kind: 'temporal-join',
      ...keyed,
      inputs: [left, asTheyCome(right)],
      type: rel.type,
      leftTime: rel.leftTime,
      rightTime: rel.rightTime,
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

/** A filter lets a -U through whose +U it may not: then nobody can say from when on there is no row. */
function checkFilters(right: PlanNode, { upward }: Conversion): void {
  if (!isFiltered(right) || isInsertOnly(upward.changes(right, true))) return;
  throw new UserError('PLAN1007', {
    message:
      'Filter is not allowed for right changelog input of event time temporal join, it will corrupt the versioning of data. Please consider removing the filter before joining.',
    hint: 'Filter behind the join, or in its ON.',
  });
}
function isFiltered(node: PlanNode): boolean {
  if (node.kind === 'normalize') return isFiltered(node.inputs[0]);
  return node.kind === 'calc' && (node.condition !== undefined || isFiltered(node.inputs[0]));
}

/** Upserts need not be made whole: each is a version, and an end is told by its own time, not by that of the row it ends. */
function asTheyCome(node: PlanNode): PlanNode {
  if (node.kind === 'normalize') return node.inputs[0];
  return node.kind === 'calc' ? { ...node, inputs: [asTheyCome(node.inputs[0])] } : node;
}
