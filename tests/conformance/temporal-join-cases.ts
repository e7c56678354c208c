/* Temporal joins by event time: sales with the rates that held at their time, over tables that insert, change and upsert.
 * Their watermarks wait for all rows, so that none is late whichever table is read first. */

import type { ConformanceTable } from './tables.ts';

const at = (time: string): string => `2024-01-01 00:${time}`;
const rateFields = ['cur', 'rate', 'since'];
const rateColumns =
  "cur STRING, rate INT, since TIMESTAMP(3), proc AS PROCTIME(), WATERMARK FOR since AS since - INTERVAL '1' HOUR, PRIMARY KEY (cur) NOT ENFORCED";
/** Versions out of order, of one time, the same again; keys that end and come back; NULLs. */
const rateUpserts: readonly (readonly unknown[])[] = [
  ['+U', 'E', 110, at('00:00')],
  ['+U', 'D', 90, at('00:00')],
  ['+U', 'Y', 3, at('00:10')],
  ['+U', 'E', 120, at('01:00')],
  ['+U', 'E', 120, at('01:00')],
  ['+U', 'D', 95, at('02:00')],
  ['+U', 'E', 125, at('01:00')],
  ['-D', 'Y'],
  ['+U', 'D', null, at('03:00')],
  ['+U', 'E', 105, at('00:30')],
  ['+U', 'Y', 4, at('04:00')],
  ['+U', 'E', 80, at('05:00')],
  ['-D', 'D'],
];
const rateChanges: readonly (readonly unknown[])[] = [
  ['+I', 'E', 110, at('00:00')],
  ['+I', 'D', 90, at('00:00')],
  ['+I', 'Y', 3, at('00:10')],
  ['-U', 'E', 110, at('00:00')],
  ['+U', 'E', 120, at('01:00')],
  ['-U', 'D', 90, at('00:00')],
  ['+U', 'D', 95, at('02:00')],
  ['-D', 'Y', 3, at('00:10')],
  ['-U', 'D', 95, at('02:00')],
  ['+U', 'D', null, at('03:00')],
  ['-U', 'E', 120, at('01:00')],
  ['+U', 'E', 80, at('05:00')],
  ['+I', 'Y', 4, at('04:00')],
  ['-D', 'D', null, at('03:00')],
];
const quotes: readonly (readonly unknown[])[] = [
  ['E', 110, at('00:00')],
  ['D', 90, at('00:00')],
  ['E', 120, at('01:00')],
  ['E', 115, at('00:30')],
  ['E', 121, at('01:00')],
  ['D', null, at('02:00')],
];
const saleFields = ['nr', 'cur', 'amount', 'sold'];
const saleColumns =
  "nr INT, cur STRING, amount INT, sold TIMESTAMP(3), proc AS PROCTIME(), WATERMARK FOR sold AS sold - INTERVAL '1' HOUR";
const sales: readonly (readonly unknown[])[] = [
  [1, 'E', 1, at('00:00')],
  [2, 'E', 200, at('00:59.999')],
  [3, 'D', 50, at('02:30')],
  [4, 'E', 100, at('01:00')],
  [5, 'X', 5, at('01:30')],
  [6, null, 6, at('01:31')],
  [7, 'Y', 7, at('00:05')],
  [8, 'Y', 1, at('00:20')],
  [9, 'Y', 9, at('04:30')],
  [10, 'D', 100, at('03:30')],
  [11, 'E', 11, at('00:40')],
  [12, 'E', 90, at('06:00')],
  [13, 'D', 13, at('00:00')],
];
const saleChanges: readonly (readonly unknown[])[] = [
  ['+I', 1, 'E', 1, at('00:00')],
  ['+I', 2, 'D', 200, at('00:30')],
  ['-U', 1, 'E', 1, at('00:00')],
  ['+U', 1, 'E', 2, at('01:30')],
  ['+I', 3, 'X', 3, at('01:00')],
  ['-U', 2, 'D', 200, at('00:30')],
  ['+U', 2, 'Y', 200, at('00:30')],
  ['-D', 3, 'X', 3, at('01:00')],
  ['+I', 4, 'E', 100, at('05:30')],
  ['+I', 5, 'E', 5, at('05:00')],
  ['-D', 4, 'E', 100, at('05:30')],
];

