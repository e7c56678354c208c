/* GROUPING SETS, ROLLUP and CUBE, INTERSECT ALL and EXCEPT ALL: over sources that insert, that change and that upsert. */

const tumbled = (of: string, time: string, size: string): string =>
  `TABLE(TUMBLE(TABLE ${of}, DESCRIPTOR(${time}), INTERVAL ${size}))`;
const tenMinutes = tumbled('bids', 'bidtime', "'10' MINUTE");
const w = 'window_start, window_end';

/** What each form of GROUP BY gives over rows that only come. */
const forms = [
  'GROUPING SETS ((supplier, item), supplier, ())',
  'GROUPING SETS ((supplier, item), (supplier), (item))',
  'GROUPING SETS (supplier, item)',
  'GROUPING SETS ((supplier, item))',
  'GROUPING SETS (supplier, supplier, ())',
  'GROUPING SETS ((), ())',
  'GROUPING SETS (())',
  'ROLLUP (supplier, item)',
  'ROLLUP ((supplier, item))',
  'ROLLUP (supplier, supplier)',
  'CUBE (supplier, item)',
  'CUBE ((supplier, item), price)',
  'supplier, ROLLUP (item)',
  'ROLLUP (supplier), ROLLUP (item)',
  'ROLLUP (supplier), CUBE (item, price)',
  'supplier, ROLLUP (supplier, item)',
  'GROUPING SETS (supplier, ()), GROUPING SETS (item, ())',
  'GROUPING SETS (ROLLUP (supplier, item), price)',
  'GROUPING SETS (CUBE (supplier, item))',
  'GROUPING SETS (GROUPING SETS (supplier, item), ())',
  'ROLLUP (supplier, item), ()',
  'GROUPING SETS (item, (price, supplier), (supplier, item), price, (item, price))',
  'CUBE (item, supplier, price)',
  'GROUPING SETS ((supplier, item), supplier, supplier)',
  'GROUPING SETS ((supplier, item), (item, supplier))',
  'DISTINCT ROLLUP (supplier), ROLLUP (supplier)',
];
const ofForms = forms.map((form) => `SELECT COUNT(*) AS n, SUM(price) AS s FROM bids GROUP BY ${form}`);

