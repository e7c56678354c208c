/* Every test file of SQL in every mode that a user may ask for. */

import { holdsIn } from './holds-in-modes.ts';

holdsIn('all modes', ['all']);
