/* Top-N, deduplication and OVER: each over sources that insert, that change and that upsert. */

import type { ConformanceTable } from './tables.ts';

const second = (s: string): string => `2024-01-01 00:00:${s}`;
/** Rows of one time, rows out of order, late for all and late for some frames, a NULL key. */
export const overTables: readonly ConformanceTable[] = [
  {
    name: 'ticks',
    columns:
      "id INT, k STRING, v INT, ts TIMESTAMP(3), proc AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND",
    fields: ['id', 'k', 'v', 'ts'],
    rows: [
      [1, 'a', 10, second('01')],
      [2, 'a', 20, second('01')],
      [3, 'b', 5, second('01')],
      [4, 'a', null, second('02')],
      [5, null, 7, second('03')],
      [6, 'a', 30, second('03')],
      [7, 'a', 40, second('01.500')],
      [8, 'b', 6, second('04')],
      [9, 'a', 20, second('03')],
      [10, 'b', null, second('10')],
      [11, 'a', 1, second('02')],
      [12, 'b', 9, second('06')],
      [13, null, 8, second('11')],
      [14, 'b', 2, second('10')],
      [15, 'a', 50, second('20')],
    ],
  },
];

/** The rows of `of` with their numbers, and those that pass. */
const numbered = (columns: string, over: string, of: string, where: string): string =>
  `SELECT ${columns} FROM (SELECT *, ROW_NUMBER() OVER (${over}) AS rn FROM ${of}) WHERE ${where}`;

const bidsByShop = 'PARTITION BY supplier ORDER BY price DESC';
const counts = '(SELECT item, supplier, COUNT(*) AS n, MAX(price) AS high FROM bids GROUP BY item, supplier)';
const sums = '(SELECT item, SUM(price) AS s FROM bids GROUP BY item)';

