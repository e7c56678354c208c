/* GROUP BY and DISTINCT over rows that differ in the keys: each group is one row, and the row takes its place.
 *
 *   aggregate(keys: id, k; MAX(p)) ─ t with PRIMARY KEY (id)   ⇒   project(id, k, p) ─ t
 *
 * Then nothing is kept for the groups, changes are those of the rows, and a key of the rows is one of the result. As in Flink
 * only where each aggregate of one value is that value (AggregateRemoveRule): SUM, MIN and MAX, without FILTER. */

import type { Session } from '../bind/session.ts';
import { castTo, type AggregateCall } from '#expr';
import type { AggregateRel } from '../logical/nodes/aggregate.ts';
import { column, project } from '../logical/nodes/project.ts';
import type { Rel } from '../logical/rel.ts';
import { differIn } from '../logical/unique-columns.ts';

/** In batch mode a result has no changes, and GROUP BY is what makes it so. */
export function groupsOfOne(rel: Rel, session: Session): Rel {
  if (rel.kind !== 'aggregate' || session.settings.batch || !takesOne(rel)) return rel;
  const { input, keys, calls, fields } = rel;
  if (!differIn(input, new Set(keys))) return rel;
  return project(
    input,
    [...keys.map((k) => column(input, k)), ...calls.map((c) => castTo(column(input, c.args[0]!), c.type))],
    fields.map((f) => f.name),
  );
}

const ofOneItself: ReadonlySet<string> = new Set(['SUM', 'MIN', 'MAX']);
const isOfOne = ({ fn, args, filter }: AggregateCall): boolean =>
  ofOneItself.has(fn) && args.length === 1 && filter === undefined;
/** Times that GROUP BY would make values of stay its own. */
const takesOne = ({ input, keys, calls, window, fields }: AggregateRel): boolean =>
  window === undefined &&
  keys.length > 0 &&
  calls.every(isOfOne) &&
  keys.every((k, i) => input.fields[k]!.time === fields[i]!.time);