export const temporalTables: readonly ConformanceTable[] = [
  {
    name: 'rates',
    columns: rateColumns,
    fields: rateFields,
    key: ['cur'],
    gives: 'upserts',
    rows: rateUpserts,
  },
  {
    name: 'rate_log',
    columns: rateColumns,
    fields: rateFields,
    key: ['cur'],
    gives: 'changes',
    rows: rateChanges,
  },
  { name: 'quotes', columns: rateColumns, fields: rateFields, rows: quotes },
  {
    name: 'timeless',
    columns: 'cur STRING, rate INT, PRIMARY KEY (cur) NOT ENFORCED',
    fields: ['cur', 'rate'],
    rows: [['E', 1]],
  },
  { name: 'keyless', columns: rateColumns.replace(/, PRIMARY KEY.*/, ''), fields: rateFields, rows: quotes },
  { name: 'sales', columns: saleColumns, fields: saleFields, rows: sales },
  { name: 'sale_log', columns: saleColumns, fields: saleFields, gives: 'changes', rows: saleChanges },
];

/** Views with versions: projected, computed, filtered. */
export const temporalViews: readonly string[] = [
  'CREATE VIEW named_rates AS SELECT rate + 0 AS rate, cur, since FROM rates',
  'CREATE VIEW high_rates AS SELECT * FROM rates WHERE rate > 100',
  'CREATE VIEW high_log AS SELECT * FROM rate_log WHERE rate > 100',
];

const versioned = (type: string, of: string, on: string, from = 'sales'): string =>
  `SELECT s.nr, r.rate, r.since FROM ${from} AS s ${type} ${of} FOR SYSTEM_TIME AS OF s.sold AS r ON ${on}`;
/** The row of another table that held at the time of a row. */
export const temporalQueries: readonly string[] = [
  ...['JOIN', 'LEFT JOIN'].flatMap((type) => [
    ...['rates', 'rate_log', 'quotes'].flatMap((of) => [
      versioned(type, of, 's.cur = r.cur'),
      versioned(type, of, 's.cur = r.cur AND s.amount < r.rate'),
      versioned(type, of, 'r.cur = UPPER(s.cur) AND s.amount > 6'),
      versioned(type, of, 's.cur = r.cur', 'sale_log'),
    ]),
    // views with versions: projected, computed, filtered
    versioned(type, 'named_rates', 's.cur = r.cur'),
    versioned(type, 'high_rates', 's.cur = r.cur'),
    versioned(type, 'high_log', 's.cur = r.cur'),
    versioned(type, 'rates', 's.cur = r.cur AND r.rate = s.amount - 10'),
  ]),
  `SELECT s.nr, r.rate FROM sales AS s JOIN rates FOR SYSTEM_TIME AS OF s.sold AS r USING (cur) WHERE r.rate > 100`,
  `SELECT s.nr, r.rate, q.rate AS q FROM sales AS s JOIN rates FOR SYSTEM_TIME AS OF s.sold AS r ON s.cur = r.cur LEFT JOIN quotes FOR SYSTEM_TIME AS OF s.sold AS q ON s.cur = q.cur`,
  `SELECT window_start, COUNT(*) AS n, SUM(rate) AS s FROM TABLE(TUMBLE((SELECT s.sold, r.rate FROM sales AS s JOIN rates FOR SYSTEM_TIME AS OF s.sold AS r ON s.cur = r.cur), DESCRIPTOR(sold), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end`,
  `SELECT r.cur, COUNT(*) AS n FROM sale_log AS s JOIN rates FOR SYSTEM_TIME AS OF s.sold AS r ON s.cur = r.cur GROUP BY r.cur`,
  // refused
  versioned('RIGHT JOIN', 'rates', 's.cur = r.cur'),
  versioned('FULL JOIN', 'rates', 's.cur = r.cur'),
  versioned('JOIN', 'rates', 's.amount = r.rate'),
  versioned('JOIN', 'rates', 's.amount < r.rate'),
  versioned('JOIN', 'keyless', 's.cur = r.cur'),
  versioned('JOIN', 'rates', 's.cur = r.cur').replace('s.sold AS r', 's.amount AS r'),
  'SELECT s.nr, r.rate FROM sales AS s JOIN timeless FOR SYSTEM_TIME AS OF s.sold AS r ON s.cur = r.cur',
  'SELECT s.nr, r.rate FROM sales AS s JOIN high_rates FOR SYSTEM_TIME AS OF s.proc AS r ON s.cur = r.cur',
];
