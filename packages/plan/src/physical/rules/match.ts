/* MATCH_RECOGNIZE: over rows that only come, in the order of their rowtime. */

import { UserError } from '#base';
import { changelogText, isInsertOnly } from '#catalog';
import { notYet } from '../../bind/not-yet.ts';
import { isTimeAttribute } from '../../logical/field.ts';
import type { MatchRel } from '../../logical/nodes/match.ts';
import type { Convert } from './rule.ts';

export const convertMatch: Convert<MatchRel> = {
  make(rel, to) {
    const { input: below, kind, ...pattern } = rel;
    const time = rowtimeOf(rel);
    const input = to.convert(below);
    const changes = to.upward.changes(input, true);
    if (!isInsertOnly(changes))
      throw new UserError('PLAN2002', {
        message: `Match Recognize doesn't support consuming update and delete changes ${changelogText(changes)}`,
        hint: 'Rows that went into a match cannot be taken back. Match rows that only come.',
      });
    return { kind, inputs: [input], time, ...pattern };
  },
};

/** The rowtime's column; undefined: processing time. Throws what is no order in which rows come, with Flink's reason. */
function rowtimeOf({ order: [first, ...more], input }: MatchRel): number | undefined {
  const refused = (message: string, hint: string): UserError => new UserError('PLAN1006', { message, hint });
  const hint =
    'Begin ORDER BY in MATCH_RECOGNIZE with the rowtime or the processing time of the table, ascending.';
  if (first === undefined) throw refused('You must specify either rowtime or proctime for order by.', hint);
  const { time } = input.fields[first.column]!;
  if (!isTimeAttribute(time))
    throw refused('You must specify either rowtime or proctime for order by as the first one.', hint);
  if (first.descending)
    throw refused('Primary sort order of a streaming table must be ascending on time.', hint);
  if (time === 'rowtime') return first.column;
  if (more.length > 0)
    throw notYet('MATCH_RECOGNIZE in the order of processing time and further columns', undefined);
  return undefined;
}
