/* Window joins: the window's end says when rows meet; equalities beside both ends are keys. */

import { UserError } from '#base';
import type { Expr } from '#expr';
import { conjuncts } from '../../logical/conditions.ts';
import { partColumns } from '../../logical/kind.ts';
import { windowColumns } from '../../logical/kinds.ts';
import type { JoinRel } from '../../logical/nodes/join.ts';
import { windowJoinRest } from '../../logical/window-join.ts';
import type { PlanNode } from '../node.ts';
import { requireInserts } from './inserts-only.ts';
import { keyedJoin } from './join-keys.ts';
import type { Conversion } from './rule.ts';
import { windowZone } from './window-table.ts';

export function windowJoin(rel: JoinRel, to: Conversion): PlanNode {
  const [left, right] = [windowColumns(rel.left), windowColumns(rel.right)];
  const width = rel.left.fields.length;
  const { start, end, window } = left;
  if (window!.timeKind === 'proctime')
    throw new UserError('PLAN1006', {
      message: 'Processing time Window Join is not supported yet.',
      hint: 'Join windows of a rowtime: a column with a WATERMARK.',
    });
  const rest = windowJoinRest(left, right, rel.condition, width)!;
  // A session begins where its own side's rows do, so two that end together may begin apart.
  const isSession = window!.kind === 'session';
  const ofLeft = partColumns(left, 'start');
  const isStart = (e: Expr): boolean => e.kind === 'column' && ofLeft.includes(e.index);
  const starts = conjuncts(rel.condition).filter(
    (p) => !rest.includes(p) && p.kind === 'call' && p.args.some(isStart),
  );
  const { keyed, withoutKeys } = keyedJoin(rel, isSession ? [...starts, ...rest] : rest, to);
  for (const input of keyed.inputs) requireInserts(input, 'a window join', 'WindowJoin', to);
  return withoutKeys({
    kind: 'window-join',
    ...keyed,
    type: rel.type,
    window: window!,
    leftWindow: { start: start!, end: end! },
    rightWindow: { start: right.start!, end: right.end! },
    zone: windowZone(window!, to),
  });
}