const inserts: readonly string[] = [
  ...ofForms,
  'SELECT supplier, item, COUNT(*) AS n FROM bids GROUP BY ROLLUP (supplier, item)',
  'SELECT supplier, item, COUNT(*) AS n, GROUPING(supplier) AS gs, GROUPING(item) AS gi FROM bids GROUP BY CUBE (supplier, item)',
  'SELECT supplier, item, GROUPING(supplier, item) AS g, GROUPING_ID(supplier, item) AS i, GROUPING_ID(item, supplier) AS r, GROUPING_ID(item) AS o FROM bids GROUP BY CUBE (supplier, item)',
  'SELECT supplier, TYPEOF(GROUPING(supplier)) AS t, TYPEOF(GROUPING_ID(supplier)) AS u, TYPEOF(supplier) AS v FROM bids GROUP BY ROLLUP (supplier)',
  'SELECT supplier, GROUPING(supplier) AS g, COUNT(*) AS n FROM bids GROUP BY supplier',
  'SELECT supplier, GROUPING_ID(supplier) AS g, GROUPING(supplier) + 1 AS h FROM bids GROUP BY supplier',
  'SELECT supplier, GROUP_ID() AS g, COUNT(*) AS n FROM bids GROUP BY supplier',
  'SELECT supplier, GROUP_ID() AS g, COUNT(*) AS n FROM bids GROUP BY GROUPING SETS (supplier, supplier, ())',
  'SELECT supplier, GROUP_ID() AS g, COUNT(*) AS n FROM bids GROUP BY ROLLUP (supplier)',
  'SELECT GROUPING(price) AS g FROM bids GROUP BY ROLLUP (supplier)',
  'SELECT GROUPING(supplier) AS g FROM bids',
  'SELECT GROUPING() AS g FROM bids GROUP BY ROLLUP (supplier)',
  'SELECT supplier FROM bids WHERE GROUPING(supplier) = 0 GROUP BY ROLLUP (supplier)',
  'SELECT supplier, price FROM bids GROUP BY ROLLUP (supplier)',
  'SELECT supplier, item FROM bids GROUP BY ROLLUP (supplier, item)',
  'SELECT DISTINCT supplier FROM bids GROUP BY CUBE (supplier, item)',
  'SELECT supplier, item, COUNT(*) AS n FROM bids GROUP BY ROLLUP (supplier, item) HAVING COUNT(*) > 1',
  'SELECT supplier, item, SUM(price) AS s FROM bids GROUP BY CUBE (supplier, item) HAVING GROUPING(item) = 1',
  'SELECT supplier, item, SUM(price) AS s FROM bids GROUP BY CUBE (supplier, item) HAVING supplier IS NULL',
  "SELECT CASE WHEN GROUPING(supplier) = 1 THEN 'all' ELSE supplier END AS who, COUNT(*) AS n FROM bids GROUP BY ROLLUP (supplier)",
  "SELECT COALESCE(supplier, '?') AS who, COUNT(*) AS n FROM bids GROUP BY ROLLUP (supplier)",
  // A key that aggregates read too.
  'SELECT price, SUM(price) AS s, COUNT(price) AS n, MAX(price) AS m FROM bids GROUP BY ROLLUP (price)',
  'SELECT supplier, item, COUNT(supplier) AS n, MIN(item) AS m FROM bids GROUP BY CUBE (supplier, item)',
  'SELECT supplier, COUNT(DISTINCT item) AS n, COUNT(DISTINCT supplier) AS d FROM bids GROUP BY ROLLUP (supplier)',
  'SELECT supplier, COUNT(*) FILTER (WHERE price > 2) AS n, SUM(DISTINCT price) FILTER (WHERE supplier IS NOT NULL) AS s FROM bids GROUP BY ROLLUP (supplier)',
  'SELECT supplier, FIRST_VALUE(item) AS f, LAST_VALUE(item) AS l, LISTAGG(item) AS a FROM bids GROUP BY GROUPING SETS (supplier, ())',
  'SELECT AVG(amount) AS a, STDDEV_POP(price) AS d FROM bids GROUP BY ROLLUP (supplier)',
  // Keys that are never NULL in the rows.
  "SELECT COALESCE(u, '?') AS c, u IS NULL AS o, UPPER(u) AS s, TYPEOF(u) AS y FROM (SELECT COALESCE(supplier, '-') AS u FROM bids) GROUP BY ROLLUP (u)",
  "SELECT COALESCE(UPPER(u), '?') AS c, CASE WHEN UPPER(u) IS NULL THEN 'none' ELSE UPPER(u) END AS o, COUNT(u) AS n FROM (SELECT COALESCE(supplier, '-') AS u FROM bids) GROUP BY CUBE (UPPER(u))",
  'SELECT COALESCE(price, 0) + 1 AS p, COALESCE(price, 0) IS NULL AS g, COALESCE(COALESCE(price, 0) * 2, -1) AS c FROM bids GROUP BY ROLLUP (COALESCE(price, 0))',
  // Keys that are expressions, and constants.
  'SELECT price > 2 AS big, COUNT(*) AS n FROM bids GROUP BY ROLLUP (price > 2)',
  'SELECT UPPER(supplier) AS u, item, COUNT(*) AS n FROM bids GROUP BY CUBE (UPPER(supplier), item)',
  'SELECT UPPER(supplier) AS u, GROUPING(UPPER(supplier)) AS g FROM bids GROUP BY ROLLUP (UPPER(supplier))',
  'SELECT SUBSTRING(supplier FROM 1) || item AS u, COUNT(*) AS n FROM bids GROUP BY ROLLUP (supplier, item)',
  'SELECT 1 AS c, COUNT(*) AS n FROM bids GROUP BY ROLLUP (supplier)',
  'SELECT COUNT(*) AS n FROM bids GROUP BY ROLLUP (1, supplier)',
  'SELECT n.a, COUNT(*) AS c FROM t GROUP BY ROLLUP (n.a)',
  'SELECT k, flag, COUNT(*) AS c FROM t GROUP BY GROUPING SETS ((k, flag), flag, ())',
  'SELECT x AS y, COUNT(*) AS n FROM (VALUES (1), (2), (1)) AS v (x) GROUP BY ROLLUP (x)',
  'SELECT GROUPING(supplier) + GROUPING(item) AS level, supplier, item, SUM(price) AS s FROM bids GROUP BY ROLLUP (supplier, item) HAVING SUM(price) > 2 AND GROUPING_ID(supplier, item) < 3',
  'SELECT supplier, SUM(GROUPING(supplier)) AS s FROM bids GROUP BY ROLLUP (supplier)',
  // No rows at all.
  'SELECT supplier, COUNT(*) AS n FROM bids WHERE price > 1000 GROUP BY ROLLUP (supplier)',
  'SELECT supplier, COUNT(*) AS n FROM bids WHERE price > 1000 GROUP BY GROUPING SETS (())',
  'SELECT COUNT(*) AS n FROM bids WHERE price > 1000 GROUP BY GROUPING SETS (())',
  // What reads the groups.
  'SELECT g, SUM(n) AS s FROM (SELECT GROUPING(supplier) AS g, COUNT(*) AS n FROM bids GROUP BY ROLLUP (supplier)) GROUP BY g',
  'SELECT supplier, COUNT(*) AS n FROM (SELECT supplier, item, COUNT(*) AS c FROM bids GROUP BY supplier, item) GROUP BY ROLLUP (supplier)',
  'SELECT supplier, COUNT(*) AS n FROM bids GROUP BY ROLLUP (supplier) ORDER BY n DESC LIMIT 2',
  'SELECT supplier FROM bids GROUP BY ROLLUP (supplier) UNION ALL SELECT item FROM bids GROUP BY CUBE (item)',
  'SELECT a.supplier, a.n FROM (SELECT supplier, COUNT(*) AS n FROM bids GROUP BY ROLLUP (supplier)) AS a WHERE a.n > 2',
];

