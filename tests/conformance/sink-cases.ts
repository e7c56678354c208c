/* What arrives in a sink: by key, with NULLs kept out, with the materializer or without it. */

import { overSinkCases } from './over-sink-cases.ts';

export interface SinkCase {
  /** `upsert-kafka` and `jdbc` take changes by key, `append` takes inserts. */
  readonly into: 'upsert-kafka' | 'jdbc' | 'append';
  /** What stands between the parentheses of CREATE TABLE. */
  readonly columns: string;
  readonly query: string;
  /** Columns that INSERT INTO names. */
  readonly named?: string;
  readonly set?: Readonly<Record<string, string>>;
  /** What stands behind ON CONFLICT. */
  readonly onConflict?: string;
}

/** Flink refuses a query whose key is not the table's unless INSERT has ON CONFLICT; with this it need not have it. */
const unasked = 'table.exec.sink.require-on-conflict';
export const freely: Readonly<Record<string, string>> = { [unasked]: 'false' };

/** How an answer names its case. */
export function sinkCaseName({ into, columns, query, named, set, onConflict }: SinkCase): string {
  const settings = Object.entries(set ?? {}).map(([k, v]) => `SET '${k}' = '${v}'; `);
  return `${settings.join('')}INSERT INTO ${into} (${columns})${named === undefined ? '' : ` AS (${named})`} ${query}${conflictText(onConflict)}`;
}
export const conflictText = (onConflict: string | undefined): string =>
  onConflict === undefined ? '' : ` ON CONFLICT ${onConflict}`;

const enforcer = { 'table.exec.sink.not-null-enforcer': 'DROP' };
const materialize = (how: string): Record<string, string> => ({ 'table.exec.sink.upsert-materialize': how });
const pk = (...columns: string[]): string => `PRIMARY KEY (${columns.join(', ')}) NOT ENFORCED`;

type Shape = Omit<SinkCase, 'into'>;

const counts = 'SELECT product, COUNT(*) FROM orders GROUP BY product';
const perPair = 'SELECT product, customer, SUM(amount) FROM orders GROUP BY product, customer';
const idAmount = `id INT, amount INT, ${pk('id')}`;
const productCount = `product STRING, n BIGINT, ${pk('product')}`;
const countProduct = `n BIGINT, product STRING, ${pk('n')}`;

