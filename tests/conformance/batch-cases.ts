/* Queries of batch mode: what it alone has. */

export const batchSetting = "SET 'execution.runtime-mode' = 'batch'";

const count = (what: string, more = 'FROM bids'): string =>
  `SELECT APPROX_COUNT_DISTINCT(${what}) AS n ${more}`;

export const batchQueries: readonly string[] = [
  // Of each type that it takes, with NULLs and repeats.
  ...[
    'item',
    'price',
    'amount',
    'supplier',
    'bidtime',
    'CAST(price AS TINYINT)',
    'CAST(price AS SMALLINT)',
  ].map((what) => count(what)),
  ...['CAST(price AS BIGINT)', 'CAST(price AS FLOAT)', 'CAST(price AS DOUBLE)', 'CAST(bidtime AS DATE)'].map(
    (what) => count(what),
  ),
  ...['CAST(bidtime AS TIME)', 'CAST(bidtime AS TIMESTAMP_LTZ(3))', 'CAST(bidtime AS TIMESTAMP(9))'].map(
    (what) => count(what),
  ),
  ...["'a'", 'CAST(item AS CHAR(3))', 'CAST(item AS VARCHAR(2))', 'price + 1', 'UPPER(supplier)'].map(
    (what) => count(what),
  ),
  // And those that it does not.
  ...[
    'price > 1',
    'CAST(item AS BYTES)',
    'ARRAY[price]',
    'MAP[item, price]',
    'ROW(item, price)',
    "x'01'",
  ].map((what) => count(what)),
  count('xs', 'FROM t'),
  count('n', 'FROM t'),
  count('flag', 'FROM t'),
  count('*'),
  count('item, price'),
  'SELECT APPROX_COUNT_DISTINCT() FROM bids',
  count('NULL'),
  count('CAST(NULL AS INT)'),
  // Around it.
  count('item', 'FROM bids WHERE price > 100'),
  count('item', 'FROM bids WHERE price > 100 GROUP BY supplier'),
  'SELECT supplier, APPROX_COUNT_DISTINCT(item) AS n, COUNT(*) AS c FROM bids GROUP BY supplier',
  'SELECT supplier FROM bids GROUP BY supplier HAVING APPROX_COUNT_DISTINCT(item) > 2',
  'SELECT APPROX_COUNT_DISTINCT(item) FILTER (WHERE price > 2) AS n, APPROX_COUNT_DISTINCT(DISTINCT item) AS d FROM bids',
  'SELECT APPROX_COUNT_DISTINCT(item) AS a, COUNT(DISTINCT item) AS b, COUNT(DISTINCT price) AS c, SUM(price) AS d FROM bids',
  'SELECT supplier, item, APPROX_COUNT_DISTINCT(price) AS n FROM bids GROUP BY GROUPING SETS ((supplier), (item), ())',
  'SELECT item, APPROX_COUNT_DISTINCT(supplier) OVER (PARTITION BY item) AS n FROM bids',
  'SELECT item, APPROX_COUNT_DISTINCT(supplier) OVER (PARTITION BY item ORDER BY bidtime) AS n FROM bids',
  "SELECT window_start, APPROX_COUNT_DISTINCT(item) AS n FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(bidtime), INTERVAL '10' MINUTE)) GROUP BY window_start, window_end",
  "SELECT TUMBLE_START(bidtime, INTERVAL '10' MINUTE) AS s, APPROX_COUNT_DISTINCT(item) AS n FROM bids GROUP BY TUMBLE(bidtime, INTERVAL '10' MINUTE)",
];