const topN: readonly string[] = [
  // Rows that only come.
  ...['rn <= 2', 'rn < 3', '2 >= rn', 'rn = 1', 'rn = 2', 'rn BETWEEN 2 AND 3', 'rn <= 100'].flatMap(
    (where) => [
      numbered('supplier, item, price, rn', bidsByShop, 'bids', where),
      numbered('supplier, item, price', bidsByShop, 'bids', where),
    ],
  ),
  numbered('supplier, item, price, rn', bidsByShop, 'bids', "rn <= 2 AND item <> 'A'"),
  numbered('supplier, item, price', bidsByShop, 'bids', 'price > 1 AND rn > 1 AND rn <= 3'),
  numbered('item, price, rn', 'ORDER BY price', 'bids', 'rn <= 3'),
  numbered('item, price', 'ORDER BY price NULLS LAST, item DESC', 'bids', 'rn <= 3'),
  numbered('item, price, rn', 'ORDER BY price', 'bids', 'rn = 3'),
  numbered('supplier, item, rn', 'PARTITION BY supplier, item ORDER BY amount DESC', 'bids', 'rn <= 2'),
  numbered('id, k, rn', 'PARTITION BY k ORDER BY d DESC, id', 't', 'rn <= 2'),
  numbered('id, flag, rn', 'PARTITION BY flag ORDER BY s', 't', 'rn <= 3'),
  numbered('id, rn', 'PARTITION BY k ORDER BY ts', 't', 'rn <= 2'),
  numbered('id, k, rn', 'PARTITION BY k ORDER BY b', 't', 'rn <= 3 AND id < 0'),
  numbered('id, rn * 10 AS r', 'PARTITION BY k ORDER BY b', 't', 'rn <= 2'),
  numbered('id, rn', 'PARTITION BY k ORDER BY id', '(SELECT * FROM t WHERE id > 100)', 'rn <= 2'),
  numbered('id, k', 'PARTITION BY k ORDER BY proc DESC', 't', 'rn <= 2'),
  numbered('id, k, rn', 'PARTITION BY k ORDER BY proc', 't', 'rn <= 2'),
  `SELECT item, price FROM bids QUALIFY ROW_NUMBER() OVER (${bidsByShop}) <= 1`,
  `SELECT item, ROW_NUMBER() OVER w AS rn FROM bids WINDOW w AS (${bidsByShop}) QUALIFY rn <= 2`,
  'SELECT supplier, SUM(price) AS s FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY supplier ORDER BY price DESC) AS rn FROM bids) WHERE rn <= 2 GROUP BY supplier',
  'SELECT item FROM (SELECT item, s, ROW_NUMBER() OVER (ORDER BY s) AS rn FROM (SELECT item, s, ROW_NUMBER() OVER (ORDER BY s DESC) AS rn0 FROM (SELECT item, price AS s FROM bids)) WHERE rn0 <= 4) WHERE rn <= 2',
  // Groups that only grow, and others.
  ...['rn <= 2', 'rn = 1', 'rn BETWEEN 2 AND 3'].flatMap((where) => [
    numbered('item, n, rn', 'ORDER BY n DESC', counts, where),
    numbered('item, n', 'ORDER BY n DESC', counts, where),
    numbered('supplier, item, n, rn', 'PARTITION BY supplier ORDER BY n DESC', counts, where),
    numbered('supplier, item, n', 'PARTITION BY supplier ORDER BY n DESC, item', counts, where),
    numbered('item, s, rn', 'ORDER BY s DESC', sums, where),
    numbered('item, s', 'ORDER BY s', sums, where),
  ]),
  numbered('supplier, item, n, rn', 'PARTITION BY item ORDER BY n', counts, 'rn <= 2'),
  numbered('item, supplier, n', 'PARTITION BY item, supplier ORDER BY n DESC', counts, 'rn = 1'),
  // Rows that change, that are taken back, that move to another partition.
  ...['rn <= 2', 'rn = 1', 'rn = 2', 'rn BETWEEN 2 AND 3'].flatMap((where) => [
    numbered('id, product, amount, rn', 'PARTITION BY product ORDER BY amount', 'orders', where),
    numbered('id, product, amount', 'PARTITION BY product ORDER BY amount DESC', 'orders', where),
    numbered('uid, city, score, rn', 'PARTITION BY city ORDER BY score', 'users', where),
    numbered('uid, city, score', 'PARTITION BY city ORDER BY score DESC', 'users', where),
  ]),
  numbered('id, amount, rn', 'ORDER BY amount DESC, id', 'keyed_orders', 'rn <= 3'),
  numbered('id, amount', 'ORDER BY price', 'keyed_orders', 'rn <= 2'),
  numbered('id, product, amount', 'PARTITION BY id ORDER BY amount', 'keyed_orders', 'rn = 1'),
  numbered('k, v, rn', 'PARTITION BY k ORDER BY v', 'stray', 'rn <= 2'),
  numbered('k, v', 'PARTITION BY k ORDER BY v DESC', 'stray', 'rn <= 1'),
  numbered('shop, item, n, rn', 'PARTITION BY shop ORDER BY n DESC', 'stock', 'rn <= 2'),
  numbered('shop, item, n', 'PARTITION BY shop ORDER BY n', 'stock', 'rn = 1'),
  numbered(
    'product, n, rn',
    'ORDER BY n DESC',
    '(SELECT product, COUNT(*) AS n FROM orders GROUP BY product)',
    'rn <= 2',
  ),
  // What a stream cannot do.
  ...['rn > 2', 'rn <= 0', 'rn BETWEEN 3 AND 2'].map((where) =>
    numbered('item, price', bidsByShop, 'bids', where),
  ),
  numbered('item, price', 'PARTITION BY supplier', 'bids', 'rn <= 2'),
  ...['RANK', 'DENSE_RANK'].map(
    (fn) => `SELECT item, price FROM (SELECT *, ${fn}() OVER (${bidsByShop}) AS rn FROM bids) WHERE rn <= 2`,
  ),
  `SELECT item FROM bids WHERE ROW_NUMBER() OVER (${bidsByShop}) = 1`,
];

