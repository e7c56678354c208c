/* TO_CHANGELOG and FROM_CHANGELOG: rows one by one, so they run where their input does. */

import { UserError } from '#base';
import { isInsertOnly } from '#catalog';
import type { FromChangelogRel } from '../../logical/nodes/from-changelog.ts';
import type { ToChangelogRel } from '../../logical/nodes/to-changelog.ts';
import { requireInserts } from './inserts-only.ts';
import type { Convert } from './rule.ts';

export const convertToChangelog: Convert<ToChangelogRel> = {
  make({ input, codes, onTime, fields }, to) {
    const below = to.convert(input);
    if (onTime !== undefined && !isInsertOnly(to.upward.changes(below, true)))
      throw new UserError('PLAN2003', {
        message:
          'Time operations using the `on_time` argument are not supported for functions that consume or produce updates.',
        hint: 'Leave on_time out: the columns of the table keep their event time.',
      });
    return { kind: 'to-changelog', inputs: [below], codes, onTime, fields };
  },
};

export const convertFromChangelog: Convert<FromChangelogRel> = {
  make({ input, op, codes, fields }, to) {
    const below = to.convert(input);
    requireInserts(below, 'FROM_CHANGELOG', 'ProcessTableFunction', to, changesAlready);
    return { kind: 'from-changelog', inputs: [below], op, codes, fields };
  },
};
const changesAlready = 'FROM_CHANGELOG reads rows that only come; what changes already needs no op column.';
