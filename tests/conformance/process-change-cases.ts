/* Process table functions over tables that change, and such as give changes: the functions of process-changes.ts. */

const users = '(SELECT uid, name, score FROM users)';
const orders = '(SELECT id, product, amount FROM orders)';
const counts = '(SELECT product, COUNT(*) AS n FROM orders GROUP BY product)';
const byK = '(SELECT id, k, v FROM moves) PARTITION BY k';
const over = (reads: string, gives: string): string =>
  `SELECT * FROM ${reads}(input => (SELECT * FROM ${gives}(input => ${byK})) PARTITION BY k)`;

export const changeQueries: readonly string[] = [
  // As they come: with -U, unless the key of the changes is the partition.
  `SELECT * FROM kinds(input => ${byK})`,
  `SELECT * FROM kinds(input => TABLE nothing PARTITION BY k, on_time => DESCRIPTOR(ts))`,
  `SELECT * FROM kinds(input => ${orders} PARTITION BY product)`,
  `SELECT * FROM kinds(input => (SELECT id, product, amount FROM keyed_orders) PARTITION BY id)`,
  `SELECT * FROM kinds(input => ${counts} PARTITION BY product)`,
  `SELECT * FROM kinds(input => ${counts} PARTITION BY n)`,
  `SELECT * FROM kinds(input => (SELECT product, customer, COUNT(*) AS n FROM orders GROUP BY product, customer) PARTITION BY (customer, product))`,
  `SELECT * FROM kinds(input => (SELECT product, customer, COUNT(*) AS n FROM orders GROUP BY product, customer) PARTITION BY product)`,
  `SELECT * FROM kinds(input => (SELECT product, COUNT(*) AS n FROM orders GROUP BY product HAVING COUNT(*) > 1) PARTITION BY product)`,
  `SELECT * FROM kinds(input => (SELECT DISTINCT product FROM orders) PARTITION BY product)`,
  'SELECT * FROM kinds(input => TABLE stray PARTITION BY k)',
  'SELECT * FROM kinds(TABLE stray)',
  `SELECT * FROM kinds(input => ${users} PARTITION BY uid)`,
  `SELECT * FROM kinds(input => ${users} PARTITION BY name)`,
  `SELECT * FROM kinds(input => ${users})`,
  `SELECT * FROM kinds(input => ${users} PARTITION BY (uid, name))`,
  'SELECT * FROM kinds(input => TABLE stock PARTITION BY (item, shop))',
  'SELECT * FROM kinds(input => TABLE stock PARTITION BY shop)',
  // What the function requires of them.
  `SELECT * FROM kindsBefore(input => ${users} PARTITION BY uid)`,
  `SELECT * FROM kindsBefore(input => ${counts} PARTITION BY product)`,
  `SELECT * FROM kindsFull(input => ${users} PARTITION BY uid)`,
  `SELECT * FROM kindsFull(input => ${users} PARTITION BY name)`,
  `SELECT * FROM kindsFull(input => ${counts} PARTITION BY product)`,
  `SELECT * FROM kindsEach(input => ${users})`,
  `SELECT * FROM kindsEach(input => ${counts})`,
  'SELECT * FROM kindsEach(TABLE stray)',
  `SELECT kind, COUNT(*) AS n FROM kindsEach(input => ${counts}) GROUP BY kind`,
  'SELECT * FROM kindsOfTwo(a => TABLE stock PARTITION BY shop, b => TABLE moves PARTITION BY k)',
  'SELECT * FROM kindsOfTwo(a => TABLE moves PARTITION BY k, b => TABLE stock PARTITION BY shop)',
  // A row that is taken back has no time of its own.
  'SELECT * FROM kinds(input => TABLE orders PARTITION BY product, on_time => DESCRIPTOR(ts))',
  `SELECT * FROM totals(input => TABLE moves PARTITION BY k, on_time => DESCRIPTOR(ts))`,
  // Changes that a function gives, as its readers want them.
  `SELECT * FROM totals(input => ${byK})`,
  `SELECT k, total FROM totals(input => ${byK}) WHERE total > 5`,
  `SELECT k FROM totals(input => ${byK}) WHERE k = 'a'`,
  `SELECT n, COUNT(*) AS c FROM totals(input => ${byK}) GROUP BY n`,
  `SELECT t.k, t.total, m.id FROM totals(input => ${byK}) AS t JOIN moves AS m ON t.total = m.v`,
  over('kinds', 'totals'),
  over('kindsFull', 'totals'),
  over('kindsBefore', 'totals'),
  `SELECT * FROM kindsEach(input => (SELECT * FROM totals(input => ${byK})))`,
  `SELECT * FROM kinds(input => (SELECT k, total FROM totals(input => ${byK}) WHERE total > 8) PARTITION BY k)`,
  `SELECT * FROM kinds(input => (SELECT k, total + 1 AS t FROM totals(input => ${byK})) PARTITION BY k)`,
  `SELECT * FROM kinds(input => (SELECT k, n FROM totals(input => ${byK})) PARTITION BY n)`,
  `SELECT * FROM TO_CHANGELOG(input => (SELECT * FROM totals(input => ${byK})))`,
  `SELECT * FROM mirrored(input => ${users} PARTITION BY uid)`,
  'SELECT * FROM mirrored(input => TABLE stray PARTITION BY k)',
  'SELECT k, COUNT(*) AS n FROM mirrored(input => TABLE stray PARTITION BY k) GROUP BY k',
  `SELECT * FROM mirrored(input => ${byK})`,
  over('kinds', 'mirrored'),
  // Without -U, and deletes that are keys alone: not for every reader.
  `SELECT * FROM upserted(input => ${byK})`,
  'SELECT * FROM upserted(TABLE moves)',
  over('kinds', 'upserted'),
  over('kindsFull', 'upserted'),
  over('kindsBefore', 'upserted'),
  `SELECT * FROM upsertedFull(input => ${byK})`,
  over('kinds', 'upsertedFull'),
  over('kindsFull', 'upsertedFull'),
  over('kindsBefore', 'upsertedFull'),
  `SELECT COUNT(*) AS n, SUM(v) AS s FROM upsertedFull(input => ${byK})`,
  `SELECT * FROM vanishing(input => ${byK})`,
  `SELECT k, SUM(v) AS s FROM vanishing(input => ${byK}) GROUP BY k`,
  over('kinds', 'vanishing'),
  'SELECT * FROM eachChange(TABLE moves)',
  // Kinds that it did not declare.
  `SELECT * FROM undeclared(input => ${byK})`,
  `SELECT * FROM unkept(input => ${byK})`,
];