/** Both as a topic's records and as a table's last state. */
const both: readonly Shape[] = [
  { columns: productCount, query: `${counts} HAVING product IS NOT NULL` },
  { columns: productCount, query: counts },
  { columns: productCount, query: counts, set: enforcer },
  { columns: countProduct, query: 'SELECT COUNT(*), product FROM orders GROUP BY product' },
  {
    columns: countProduct,
    query: 'SELECT COUNT(*), product FROM orders GROUP BY product',
    set: materialize('NONE'),
  },
  { columns: `item STRING, price INT, ${pk('item')}`, query: 'SELECT item, price FROM bids' },
  {
    columns: `item STRING, price INT, ${pk('item')}`,
    query: 'SELECT item, price FROM bids',
    set: materialize('FORCE'),
  },
  { columns: idAmount, query: 'SELECT id, amount FROM orders' },
  { columns: idAmount, query: 'SELECT id, amount FROM orders', set: materialize('NONE') },
  { columns: idAmount, query: 'SELECT id, amount FROM keyed_orders' },
  { columns: idAmount, query: 'SELECT id, amount FROM keyed_orders WHERE amount > 8' },
  {
    columns: `product STRING, id INT, amount INT, ${pk('product')}`,
    query: 'SELECT product, id, amount FROM keyed_orders',
    set: enforcer,
  },
  {
    columns: `product STRING, id INT, amount INT, ${pk('product')}`,
    query: 'SELECT product, id, amount FROM orders WHERE product IS NOT NULL',
  },
  {
    columns: `customer STRING, n BIGINT, ${pk('customer')}`,
    query:
      'SELECT customer, COUNT(*) FROM orders WHERE customer IS NOT NULL GROUP BY customer HAVING COUNT(*) < 2',
  },
  { columns: `id INT, amount INT NOT NULL, ${pk('id')}`, query: 'SELECT id, amount FROM orders' },
  {
    columns: `id INT, amount INT NOT NULL, ${pk('id')}`,
    query: 'SELECT id, amount FROM orders',
    set: enforcer,
  },
  {
    columns: `id INT, amount INT NOT NULL, ${pk('id')}`,
    query: 'SELECT id, amount FROM keyed_orders',
    set: enforcer,
  },
  {
    columns: `product STRING, customer STRING, s INT, ${pk('product')}`,
    query: perPair,
    set: enforcer,
  },
  {
    columns: `uid INT, city STRING, score INT, ${pk('uid')}`,
    query: 'SELECT uid, city, score FROM users',
  },
  {
    columns: `uid INT, city STRING, score INT, ${pk('uid')}`,
    query: "SELECT uid, city, score FROM users WHERE city = 'Rome'",
  },
  {
    columns: `city STRING, uid INT, score INT, ${pk('city')}`,
    query: 'SELECT city, uid, score FROM users',
    set: enforcer,
  },
];
const keyed: readonly Shape[] = [
  { columns: productCount, query: counts, set: { ...enforcer, ...materialize('FORCE') } },
  { columns: idAmount, query: 'SELECT id, amount FROM keyed_orders', set: materialize('FORCE') },
  {
    columns: `product STRING, customer STRING, s INT, ${pk('product', 'customer')}`,
    query: perPair,
    set: enforcer,
  },
  {
    columns: `product STRING, n BIGINT, ${pk('product', 'n')}`,
    query: counts,
    set: enforcer,
  },
  {
    columns: `id INT, product STRING, amount INT, ${pk('id', 'product')}`,
    query: 'SELECT id, product, amount FROM keyed_orders',
    set: enforcer,
  },
  {
    columns: `k STRING, n BIGINT, s INT, ${pk('k')}`,
    query: "SELECT 'all', COUNT(*), SUM(amount) FROM orders",
  },
  {
    columns: `product STRING, n BIGINT, note STRING, ${pk('product')}`,
    named: 'n, product',
    query: "SELECT COUNT(*), product FROM orders WHERE product <> 'cap' GROUP BY product",
  },
  {
    columns: `product STRING, lo INT, hi INT, l STRING, d BIGINT, ${pk('product')}`,
    query:
      "SELECT product, MIN(amount), MAX(amount), LISTAGG(customer), COUNT(DISTINCT customer) FROM orders WHERE product <> 'cap' GROUP BY product",
  },
  {
    columns: `k STRING, n BIGINT, s INT, ${pk('k')}`,
    query: 'SELECT k, COUNT(*), SUM(v) FROM stray GROUP BY k',
  },
  { columns: `k STRING, v INT, ${pk('k')}`, query: 'SELECT k, v FROM stray' },
  {
    columns: `n BIGINT, ks BIGINT, ${pk('n')}`,
    query: 'SELECT n, COUNT(*) FROM (SELECT product, COUNT(*) AS n FROM orders GROUP BY product) GROUP BY n',
  },
  {
    columns: `s TIMESTAMP(3), n BIGINT, total INT, ${pk('s')}`,
    query:
      "SELECT window_start, COUNT(*), SUM(amount) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end",
  },
  {
    columns: `id BIGINT, price DECIMAL(10, 1), amount DOUBLE, ${pk('id')}`,
    query: 'SELECT id, price, amount FROM keyed_orders',
  },
  {
    columns: `id STRING, amount INT, ${pk('id')}`,
    query: 'SELECT CAST(id AS STRING), amount FROM keyed_orders',
  },
  { columns: `id DOUBLE, amount INT, ${pk('id')}`, query: 'SELECT id, amount FROM keyed_orders' },
  {
    columns: `product VARCHAR(10), n BIGINT, ${pk('product')}`,
    query: `${counts} HAVING product IS NOT NULL`,
  },
  { columns: `id INT, s VARCHAR(3), ${pk('id')}`, query: 'SELECT id, s FROM t' },
  { columns: `id INT, ts TIMESTAMP(0), ${pk('id')}`, query: 'SELECT id, ts FROM keyed_orders' },
  { columns: `name STRING, score INT, ${pk('name')}`, query: 'SELECT name, score FROM users', set: enforcer },
  { columns: `uid INT, score INT, ${pk('uid')}`, query: 'SELECT uid, score FROM users WHERE uid > 1' },
  {
    columns: `uid INT, score INT, ${pk('uid')}`,
    query: 'SELECT uid, score FROM users',
    set: materialize('FORCE'),
  },
  {
    columns: `uid INT, score INT, ${pk('uid')}`,
    query: 'SELECT uid, score FROM users',
    set: materialize('NONE'),
  },
  {
    columns: `uid INT, score INT NOT NULL, ${pk('uid')}`,
    query: 'SELECT uid, score FROM users',
    set: enforcer,
  },
  {
    columns: `city STRING, n BIGINT, ${pk('city')}`,
    query: 'SELECT city, COUNT(*) FROM users GROUP BY city',
    set: enforcer,
  },
  {
    columns: `shop STRING, item STRING, n INT, ${pk('shop', 'item')}`,
    query: 'SELECT shop, item, n FROM stock',
  },
  {
    columns: `item STRING, shop STRING, n INT, ${pk('item')}`,
    query: 'SELECT item, shop, n FROM stock',
  },
  {
    columns: `id INT, city STRING, ${pk('id')}`,
    query:
      'SELECT o.id, c.city FROM keyed_orders AS o LEFT JOIN customers FOR SYSTEM_TIME AS OF o.proc AS c ON o.customer = c.name',
  },
];
const appended: readonly Shape[] = [
  { columns: 'product STRING, n BIGINT', query: counts },
  { columns: 'id INT, amount INT', query: 'SELECT id, amount FROM orders' },
  { columns: 'uid INT, score INT', query: 'SELECT uid, score FROM users' },
  { columns: 'product STRING', query: 'SELECT DISTINCT product FROM orders' },
];
const asksForConflict = { [unasked]: 'true' };
/** Whose keys may meet in one row of the sink. */
const conflicts: readonly Shape[] = [
  { columns: countProduct, query: 'SELECT COUNT(*), product FROM orders GROUP BY product' },
  { columns: idAmount, query: 'SELECT id, amount FROM orders' },
  { columns: `uid STRING, score INT, ${pk('uid')}`, query: 'SELECT CAST(uid AS STRING), score FROM users' },
];

