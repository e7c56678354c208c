/* The error for a table that is not kept, or no longer. */

import { UserError } from '#base';
import type { ConnectorTable } from '#catalog';

export const missingTable = ({ path }: ConnectorTable): UserError =>
  new UserError('EMB1001', {
    message: `the table '${path.object}' is not kept here: it was dropped`,
    hint: 'Make it again: CREATE TABLE … AS SELECT ….',
  });
