/* What is right and cannot be planned. */

import { UserError } from '#base';
import type { RefusedRel } from '../../logical/nodes/refused.ts';
import type { Convert } from './rule.ts';

export const convertRefused: Convert<RefusedRel> = {
  make({ reason: { code, ...details } }) {
    throw new UserError(code, details);
  },
};
