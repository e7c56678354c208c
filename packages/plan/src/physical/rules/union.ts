/* UNION ALL. */

import type { UnionRel } from '../../logical/nodes/union.ts';
import type { Convert } from './rule.ts';

export const convertUnion: Convert<UnionRel> = {
  make: ({ inputs, fields }, to) => ({
    kind: 'union',
    inputs: inputs.map((input) => to.convert(input)),
    fields,
  }),
};
