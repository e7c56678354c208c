/* What may be computed anew over rows that change, with 'table.optimizer.non-deterministic-update.strategy' = TRY_RESOLVE: each
 * statement is planned, and refused or not. */

/** Sinks by key, and one without. */
export const sinkColumns = {
  byKey: 'id INT, a STRING, PRIMARY KEY (id) NOT ENFORCED',
  byText: 'id INT, a STRING, PRIMARY KEY (a) NOT ENFORCED',
  plain: 'id INT, a STRING',
} as const;
export type DeterminismSink = keyof typeof sinkColumns;

export interface DeterminismCase {
  /** SELECT is read by whole rows. */
  readonly into: DeterminismSink | undefined;
  readonly query: string;
}
export const determinismName = ({ into, query }: DeterminismCase): string =>
  into === undefined ? query : `INSERT INTO ${into} ${query}`;

const sources = ['orders', 'keyed_orders', 't'] as const;
const functions = [
  'UUID()',
  'CAST(CURRENT_TIMESTAMP AS STRING)',
  'CAST(NOW() AS STRING)',
  'CAST(CURRENT_DATE AS STRING)',
  'CAST(UNIX_TIMESTAMP() AS STRING)',
  'CAST(RAND() AS STRING)',
  'CAST(RAND_INTEGER(5) AS STRING)',
  'CAST(CURRENT_WATERMARK(ts) AS STRING)',
  'CAST(PROCTIME() AS STRING)',
  'CAST(proc AS STRING)',
  'CAST(ts AS STRING)',
  "CAST(UNIX_TIMESTAMP('2024-01-01 00:00:00') AS STRING)",
];
const into = (sink: DeterminismSink, query: string): DeterminismCase => ({ into: sink, query });
const plain = (query: string): DeterminismCase => ({ into: undefined, query });

const counts = 'SELECT CAST(COUNT(*) AS INT) AS n, product';
const looked = (columns: string, of: string, on = 'o.customer = c.name', kind = 'JOIN'): string =>
  `SELECT ${columns} FROM ${of} AS o ${kind} customers FOR SYSTEM_TIME AS OF o.proc AS c ON ${on}`;

