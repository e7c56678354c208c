/* Sub-queries where they stand less often: in ON, behind GROUP BY, compared with ANY and ALL; and Top-N up to a column. */

const prices = '(SELECT price FROM bids)';
const known = '(SELECT price FROM bids WHERE price IS NOT NULL)';
const scores = '(SELECT score FROM users)';
const comparisons = ['=', '<>', '<', '<=', '>', '>='];
const ranked = (order: string, partition = 'k'): string =>
  `(SELECT id, k, b, flag, ROW_NUMBER() OVER (PARTITION BY ${partition} ORDER BY ${order}) AS rn FROM t)`;
const on = (condition: string, type = 'JOIN', right = 'users'): string =>
  `SELECT o.id, u.uid FROM t AS o ${type} ${right} AS u ON o.id = u.uid AND ${condition}`;

export const subQueryQueries: readonly string[] = [
  ...comparisons.flatMap((by) => [
    `SELECT id FROM t WHERE id ${by} ANY ${prices}`,
    `SELECT id FROM t WHERE id ${by} ALL ${known}`,
    `SELECT id FROM t WHERE id ${by} ALL ${prices}`,
    `SELECT id FROM t WHERE id ${by} SOME ${scores}`,
    `SELECT id FROM t WHERE b ${by} ANY ${known}`,
  ]),
  'SELECT id FROM t WHERE id > ANY (VALUES 3, 5)',
  'SELECT id FROM t WHERE id > ALL (SELECT price FROM bids WHERE price > 100)',
  'SELECT id FROM t WHERE id > ANY (SELECT price FROM bids WHERE price > 100)',
  `SELECT id, id > ANY ${prices} AS a FROM t`,
  `SELECT id, id > ALL ${known} AS a FROM t`,
  'SELECT id FROM t WHERE id > ALL (SELECT price FROM bids WHERE item = t.k)',
  'SELECT id FROM orders WHERE amount > ALL (SELECT score FROM users WHERE score < 10)',
  `SELECT k, COUNT(*) AS n FROM t GROUP BY k HAVING COUNT(*) > ANY ${known}`,
  on('EXISTS (SELECT 1 FROM bids WHERE price = o.id)'),
  on('EXISTS (SELECT 1 FROM bids)'),
  on('NOT EXISTS (SELECT 1 FROM bids WHERE price = o.id)'),
  on(`o.id IN ${prices}`),
  on(`o.id NOT IN ${known}`),
  on('EXISTS (SELECT 1 FROM bids WHERE price = o.id AND item = u.city)'),
  on('o.id > (SELECT MIN(price) FROM bids)'),
  on('(o.id = 2 OR EXISTS (SELECT 1 FROM bids WHERE price = o.id))'),
  on('EXISTS (SELECT 1 FROM bids WHERE price = o.id)', 'LEFT JOIN'),
  on('EXISTS (SELECT 1 FROM bids WHERE price = u.uid)', 'LEFT JOIN'),
  on('EXISTS (SELECT 1 FROM bids WHERE price = u.uid)', 'RIGHT JOIN'),
  on('EXISTS (SELECT 1 FROM bids)', 'FULL JOIN'),
  on(`o.id IN ${prices}`, 'LEFT JOIN'),
  'SELECT o.id, u.uid FROM t AS o JOIN users AS u ON o.id = (SELECT MAX(price) FROM bids)',
  'SELECT k, COUNT(*) AS n FROM t GROUP BY k HAVING COUNT(*) > 2 OR EXISTS (SELECT 1 FROM bids WHERE price > 100)',
  'SELECT k, COUNT(*) AS n FROM t GROUP BY k HAVING COUNT(*) > 2 OR k IN (SELECT item FROM bids)',
  `SELECT k, COUNT(*) AS n FROM t GROUP BY k HAVING COUNT(*) IN ${prices}`,
  `SELECT k, COUNT(*) AS n FROM t GROUP BY k HAVING COUNT(*) IN ${known} OR MAX(id) > 7`,
  'SELECT k, COUNT(*) AS n FROM t AS o GROUP BY k HAVING EXISTS (SELECT 1 FROM bids WHERE item = o.k)',
  'SELECT id, COUNT(*) AS n FROM t AS o GROUP BY id HAVING EXISTS (SELECT 1 FROM bids WHERE price = o.id)',
  'SELECT id, COUNT(*) AS n FROM t AS o GROUP BY id HAVING NOT EXISTS (SELECT 1 FROM bids WHERE price = o.id)',
  'SELECT id, COUNT(*) AS n FROM t AS o GROUP BY id HAVING COUNT(*) > 5 OR EXISTS (SELECT 1 FROM bids WHERE price = o.id)',
  'SELECT k, COUNT(*) AS n FROM t GROUP BY k HAVING COUNT(*) > (SELECT AVG(price) FROM bids)',
  'SELECT k, COUNT(*) AS n, (SELECT MAX(price) FROM bids) AS m FROM t GROUP BY k',
  'SELECT k, COUNT(*) AS n, (SELECT MAX(price) FROM bids WHERE item = k) AS m FROM t GROUP BY k',
  'SELECT id, COUNT(*) AS n, (SELECT MAX(amount) FROM bids WHERE price = t.id) AS m FROM t GROUP BY id',
  'SELECT id, COUNT(*) AS n, (SELECT COUNT(*) FROM bids WHERE price < t.id) AS m FROM t GROUP BY id',
  'SELECT k, COUNT(*) AS n, EXISTS (SELECT 1 FROM bids WHERE price > 100) AS m FROM t GROUP BY k',
  `SELECT k, COUNT(*) AS n, k IN (SELECT item FROM bids) AS m FROM t GROUP BY k`,
  'SELECT product, SUM(amount) AS s FROM orders GROUP BY product HAVING SUM(amount) > (SELECT AVG(score) FROM users)',
  'SELECT id, (SELECT COUNT(*) FROM bids WHERE price = id) AS b FROM t WHERE b > 5',
  `SELECT id, rn FROM ${ranked('id')} WHERE rn <= id`,
  `SELECT id, rn FROM ${ranked('id DESC')} WHERE rn <= id`,
  `SELECT id, rn FROM ${ranked('id DESC', 'k, b')} WHERE rn <= b`,
  `SELECT id, rn FROM ${ranked('id DESC', 'k, flag')} WHERE rn <= CASE WHEN flag THEN 1 ELSE 2 END`,
];
