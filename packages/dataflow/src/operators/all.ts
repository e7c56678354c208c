/* Loads every operator's file, so that each registers itself. */

import './calc.ts';
import './deduplicate.ts';
import './expand.ts';
import './group-aggregate.ts';
import './interval-join.ts';
import './join.ts';
import './limit.ts';
import './lookup-join.ts';
import './match.ts';
import './materialize.ts';
import './normalize.ts';
import './over-aggregate.ts';
import './over-final.ts';
import './over-sorted.ts';
import './rank.ts';
import './replicate.ts';
import './session-aggregate.ts';
import './session-table.ts';
import './sort.ts';
import './temporal-join.ts';
import './union.ts';
import './unnest.ts';
import './window-aggregate.ts';
import './window-join.ts';
import './window-rank.ts';
import './window-table.ts';
