/* Calls of process table functions: rows by themselves and by partitions, state, timers, each argument in each way of giving it,
 * and what is refused. The functions are those of process-functions.ts, and those of the cases beside. */

import * as functions from './process-functions.ts';
import * as views from './process-views.ts';
import * as changes from './process-changes.ts';
import { changeQueries } from './process-change-cases.ts';
import { orderQueries, processOrderViews } from './process-order-cases.ts';
import * as severalTables from './process-tables.ts';
import { processTableViews, tableQueries } from './process-table-cases.ts';
import { viewQueries } from './process-view-cases.ts';
import type { ConformanceTable } from './tables.ts';

const at = (s: string): string => `2024-01-01 00:${s}`;

/** Rows out of order and late, of partitions of one row and of many, with NULL in each place. */
const moves: ConformanceTable = {
  name: 'moves',
  columns: "id INT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND",
  fields: ['id', 'k', 'v', 'ts'],
  rows: [
    [1, 'a', 5, at('00:01')],
    [2, 'b', 2, at('00:02')],
    [3, 'a', 9, at('00:03')],
    [4, null, 1, at('00:05')],
    [5, 'a', -4, at('00:04')],
    [6, 'b', null, at('00:09')],
    [7, null, 7, at('00:12')],
    [8, 'c', 3, at('00:14')],
    [9, 'a', 6, at('00:06')],
    [10, 'a', 6, at('00:21')],
    [11, 'd', 1, at('00:22')],
    [12, 'd', 4, at('00:22')],
    [13, 'a', null, at('00:40')],
    [14, 'e', 8, at('01:10')],
    [15, 'b', 8, at('01:11')],
    [16, 'b', 0, at('01:12')],
    [17, 'b', 5, at('01:12')],
  ],
};
/** The same without event time. */
const untimed: ConformanceTable = {
  name: 'untimed',
  columns: 'id INT, k STRING, v INT',
  fields: ['id', 'k', 'v'],
  rows: moves.rows.map((row) => row.slice(0, 3)),
};
const nothing: ConformanceTable = { ...moves, name: 'nothing', rows: [] };
export const processTables: readonly ConformanceTable[] = [moves, untimed, nothing];

/** By the Java class that has the same. */
export const processModules: Readonly<Record<string, object>> = {
  Judged: functions,
  JudgedViews: views,
  JudgedTables: severalTables,
  JudgedChanges: changes,
};
export const processViews: readonly string[] = [...processTableViews, ...processOrderViews];

const on = 'on_time => DESCRIPTOR(ts)';
const byK = 'TABLE moves PARTITION BY k';

