/* Window joins. */

import type { JoinRel } from '../../logical/nodes/join.ts';
import { notYet } from '../../bind/not-yet.ts';
import type { PlanNode } from '../node.ts';
import type { Conversion } from './rule.ts';

export function windowJoin(_rel: JoinRel, _to: Conversion): PlanNode {
  throw notYet(
    'a window join (both sides are windowed, and joined on window_start and window_end)',
    undefined,
  );
}
