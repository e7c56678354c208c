/* Rows as often as they count. */

import type { ReplicateRel } from '../../logical/nodes/replicate.ts';
import type { Convert } from './rule.ts';

export const convertReplicate: Convert<ReplicateRel> = {
  make: ({ input, fields }, to) => ({ kind: 'replicate', inputs: [to.convert(input)], fields }),
};