const plainQueries: readonly string[] = [
  // Rows by themselves, and scalars in each way.
  'SELECT * FROM above(input => TABLE moves, bound => 5.0)',
  'SELECT * FROM above(input => TABLE moves, bound => 5)',
  'SELECT * FROM above(TABLE moves, 4.5)',
  "SELECT * FROM above(TABLE moves, 4.5, 'dear')",
  'SELECT * FROM above(TABLE moves, 4.5, DEFAULT)',
  "SELECT * FROM above(note => 'x', bound => 3.0, input => TABLE moves)",
  "SELECT * FROM above(note => 'x', bound => 3.0, input => TABLE moves, uid => 'named')",
  `SELECT * FROM above(input => TABLE moves, bound => 3.0, ${on})`,
  "SELECT * FROM above(TABLE moves, 3.0, 'n', DESCRIPTOR(ts), 'u')",
  'SELECT * FROM above(input => TABLE moves, bound => 1.0 + 2)',
  'SELECT * FROM above(input => TABLE moves, bound => CAST(NULL AS DECIMAL(10, 2)))',
  'SELECT * FROM above(input => TABLE moves, bound => CAST(3 AS BIGINT))',
  'SELECT * FROM above(input => TABLE moves, bound => CAST(3 AS DOUBLE))',
  "SELECT * FROM above(input => TABLE moves, bound => '3')",
  'SELECT * FROM above(input => TABLE moves)',
  'SELECT * FROM above(input => TABLE moves, bound => 3.0, other => 4)',
  'SELECT * FROM above(input => TABLE moves PARTITION BY k, bound => 3.0)',
  'SELECT * FROM above(bound => 3.0)',
  'SELECT * FROM above(input => TABLE nothing, bound => 3.0)',
  'SELECT * FROM above(input => TABLE untimed, bound => 3.0)',
  'SELECT * FROM above(input => TABLE orders, bound => 3.0)',
  'SELECT a, b + 1 AS c FROM above(TABLE moves, 4.5) AS r (a, b, n)',
  "SELECT * FROM above(input => (SELECT id + 100 AS id, v FROM moves WHERE k = 'a'), bound => 5.0)",
  'SELECT note, COUNT(*) AS n, SUM(`over`) AS s FROM above(TABLE moves, 2.0) GROUP BY note',
  'SELECT * FROM TABLE(above(TABLE moves, 4.5))',
  // Sets, and values kept of each.
  `SELECT * FROM numbered(${byK})`,
  'SELECT * FROM numbered(input => TABLE moves PARTITION BY (k))',
  'SELECT * FROM numbered(TABLE moves PARTITION BY (k, v))',
  'SELECT * FROM numbered(TABLE moves)',
  "SELECT * FROM numbered(input => TABLE moves, uid => 'all')",
  `SELECT * FROM numbered(input => ${byK}, ${on})`,
  'SELECT * FROM numbered(TABLE untimed PARTITION BY k)',
  'SELECT * FROM numbered(TABLE nothing PARTITION BY k)',
  'SELECT * FROM numbered(TABLE moves PARTITION BY absent)',
  'SELECT * FROM numbered(input => (SELECT id, UPPER(k) AS kk FROM moves) PARTITION BY kk)',
  `SELECT k, MAX(n) AS n FROM numbered(${byK}) GROUP BY k`,
  `SELECT * FROM numbered(input => ${byK}, uid => 'x') UNION ALL SELECT * FROM numbered(input => TABLE untimed PARTITION BY k, uid => 'y')`,
  `SELECT * FROM numbered(${byK}) UNION ALL SELECT * FROM numbered(TABLE untimed PARTITION BY k)`,
  `SELECT * FROM numbered(input => ${byK}, uid => '')`,
  `SELECT * FROM numbered(input => ${byK}, uid => 'not ok')`,
  'SELECT * FROM numbered(TABLE orders PARTITION BY id)',
  'SELECT * FROM waits(TABLE moves, 5)',
  // Timers.
  ...[1, 5, 30].map((wait) => `SELECT * FROM waits(input => ${byK}, wait => ${wait}, ${on})`),
  `SELECT * FROM waits(input => ${byK}, wait => 5)`,
  'SELECT * FROM waits(input => TABLE untimed PARTITION BY k, wait => 5, on_time => DESCRIPTOR(v))',
  `SELECT * FROM waits(input => TABLE nothing PARTITION BY k, wait => 5, ${on})`,
  `SELECT * FROM waits(input => (SELECT k, v, ts FROM moves) PARTITION BY k, wait => 5, ${on})`,
  `SELECT * FROM waits(input => (SELECT * FROM moves WHERE id < 0) PARTITION BY k, wait => 5, ${on})`,
  `SELECT * FROM alarms(input => TABLE moves PARTITION BY id, ${on})`,
  `SELECT * FROM alarms(input => ${byK}, ${on})`,
  `SELECT * FROM alarms(${byK})`,
  ...[1, 2, 4].map((times) => `SELECT * FROM chained(input => ${byK}, times => ${times}, ${on})`),
  `SELECT * FROM cleared(input => ${byK}, ${on})`,
  `SELECT * FROM chained(input => ${byK}, ${on})`,
  `SELECT * FROM chained(${byK}, DEFAULT, DESCRIPTOR(ts))`,
  `SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE((SELECT * FROM waits(input => ${byK}, wait => 5, ${on})), DESCRIPTOR(\`rowtime\`), INTERVAL '10' SECOND)) GROUP BY window_start, window_end`,
  // What goes through, time and watermark, and values of many types.
  `SELECT * FROM deltas(${byK})`,
  `SELECT * FROM deltas(input => ${byK}, ${on})`,
  'SELECT * FROM deltas(TABLE untimed PARTITION BY k)',
  `SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE((SELECT * FROM deltas(${byK})), DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end`,
  `SELECT * FROM marks(input => TABLE moves, ${on})`,
  'SELECT * FROM marks(input => TABLE moves)',
  'SELECT * FROM marks(input => TABLE untimed)',
  'SELECT * FROM kept(input => (SELECT id, k, b, d, s, flag, n, xs, m, ts FROM t) PARTITION BY k)',
  'SELECT * FROM kept(input => (SELECT id, k, b, d, s, flag, n, xs, m, ts FROM t) PARTITION BY flag)',
];

export const processQueries: readonly string[] = [
  ...plainQueries,
  ...viewQueries,
  ...tableQueries,
  ...changeQueries,
  ...orderQueries,
];
