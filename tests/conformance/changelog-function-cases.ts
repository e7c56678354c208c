/* TO_CHANGELOG and FROM_CHANGELOG: over changes of every kind, in each other, below other operators, and what is refused. */

import type { ConformanceTable } from './tables.ts';

const minute = (second: string): string => `2024-01-01 00:00:${second}`;
const cdcFields = ['id', 'op', 'name', 'n', 'ts'];
const cdcColumns = 'id INT, op STRING, name STRING, n INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts';
const cdcRows: readonly (readonly unknown[])[] = [
  [1, 'INSERT', 'pen', 10, minute('01')],
  [2, 'INSERT', 'ink', 5, minute('02')],
  [1, 'UPDATE_BEFORE', 'pen', 10, minute('03')],
  [1, 'UPDATE_AFTER', 'pen', 12, minute('03')],
  [3, 'INSERT', null, null, minute('12')],
  [2, 'DELETE', 'ink', 5, minute('13')],
  [1, 'UPDATE_BEFORE', 'pen', 12, minute('14')],
  [1, 'UPDATE_AFTER', 'cap', 12, minute('14')],
  [4, 'INSERT', 'pen', 7, minute('25')],
];

export const changelogFunctionTables: readonly ConformanceTable[] = [
  { name: 'cdc', columns: cdcColumns, fields: cdcFields, rows: cdcRows },
  {
    name: 'coded',
    columns: 'id INT, o STRING, name STRING, n INT',
    fields: ['id', 'o', 'name', 'n'],
    rows: [
      [1, 'c', 'pen', 10],
      [2, 'r', 'ink', 5],
      [1, 'ub', 'pen', 10],
      [1, 'ua', 'pen', 12],
      [2, 'd', 'ink', 5],
    ],
  },
  {
    name: 'with_null',
    columns: 'id INT, op STRING',
    fields: ['id', 'op'],
    rows: [
      [1, 'INSERT'],
      [2, null],
    ],
  },
];

const orders = '(SELECT id, product, amount FROM orders)';
const all = "MAP['c, r', 'INSERT', 'ub', 'UPDATE_BEFORE', 'ua', 'UPDATE_AFTER', 'd', 'DELETE']";
const coded = (mapping: string): string =>
  `SELECT * FROM FROM_CHANGELOG(input => TABLE coded, op => DESCRIPTOR(o), op_mapping => ${mapping})`;
const stock = (rest: string): string => `SELECT * FROM TO_CHANGELOG(input => TABLE stock${rest})`;
const w = 'window_start, window_end';

