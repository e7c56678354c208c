/* What is expected of a table's rows stands right over its scan. */

import { connectorTable } from '../../logical/table.ts';
import type { CheckRel } from '../../logical/nodes/check.ts';
import { badRowsOptions, letterOptions } from '../bad-rows-options.ts';
import type { Convert } from './rule.ts';

export const convertCheck: Convert<CheckRel> = {
  make({ input, table, checks, freshness, fields }, to) {
    const lettered = checks.some((c) => c.action === 'dead-letter');
    return {
      kind: 'check-rows',
      inputs: [to.convert(input)],
      connector: table.connector,
      table: connectorTable(table),
      name: table.path.object,
      checks,
      freshness,
      badRows: lettered ? letterOptions(table) : badRowsOptions(table),
      fields,
    };
  },
};
