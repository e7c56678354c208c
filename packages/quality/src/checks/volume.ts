/* volume: there are rows, and about as many as last time. */

import { made, type Check } from './check.ts';

export const volume: Check = {
  name: 'volume',
  about: 'there are rows; with --baseline between half and twice as many as then',
  make: ({ baseline }) => {
    if (baseline === undefined)
      return {
        expectations: [
          made('volume', 'expect_table_row_count_to_be_between', { min_value: 1 }, 'there are rows'),
        ],
      };
    const kwargs = { min_value: Math.floor(baseline.rows / 2), max_value: baseline.rows * 2 };
    return {
      expectations: [
        made('volume', 'expect_table_row_count_to_be_between', kwargs, `there were ${baseline.rows} rows`),
      ],
    };
  },
};
