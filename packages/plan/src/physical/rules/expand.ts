/* Grouping sets: their rows, one a set. */

import type { ExpandRel } from '../../logical/nodes/expand.ts';
import type { Convert } from './rule.ts';

export const convertExpand: Convert<ExpandRel> = {
  make: ({ input, sets, fields }, to) => ({ kind: 'expand', inputs: [to.convert(input)], sets, fields }),
};
