/* Where jobs keep their state: what --state-dir says, or .millrace/state of the folder at hand. */

import { join } from 'node:path';

export const stateDirOf = (given: string | undefined): string => given ?? join('.millrace', 'state');
