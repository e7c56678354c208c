/* Process table functions of several tables: the functions of process-tables.ts. In Flink the rows of two tables come in no order, so
 * what is compared is what does not depend on it. */

import { steppedOrderQueries } from './process-order-cases.ts';

const sides = (l: string, r: string): string =>
  `SELECT k, k0, side, id FROM told(l => TABLE ${l}, r => TABLE ${r})`;
const both = (on: string): string =>
  `SELECT * FROM gathered(a => TABLE moves PARTITION BY k, b => TABLE renamed PARTITION BY j, on_time => DESCRIPTOR(${on}))`;
const three = (a: string, b: string, c: string): string =>
  `SELECT * FROM three(a => TABLE ${a}, n => 1, b => TABLE ${b}, c => TABLE ${c})`;

/** Flink's parser takes no sub-query behind PARTITION BY of another table. */
export const processTableViews: readonly string[] = [
  'CREATE VIEW renamed AS SELECT id, k AS j, v, ts AS t FROM moves',
  'CREATE VIEW zoned AS SELECT id, k, v, CAST(ts AS TIMESTAMP_LTZ(3)) AS t FROM moves',
  'CREATE VIEW letters AS SELECT CAST(k AS VARCHAR(10)) AS k, id, ts FROM moves',
  'CREATE VIEW taken_names AS SELECT k AS k0, id FROM moves',
  "CREATE VIEW two_times AS SELECT id, k, ts, ts + INTERVAL '1' SECOND AS t FROM moves",
  'CREATE VIEW wide_ids AS SELECT CAST(id AS BIGINT) AS id, k, ts FROM moves',
];

export const tableQueries: readonly string[] = [
  sides('moves PARTITION BY k', 'untimed PARTITION BY k'),
  sides('untimed PARTITION BY k', 'nothing PARTITION BY k'),
  'SELECT k, k0, side, id FROM told(TABLE moves PARTITION BY k, TABLE untimed PARTITION BY k)',
  'SELECT * FROM told(l => TABLE untimed PARTITION BY k, r => TABLE nothing PARTITION BY k)',
  'SELECT k, COUNT(*) AS n FROM told(TABLE moves PARTITION BY k, TABLE untimed PARTITION BY k) GROUP BY k',
  'SELECT side, id FROM told(TABLE moves PARTITION BY (k, v), TABLE untimed PARTITION BY (k, v))',
  // What differs among the tables.
  sides('moves PARTITION BY k', 'untimed PARTITION BY id'),
  sides('moves PARTITION BY k', 'untimed PARTITION BY (k, id)'),
  'SELECT side, id FROM told(l => TABLE moves PARTITION BY id, r => TABLE wide_ids PARTITION BY id)',
  'SELECT side, id FROM told(l => TABLE moves PARTITION BY k, r => TABLE letters PARTITION BY k)',
  'SELECT * FROM told(l => TABLE moves PARTITION BY k)',
  sides('moves PARTITION BY k', 'untimed'),
  'SELECT * FROM told(TABLE moves PARTITION BY k, TABLE orders PARTITION BY product)',
  // Times of both, and timers.
  both('ts, t'),
  both('t, ts'),
  both('ts'),
  both('ts, nowhere'),
  both('ts, t, v'),
  'SELECT * FROM gathered(a => TABLE moves PARTITION BY k, b => TABLE moves PARTITION BY k, on_time => DESCRIPTOR(ts))',
  'SELECT * FROM gathered(a => TABLE moves PARTITION BY k, b => TABLE moves PARTITION BY k, on_time => DESCRIPTOR(ts, ts))',
  "SELECT * FROM gathered(TABLE moves PARTITION BY k, TABLE renamed PARTITION BY j, 'w', DESCRIPTOR(ts, t), 'named')",
  'SELECT * FROM gathered(a => TABLE moves PARTITION BY k, b => TABLE letters PARTITION BY k, on_time => DESCRIPTOR(ts))',
  'SELECT * FROM gathered(a => TABLE moves PARTITION BY k, b => TABLE zoned PARTITION BY k, on_time => DESCRIPTOR(ts, t))',
  'SELECT * FROM gathered(a => TABLE moves PARTITION BY k, b => TABLE two_times PARTITION BY k, on_time => DESCRIPTOR(ts, t))',
  'SELECT * FROM gathered(a => TABLE moves PARTITION BY k, b => TABLE untimed PARTITION BY k, on_time => DESCRIPTOR(ts))',
  'SELECT * FROM gathered(a => TABLE moves PARTITION BY k, b => TABLE moves PARTITION BY k)',
  'SELECT * FROM half(a => TABLE moves PARTITION BY k, b => TABLE untimed PARTITION BY k, on_time => DESCRIPTOR(ts))',
  'SELECT * FROM half(a => TABLE moves PARTITION BY k, b => TABLE moves PARTITION BY k, on_time => DESCRIPTOR(ts))',
  'SELECT * FROM marks(input => TABLE moves, on_time => DESCRIPTOR(ts, ts))',
  'SELECT * FROM marks(input => TABLE moves, on_time => DESCRIPTOR(ts, v))',
  'SELECT * FROM marks(input => TABLE two_times, on_time => DESCRIPTOR(ts, t))',
  // Three of them.
  three('moves', 'untimed', 'nothing'),
  three('moves PARTITION BY k', 'untimed PARTITION BY k', 'nothing PARTITION BY k'),
  three('moves PARTITION BY k', 'untimed', 'nothing PARTITION BY k'),
  three('nothing PARTITION BY k', 'taken_names PARTITION BY k0', 'nothing PARTITION BY k'),
  three('moves PARTITION BY k', 'renamed PARTITION BY j', 'untimed PARTITION BY k'),
  `SELECT k FROM three(a => TABLE moves PARTITION BY k, n => 1, b => TABLE untimed PARTITION BY k, c => TABLE nothing PARTITION BY k) WHERE k IS NULL`,
];

/** Whose rows come one at a time. */
export const steppedProcessQueries: readonly string[] = [
  ...steppedOrderQueries,
  'SELECT * FROM told(l => TABLE lefts PARTITION BY k, r => TABLE rights PARTITION BY k, on_time => DESCRIPTOR(ts))',
  'SELECT * FROM told(l => TABLE rights PARTITION BY k, r => TABLE lefts PARTITION BY k)',
  "SELECT * FROM gathered(a => TABLE lefts PARTITION BY k, b => TABLE rights PARTITION BY k, word => 'all', on_time => DESCRIPTOR(ts))",
];