/** Grouping sets beside what else reads groups. */
const beside: readonly string[] = [
  'SELECT * FROM (SELECT supplier, item, SUM(price) AS s, ROW_NUMBER() OVER (PARTITION BY GROUPING_ID(supplier, item) ORDER BY SUM(price) DESC, item) AS rn FROM bids GROUP BY ROLLUP (supplier, item)) WHERE rn <= 2',
  'SELECT supplier, COUNT(*) AS n FROM bids GROUP BY ROLLUP (supplier) ORDER BY GROUPING(supplier) DESC, supplier LIMIT 2',
  'SELECT a.supplier, a.n, b.n AS m FROM (SELECT supplier, COUNT(*) AS n FROM bids GROUP BY ROLLUP (supplier)) AS a JOIN (SELECT item, COUNT(*) AS n FROM bids GROUP BY CUBE (item)) AS b ON a.n < b.n',
  'SELECT supplier, COUNT(*) AS n FROM bids GROUP BY ROLLUP (supplier) HAVING supplier IN (SELECT supplier FROM bids WHERE price > 5)',
  'SELECT supplier, n FROM (SELECT supplier, COUNT(*) AS n FROM bids GROUP BY CUBE (supplier)) WHERE supplier IS NOT NULL',
  "SELECT item, COUNT(*) AS n FROM bids WHERE supplier = 'supplier1' GROUP BY GROUPING SETS ((supplier, item), supplier)",
  `SELECT ${w}, product, COUNT(*) AS n, SUM(amount) AS s FROM ${tumbled('orders', 'ts', "'10' SECOND")} GROUP BY ${w}, ROLLUP (product)`,
  'SELECT g, COUNT(*) AS n FROM (SELECT GROUPING_ID(product, customer) AS g FROM orders GROUP BY CUBE (product, customer)) GROUP BY g',
  'SELECT uid, COUNT(*) AS n, MAX(score) AS m FROM users GROUP BY GROUPING SETS ((uid), ())',
];

