/* Every test file of SQL in three modes of our own: back from a crash at another parallelism each time (1, 3, 2, …), over the
 * slow state store, and with all rows of the state on disk. */

import { ownModes } from '#testkit';
import { holdsIn } from './holds-in-modes.ts';

holdsIn('the modes of our own', ownModes);
