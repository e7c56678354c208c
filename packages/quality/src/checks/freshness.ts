/* freshness: the newest row is not too old. */

import { isTemporal, type TableColumn } from '../table/column.ts';
import { made, type Check, type CheckInput } from './check.ts';

/** Names of columns that say when a row was written, the likeliest first. */
const likely = [
  /^(loaded|ingested|inserted|synced)/i,
  /^(updated|modified|changed)/i,
  /^(event|order|transaction)?_?(time|ts|timestamp|at|date|datetime)$/i,
  /^created/i,
  /(_at|_time|_ts|_date)$/i,
];

/** The column that says how old a row is: the one that is named, or the likeliest one. */
export function timestampColumn({
  columns,
  timestampColumn: named,
}: Pick<CheckInput, 'columns' | 'timestampColumn'>): TableColumn | undefined {
  if (named !== undefined)
    return columns.find((c) => c.name === named) ?? { name: named, type: '', family: 'timestamp' };
  const times = columns.filter((c) => isTemporal(c.family));
  for (const pattern of likely) {
    const found = times.find((c) => pattern.test(c.name));
    if (found !== undefined) return found;
  }
  return times[0];
}

export const freshness: Check = {
  name: 'freshness',
  about: 'the newest row is not older than --max-age',
  make: (input) => {
    const column = timestampColumn(input);
    if (column === undefined)
      return { expectations: [], skipped: 'no column holds dates or times; --timestamp-column names one' };
    const oldest = new Date(input.nowMs - input.maxAgeMs).toISOString().replace('Z', '');
    const hours = Math.round((input.maxAgeMs / 3_600_000) * 10) / 10;
    return {
      expectations: [
        made(
          'freshness',
          'expect_column_max_to_be_between',
          { column: column.name, min_value: column.family === 'date' ? oldest.slice(0, 10) : oldest },
          `the newest value is at most ${hours} h old`,
        ),
      ],
    };
  },
};
