/* Aggregates that give all their values: ARRAY_AGG, JSON_ARRAYAGG, JSON_OBJECTAGG; over sources that insert, and over such
 * that take rows back. */

const w = 'window_start, window_end';

export const aggregateQueries: readonly string[] = [
  'SELECT ARRAY_AGG(id) AS v FROM t',
  'SELECT k, ARRAY_AGG(id) AS v, CARDINALITY(ARRAY_AGG(id)) AS n FROM t GROUP BY k',
  'SELECT k, TYPEOF(ARRAY_AGG(id)) AS t, ARRAY_AGG(id) AS v, TYPEOF(JSON_ARRAYAGG(id)) AS u, JSON_ARRAYAGG(id) AS w FROM t GROUP BY k',
  'SELECT ARRAY_AGG(DISTINCT k) AS v FROM t',
  'SELECT ARRAY_AGG(id) FILTER (WHERE id > 1000) AS v FROM t',
  "SELECT ARRAY_AGG(id) FILTER (WHERE k = 'a') AS v FROM t",
  'SELECT item, ARRAY_AGG(price) AS v, JSON_ARRAYAGG(price) AS j FROM bids GROUP BY item',
  `SELECT ${w}, ARRAY_AGG(item) AS v FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(bidtime), INTERVAL '10' MINUTE)) GROUP BY ${w}`,
  'SELECT ARRAY_AGG(amount) AS v FROM orders',
  'SELECT product, ARRAY_AGG(amount) AS v FROM orders GROUP BY product',
  'SELECT product, ARRAY_AGG(amount) IGNORE NULLS AS v FROM orders GROUP BY product',
  'SELECT product, ARRAY_AGG(amount) RESPECT NULLS AS v FROM orders GROUP BY product',
  'SELECT product, ARRAY_AGG(DISTINCT amount) AS v FROM orders GROUP BY product',
  'SELECT product, ARRAY_AGG(customer) FILTER (WHERE amount > 5) AS v FROM orders GROUP BY product',
  'SELECT customer, ARRAY_AGG(ROW(id, amount)) AS v FROM orders GROUP BY customer',
  'SELECT product, ARRAY_AGG(price) AS v FROM orders GROUP BY product',
  'SELECT city, ARRAY_AGG(name) AS v FROM users GROUP BY city',
  'SELECT ARRAY_AGG(m) AS v FROM (SELECT product, MAX(amount) AS m FROM orders GROUP BY product)',
  `SELECT ${w}, ARRAY_AGG(amount) AS v FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY ${w}`,
  `SELECT ${w}, ARRAY_AGG(amount) AS v FROM TABLE(HOP(TABLE orders, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '10' SECOND)) GROUP BY ${w}`,
  'SELECT product, JSON_ARRAYAGG(amount) AS v FROM orders GROUP BY product',
  'SELECT product, JSON_ARRAYAGG(amount NULL ON NULL) AS v FROM orders GROUP BY product',
  'SELECT product, JSON_ARRAYAGG(customer ABSENT ON NULL) AS v FROM orders GROUP BY product',
  'SELECT JSON_ARRAYAGG(customer NULL ON NULL) AS v FROM orders',
  "SELECT product, JSON_ARRAYAGG(JSON_OBJECT('id' VALUE id, 'w' VALUE weight)) AS v FROM orders GROUP BY product",
  'SELECT JSON_ARRAYAGG(JSON_STRING(product)) AS v FROM orders',
  'SELECT JSON_ARRAYAGG(price) AS v FROM orders',
  'SELECT customer, JSON_OBJECTAGG(KEY CAST(id AS STRING) VALUE amount) AS v FROM orders GROUP BY customer',
  "SELECT product, JSON_OBJECTAGG('k' || CAST(id AS STRING) VALUE amount ABSENT ON NULL) AS v FROM orders GROUP BY product",
  "SELECT product, JSON_OBJECTAGG('k' || CAST(id AS STRING) VALUE JSON_ARRAY(amount, customer)) AS v FROM orders GROUP BY product",
  "SELECT JSON_OBJECTAGG('x' VALUE id) AS v FROM t",
  'SELECT JSON_OBJECTAGG(id VALUE k) AS v FROM t',
];
