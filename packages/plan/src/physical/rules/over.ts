/* OVER: functions over a window of rows around each row. */

import { notYet } from '../../bind/not-yet.ts';
import type { OverRel } from '../../logical/nodes/over.ts';
import type { Convert } from './rule.ts';

export const convertOver: Convert<OverRel> = {
  make() {
    throw notYet('OVER but for ROW_NUMBER with a filter on it', undefined);
  },
};