/** The first or last row of a key, by event time and by processing time. */
const deduplication: readonly string[] = [
  ...['bidtime', 'bidtime DESC'].flatMap((order) => [
    numbered('item, price, supplier, bidtime', `PARTITION BY supplier ORDER BY ${order}`, 'bids', 'rn = 1'),
    numbered('item, price, rn', `PARTITION BY supplier ORDER BY ${order}`, 'bids', 'rn = 1'),
    numbered('item, price', `PARTITION BY item ORDER BY ${order}`, 'bids', 'rn <= 1'),
    numbered('item, price, bidtime', `ORDER BY ${order}`, 'bids', 'rn = 1'),
    numbered('item, price', `PARTITION BY supplier ORDER BY ${order}`, 'bids', 'rn = 1 AND price > 2'),
    `SELECT COUNT(*) AS c, SUM(price) AS s FROM (${numbered('price', `PARTITION BY item ORDER BY ${order}`, 'bids', 'rn = 1')})`,
  ]),
  ...['proc', 'proc DESC', 'ts', 'ts DESC'].flatMap((order) => [
    numbered('id, k', `PARTITION BY k ORDER BY ${order}`, 't', 'rn = 1'),
    numbered('k', `PARTITION BY k ORDER BY ${order}`, 't', 'rn = 1'),
    numbered('id, flag, rn', `PARTITION BY flag ORDER BY ${order}`, 't', 'rn = 1'),
    numbered('id', `ORDER BY ${order}`, 't', 'rn = 1'),
    numbered('id, product', `PARTITION BY product ORDER BY ${order}`, 'orders', 'rn = 1'),
    numbered('id, product, amount', `PARTITION BY product ORDER BY ${order}`, 'keyed_orders', 'rn = 1'),
  ]),
  numbered('uid, city', 'PARTITION BY city ORDER BY ts', 'timed_users', 'rn = 1'),
  numbered('uid, city', 'PARTITION BY city ORDER BY ts DESC', 'timed_users', 'rn = 1'),
  numbered('id', 'PARTITION BY k ORDER BY ts', '(SELECT * FROM t WHERE id > 100)', 'rn = 1'),
];

const tumble = (of: string, time: string, size: string): string =>
  `TABLE(TUMBLE(TABLE ${of}, DESCRIPTOR(${time}), INTERVAL ${size}))`;
const hop = "TABLE(HOP(TABLE bids, DESCRIPTOR(bidtime), INTERVAL '5' MINUTE, INTERVAL '10' MINUTE))";
const w = 'PARTITION BY window_start, window_end';
const minutes = tumble('bids', 'bidtime', "'10' MINUTE");
const windowSums = `(SELECT window_start, window_end, supplier, SUM(price) AS s FROM ${minutes} GROUP BY window_start, window_end, supplier)`;
const columns = 'window_start, supplier, item, price';

/** The first rows of each window, once it closes. */
const windowed: readonly string[] = [
  ...['rn <= 2', 'rn = 1', 'rn BETWEEN 2 AND 3', "rn <= 2 AND item <> 'A'"].flatMap((where) => [
    numbered(`${columns}, rn`, `${w}, supplier ORDER BY price DESC`, minutes, where),
    numbered(columns, `${w} ORDER BY price, item`, minutes, where),
    numbered(columns, `${w}, supplier ORDER BY price`, hop, where),
  ]),
  ...['bidtime', 'bidtime DESC'].flatMap((order) => [
    numbered(columns, `${w}, supplier ORDER BY ${order}`, minutes, 'rn = 1'),
    numbered(`${columns}, rn`, `${w} ORDER BY ${order}`, hop, 'rn = 1'),
    numbered(columns, `${w} ORDER BY ${order}`, minutes, 'rn <= 2'),
  ]),
  numbered('window_start, supplier, s, rn', `${w} ORDER BY s DESC`, windowSums, 'rn <= 2'),
  numbered('window_end, supplier, s', `${w} ORDER BY s`, windowSums, 'rn = 1'),
  numbered('window_time, item', `${w}, window_time ORDER BY item`, minutes, 'rn <= 2'),
  numbered('window_start, item, rn', 'PARTITION BY window_start ORDER BY item', minutes, 'rn <= 2'),
  numbered('id, rn', `${w} ORDER BY id DESC`, tumble('t', 'ts', "'10' SECOND"), 'rn <= 2'),
  numbered('id, rn', `${w} ORDER BY id DESC`, tumble('t', 'proc', "'10' SECOND"), 'rn <= 2'),
  numbered('id, rn', `${w} ORDER BY id DESC`, tumble('orders', 'ts', "'10' SECOND"), 'rn <= 2'),
  `SELECT item FROM (SELECT *, RANK() OVER (${w} ORDER BY price) AS rn FROM ${minutes}) WHERE rn <= 2`,
  `SELECT window_start, COUNT(*) AS c FROM (${numbered('window_start, window_end, item', `${w}, supplier ORDER BY price DESC`, minutes, 'rn <= 1')}) GROUP BY window_start, window_end`,
];

