/* Lookup joins: rows, changes and upserts against tables of a database, which stay as they are. */

import type { ConformanceTable } from './tables.ts';

/** Tables that are looked up. */
export const lookupTables: readonly ConformanceTable[] = [
  {
    name: 'customers',
    columns: 'name STRING, city STRING, level INT',
    fields: ['name', 'city', 'level'],
    rows: [
      ['ann', 'Rome', 1],
      ['bob', 'Oslo', 2],
      ['bob', 'Rome', 8],
      ['dan', null, null],
      [null, 'Nowhere', 9],
    ],
  },
  {
    name: 'labels',
    columns: 'k STRING, label STRING, b BIGINT, cost DECIMAL(10, 2), since TIMESTAMP(3)',
    fields: ['k', 'label', 'b', 'cost', 'since'],
    rows: [
      ['x', 'ex', 10, 1.5, '2020-01-01 00:00:00'],
      ['y', null, 10, null, '2021-01-01 12:00:00.5'],
      ['y', 'why', 2, 3.25, null],
      ['w', 'double u', 7, 0, '2022-01-01 00:00:00'],
      ['X', 'big ex', 1, 99.99, '2024-01-01 00:00:01'],
    ],
  },
];

const join = (left: string, right: string, on: string, kind = 'JOIN'): string =>
  `FROM ${left} AS o ${kind} ${right} FOR SYSTEM_TIME AS OF o.proc AS c ON ${on}`;
const byName = 'o.customer = c.name';

export const lookupQueries: readonly string[] = [
  `SELECT o.id, c.label ${join('t', 'labels', 'o.k = c.k')}`,
  `SELECT o.id, c.label, c.cost, c.since ${join('t', 'labels', 'o.k = c.k', 'LEFT JOIN')}`,
  `SELECT o.id, c.label ${join('t', 'labels', 'o.k = c.k AND o.b = c.b')}`,
  `SELECT o.id, c.label ${join('t', 'labels', 'o.k = c.k AND o.b = c.b', 'LEFT JOIN')}`,
  `SELECT o.id, c.label ${join('t', 'labels', 'o.id = c.b')}`,
  `SELECT o.id, c.label ${join('t', 'labels', 'UPPER(o.k) = c.k')}`,
  `SELECT o.id, c.label ${join('t', 'labels', "o.k = c.k AND c.label LIKE 'e%'")}`,
  `SELECT o.id, c.label ${join('t', 'labels', 'o.k = c.k AND c.cost > 2', 'LEFT JOIN')}`,
  `SELECT o.id, c.label ${join('t', 'labels', 'o.k = c.k AND o.id > 2', 'LEFT JOIN')}`,
  `SELECT o.id, c.label ${join('t', 'labels', 'o.k = c.k AND o.id > 2')}`,
  `SELECT o.id, c.label ${join('t', 'labels', 'o.k = c.k AND c.b < o.b', 'LEFT JOIN')}`,
  `SELECT o.id, c.label ${join('t', 'labels', "o.k = c.k AND c.label = 'why'")}`,
  `SELECT o.id, c.k ${join('t', 'labels', "c.k = 'w'")}`,
  `SELECT o.id, c.label ${join('t', 'labels', 'o.k = c.k')} WHERE c.cost IS NOT NULL`,
  `SELECT o.id, o.k ${join('t', 'labels', 'o.k = c.k', 'LEFT JOIN')} WHERE c.k IS NULL`,
  `SELECT c.label ${join('t', 'labels', 'o.k = c.k')}`,
  `SELECT o.id, o.k ${join('t', 'labels', 'o.k = c.k')}`,
  `SELECT o.id, c.since ${join('t', 'labels', 'o.k = c.k AND c.since < o.ts')}`,
  `SELECT c.label, COUNT(*) AS n, SUM(o.id) AS s ${join('t', 'labels', 'o.k = c.k', 'LEFT JOIN')} GROUP BY c.label`,
  `SELECT o.id, c.label, d.city ${join('t', 'labels', 'o.k = c.k')} LEFT JOIN customers FOR SYSTEM_TIME AS OF o.proc AS d ON d.level = o.id`,
  `SELECT o.id, c.label ${join('t', 'labels', 'o.id > c.b')}`,
  `SELECT o.id, c.label ${join('t', 'labels', 'TRUE')}`,
  `SELECT o.id, c.label ${join('t', 'labels', 'o.k = c.k', 'RIGHT JOIN')}`,
  `SELECT o.id, c.label ${join('t', 'labels', 'o.k = c.k', 'FULL JOIN')}`,
  `SELECT o.id, c.label ${join('t', 'labels', 'o.k IS NOT DISTINCT FROM c.k')}`,
  `SELECT o.id, c.label ${join('t', 'labels', 'o.k = c.k OR o.b = c.b')}`,
  `SELECT o.id, c.city, c.level ${join('orders', 'customers', byName)}`,
  `SELECT o.id, o.amount, c.city ${join('orders', 'customers', byName, 'LEFT JOIN')}`,
  `SELECT o.id, c.city ${join('orders', 'customers', `${byName} AND c.level < o.amount`)}`,
  `SELECT o.id, o.amount, c.city ${join('orders', 'customers', `${byName} AND c.level < o.amount`, 'LEFT JOIN')}`,
  `SELECT o.id, c.city ${join('orders', 'customers', byName)} WHERE o.amount > 8`,
  `SELECT c.city, COUNT(*) AS n, SUM(o.amount) AS s ${join('orders', 'customers', byName)} GROUP BY c.city`,
  `SELECT c.city, MAX(o.amount) AS m, LISTAGG(o.product) AS l ${join('orders', 'customers', byName, 'LEFT JOIN')} GROUP BY c.city`,
  `SELECT o.id, o.amount, c.city ${join('keyed_orders', 'customers', byName)}`,
  `SELECT o.uid, o.score, c.level ${join('users', 'customers', 'o.name = c.name')}`,
  `SELECT o.uid, o.city, c.level ${join('users', 'customers', 'o.name = c.name AND o.city = c.city', 'LEFT JOIN')}`,
  `SELECT c.level, COUNT(*) AS n ${join('users', 'customers', 'o.city = c.city')} GROUP BY c.level`,
  `SELECT window_start, c.city, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '10' SECOND)) AS o JOIN customers FOR SYSTEM_TIME AS OF o.proc AS c ON ${byName} GROUP BY window_start, window_end, c.city`,
  "SELECT window_start, c.label, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) AS o JOIN labels FOR SYSTEM_TIME AS OF o.proc AS c ON o.k = c.k GROUP BY window_start, window_end, c.label",
  "SELECT c.label, TUMBLE_START(o.ts, INTERVAL '1' MINUTE) AS s, COUNT(*) AS n FROM t AS o JOIN labels FOR SYSTEM_TIME AS OF o.proc AS c ON o.k = c.k GROUP BY c.label, TUMBLE(o.ts, INTERVAL '1' MINUTE)",
];
