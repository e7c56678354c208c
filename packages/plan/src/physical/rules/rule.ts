/* A rule makes the node of one kind of relation. */

import type { Session } from '../../bind/session.ts';
import type { Rel } from '../../logical/rel.ts';
import type { PlanNode } from '../node.ts';
import type { Upward } from '../traits/upward.ts';

/** What a rule may ask: nodes of its inputs, what is known of nodes, settings and connectors. */
export interface Conversion {
  readonly session: Session;
  readonly upward: Upward;
  convert(rel: Rel): PlanNode;
}
export interface Convert<R extends Rel> {
  make(rel: R, to: Conversion): PlanNode;
}