export const changelogFunctionQueries: readonly string[] = [
  `SELECT * FROM TO_CHANGELOG(input => ${orders})`,
  'SELECT * FROM TO_CHANGELOG(input => (SELECT uid, name, city, score FROM users))',
  'SELECT * FROM TO_CHANGELOG(input => (SELECT id, product, amount FROM keyed_orders))',
  'SELECT * FROM TO_CHANGELOG(input => TABLE stray)',
  'SELECT * FROM TO_CHANGELOG(TABLE bids)',
  'SELECT * FROM TABLE(TO_CHANGELOG(TABLE stock))',
  'SELECT * FROM TO_CHANGELOG(input => (SELECT product, COUNT(*) AS n FROM orders GROUP BY product))',
  'SELECT * FROM TO_CHANGELOG(input => (SELECT product, MAX(amount) AS m FROM keyed_orders GROUP BY product))',
  'SELECT * FROM TO_CHANGELOG(input => (SELECT city, COUNT(*) AS n FROM users GROUP BY city HAVING COUNT(*) > 1))',
  'SELECT op, COUNT(*) AS n FROM TO_CHANGELOG(input => TABLE stray) GROUP BY op',
  'SELECT op FROM TO_CHANGELOG(input => TABLE stock)',
  "SELECT T.op, T.n FROM TO_CHANGELOG(TABLE stock) AS T WHERE T.op <> 'DELETE'",
  'SELECT a, b, c, d FROM TO_CHANGELOG(TABLE stock) AS T (a, b, c, d)',
  'SELECT TYPEOF(op) AS t FROM TO_CHANGELOG(input => TABLE stock)',
  stock(', op => DESCRIPTOR(kind)'),
  stock(', op => DESCRIPTOR(`a kind`)'),
  stock(', op => NULL'),
  stock(', op => DEFAULT'),
  stock(", op_mapping => MAP['INSERT, UPDATE_AFTER', 'u', 'DELETE', 'd']"),
  stock(", op => DESCRIPTOR(kind), op_mapping => MAP['INSERT', 'i', 'UPDATE_BEFORE', 'b']"),
  stock(", op_mapping => MAP['INSERT', 'x', 'INSERT', 'y']"),
  stock(", op_mapping => MAP['INSERT', 'x', 'DELETE', 'x']"),
  stock(", op_mapping => MAP[' INSERT ,UPDATE_AFTER', 'a b ']"),
  stock(', op_mapping => CAST(NULL AS MAP<STRING, STRING>)'),
  stock(", uid => 'mine'"),
  "SELECT * FROM TABLE(TO_CHANGELOG(TABLE stock, DESCRIPTOR(change), MAP['DELETE', 'gone']))",
  // What is refused.
  'SELECT * FROM TO_CHANGELOG(TABLE users PARTITION BY uid)',
  'SELECT * FROM TO_CHANGELOG(op => DESCRIPTOR(x))',
  stock(', op => DESCRIPTOR(a, b)'),
  stock(', op => DESCRIPTOR(shop)'),
  stock(", op_mapping => MAP['FOO', 'x']"),
  stock(", op_mapping => MAP['insert', 'x']"),
  stock(", op_mapping => MAP['INSERT, UPDATE_AFTER', 'u', 'INSERT', 'd']"),
  stock(", op_mapping => MAP['INSERT', 'd', 'INSERT, UPDATE_AFTER', 'u']"),
  stock(", op_mapping => MAP['INSERT', UPPER('x')]"),
  stock(", op_mapping => MAP['INSERT', 1]"),
  stock(", op_mapping => MAP['INSERT', CAST(NULL AS STRING)]"),
  stock(', on_time => DESCRIPTOR(ts)'),
  'SELECT * FROM TO_CHANGELOG(input => TABLE orders, on_time => DESCRIPTOR(ts))',
  'SELECT * FROM TO_CHANGELOG(input => TABLE bids, on_time => DESCRIPTOR(price))',
  stock(', nothing => 1'),
  // Event time goes on.
  'SELECT * FROM TO_CHANGELOG(input => TABLE bids, on_time => DESCRIPTOR(bidtime))',
  `SELECT ${w}, COUNT(*) AS n FROM TABLE(TUMBLE((SELECT * FROM TO_CHANGELOG(TABLE bids)), DESCRIPTOR(bidtime), INTERVAL '10' MINUTE)) GROUP BY ${w}`,
  `SELECT ${w}, COUNT(*) AS n FROM TABLE(TUMBLE((SELECT * FROM TO_CHANGELOG(input => TABLE bids, on_time => DESCRIPTOR(bidtime))), DESCRIPTOR(rowtime), INTERVAL '10' MINUTE)) GROUP BY ${w}`,
  `SELECT ${w}, op, COUNT(*) AS n FROM TABLE(TUMBLE((SELECT * FROM TO_CHANGELOG(TABLE orders)), DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY ${w}, op`,
  'SELECT op, id, SUM(amount) OVER (PARTITION BY product ORDER BY ts) AS s FROM TO_CHANGELOG(TABLE orders)',
  // Back.
  'SELECT * FROM FROM_CHANGELOG(input => TABLE cdc)',
  'SELECT * FROM FROM_CHANGELOG(TABLE cdc)',
  'SELECT id, n FROM FROM_CHANGELOG(input => TABLE cdc) WHERE n > 10',
  'SELECT name, SUM(n) AS s, COUNT(*) AS c FROM FROM_CHANGELOG(input => TABLE cdc) GROUP BY name',
  'SELECT id, ROW_NUMBER() OVER (ORDER BY n DESC) AS r FROM FROM_CHANGELOG(input => TABLE cdc)',
  'SELECT id, n FROM FROM_CHANGELOG(input => TABLE cdc) ORDER BY n DESC LIMIT 1',
  `SELECT ${w}, COUNT(*) AS n FROM TABLE(TUMBLE((SELECT * FROM FROM_CHANGELOG(TABLE cdc)), DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY ${w}`,
  coded(all),
  coded("MAP['c,r', 'INSERT', 'ua', 'UPDATE_AFTER', 'd', 'DELETE']"),
  coded("MAP['c,r', 'INSERT']"),
  coded("MAP['c,r', 'INSERT', 'd', 'DELETE']"),
  coded("MAP['c,r', 'FOO']"),
  coded("MAP['c', 'insert', 'r', 'INSERT']"),
  coded("MAP['c,r', 'INSERT', 'r', 'DELETE']"),
  coded("MAP['c', 'INSERT', 'r', 'INSERT']"),
  "SELECT * FROM FROM_CHANGELOG(input => (SELECT * FROM coded WHERE o <> 'ub' AND o <> 'ua'), op => DESCRIPTOR(o), op_mapping => MAP['c, r', 'INSERT', 'd', 'DELETE'])",
  'SELECT * FROM FROM_CHANGELOG(input => TABLE coded)',
  'SELECT * FROM FROM_CHANGELOG(input => TABLE coded, op => DESCRIPTOR(n))',
  'SELECT * FROM FROM_CHANGELOG(input => TABLE coded, op => DESCRIPTOR(o, n))',
  'SELECT * FROM FROM_CHANGELOG(input => TABLE with_null)',
  'SELECT * FROM FROM_CHANGELOG(TABLE cdc PARTITION BY id)',
  'SELECT * FROM FROM_CHANGELOG(input => TABLE orders, op => DESCRIPTOR(product))',
  'SELECT * FROM FROM_CHANGELOG(input => TABLE cdc, on_time => DESCRIPTOR(ts))',
  `SELECT * FROM FROM_CHANGELOG(input => (SELECT * FROM TO_CHANGELOG(input => ${orders})))`,
  `SELECT * FROM FROM_CHANGELOG(input => (SELECT product, SUM(amount) AS s, LAST_VALUE(op) AS op FROM TO_CHANGELOG(input => ${orders}) GROUP BY product))`,
  `SELECT product, COUNT(*) AS n FROM FROM_CHANGELOG(input => (SELECT op, id, product FROM TO_CHANGELOG(input => ${orders}) WHERE product <> 'pen')) GROUP BY product`,
];