const firstOf = `item STRING, price INT, ${pk('item')}`;
/** Settled at each watermark, of tables that have one and of such as have none. */
const settled: readonly Shape[] = [
  { columns: firstOf, query: 'SELECT item, price FROM bids' },
  { columns: firstOf, query: 'SELECT item, MAX(price) FROM bids GROUP BY item, supplier' },
  {
    columns: `item STRING, n BIGINT, ${pk('item')}`,
    query:
      "SELECT item, COUNT(*) FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(bidtime), INTERVAL '5' MINUTE)) GROUP BY item, window_start, window_end",
  },
  {
    columns: `product STRING, id INT, amount INT, ${pk('product')}`,
    query: 'SELECT product, id, amount FROM keyed_orders WHERE product IS NOT NULL',
  },
  {
    columns: `product STRING, amount INT, ${pk('product')}`,
    query: 'SELECT product, amount FROM orders WHERE product IS NOT NULL',
  },
  {
    columns: `city STRING, uid INT, score INT, ${pk('city')}`,
    query: 'SELECT city, uid, score FROM timed_users WHERE city IS NOT NULL',
  },
  {
    columns: `city STRING, uid INT, score INT, ${pk('city')}`,
    query: 'SELECT city, uid, score FROM users WHERE city IS NOT NULL',
  },
  { columns: idAmount, query: 'SELECT id, amount FROM keyed_orders' },
  { columns: idAmount, query: 'SELECT id, amount FROM keyed_orders', set: materialize('FORCE') },
  { columns: idAmount, query: 'SELECT id, amount FROM orders', set: materialize('NONE') },
  {
    columns: `product STRING, customer STRING, s INT, ${pk('product', 'customer')}`,
    query:
      'SELECT product, customer, SUM(amount) FROM orders WHERE product IS NOT NULL AND customer IS NOT NULL GROUP BY product, customer',
  },
];

export const sinkCases: readonly SinkCase[] = [
  ...both.flatMap((s): SinkCase[] => [
    { into: 'upsert-kafka', ...s },
    { into: 'jdbc', ...s },
  ]),
  ...keyed.map((s): SinkCase => ({ into: 'upsert-kafka', ...s })),
  ...appended.map((s): SinkCase => ({ into: 'append', ...s })),
  ...conflicts.flatMap((s): SinkCase[] => [
    { into: 'upsert-kafka', ...s, set: asksForConflict },
    ...['DO DEDUPLICATE', 'DO NOTHING', 'DO ERROR'].map(
      (onConflict): SinkCase => ({ into: 'upsert-kafka', ...s, set: asksForConflict, onConflict }),
    ),
  ]),
  ...settled.flatMap((s): SinkCase[] =>
    ['DO NOTHING', 'DO ERROR', 'DO DEDUPLICATE'].map(
      (onConflict): SinkCase => ({ into: 'upsert-kafka', ...s, onConflict }),
    ),
  ),
  ...settled.map((s): SinkCase => ({ into: 'jdbc', ...s, onConflict: 'DO NOTHING' })),
  {
    into: 'append',
    columns: `k STRING, id INT, ${pk('k')}`,
    query: 'SELECT k, id FROM t',
    onConflict: 'DO NOTHING',
  },
  ...['true', 'false'].map(
    (asks): SinkCase => ({
      into: 'upsert-kafka',
      columns: firstOf,
      query: "SELECT item, price FROM bids WHERE item <> 'B'",
      set: { [unasked]: asks },
    }),
  ),
  ...overSinkCases,
];
