/* Where we answer sub-queries in rare places otherwise than Flink, on purpose, and why. */

const breaks =
  'Flink’s planner breaks on sub-queries here (NullPointerException, "unexpected correlate variable", types of columns that it mixes up). We answer.';
const wrongColumn =
  'Flink takes another column for the one that EXISTS in ON refers to, so that rows are missing or too many. Ours are those for which it holds.';
const limitOfFirst =
  'Flink takes the number up to which rows of a partition count from the first row of the partition; here each row says it itself, as in SQL.';
const lostCondition =
  'Where columns of LATERAL are made of the row beside, Flink loses the condition that the same value stands in, and finds no row where it is NULL. Ours are the rows for which the condition holds.';
const on = (condition: string, type = 'JOIN'): string =>
  `SELECT o.id, u.uid FROM t AS o ${type} users AS u ON o.id = u.uid AND ${condition}`;
const ranked = (order: string): string =>
  `SELECT id, rn FROM (SELECT id, k, b, flag, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ${order}) AS rn FROM t) WHERE rn <= id`;

export const subQueryDifferences: readonly [string, string][] = [
  [
    'SELECT id FROM t WHERE id > ALL (SELECT price FROM bids WHERE price > 100)',
    'ALL over no rows is TRUE; in Flink nothing comes out as long as the sub-query has no row, for it is joined with its counts.',
  ],
  [on('NOT EXISTS (SELECT 1 FROM bids WHERE price = o.id)'), wrongColumn],
  [on('(o.id = 2 OR EXISTS (SELECT 1 FROM bids WHERE price = o.id))'), wrongColumn],
  ...[
    on('o.id IN (SELECT price FROM bids)'),
    on('o.id NOT IN (SELECT price FROM bids WHERE price IS NOT NULL)'),
    on('EXISTS (SELECT 1 FROM bids WHERE price = o.id AND item = u.city)'),
    on('EXISTS (SELECT 1 FROM bids WHERE price = u.uid)', 'LEFT JOIN'),
    on('EXISTS (SELECT 1 FROM bids WHERE price = u.uid)', 'RIGHT JOIN'),
    on('o.id IN (SELECT price FROM bids)', 'LEFT JOIN'),
    'SELECT k, COUNT(*) AS n FROM t AS o GROUP BY k HAVING EXISTS (SELECT 1 FROM bids WHERE item = o.k)',
    'SELECT k, COUNT(*) AS n, (SELECT MAX(price) FROM bids WHERE item = k) AS m FROM t GROUP BY k',
  ].map((sql): [string, string] => [sql, breaks]),
  [ranked('id'), limitOfFirst],
  [ranked('id DESC'), limitOfFirst],
  [
    'SELECT id, rn FROM (SELECT id, k, b, flag, ROW_NUMBER() OVER (PARTITION BY k, flag ORDER BY id DESC) AS rn FROM t) WHERE rn <= CASE WHEN flag THEN 1 ELSE 2 END',
    'Flink numbers rows in descending order only up to a number or a column; we take any expression for the bound.',
  ],
  [
    'SELECT o.id, x.m FROM t AS o LEFT JOIN LATERAL (SELECT COALESCE(SUM(price), -1) AS m FROM bids WHERE price = o.id AND price <> 5) AS x ON TRUE',
    breaks,
  ],
  ...[
    ', LATERAL (SELECT SUM(price + o.id) AS m FROM bids WHERE price = o.id) AS x',
    ' LEFT JOIN LATERAL (SELECT price + o.id AS m FROM bids WHERE price = o.id AND price <> 5) AS x ON TRUE',
    ' LEFT JOIN LATERAL (SELECT o.id AS m FROM bids WHERE price = o.id AND price <> 5) AS x ON TRUE',
    ' LEFT JOIN LATERAL (SELECT COALESCE(o.k, item) AS m FROM bids WHERE price = o.id AND price <> 5) AS x ON TRUE',
  ].map((join): [string, string] => [`SELECT o.id, x.m FROM t AS o${join}`, lostCondition]),
];
