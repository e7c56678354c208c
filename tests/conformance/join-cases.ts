/* Regular joins and sub-queries, over sources that insert, change and upsert; the tables are those of the other cases. */

/** Equality on a key of one side, of both, of none; keys that move; conditions beside and instead; NULL keys. */
const conditions = [
  // two tables of inserts
  'bids AS l %JOIN% t AS r ON l.price = r.id',
  "bids AS l %JOIN% t AS r ON l.price = r.id AND l.supplier <> 'supplier2'",
  'bids AS l %JOIN% t AS r ON l.price = r.id AND l.amount < r.b',
  'bids AS l %JOIN% t AS r ON l.price < r.id AND l.supplier IS NOT NULL AND r.flag',
  'bids AS l %JOIN% t AS r ON l.supplier IS NOT DISTINCT FROM r.k',
  'keyed_orders AS l %JOIN% users AS r ON l.product IS NOT DISTINCT FROM r.city AND l.id < 9',
  // changes on one side, on both
  'orders AS l %JOIN% t AS r ON l.amount = r.id',
  'bids AS l %JOIN% orders AS r ON l.price = r.id',
  'orders AS l %JOIN% orders AS r ON l.customer = r.customer AND l.id < r.id',
  'orders AS l %JOIN% keyed_orders AS r ON l.product = r.product',
  'keyed_orders AS l %JOIN% keyed_orders AS r ON l.id = r.amount',
  // upserts
  'users AS l %JOIN% keyed_orders AS r ON l.uid = r.id',
  'keyed_orders AS l %JOIN% users AS r ON l.customer = r.name',
  'keyed_orders AS l %JOIN% users AS r ON l.amount = r.score AND l.id <> r.uid',
  'users AS l %JOIN% stock AS r ON l.uid = r.n',
] as const;
const columns = (from: string): string => {
  const key: Readonly<Record<string, string>> = {
    bids: 'item',
    t: 'id',
    orders: 'id',
    keyed_orders: 'id',
    users: 'uid',
    stock: 'item',
  };
  const [, left, right] = /^(\w+) AS l %JOIN% (\w+) AS r/.exec(from)!;
  return `l.${key[left!]} AS a, r.${key[right!]} AS b`;
};
const joins = conditions.flatMap((from) =>
  ['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'].map(
    (type) => `SELECT ${columns(from)} FROM ${from.replace('%JOIN%', type)}`,
  ),
);