const overTicks = [
  'COUNT(*)',
  'COUNT(v)',
  'SUM(v)',
  'AVG(v)',
  'MIN(v)',
  'MAX(v)',
  'FIRST_VALUE(v)',
  'LAST_VALUE(v)',
  'COUNT(DISTINCT v)',
  'SUM(DISTINCT v)',
  'LISTAGG(CAST(v AS STRING))',
  'ARRAY_AGG(v)',
  'MAX(ts)',
  'SUM(CAST(v AS DOUBLE))',
  'AVG(CAST(v AS DECIMAL(10, 2)))',
];
const twoSeconds = "RANGE BETWEEN INTERVAL '2' SECOND PRECEDING AND CURRENT ROW";
const twoRows = 'ROWS BETWEEN 1 PRECEDING AND CURRENT ROW';
const eachRow = 'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW';
const ofTicks = (call: string, window: string): string =>
  `SELECT id, k, ${call} OVER (${window}) AS r FROM ticks`;

/** Functions over the rows before each, on time attributes. */
const byTime: readonly string[] = [
  ...overTicks.flatMap((call) => [
    ofTicks(call, 'PARTITION BY k ORDER BY ts'),
    ofTicks(call, `PARTITION BY k ORDER BY ts ${twoRows}`),
    ofTicks(call, 'PARTITION BY k ORDER BY proc'),
  ]),
  ...['SUM(v)', 'MAX(v)', 'COUNT(DISTINCT v)', 'LAST_VALUE(v)'].flatMap((call) => [
    ofTicks(call, `PARTITION BY k ORDER BY ts ${twoSeconds}`),
    ofTicks(call, "ORDER BY ts RANGE BETWEEN INTERVAL '5' SECOND PRECEDING AND CURRENT ROW"),
    ofTicks(call, `ORDER BY ts ${eachRow}`),
    ofTicks(call, 'ORDER BY ts ROWS BETWEEN 3 PRECEDING AND CURRENT ROW'),
    ofTicks(call, `PARTITION BY k ORDER BY proc ${twoRows}`),
    ofTicks(call, `PARTITION BY k ORDER BY proc ${eachRow}`),
  ]),
  ...['ROW_NUMBER()', 'RANK()', 'DENSE_RANK()', 'LAG(v)', 'LAG(v, 2)', 'LAG(v, 1, -1)', 'LAG(k, 0)'].flatMap(
    (call) => [ofTicks(call, 'PARTITION BY k ORDER BY ts'), ofTicks(call, 'PARTITION BY k ORDER BY proc')],
  ),
  'SELECT id, SUM(v) OVER w AS s, COUNT(*) OVER w AS n, LAG(v) OVER w AS l FROM ticks WINDOW w AS (PARTITION BY k ORDER BY proc)',
  `SELECT id, ROW_NUMBER() OVER w AS n, SUM(v) OVER (w ${eachRow}) AS s FROM ticks WINDOW w AS (PARTITION BY k ORDER BY ts)`,
  'SELECT id, SUM(v) OVER (PARTITION BY UPPER(k), MOD(id, 2) ORDER BY ts) + 1 AS r FROM ticks',
  'SELECT id, SUM(v * 2) OVER (PARTITION BY k ORDER BY ts) / COUNT(v) OVER (PARTITION BY k ORDER BY ts) AS r FROM ticks',
  'SELECT k, n FROM (SELECT k, COUNT(*) OVER (PARTITION BY k ORDER BY ts) AS n FROM ticks) WHERE n > 2',
  'SELECT k, COUNT(*) AS c FROM (SELECT k, SUM(v) OVER (PARTITION BY k ORDER BY proc) AS s FROM ticks) WHERE s > 10 GROUP BY k',
  "SELECT window_start, SUM(r) AS s FROM TABLE(TUMBLE((SELECT id, ts, SUM(v) OVER (ORDER BY ts) AS r FROM ticks), DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY window_start, window_end",
  'SELECT id FROM (SELECT id, SUM(v) OVER (ORDER BY ts) AS s FROM ticks)',
  'SELECT id, SUM(v) OVER (ORDER BY ts) AS s FROM (SELECT * FROM ticks WHERE id > 100)',
  'SELECT item, SUM(amount) OVER (PARTITION BY supplier ORDER BY bidtime) AS s, STDDEV_POP(price) OVER (PARTITION BY supplier ORDER BY bidtime) AS d FROM bids',
  'SELECT id, k FROM ticks QUALIFY SUM(v) OVER (PARTITION BY k ORDER BY ts) > 50',
];

