/* Process table functions of the program: over rows that only come. */

import { userProcess } from '#expr';
import type { ProcessRel } from '../../logical/nodes/process.ts';
import { requireInserts } from './inserts-only.ts';
import type { Convert } from './rule.ts';

export const convertProcess: Convert<ProcessRel> = {
  make({ input, ...call }, to) {
    const below = to.convert(input);
    const name = userProcess(call.fn).title;
    requireInserts(below, name, 'ProcessTableFunction', to, changesHint);
    return { ...call, inputs: [below], ttlMs: to.session.settings.durationMs('table.exec.state.ttl') };
  },
};
const changesHint =
  'A process table function takes rows that only come; TO_CHANGELOG(input => TABLE …) in front of it makes such rows of changes.';
