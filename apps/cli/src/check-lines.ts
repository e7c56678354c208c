/* What was found of a job's expectations, for people. */

import type { CheckCounts } from '#engine';

/** One line of all that hold, one for each that does not. */
export function checkLines(checks: readonly CheckCounts[]): string[] {
  if (checks.length === 0) return [];
  const failing = checks.filter((c) => c.unexpected > 0);
  const [first] = checks;
  const total = `${checks.length} expectations of rows, ${failing.length} with unexpected rows, of ${first!.evaluated.toLocaleString('en')} looked at`;
  return [
    total,
    ...failing.map(
      ({ table, column, expectation, action, unexpected }) =>
        `${table}.${column}: ${expectation}: ${unexpected.toLocaleString('en')} unexpected (${action})`,
    ),
  ];
}
