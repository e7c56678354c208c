/* Joins of two relations: bounded by windows, by an interval, or regular ones that keep both sides. */

import { conjuncts } from '../../logical/conditions.ts';
import type { JoinRel } from '../../logical/nodes/join.ts';
import { joinForm } from '../../logical/timed-join.ts';
import type { PlanNode } from '../node.ts';
import { storedKey } from '../nodes/join.ts';
import { intervalJoin } from './interval-join.ts';
import { keyedJoin } from './join-keys.ts';
import type { Convert, Conversion } from './rule.ts';
import { windowJoin } from './window-join.ts';

export const convertJoin: Convert<JoinRel> = {
  make(rel, to) {
    switch (joinForm(rel.type, rel.left, rel.right, rel.condition)) {
      case 'window':
        return windowJoin(rel, to);
      case 'interval':
        return intervalJoin(rel, to);
      case 'regular':
        return regularJoin(rel, to);
    }
  },
};

function regularJoin(rel: JoinRel, to: Conversion): PlanNode {
  const { keyed, withoutKeys } = keyedJoin(rel, conjuncts(rel.condition), to);
  const { settings } = to.session;
  const ttlMs = settings.durationMs('table.exec.state.ttl');
  const [left, right] = keyed.inputs;
  return withoutKeys({
    kind: 'join',
    ...keyed,
    type: rel.type,
    leftUniqueKey: storedKey(keyed.leftKeys, to.upward.of(left)),
    rightUniqueKey: storedKey(keyed.rightKeys, to.upward.of(right)),
    leftTtlMs: rel.leftTtlMs ?? ttlMs,
    rightTtlMs: rel.rightTtlMs ?? ttlMs,
    finalOnly: settings.batch,
  });
}
