/* The queries that a real Flink answered, over two small tables; see tools/conformance.ts. */

export interface ConformanceTable {
  readonly name: string;
  /** What stands between the parentheses of CREATE TABLE. */
  readonly columns: string;
  /** Physical columns in order; a row has a JSON value for each. */
  readonly fields: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** A number with more digits than a JavaScript number keeps. */
interface Exact {
  readonly exact: string;
}
const exact = (text: string): Exact => ({ exact: text });
/** A cell as JSON text, with all its digits. */
export function jsonCell(value: unknown): string {
  return typeof value === 'object' && value !== null && 'exact' in value
    ? (value as Exact).exact
    : JSON.stringify(value);
}

/** Out of order, with NULLs, repeats and a late row. */
export const tables: readonly ConformanceTable[] = [
  {
    name: 'bids',
    columns:
      "item STRING, price INT, amount DECIMAL(10, 2), supplier STRING, bidtime TIMESTAMP(3), WATERMARK FOR bidtime AS bidtime - INTERVAL '30' SECOND",
    fields: ['item', 'price', 'amount', 'supplier', 'bidtime'],
    rows: [
      ['C', 4, 4.5, 'supplier1', '2020-04-15 08:05:00'],
      ['A', 2, 2.25, 'supplier1', '2020-04-15 08:07:00'],
      ['B', null, 1, 'supplier2', '2020-04-15 08:06:40'],
      ['D', 5, null, 'supplier2', '2020-04-15 08:09:00'],
      ['A', 2, 9.99, null, '2020-04-15 08:09:10'],
      ['B', 3, 3.5, 'supplier2', '2020-04-15 08:11:00'],
      ['E', 1, 10.01, 'supplier1', '2020-04-15 08:13:00'],
      ['A', 7, 0.01, 'supplier1', '2020-04-15 08:09:50'],
      ['F', 6, 6.66, 'supplier2', '2020-04-15 08:17:00'],
      ['C', -4, 123.45, 'supplier3', '2020-04-15 08:17:30'],
      ['A', 2, 2.25, 'supplier1', '2020-04-15 08:29:59.999'],
      ['G', 8, 1.5, 'supplier3', '2020-04-15 08:41:00'],
    ],
  },
  {
    name: 't',
    columns:
      'id INT, k STRING, b BIGINT, d DOUBLE, f FLOAT, s STRING, flag BOOLEAN, n ROW<a INT, c STRING>, xs ARRAY<INT>, m MAP<STRING, INT>, ts TIMESTAMP(3), proc AS PROCTIME(), WATERMARK FOR ts AS ts',
    fields: ['id', 'k', 'b', 'd', 'f', 's', 'flag', 'n', 'xs', 'm', 'ts'],
    rows: [
      [
        1,
        'x',
        10,
        1.5,
        0.5,
        'Hello World',
        true,
        { a: 1, c: 'p' },
        [1, 2, 3],
        { u: 1, v: 2 },
        '2024-01-01 00:00:01',
      ],
      [
        2,
        'y',
        exact('9007199254740993'),
        -2.25,
        1.25,
        '',
        false,
        { a: null, c: 'q' },
        [],
        { u: 5 },
        '2024-01-01 00:00:03.5',
      ],
      [3, 'x', -7, 0, -0.75, 'abc', null, null, null, null, '2024-01-01 00:00:02'],
      [4, null, null, null, null, null, true, { a: 4, c: null }, [4, null], {}, '2024-01-01 00:00:10'],
      [
        5,
        'z',
        exact('9223372036854775807'),
        1e10,
        3.5,
        'äöü €',
        false,
        { a: 5, c: 'r' },
        [5],
        { u: null },
        '2024-01-01 00:00:15',
      ],
      [6, 'x', 1, 2.5, 2, 'Hello', true, { a: 1, c: 'p' }, [1, 2, 3], { u: 1, v: 2 }, '2024-01-01 00:01:05'],
      [7, 'y', 10, 100.125, 0.1, 'a,b;c', false, { a: 7, c: 's' }, [9, 8], { w: 3 }, '2024-01-01 00:00:50'],
      [8, 'x', 10, 1.5, 0.5, 'xyz', true, { a: 8, c: 't' }, [0], { u: 8 }, '2024-01-01 00:02:30'],
    ],
  },
];

const tumble = (of: string, time: string, size: string): string =>
  `TABLE(TUMBLE(TABLE ${of}, DESCRIPTOR(${time}), INTERVAL ${size}))`;
const hop = (slide: string, size: string): string =>
  `TABLE(HOP(TABLE bids, DESCRIPTOR(bidtime), INTERVAL ${slide}, INTERVAL ${size}))`;
const cumulate = (step: string, size: string): string =>
  `TABLE(CUMULATE(TABLE bids, DESCRIPTOR(bidtime), INTERVAL ${step}, INTERVAL ${size}))`;
const session = (gap: string): string =>
  `TABLE(SESSION(TABLE bids PARTITION BY item, DESCRIPTOR(bidtime), INTERVAL ${gap}))`;
const w = 'window_start, window_end';

const aggregates = [
  'COUNT(*)',
  'COUNT(price)',
  'SUM(price)',
  'AVG(price)',
  'MIN(price)',
  'MAX(price)',
  'SUM(amount)',
  'AVG(amount)',
  'MIN(amount)',
  'MAX(amount)',
  'COUNT(DISTINCT supplier)',
  'COUNT(DISTINCT price)',
  'SUM(DISTINCT price)',
  'FIRST_VALUE(supplier)',
  'LAST_VALUE(supplier)',
  'LISTAGG(supplier)',
  "LISTAGG(supplier, '/')",
  'MIN(supplier)',
  'MAX(supplier)',
  'COUNT(*) FILTER (WHERE price > 2)',
  'SUM(price) FILTER (WHERE supplier IS NOT NULL)',
  'STDDEV_POP(price)',
  'STDDEV_SAMP(amount)',
  'VAR_POP(amount)',
  'VAR_SAMP(price)',
  'MAX(bidtime)',
  'MIN(bidtime)',
];
/** Those that can be merged from slices. */
const sliced = aggregates.filter((a) => !/FIRST_VALUE|LAST_VALUE/.test(a));
const overT = [
  'SUM(b)',
  'AVG(b)',
  'MIN(b)',
  'MAX(b)',
  'SUM(d)',
  'AVG(d)',
  'MAX(d)',
  'SUM(f)',
  'AVG(f)',
  'MIN(f)',
  'COUNT(DISTINCT b)',
  'COUNT(flag)',
  'MAX(s)',
  'MIN(s)',
  'SUM(id)',
  'AVG(id)',
  'STDDEV(d)',
  'VARIANCE(d)',
  'COUNT(DISTINCT k) FILTER (WHERE flag)',
  'FIRST_VALUE(b)',
  'LAST_VALUE(d)',
  'MAX(ts)',
  'SUM(CAST(id AS TINYINT))',
  'SUM(CAST(id AS SMALLINT))',
];

const plain: readonly string[] = [
  'SELECT * FROM bids',
  'SELECT item, price * 2 AS p2, UPPER(supplier) AS u FROM bids WHERE price > 2',
  "SELECT id, n.a, n.c, xs[1] AS x1, m['u'] AS mu, CARDINALITY(xs) AS c, CARDINALITY(m) AS cm FROM t",
  "SELECT id, k FROM t WHERE k = 'x' OR flag",
  'SELECT id FROM t WHERE NOT flag',
  'SELECT id FROM t WHERE b > 5 AND d < 100',
  "SELECT id FROM t WHERE k IN ('x', 'y')",
  "SELECT id FROM t WHERE k NOT IN ('x', 'y')",
  "SELECT id FROM t WHERE s LIKE '%ello%'",
  'SELECT id FROM t WHERE b BETWEEN 1 AND 10',
  'SELECT id FROM t WHERE d IS NOT NULL AND f IS NOT DISTINCT FROM CAST(0.5 AS FLOAT)',
  "SELECT id, CASE WHEN b > 5 THEN 'big' WHEN b <= 5 THEN 'small' ELSE 'none' END AS c FROM t",
  "SELECT id, COALESCE(k, '?') AS k, NULLIF(id, 3) AS nn FROM t",
  'SELECT id, b + 1 AS b1, d / 2 AS d2, f * 2 AS f2, MOD(id, 3) AS r FROM t',
  'SELECT id, CAST(ts AS STRING) AS t, EXTRACT(SECOND FROM ts) AS sec, FLOOR(ts TO MINUTE) AS m FROM t',
  "SELECT id, ts + INTERVAL '1' DAY AS d1, ts - INTERVAL '90' MINUTE AS d2 FROM t",
  'SELECT k, id FROM t UNION ALL SELECT item, price FROM bids',
  "SELECT a, c FROM (VALUES (1, 'x'), (2, 'y'), (3, NULL)) AS v (a, c) WHERE a > 1",
  'WITH w AS (SELECT k, id * 10 AS i FROM t WHERE id < 5), w2 AS (SELECT k, i + 1 AS i FROM w) SELECT * FROM w2',
  'SELECT DISTINCT k FROM t',
  'SELECT DISTINCT item, supplier FROM bids',
  'SELECT id, x FROM t CROSS JOIN UNNEST(xs) AS u (x)',
  'SELECT id, x FROM t LEFT JOIN UNNEST(xs) AS u (x) ON TRUE',
  'SELECT id, mk, mv FROM t CROSS JOIN UNNEST(m) AS u (mk, mv)',
  'SELECT id, r.a FROM (SELECT id, ROW(id, k) AS r FROM t) AS q (id, r0), UNNEST(ARRAY[1]) AS u (a), (SELECT 1) AS z (r)',
  'SELECT ts, id FROM t ORDER BY ts',
  'SELECT ts, id FROM t ORDER BY ts, id DESC',
  'SELECT item FROM bids LIMIT 3',
  'SELECT k, COUNT(*) AS n FROM t GROUP BY k HAVING COUNT(*) > 1',
  'SELECT k, COUNT(*) AS n FROM t GROUP BY k HAVING MAX(id) < 7',
  'SELECT MOD(id, 2) AS odd, SUM(b) AS sb FROM t GROUP BY MOD(id, 2)',
  'SELECT k, flag, COUNT(*) AS n, SUM(id) AS s FROM t GROUP BY k, flag',
  'SELECT n, COUNT(*) AS ks FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k) GROUP BY n',
  'SELECT MAX(n) AS m, MIN(n) AS l, SUM(n) AS s, AVG(n) AS a FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k)',
  'SELECT COUNT(DISTINCT n) AS dn, LISTAGG(CAST(n AS STRING)) AS l FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k)',
  'SELECT FIRST_VALUE(n) AS fv, LAST_VALUE(n) AS lv FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k)',
  'SELECT SUM(p) FILTER (WHERE p > 2) AS s FROM (SELECT item, MAX(price) AS p FROM bids GROUP BY item)',
  'SELECT k, n FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k) WHERE n > 1',
  'SELECT COUNT(*) AS c FROM t',
  'SELECT COUNT(*) AS c, SUM(b) AS s FROM t WHERE id > 100',
  'SELECT COUNT(*) + 1 AS c, MAX(id) - MIN(id) AS spread FROM t',
  'SELECT k AS key_, COUNT(*) * 2 AS twice FROM t GROUP BY k',
  'SELECT id FROM t WHERE flag IS TRUE',
  'SELECT id FROM t WHERE flag IS NOT TRUE',
  'SELECT id FROM t WHERE flag IS UNKNOWN',
  'SELECT id, n FROM t',
  'SELECT id, xs, m FROM t',
  'SELECT id, d > 1 AS gt, d = 1.5 AS eq, k || s AS ks FROM t',
  'SELECT k FROM t UNION SELECT supplier FROM bids',
];

const windows: readonly string[] = [
  `SELECT ${w}, COUNT(*) AS n FROM ${tumble('bids', 'bidtime', "'10' MINUTE")} GROUP BY ${w}`,
  `SELECT ${w}, item, SUM(price) AS s FROM ${tumble('bids', 'bidtime', "'10' MINUTE")} GROUP BY ${w}, item`,
  `SELECT ${w}, window_time, MAX(price) AS s FROM ${tumble('bids', 'bidtime', "'5' MINUTE")} GROUP BY ${w}, window_time`,
  `SELECT window_end, supplier, AVG(amount) AS a FROM ${tumble('bids', 'bidtime', "'1' HOUR")} GROUP BY ${w}, supplier`,
  `SELECT ${w}, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(bidtime), INTERVAL '10' MINUTE, INTERVAL '3' MINUTE)) GROUP BY ${w}`,
  `SELECT ${w}, COUNT(*) AS n FROM TABLE(TUMBLE(DATA => TABLE bids, TIMECOL => DESCRIPTOR(bidtime), SIZE => INTERVAL '10' MINUTES)) GROUP BY ${w}`,
  `SELECT ${w}, COUNT(*) AS n, SUM(price) AS s FROM ${hop("'5' MINUTE", "'10' MINUTE")} GROUP BY ${w}`,
  `SELECT ${w}, item, COUNT(*) AS n FROM ${hop("'2' MINUTE", "'10' MINUTE")} GROUP BY ${w}, item`,
  `SELECT ${w}, AVG(amount) AS a FROM ${hop("'1' MINUTE", "'3' MINUTE")} GROUP BY ${w}`,
  `SELECT ${w}, COUNT(*) AS n FROM TABLE(HOP(TABLE bids, DESCRIPTOR(bidtime), INTERVAL '5' MINUTE, INTERVAL '10' MINUTE, INTERVAL '1' MINUTE)) GROUP BY ${w}`,
  `SELECT ${w}, SUM(price) AS s FROM ${cumulate("'2' MINUTE", "'10' MINUTE")} GROUP BY ${w}`,
  `SELECT ${w}, item, COUNT(*) AS n FROM ${cumulate("'5' MINUTE", "'15' MINUTE")} GROUP BY ${w}, item`,
  `SELECT ${w}, item, COUNT(*) AS n FROM ${session("'3' MINUTE")} GROUP BY ${w}, item`,
  `SELECT ${w}, item, SUM(price) AS s, MAX(amount) AS m FROM ${session("'10' MINUTE")} GROUP BY ${w}, item`,
  `SELECT item, ${w}, window_time FROM ${tumble('bids', 'bidtime', "'10' MINUTE")}`,
  `SELECT item, ${w} FROM ${hop("'5' MINUTE", "'10' MINUTE")} WHERE price > 3`,
  `SELECT item, ${w} FROM ${cumulate("'5' MINUTE", "'10' MINUTE")}`,
  `SELECT ws, MAX(s) AS m FROM (SELECT window_start AS ws, window_end AS we, item, SUM(price) AS s FROM ${tumble('bids', 'bidtime', "'10' MINUTE")} GROUP BY ${w}, item) GROUP BY ws, we`,
  `SELECT ${w}, MAX(s) AS m FROM (SELECT ${w}, item, SUM(price) AS s FROM ${hop("'5' MINUTE", "'10' MINUTE")} GROUP BY ${w}, item) GROUP BY ${w}`,
  `SELECT ${w}, SUM(s) AS s FROM TABLE(TUMBLE((SELECT window_time AS rt, SUM(price) AS s FROM ${tumble('bids', 'bidtime', "'5' MINUTE")} GROUP BY ${w}, window_time), DESCRIPTOR(rt), INTERVAL '20' MINUTE)) GROUP BY ${w}`,
  `SELECT item, COUNT(*) AS n FROM (SELECT ${w}, item FROM ${tumble('bids', 'bidtime', "'10' MINUTE")} GROUP BY ${w}, item) GROUP BY item`,
  "SELECT TUMBLE_START(bidtime, INTERVAL '10' MINUTE) AS s, TUMBLE_END(bidtime, INTERVAL '10' MINUTE) AS e, TUMBLE_ROWTIME(bidtime, INTERVAL '10' MINUTE) AS r, COUNT(*) AS n FROM bids GROUP BY TUMBLE(bidtime, INTERVAL '10' MINUTE)",
  "SELECT item, TUMBLE_START(bidtime, INTERVAL '5' MINUTE) AS s, SUM(price) AS p FROM bids GROUP BY item, TUMBLE(bidtime, INTERVAL '5' MINUTE)",
  "SELECT HOP_START(bidtime, INTERVAL '5' MINUTE, INTERVAL '10' MINUTE) AS s, COUNT(*) AS n FROM bids GROUP BY HOP(bidtime, INTERVAL '5' MINUTE, INTERVAL '10' MINUTE)",
  "SELECT HOP_START(bidtime, INTERVAL '4' MINUTE, INTERVAL '10' MINUTE) AS s, HOP_END(bidtime, INTERVAL '4' MINUTE, INTERVAL '10' MINUTE) AS e, SUM(price) AS n FROM bids GROUP BY HOP(bidtime, INTERVAL '4' MINUTE, INTERVAL '10' MINUTE)",
  "SELECT item, SESSION_START(bidtime, INTERVAL '3' MINUTE) AS s, SESSION_END(bidtime, INTERVAL '3' MINUTE) AS e, COUNT(*) AS n FROM bids GROUP BY item, SESSION(bidtime, INTERVAL '3' MINUTE)",
  "SELECT SESSION_START(bidtime, INTERVAL '2' MINUTE) AS s, SESSION_ROWTIME(bidtime, INTERVAL '2' MINUTE) AS r, MAX(price) AS m FROM bids GROUP BY SESSION(bidtime, INTERVAL '2' MINUTE)",
  `SELECT ${w}, SUM(id) AS s FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY ${w}`,
  `SELECT ${w}, k, COUNT(DISTINCT b) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY ${w}, k`,
];

const counted = 'SELECT item, COUNT(*) AS n FROM bids GROUP BY item';
const topN = [
  ...[
    'price LIMIT 2',
    'price DESC LIMIT 2',
    'price DESC LIMIT 1',
    'price LIMIT 2 OFFSET 1',
    'price NULLS LAST LIMIT 3',
    'price DESC NULLS FIRST LIMIT 3',
    'price ASC, item DESC LIMIT 3',
    'amount DESC, price LIMIT 4 OFFSET 2',
    'supplier, price DESC LIMIT 3',
    'bidtime LIMIT 3',
    'bidtime DESC LIMIT 3',
  ].map((order) => `SELECT item, price FROM bids ORDER BY ${order}`),
  ...[
    'LIMIT 2',
    'LIMIT 2 OFFSET 1',
    'ORDER BY n DESC LIMIT 2',
    'ORDER BY n DESC LIMIT 1',
    'ORDER BY n DESC LIMIT 2 OFFSET 1',
    'ORDER BY n DESC, item LIMIT 2',
    'ORDER BY n LIMIT 2',
    'ORDER BY n LIMIT 1',
    'ORDER BY n LIMIT 2 OFFSET 1',
    'ORDER BY n LIMIT 0',
  ].map((order) => `${counted} ${order}`),
  'SELECT item, SUM(price) AS s FROM bids GROUP BY item ORDER BY s DESC LIMIT 2',
  'SELECT item, MAX(price) AS m FROM bids GROUP BY item ORDER BY m DESC LIMIT 3',
  'SELECT item, MAX(price) AS m, COUNT(*) AS n FROM bids GROUP BY item ORDER BY m DESC LIMIT 2 OFFSET 1',
  'SELECT item, MIN(price) AS m FROM bids GROUP BY item ORDER BY m LIMIT 2',
  'SELECT DISTINCT item FROM bids ORDER BY item DESC LIMIT 2',
  'SELECT COUNT(*) AS n, SUM(price) AS s FROM (SELECT price FROM bids ORDER BY price DESC LIMIT 2)',
  `SELECT n, COUNT(*) AS m FROM (${counted}) GROUP BY n LIMIT 2`,
  `SELECT n, COUNT(*) AS m FROM (${counted}) GROUP BY n ORDER BY m DESC LIMIT 1`,
  `SELECT n, COUNT(*) AS m FROM (${counted}) GROUP BY n ORDER BY m DESC, n LIMIT 2`,
  'SELECT id, b FROM t ORDER BY b DESC LIMIT 3',
  'SELECT id, f FROM t ORDER BY f LIMIT 3',
  'SELECT id, s FROM t ORDER BY s DESC LIMIT 4',
  'SELECT id, flag FROM t ORDER BY flag, id DESC LIMIT 3',
  'SELECT id FROM t ORDER BY ts LIMIT 3 OFFSET 1',
  'SELECT id FROM t ORDER BY id OFFSET 2',
  'SELECT item, price FROM bids ORDER BY price',
];

export const queries: readonly string[] = [
  ...plain,
  ...aggregates.map((a) => `SELECT item, ${a} AS v FROM bids GROUP BY item`),
  ...overT.map((a) => `SELECT k, ${a} AS v FROM t GROUP BY k`),
  ...windows,
  ...sliced.map((a) => `SELECT ${w}, ${a} AS v FROM ${hop("'5' MINUTE", "'10' MINUTE")} GROUP BY ${w}`),
  ...[
    'FIRST_VALUE(supplier)',
    'LAST_VALUE(supplier)',
    'LISTAGG(item)',
    'COUNT(DISTINCT supplier)',
    'AVG(amount)',
    'STDDEV_POP(price)',
  ].map((a) => `SELECT ${w}, ${a} AS v FROM ${tumble('bids', 'bidtime', "'10' MINUTE")} GROUP BY ${w}`),
  ...topN,
];
