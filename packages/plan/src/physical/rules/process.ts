/* Process table functions of the program: over rows that only come, each call with state under a uid of its own. */

import { UserError } from '#base';
import { userProcess } from '#expr';
import { notYet } from '../../bind/not-yet.ts';
import type { ProcessRel } from '../../logical/nodes/process.ts';
import { topological, type PlanNode } from '../node.ts';
import { takesSets } from '../nodes/process.ts';
import { requireInserts } from './inserts-only.ts';
import type { Convert } from './rule.ts';

export const convertProcess: Convert<ProcessRel> = {
  make({ input, ...call }, to) {
    const { settings } = to.session;
    if (settings.batch) throw notYet('a process table function in batch mode', undefined);
    const below = to.convert(input);
    requireInserts(below, userProcess(call.fn).title, 'ProcessTableFunction', to, changesHint);
    return { ...call, inputs: [below], ttlMs: settings.durationMs('table.exec.state.ttl') };
  },
};
const changesHint =
  'A process table function takes rows that only come; TO_CHANGELOG(input => TABLE …) in front of it makes such rows of changes.';

/** Throws PLAN2015 where two calls that differ have one uid: their state would be one. Equal calls are one node. */
export function requireOwnUids(roots: readonly PlanNode[]): void {
  const seen = new Set<string>();
  for (const node of topological(roots)) {
    if (node.kind !== 'process' || !takesSets(node)) continue;
    if (seen.has(node.uid))
      throw new UserError('PLAN2015', {
        message: `Duplicate unique identifier '${node.uid}' detected among process table functions. Make sure that all PTF calls have an identifier defined that is globally unique.`,
        hint: `Give each call its own: ${userProcess(node.fn).title}(…, uid => 'my-id').`,
      });
    seen.add(node.uid);
  }
}
