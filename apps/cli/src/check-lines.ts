/* What was found of a job's expectations, for people. */

import type { CheckCounts } from '#engine';
import { formatTimestamp } from '#expr';
import { durationText } from '#quality';

/** One line of all that hold, one for each that does not. */
export function checkLines(checks: readonly CheckCounts[]): string[] {
  const ofRows = checks.filter((c) => c.freshness === undefined);
  const failing = ofRows.filter((c) => c.unexpected > 0);
  const [first] = ofRows;
  const total =
    first &&
    `${ofRows.length} expectation${ofRows.length === 1 ? '' : 's'} of rows, ${failing.length} with unexpected rows, of ${first.evaluated.toLocaleString('en')} looked at`;
  return [
    ...(total === undefined ? [] : [total]),
    ...failing.map(
      ({ table, column, expectation, action, unexpected }) =>
        `${table}.${column}: ${expectation}: ${unexpected.toLocaleString('en')} unexpected (${action})`,
    ),
    ...checks.flatMap(ageLine),
  ];
}
function ageLine({ table, column, freshness }: CheckCounts): string[] {
  if (freshness === undefined) return [];
  const { newest, delayMaxMs, fails } = freshness;
  const found = newest === null ? 'no row yet' : `newest ${formatTimestamp({ ms: newest, ns: 0 }, 3)}`;
  const verdict = fails ? 'too old: ' : 'fresh: ';
  return [`${table}.${column}: ${verdict}${found}, at most ${durationText(delayMaxMs)} old`];
}
