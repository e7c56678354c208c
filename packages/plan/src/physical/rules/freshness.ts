/* What is said of the age of a table's rows. */

import type { FreshnessRel } from '../../logical/nodes/freshness.ts';
import type { Convert } from './rule.ts';

export const convertFreshness: Convert<FreshnessRel> = {
  make: ({ input, table, checks, windowMs, fields }, to) => ({
    kind: 'freshness',
    inputs: [to.convert(input)],
    table,
    checks,
    windowMs,
    fields,
  }),
};
