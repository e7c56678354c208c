/* Loads every operator's file, so that each registers itself. */

import './calc.ts';
import './group-aggregate.ts';
import './union.ts';
import './window-aggregate.ts';