/** Of windows: their ends stand in every set, or there is no window. */
const windowed: readonly string[] = [
  `SELECT ${w}, supplier, SUM(price) AS s FROM ${tenMinutes} GROUP BY ${w}, ROLLUP (supplier)`,
  `SELECT ${w}, supplier, item, COUNT(*) AS n, GROUPING(item) AS g FROM ${tenMinutes} GROUP BY ${w}, CUBE (supplier, item)`,
  `SELECT ${w}, supplier, SUM(price) AS s FROM ${tenMinutes} GROUP BY ${w}, GROUPING SETS ((supplier), ())`,
  `SELECT ${w}, supplier, COUNT(*) AS n FROM ${tenMinutes} GROUP BY GROUPING SETS ((${w}, supplier), (${w}))`,
  `SELECT ${w}, supplier, COUNT(*) AS n FROM ${tenMinutes} GROUP BY GROUPING SETS ((${w}, supplier), (window_start))`,
  `SELECT window_start, supplier, COUNT(*) AS n FROM ${tenMinutes} GROUP BY ROLLUP (window_start, supplier)`,
  `SELECT ${w}, window_time, supplier, MAX(price) AS m FROM ${tenMinutes} GROUP BY ${w}, window_time, ROLLUP (supplier)`,
  `SELECT ${w}, supplier, SUM(price) AS s FROM TABLE(HOP(TABLE bids, DESCRIPTOR(bidtime), INTERVAL '5' MINUTE, INTERVAL '10' MINUTE)) GROUP BY ${w}, ROLLUP (supplier)`,
  `SELECT ${w}, supplier, SUM(price) AS s FROM TABLE(CUMULATE(TABLE bids, DESCRIPTOR(bidtime), INTERVAL '10' MINUTE, INTERVAL '1' HOUR)) GROUP BY ${w}, CUBE (supplier)`,
  `SELECT ${w}, COUNT(DISTINCT item) AS d, COUNT(*) FILTER (WHERE price > 2) AS n FROM ${tenMinutes} GROUP BY ${w}, ROLLUP (supplier) HAVING COUNT(*) > 1`,
  `SELECT ${w}, item, COUNT(*) AS n FROM TABLE(SESSION(TABLE bids PARTITION BY item, DESCRIPTOR(bidtime), INTERVAL '5' MINUTE)) GROUP BY ${w}, ROLLUP (item)`,
  "SELECT supplier, COUNT(*) AS n FROM bids GROUP BY TUMBLE(bidtime, INTERVAL '10' MINUTE), ROLLUP (supplier)",
  "SELECT supplier, COUNT(*) AS n FROM bids GROUP BY ROLLUP (TUMBLE(bidtime, INTERVAL '10' MINUTE), supplier)",
];

const changing: readonly string[] = [
  ...[
    'ROLLUP (product, customer)',
    'CUBE (product, customer)',
    'GROUPING SETS (product, customer, ())',
  ].flatMap((form) => [
    `SELECT product, customer, COUNT(*) AS n, SUM(amount) AS s, GROUPING_ID(product, customer) AS g FROM orders GROUP BY ${form}`,
    `SELECT product, customer, MAX(amount) AS m, COUNT(DISTINCT id) AS d FROM keyed_orders GROUP BY ${form}`,
  ]),
  'SELECT product, COUNT(*) AS n FROM orders GROUP BY ROLLUP (product) HAVING COUNT(*) > 1',
  'SELECT product, SUM(amount) FILTER (WHERE amount > 5) AS n FROM orders GROUP BY ROLLUP (product)',
  'SELECT DISTINCT customer FROM orders GROUP BY CUBE (product, customer)',
  'SELECT city, COUNT(*) AS n, SUM(score) AS s, GROUPING(city) AS g FROM users GROUP BY ROLLUP (city)',
  'SELECT city, name, MAX(score) AS m FROM users GROUP BY CUBE (city, name)',
  'SELECT city, name FROM users GROUP BY GROUPING SETS (city, name)',
  'SELECT uid, city, COUNT(*) AS n FROM users GROUP BY ROLLUP (uid, city)',
  'SELECT k, COUNT(*) AS n, SUM(v) AS s FROM stray GROUP BY ROLLUP (k)',
  'SELECT n, COUNT(*) AS c FROM (SELECT product, COUNT(*) AS n FROM orders GROUP BY product) GROUP BY CUBE (n)',
];