const nonTime: readonly string[] = [
  ...[
    'SUM(price)',
    'COUNT(*)',
    'MAX(price)',
    'MIN(amount)',
    'AVG(price)',
    'FIRST_VALUE(item)',
    'LAST_VALUE(price)',
  ].flatMap((call) => [
    `SELECT item, supplier, ${call} OVER (PARTITION BY supplier ORDER BY item) AS r FROM bids`,
    `SELECT item, supplier, ${call} OVER (PARTITION BY supplier ORDER BY price ${eachRow}) AS r FROM bids`,
  ]),
  ...['SUM(amount)', 'COUNT(*)', 'MAX(amount)', 'COUNT(amount)'].flatMap((call) => [
    `SELECT id, product, ${call} OVER (PARTITION BY product ORDER BY id) AS r FROM orders`,
    `SELECT id, product, ${call} OVER (PARTITION BY product ORDER BY amount ${eachRow}) AS r FROM orders`,
    `SELECT uid, city, ${call.replace('amount', 'score')} OVER (PARTITION BY city ORDER BY score) AS r FROM users`,
  ]),
  'SELECT item, ROW_NUMBER() OVER (PARTITION BY supplier ORDER BY price) AS r FROM bids',
  'SELECT item, RANK() OVER (PARTITION BY supplier ORDER BY price) AS r FROM bids',
  'SELECT item, DENSE_RANK() OVER (ORDER BY price) AS r FROM bids',
  'SELECT id, ROW_NUMBER() OVER (PARTITION BY product ORDER BY amount) AS r FROM orders',
  'SELECT id, RANK() OVER (PARTITION BY product ORDER BY id) AS r FROM keyed_orders',
  'SELECT k, v, SUM(v) OVER (PARTITION BY k ORDER BY v) AS r FROM stray',
  'SELECT shop, item, SUM(n) OVER (PARTITION BY shop ORDER BY item) AS r FROM stock',
  'SELECT supplier, COUNT(*) AS n, SUM(COUNT(*)) OVER (ORDER BY supplier) AS r FROM bids GROUP BY supplier',
  'SELECT product, r, COUNT(*) AS c FROM (SELECT product, SUM(amount) OVER (PARTITION BY product ORDER BY id) AS r FROM orders) GROUP BY product, r',
  'SELECT item, SUM(price) OVER (ORDER BY item NULLS LAST) AS r FROM bids',
];

/** What a stream cannot do. */
const refused: readonly string[] = [
  ...['NTILE(2)', 'LEAD(v)', 'PERCENT_RANK()', 'CUME_DIST()'].map((call) => ofTicks(call, 'ORDER BY ts')),
  ofTicks('SUM(v)', 'PARTITION BY k'),
  ofTicks('SUM(v)', 'ORDER BY ts DESC'),
  ofTicks('SUM(v)', 'ORDER BY ts, id'),
  ofTicks('SUM(v)', 'ORDER BY ts ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING'),
  ofTicks('SUM(v)', 'ORDER BY ts ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING'),
  ofTicks('SUM(v)', 'ORDER BY ts RANGE BETWEEN 5 PRECEDING AND CURRENT ROW'),
  ofTicks('ROW_NUMBER()', `ORDER BY ts ${twoRows}`),
  ofTicks('LAG(v, -1)', 'ORDER BY ts'),
  ofTicks('SUM(v) FILTER (WHERE v > 1)', 'ORDER BY ts'),
  ofTicks('SUM(v)', `ORDER BY id ${twoRows}`),
  ofTicks('SUM(v)', 'ORDER BY id DESC'),
  'SELECT SUM(v) OVER (ORDER BY ts), SUM(v) OVER (PARTITION BY k ORDER BY ts) FROM ticks',
  'SELECT SUM(v) OVER w, ROW_NUMBER() OVER w FROM ticks WINDOW w AS (ORDER BY ts)',
  'SELECT SUM(amount) OVER (PARTITION BY product ORDER BY ts) AS s FROM orders',
  'SELECT SUM(score) OVER (PARTITION BY city ORDER BY proc) AS s FROM users',
  'SELECT id FROM ticks GROUP BY id, ROW_NUMBER() OVER (ORDER BY ts)',
  'SELECT SUM(SUM(v) OVER (ORDER BY ts)) OVER (ORDER BY ts) FROM ticks',
];

export const overQueries: readonly string[] = [
  ...topN,
  ...deduplication,
  ...windowed,
  ...byTime,
  ...nonTime,
  ...refused,
];
