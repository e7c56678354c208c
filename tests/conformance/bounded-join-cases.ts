/* Joins that are bounded in time: by intervals, by windows, by the versions of rows. Over rows that come one at a time, some of them late; and over
 * the tables of the other cases, with every kind of change. */

import { temporalQueries, temporalTables, temporalViews } from './temporal-join-cases.ts';
import type { ConformanceTable } from './tables.ts';

const sides = 'lefts AS l %JOIN% rights AS r';
const types = ['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'] as const;

const bounds = [
  "l.ts BETWEEN r.ts - INTERVAL '30' SECOND AND r.ts + INTERVAL '30' SECOND",
  "r.ts >= l.ts AND r.ts < l.ts + INTERVAL '1' MINUTE",
  "l.ts > r.ts + INTERVAL '10' SECOND AND l.ts - INTERVAL '1' MINUTE <= r.ts",
  'l.ts = r.ts',
  "r.ts BETWEEN l.ts + INTERVAL '30' SECOND AND l.ts - INTERVAL '30' SECOND",
] as const;
const beside = ['l.k = r.k', 'l.k = r.k AND l.v < r.v', 'l.k IS NOT DISTINCT FROM r.k'] as const;

const inSteps = (type: string, on: string): string =>
  `SELECT l.id AS l, r.id AS r FROM ${sides.replace('%JOIN%', type)} ON ${on}`;
const [near, after] = bounds;

const functions = [
  "TUMBLE(TABLE %OF%, DESCRIPTOR(ts), INTERVAL '1' MINUTE)",
  "HOP(TABLE %OF%, DESCRIPTOR(ts), INTERVAL '30' SECOND, INTERVAL '1' MINUTE)",
  "CUMULATE(TABLE %OF%, DESCRIPTOR(ts), INTERVAL '20' SECOND, INTERVAL '1' MINUTE)",
  "SESSION(TABLE %OF% PARTITION BY k, DESCRIPTOR(ts), INTERVAL '20' SECOND)",
] as const;
const [tumble] = functions;
const of = (fn: string, table: string): string => `TABLE(${fn.replace('%OF%', table)})`;
const inWindow = 'l.window_start = r.window_start AND l.window_end = r.window_end';
const windowed = (type: string, fn: string, on: string): string =>
  `SELECT l.id AS l, r.id AS r, l.window_end AS le, r.window_end AS re FROM ${of(fn, 'lefts')} AS l ${type} ${of(fn, 'rights')} AS r ON ${on} AND ${inWindow}`;
const exists = (not: string, fn: string, on: string): string =>
  `SELECT l.id AS l, l.window_end AS le FROM ${of(fn, 'lefts')} AS l WHERE ${not}EXISTS (SELECT 1 FROM ${of(fn, 'rights')} AS r WHERE ${on} AND ${inWindow})`;
/** Of all six kinds. */
const allKinds = (fn: string, on: string): string[] => [
  ...types.map((type) => windowed(type, fn, on)),
  exists('', fn, on),
  exists('NOT ', fn, on),
];
const counted = (of: string): string =>
  `(SELECT k, COUNT(*) AS n, window_start, window_end FROM TABLE(TUMBLE(TABLE ${of}, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY k, window_start, window_end)`;