const all = (left: string, operator: string, right: string): string => `${left} ${operator} ALL ${right}`;
const operators = ['INTERSECT', 'EXCEPT'] as const;
/** Several of one row on both sides, NULLs, types that differ, nothing on a side, chains. */
const alls: readonly string[] = operators.flatMap((operator) => [
  all('SELECT supplier FROM bids', operator, 'SELECT supplier FROM bids WHERE price > 2'),
  all('SELECT supplier FROM bids WHERE price > 2', operator, 'SELECT supplier FROM bids'),
  all('SELECT item, price FROM bids', operator, "SELECT item, price FROM bids WHERE item <> 'A'"),
  all('SELECT price FROM bids', operator, 'SELECT b FROM t'),
  all('SELECT k FROM t', operator, 'SELECT k FROM t WHERE id > 100'),
  all('SELECT k FROM t WHERE id > 100', operator, 'SELECT k FROM t'),
  all('SELECT k FROM t', operator, '(SELECT k FROM t WHERE flag)'),
  all('SELECT product FROM orders', operator, 'SELECT product FROM orders WHERE amount > 5'),
  all(
    'SELECT product, customer FROM keyed_orders',
    operator,
    'SELECT product, customer FROM orders WHERE id < 5',
  ),
  all('SELECT product FROM orders', operator, 'SELECT item FROM bids'),
  all('SELECT city FROM users', operator, 'SELECT city FROM users WHERE score > 5'),
  all('SELECT city FROM users', operator, "SELECT 'Rome' FROM bids"),
  all('SELECT name FROM users', operator, 'SELECT customer FROM orders'),
  all(
    all('SELECT supplier FROM bids', operator, 'SELECT supplier FROM bids WHERE price > 1'),
    operator,
    'SELECT supplier FROM bids WHERE price > 2',
  ),
  all(
    'SELECT COUNT(*) FROM orders GROUP BY product',
    operator,
    'SELECT COUNT(*) FROM bids GROUP BY supplier',
  ),
  `SELECT supplier, COUNT(*) AS n FROM (${all('SELECT supplier FROM bids', operator, 'SELECT supplier FROM bids WHERE price > 2')}) GROUP BY supplier`,
  all('SELECT supplier FROM bids', operator, 'SELECT supplier, item FROM bids'),
  all('SELECT xs FROM t', operator, 'SELECT xs FROM t WHERE id > 3'),
]);
/** No row is late for them: of two sources Flink may read either first. */
const halfHours = tumbled('bids', 'bidtime', "'30' MINUTE");
const mixed: readonly string[] = [
  `SELECT ${w}, supplier FROM ${halfHours} INTERSECT ALL SELECT ${w}, supplier FROM ${halfHours} WHERE price > 2`,
  `SELECT ${w}, supplier FROM ${halfHours} EXCEPT ALL SELECT ${w}, supplier FROM ${halfHours} WHERE price > 2`,
  'SELECT k, v FROM stray EXCEPT ALL SELECT k, v FROM stray WHERE v > 2',
  'SELECT n FROM t INTERSECT ALL SELECT n FROM t WHERE id > 3',
  'SELECT s FROM t EXCEPT ALL SELECT k FROM t',
  'SELECT supplier FROM bids EXCEPT ALL (SELECT supplier FROM bids INTERSECT ALL SELECT supplier FROM bids WHERE price > 2)',
  'SELECT supplier FROM bids EXCEPT ALL SELECT supplier FROM bids WHERE price > 2 INTERSECT ALL SELECT supplier FROM bids WHERE price > 3',
  'SELECT supplier FROM bids UNION ALL SELECT supplier FROM bids EXCEPT ALL SELECT supplier FROM bids WHERE price > 2',
];

export const setQueries: readonly string[] = [
  ...inserts,
  ...beside,
  ...windowed,
  ...changing,
  ...alls,
  ...mixed,
];
