/* VALUES. */

import type { ValuesRel } from '../../logical/nodes/values.ts';
import type { Convert } from './rule.ts';

export const convertValues: Convert<ValuesRel> = {
  make: ({ rows, fields }) => ({ kind: 'values', inputs: [], rows, fields }),
};