/** Rows that come one at a time. */
export const steppedJoinQueries: readonly string[] = [
  ...types.flatMap((type) => bounds.map((bound) => inSteps(type, `l.k = r.k AND ${bound}`))),
  ...types.flatMap((type) => beside.slice(1).map((on) => inSteps(type, `${on} AND ${near}`))),
  ...types.flatMap((type) => [inSteps(type, after), inSteps(type, `l.v = r.v AND l.k <> r.k AND ${near}`)]),
  // What comes out keeps its rowtimes, and the watermark waits for it.
  ...types.map(
    (type) =>
      `SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE((SELECT ${type === 'RIGHT JOIN' ? 'r' : 'l'}.ts FROM ${sides.replace('%JOIN%', type === 'FULL JOIN' ? 'JOIN' : type)} ON l.k = r.k AND ${near}), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end`,
  ),
  ...functions.flatMap((fn) => allKinds(fn, 'l.k = r.k')),
  ...allKinds(tumble, 'l.k = r.k AND l.v < r.v'),
  ...allKinds(tumble, 'l.k IS NOT DISTINCT FROM r.k').slice(0, 4),
  windowed('JOIN', tumble, 'l.v <> r.v'),
  windowed('FULL JOIN', tumble, 'l.v < r.v'),
  `SELECT l.id FROM ${of(tumble, 'lefts')} AS l WHERE l.k IN (SELECT r.k FROM ${of(tumble, 'rights')} AS r WHERE ${inWindow})`,
  `SELECT l.id FROM ${of(tumble, 'lefts')} AS l WHERE l.k NOT IN (SELECT r.k FROM ${of(tumble, 'rights')} AS r WHERE ${inWindow})`,
  // windows above, windows of aggregates below
  `SELECT l.window_start, l.window_end, COUNT(*) AS n FROM ${of(tumble, 'lefts')} AS l JOIN ${of(tumble, 'rights')} AS r ON l.k = r.k AND ${inWindow} GROUP BY l.window_start, l.window_end`,
  `SELECT r.window_start, r.window_end, COUNT(*) AS n FROM ${of(tumble, 'lefts')} AS l JOIN ${of(tumble, 'rights')} AS r ON l.k = r.k AND ${inWindow} GROUP BY r.window_start, r.window_end`,
  `SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE((SELECT r.window_time AS t FROM ${of(tumble, 'lefts')} AS l JOIN ${of(tumble, 'rights')} AS r ON l.k = r.k AND ${inWindow}), DESCRIPTOR(t), INTERVAL '2' MINUTE)) GROUP BY window_start, window_end`,
  `SELECT l.k, l.n AS a, r.n AS b, l.window_end AS e FROM ${counted('lefts')} AS l FULL JOIN ${counted('rights')} AS r ON l.k = r.k AND ${inWindow}`,
  `SELECT c.k, c.n, c.window_end AS e FROM ${counted('lefts')} AS c JOIN (SELECT MAX(n) AS m, window_start, window_end FROM ${counted('lefts')} GROUP BY window_start, window_end) AS m ON c.window_start = m.window_start AND c.window_end = m.window_end AND c.n >= m.m`,
  // one end alone, and windows that differ: regular joins
  `SELECT l.id AS l, r.id AS r FROM ${of(tumble, 'lefts')} AS l JOIN ${of(tumble, 'rights')} AS r ON l.k = r.k AND l.window_start = r.window_start`,
  `SELECT l.id AS l, r.id AS r FROM ${of(tumble, 'lefts')} AS l LEFT JOIN TABLE(TUMBLE(TABLE rights, DESCRIPTOR(ts), INTERVAL '2' MINUTE)) AS r ON l.k = r.k AND ${inWindow}`,
];

/** Beside the bids: the same day, another item without a bid, equal times, NULLs. Its watermark waits for all of them. */
export const boundedTables: readonly ConformanceTable[] = [
  {
    name: 'asks',
    columns:
      "nr INT, item STRING, limit_price INT, asked TIMESTAMP(3), WATERMARK FOR asked AS asked - INTERVAL '1' HOUR",
    fields: ['nr', 'item', 'limit_price', 'asked'],
    rows: [
      [1, 'C', 3, '2020-04-15 08:04:30'],
      [2, 'A', 2, '2020-04-15 08:07:00'],
      [3, 'B', null, '2020-04-15 08:06:40'],
      [4, 'A', 9, '2020-04-15 08:06:10'],
      [5, null, 1, '2020-04-15 08:08:00'],
      [6, 'D', 5, '2020-04-15 08:19:00'],
      [7, 'H', 4, '2020-04-15 08:13:00'],
      [8, 'A', 1, '2020-04-15 08:12:50'],
      [9, 'E', 2, '2020-04-15 08:13:00'],
      [10, 'F', 7, '2020-04-15 08:16:59.999'],
      [11, 'G', 8, '2020-04-15 08:39:00'],
      [12, 'A', 3, '2020-04-15 08:30:00'],
    ],
  },
  ...temporalTables,
];
/** Over those tables. */
export const boundedViews: readonly string[] = [
  'CREATE VIEW two_asks AS SELECT * FROM asks WHERE nr IN (2, 4, 9)',
  'CREATE VIEW one_ask AS SELECT * FROM asks WHERE nr IN (2, 9)',
  'CREATE VIEW asked_bids AS SELECT item, limit_price AS price, asked FROM asks',
  ...temporalViews,
];
const asks = (type: string, on: string): string =>
  `SELECT l.item AS a, l.price AS p, r.nr AS b FROM bids AS l ${type} asks AS r ON ${on}`;
const soon = "r.asked BETWEEN l.bidtime - INTERVAL '1' MINUTE AND l.bidtime + INTERVAL '3' MINUTE";

const session = (of: string): string =>
  `TABLE(SESSION(TABLE ${of} PARTITION BY item, DESCRIPTOR(asked), INTERVAL '1' MINUTE))`;
const tumbled = (of: string, time: string): string =>
  `TABLE(TUMBLE(TABLE ${of}, DESCRIPTOR(${time}), INTERVAL '10' SECOND))`;
const countedBids = (what: string): string =>
  `(SELECT item, ${what}, window_start, window_end FROM TABLE(TUMBLE(TABLE asked_bids, DESCRIPTOR(asked), INTERVAL '5' MINUTE)) GROUP BY item, window_start, window_end)`;