export const determinismCases: readonly DeterminismCase[] = [
  ...sources.flatMap((s) => functions.map((f) => into('plain', `SELECT id, ${f} FROM ${s}`))),
  ...functions.map((f) => into('byKey', `SELECT id, ${f} FROM keyed_orders`)),
  into('byKey', 'SELECT uid, UUID() FROM users'),
  into('plain', 'SELECT uid, UUID() FROM users'),
  into('plain', 'SELECT uid, name FROM users'),
  ...sources.flatMap((s) => [
    into('plain', `SELECT id, CAST(id AS STRING) FROM ${s} WHERE ts < CURRENT_TIMESTAMP`),
    into('plain', `SELECT id, 'x' FROM ${s} WHERE id > RAND_INTEGER(3)`),
  ]),
  into('byKey', "SELECT id, 'x' FROM keyed_orders WHERE ts < CURRENT_TIMESTAMP"),
  plain('SELECT id, UUID() AS u FROM orders'),
  plain('SELECT id, UUID() AS u FROM keyed_orders'),
  plain('SELECT id, UUID() AS u FROM t'),
  plain('SELECT id, product FROM orders'),
  plain('SELECT proc, id FROM orders'),
  plain('SELECT product, MAX(u) AS m FROM (SELECT product, UUID() AS u FROM orders) GROUP BY product'),
  plain('SELECT product, MAX(u) AS m FROM (SELECT product, UUID() AS u FROM keyed_orders) GROUP BY product'),
  plain('SELECT k, MAX(u) AS m FROM (SELECT k, UUID() AS u FROM t) GROUP BY k'),
  plain('SELECT u, COUNT(*) AS n FROM (SELECT UUID() AS u FROM t) GROUP BY u'),
  plain('SELECT DISTINCT UUID() AS u FROM orders'),
  plain('SELECT product, COUNT(*) AS n, UUID() AS u FROM orders GROUP BY product'),
  into(
    'plain',
    `SELECT n, u FROM (SELECT product, CAST(COUNT(*) AS INT) AS n, UUID() AS u FROM orders GROUP BY product)`,
  ),
  into('byText', `SELECT n, product FROM (${counts}, UUID() AS u FROM orders GROUP BY product)`),
  into('byText', `${counts} FROM orders GROUP BY product`),
  into('byKey', `${counts} FROM orders GROUP BY product ON CONFLICT DO DEDUPLICATE`),
  into(
    'byKey',
    'SELECT n, u FROM (SELECT product, CAST(COUNT(*) AS INT) AS n, UUID() AS u FROM orders GROUP BY product) ON CONFLICT DO DEDUPLICATE',
  ),
  plain('SELECT o.id, u.name FROM orders AS o JOIN users AS u ON o.id = u.uid'),
  plain(
    'SELECT o.id, u.name FROM orders AS o JOIN (SELECT uid, UUID() AS name FROM users) AS u ON o.id = u.uid',
  ),
  plain(
    'SELECT o.id FROM keyed_orders AS o JOIN (SELECT uid, UUID() AS name FROM users) AS u ON o.id = u.uid',
  ),
  plain(
    'SELECT o.id, u.uid FROM keyed_orders AS o JOIN (SELECT uid, UUID() AS name FROM users) AS u ON o.id = u.uid',
  ),
  plain('SELECT a.id FROM (SELECT id, UUID() AS x FROM keyed_orders) AS a JOIN users AS u ON a.x = u.name'),
  plain('SELECT a.id FROM (SELECT id, UUID() AS x FROM t) AS a JOIN users AS u ON a.x = u.name'),
  plain('SELECT a.id, b.item FROM t AS a JOIN bids AS b ON a.id = b.price AND RAND() > 0.5'),
  plain('SELECT a.id, b.item FROM t AS a LEFT JOIN bids AS b ON a.id = b.price AND RAND() > 0.5'),
  plain('SELECT a.id, b.item FROM orders AS a JOIN bids AS b ON a.id = b.price AND RAND() > 0.5'),
  plain('SELECT id, r FROM (SELECT id, RAND() AS r FROM orders) ORDER BY r LIMIT 3'),
  plain('SELECT id, r FROM (SELECT id, RAND() AS r FROM t) ORDER BY r LIMIT 3'),
  plain(
    'SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY product ORDER BY r) AS n FROM (SELECT id, product, RAND() AS r FROM keyed_orders)) WHERE n <= 2',
  ),
  plain('SELECT id, x FROM orders CROSS JOIN UNNEST(ARRAY[UUID()]) AS u (x)'),
  plain('SELECT id FROM orders UNION ALL SELECT CAST(RAND() * 3 AS INT) FROM keyed_orders'),
  plain('SELECT id, SUM(amount) OVER (PARTITION BY product ORDER BY id) AS s FROM keyed_orders'),
  plain(
    'SELECT id, SUM(r) OVER (PARTITION BY product ORDER BY id) AS s FROM (SELECT id, product, RAND_INTEGER(3) AS r FROM keyed_orders)',
  ),
  plain('SELECT * FROM TO_CHANGELOG(input => (SELECT id, UUID() AS u FROM keyed_orders))'),
  plain('SELECT * FROM TO_CHANGELOG(input => (SELECT id, UUID() AS u FROM t))'),
  plain(
    "SELECT window_start, COUNT(*) AS n, MAX(r) AS m FROM TABLE(TUMBLE((SELECT ts, RAND() AS r FROM orders), DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end",
  ),
  plain(
    "SELECT window_start, COUNT(*) AS n, UUID() AS u FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end",
  ),
  ...['t', 'orders', 'keyed_orders', 'users'].flatMap((s) => {
    const on = s === 't' ? 'o.k = c.name' : s === 'users' ? 'o.name = c.name' : 'o.customer = c.name';
    const id = s === 'users' ? 'o.uid' : 'o.id';
    return [
      plain(looked(`${id}, c.city`, s, on)),
      plain(looked(id, s, on)),
      plain(looked(`${id}, c.city`, s, `${on} AND RAND() > 0.5`)),
      into('plain', looked(`${id}, c.city`, s, on, 'LEFT JOIN')),
    ];
  }),
  into('byKey', looked('o.id, c.city', 'keyed_orders')),
];