export const joinQueries: readonly string[] = [
  ...joins,
  'SELECT l.item, r.id FROM bids AS l CROSS JOIN t AS r',
  'SELECT l.item, r.id FROM bids AS l, t AS r WHERE l.price = r.id AND l.amount > 1',
  'SELECT * FROM (SELECT id, k FROM t) JOIN (SELECT price AS id, item FROM bids) USING (id)',
  'SELECT * FROM (SELECT id, k FROM t) LEFT JOIN (SELECT price AS id, item FROM bids) USING (id)',
  'SELECT * FROM (SELECT id, k FROM t) RIGHT JOIN (SELECT price AS id, item FROM bids) USING (id)',
  'SELECT * FROM (SELECT id, k FROM t) FULL JOIN (SELECT price AS id, item FROM bids) USING (id)',
  'SELECT id, k, item FROM (SELECT id, k FROM t) NATURAL JOIN (SELECT price AS id, item FROM bids)',
  'SELECT * FROM (SELECT id, k FROM t) AS x JOIN (SELECT id, b FROM t) AS y ON x.id = y.id',
  'SELECT l.id, r.uid FROM keyed_orders AS l LEFT JOIN users AS r ON l.customer = r.name WHERE r.score > 3',
  'SELECT l.id FROM keyed_orders AS l LEFT JOIN users AS r ON l.customer = r.name WHERE r.uid IS NULL',
  'SELECT l.id, r.uid FROM keyed_orders AS l FULL JOIN users AS r ON l.customer = r.name WHERE l.amount > 3',
  'SELECT id FROM (SELECT id, k FROM t) AS x JOIN (SELECT price AS id, item FROM bids) AS y USING (id)',
  'SELECT x.id, y.id AS other, item FROM (SELECT id, k FROM t) AS x NATURAL JOIN (SELECT price AS id, item FROM bids) AS y',
  'SELECT l.item, r.id FROM bids AS l JOIN t AS r ON l.price IS NOT DISTINCT FROM r.b',
  'SELECT l.item, r.id FROM bids AS l JOIN t AS r ON l.bidtime < r.ts AND l.price = r.id',
  // three and four tables, aggregates above and below
  'SELECT o.id, u.uid, s.item FROM orders AS o JOIN users AS u ON o.customer = u.name JOIN stock AS s ON s.n = u.uid',
  'SELECT o.id, u.uid, s.item FROM orders AS o LEFT JOIN users AS u ON o.customer = u.name LEFT JOIN stock AS s ON s.n = u.uid',
  'SELECT o.id, u.uid, s.item, t.k FROM orders AS o JOIN users AS u ON o.customer = u.name LEFT JOIN stock AS s ON s.n = u.uid FULL JOIN t ON t.id = o.id',
  'SELECT u.city, COUNT(*) AS n, SUM(o.amount) AS s FROM orders AS o JOIN users AS u ON o.customer = u.name GROUP BY u.city',
  'SELECT u.city, COUNT(o.id) AS n FROM users AS u LEFT JOIN keyed_orders AS o ON o.customer = u.name GROUP BY u.city',
  'SELECT a.k, a.n, b.n AS m FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k) AS a JOIN (SELECT item AS k, COUNT(*) AS n FROM bids GROUP BY item) AS b ON a.n = b.n',
  'SELECT a.product, a.n, b.m FROM (SELECT product, COUNT(*) AS n FROM orders GROUP BY product) AS a LEFT JOIN (SELECT product, MAX(amount) AS m FROM orders GROUP BY product) AS b ON a.product = b.product',
  'SELECT o.id, m.m FROM orders AS o CROSS JOIN (SELECT MAX(score) AS m FROM users) AS m',
  'SELECT DISTINCT u.city FROM keyed_orders AS o JOIN users AS u ON o.customer = u.name',
  // queries that see the row beside
  'SELECT l.id, q.x FROM t AS l, LATERAL (SELECT price AS x FROM bids WHERE bids.price < l.id) AS q',
  'SELECT l.id, x, y FROM t AS l CROSS JOIN LATERAL (SELECT item, amount FROM bids WHERE bids.price = l.id AND bids.amount > 1) AS q (x, y)',
  'SELECT l.id, q.x FROM orders AS l LEFT JOIN LATERAL (SELECT city AS x FROM users AS u WHERE u.name = l.customer) AS q ON TRUE',
  'SELECT l.id, q.x FROM orders AS l JOIN LATERAL (SELECT city AS x, score FROM users AS u WHERE u.name = l.customer) AS q ON q.score > 3',
  // sub-queries as values
  'SELECT id FROM t WHERE id > (SELECT MAX(price) FROM bids)',
  'SELECT id FROM t WHERE id = 1 OR id > (SELECT MAX(price) FROM bids)',
  'SELECT id, (SELECT MAX(price) FROM bids) AS m FROM t',
  'SELECT id, id - (SELECT COUNT(*) FROM orders) AS m FROM t WHERE k IS NOT NULL',
  'SELECT product, COUNT(*) AS n FROM orders WHERE amount > (SELECT AVG(score) FROM users) GROUP BY product',
  'SELECT uid FROM users WHERE score = (SELECT MAX(score) FROM users)',
  'SELECT id FROM orders WHERE customer = (SELECT name FROM users ORDER BY score DESC, uid LIMIT 1)',
  'SELECT id FROM t WHERE id BETWEEN (SELECT MIN(price) FROM bids) AND (SELECT MAX(score) FROM users) AND k IN (SELECT item FROM bids)',
  // sub-queries of HAVING
  'SELECT k, COUNT(*) AS n FROM t GROUP BY k HAVING COUNT(*) IN (SELECT price FROM bids)',
  'SELECT k, COUNT(*) AS n FROM t GROUP BY k HAVING COUNT(*) > 1 AND NOT EXISTS (SELECT 1 FROM bids WHERE bids.price = 100)',
  'SELECT city, MAX(score) AS m FROM users GROUP BY city HAVING MAX(score) IN (SELECT n FROM stock) AND city IS NOT NULL',
  'SELECT product, COUNT(*) AS n FROM orders GROUP BY product HAVING (product, COUNT(*)) IN (SELECT item, n FROM stock)',
  'SELECT product, COUNT(*) AS n FROM orders GROUP BY product HAVING product NOT IN (SELECT item FROM stock)',
  // sub-queries
  'SELECT id, k FROM t WHERE EXISTS (SELECT 1 FROM bids WHERE bids.price = t.id)',
  'SELECT id, k FROM t WHERE NOT EXISTS (SELECT 1 FROM bids WHERE bids.price = t.id)',
  'SELECT id, k FROM t WHERE id IN (SELECT price FROM bids)',
  'SELECT id, k FROM t WHERE id IN (SELECT price FROM bids WHERE bids.amount > t.b)',
  'SELECT id, product FROM orders WHERE EXISTS (SELECT 1 FROM users WHERE users.name = orders.customer)',
  'SELECT id, product FROM orders WHERE NOT EXISTS (SELECT 1 FROM users WHERE users.name = orders.customer AND users.score > 4)',
  'SELECT id, amount FROM keyed_orders WHERE amount IN (SELECT score FROM users)',
  'SELECT uid, city FROM users WHERE uid IN (SELECT id FROM keyed_orders)',
  'SELECT uid, city FROM users WHERE NOT EXISTS (SELECT 1 FROM keyed_orders AS o WHERE o.id = users.uid)',
  'SELECT uid, city FROM users WHERE (city, uid) IN (SELECT shop, n FROM stock)',
  'SELECT uid FROM users WHERE uid NOT IN (SELECT id FROM keyed_orders WHERE id IS NOT NULL)',
  'SELECT id FROM t WHERE id IN (SELECT MAX(amount) FROM orders GROUP BY product)',
  'SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM users WHERE users.score > 1000)',
  'SELECT id FROM orders WHERE NOT EXISTS (SELECT 1 FROM users WHERE users.score > 15)',
  "SELECT id FROM orders WHERE product = 'pen' AND EXISTS (SELECT 1 FROM users AS u WHERE u.name = orders.customer AND EXISTS (SELECT 1 FROM stock AS s WHERE s.n = u.uid))",
  'SELECT customer FROM orders INTERSECT SELECT name FROM users',
  'SELECT customer, id FROM orders EXCEPT SELECT name, uid FROM users',
  'SELECT k FROM t INTERSECT SELECT product FROM orders',
  'SELECT price FROM bids EXCEPT SELECT amount FROM keyed_orders',
  'SELECT customer, COUNT(*) AS n FROM orders WHERE customer IN (SELECT name FROM users) GROUP BY customer',
];