/** Over all that there is at once: nothing is late. */
export const boundedJoinQueries: readonly string[] = [
  ...types.flatMap((type) => [
    asks(type, `l.item = r.item AND ${soon}`),
    asks(type, `l.item = r.item AND l.price > r.limit_price AND ${soon}`),
    asks(type, `l.price < r.limit_price AND ${soon}`),
    asks(type, `l.item IS NOT DISTINCT FROM r.item AND l.bidtime = r.asked`),
    asks(type, `l.item = r.item AND l.bidtime BETWEEN r.asked AND r.asked - INTERVAL '1' SECOND`),
  ]),
  `SELECT l.item AS a, r.nr AS b FROM bids AS l, asks AS r WHERE l.item = r.item AND ${soon} AND r.nr > 2`,
  `SELECT l.item AS a, r.nr AS b FROM bids AS l LEFT JOIN asks AS r ON l.item = r.item WHERE ${soon}`,
  `SELECT l.item AS a, r.nr AS b FROM bids AS l RIGHT JOIN asks AS r ON l.item = r.item AND ${soon} WHERE r.nr < 6 AND l.price IS NULL`,
  `SELECT l.item AS a, r.nr AS b, x.nr AS c FROM bids AS l, asks AS r, asks AS x WHERE l.item = r.item AND ${soon} AND x.item = r.item AND x.asked BETWEEN r.asked - INTERVAL '30' MINUTE AND r.asked + INTERVAL '30' MINUTE`,
  `SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE((SELECT l.bidtime FROM bids AS l JOIN asks AS r ON l.item = r.item AND ${soon}), DESCRIPTOR(bidtime), INTERVAL '5' MINUTE)) GROUP BY window_start, window_end`,
  `SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE((SELECT r.asked FROM bids AS l, asks AS r WHERE l.item = r.item AND ${soon}), DESCRIPTOR(asked), INTERVAL '5' MINUTE)) GROUP BY window_start, window_end`,
  // semi and anti joins with bounds are regular ones
  `SELECT nr FROM asks AS r WHERE EXISTS (SELECT 1 FROM bids AS l WHERE l.item = r.item AND ${soon})`,
  `SELECT nr FROM asks AS r WHERE NOT EXISTS (SELECT 1 FROM bids AS l WHERE l.item = r.item AND ${soon})`,
  // one direction alone, and three bounds: regular joins
  asks('LEFT JOIN', 'l.item = r.item AND l.bidtime <= r.asked'),
  asks('JOIN', `l.item = r.item AND l.bidtime <= r.asked AND ${soon}`),
  ...temporalQueries,
  // sessions that end together, but began apart
  ...types.map(
    (type) =>
      `SELECT l.nr AS a, r.nr AS b, l.window_start AS ls, r.window_start AS rs FROM ${session('two_asks')} AS l ${type} ${session('one_ask')} AS r ON l.item = r.item AND ${inWindow}`,
  ),
  // windows: results of one window beside another's, changes, processing time
  `SELECT l.item AS a, l.n, r.m, l.window_end AS e FROM ${countedBids('COUNT(*) AS n')} AS l JOIN ${countedBids('SUM(price) AS m')} AS r ON l.item = r.item AND ${inWindow}`,
  `SELECT o.id AS a, r.id AS b FROM ${tumbled('orders', 'ts')} AS o JOIN ${tumbled('t', 'ts')} AS r ON o.id = r.id AND o.window_start = r.window_start AND o.window_end = r.window_end`,
  `SELECT r.id AS a, o.uid AS b FROM ${tumbled('t', 'ts')} AS r LEFT JOIN ${tumbled('timed_users', 'ts')} AS o ON o.uid = r.id AND o.window_start = r.window_start AND o.window_end = r.window_end`,
  `SELECT l.id AS a, r.id AS b FROM ${tumbled('t', 'proc')} AS l JOIN ${tumbled('t', 'proc')} AS r ON l.k = r.k AND ${inWindow}`,
  // changes: refused
  'SELECT o.id AS a, r.id AS b FROM orders AS o JOIN t AS r ON o.id = r.id AND o.ts BETWEEN r.ts AND r.ts',
  "SELECT r.id AS a, o.id AS b FROM t AS r LEFT JOIN keyed_orders AS o ON o.id = r.id AND o.ts BETWEEN r.ts AND r.ts + INTERVAL '1' MINUTE",
  'SELECT r.id AS a, o.uid AS b FROM t AS r JOIN timed_users AS o ON o.uid = r.id AND o.ts = r.ts',
  'SELECT o.id AS a, r.id AS b FROM orders AS o JOIN t AS r ON o.id = r.id AND o.ts >= r.ts',
  // processing time
  ...types.map(
    (type) =>
      `SELECT l.id AS a, r.id AS b FROM (SELECT id, k, proc FROM t) AS l ${type} (SELECT id, k, proc FROM t) AS r ON l.k = r.k AND l.proc BETWEEN r.proc - INTERVAL '1' HOUR AND r.proc + INTERVAL '1' HOUR`,
  ),
  "SELECT l.id AS a, r.id AS b, r.ts FROM t AS l JOIN t AS r ON l.k = r.k AND l.proc BETWEEN r.proc - INTERVAL '1' HOUR AND r.proc + INTERVAL '1' HOUR",
];
