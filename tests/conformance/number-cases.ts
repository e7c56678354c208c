/* Aggregates at the bounds of their types: overflow, NaN and infinities, -0.0, groups of NULLs alone. */

import { exact, type ConformanceTable } from './tables.ts';

const fields = ['id', 'k', 'ti', 'si', 'i', 'bi', 'f', 'd', 'dec2', 'd38', 'd0', 't', 'b', 'dt', 'bin'];
const columns =
  'id INT, k STRING, ti TINYINT, si SMALLINT, i INT, bi BIGINT, f FLOAT, d DOUBLE, dec2 DECIMAL(10, 2), d38 DECIMAL(38, 3), d0 DECIMAL(38, 0), t STRING, b BOOLEAN, dt DATE, bin BYTES';

const most38 = exact('99999999999999999999999999999999999.999');
const most0 = exact('99999999999999999999999999999999999999');
const mostLong = exact('9223372036854775807');
const day = '2024-01-01';

/** Group a at the bounds, b of NULLs alone, c NaN first, d zeros of both signs, e infinities, f NaN in the middle. */
const rows: readonly (readonly unknown[])[] = [
  [
    1,
    'a',
    127,
    32767,
    2147483647,
    mostLong,
    3.4028235e38,
    1.7976931348623157e308,
    99999999.99,
    most38,
    most0,
    'x',
    true,
    day,
    'QQ==',
  ],
  [2, 'a', 1, 1, 1, 1, 1.5, 1e10, 0.01, exact('0.001'), 1, null, false, '2023-01-01', 'Qg=='],
  [3, 'a', -128, -5, -7, -9, -2.25, -3.5, -1.5, -1.5, 7, 'y', null, null, null],
  [4, 'b', null, null, null, null, null, null, null, null, null, null, null, null, null],
  [5, 'c', 7, 7, 7, 7, 'NaN', 'NaN', 7, 7, 7, '', true, day, 'QQ=='],
  [6, 'c', 8, 8, 8, 8, 1, 1, 8, 8.5, 8, 'z', true, day, 'QQ=='],
  [7, 'd', 0, 0, 0, 0, 0, '-0.0', 0, 0, 0, 'z', true, day, 'QQ=='],
  [8, 'd', 0, 0, 0, 0, 0, 0, 0, 0, 0, 'z', false, day, 'QQ=='],
  [9, 'e', 1, 1, 1, 1, 'Infinity', 'Infinity', 1, 1, 1, 'z', false, day, 'QQ=='],
  [10, 'e', 2, 2, 2, 2, '-Infinity', '-Infinity', 2, 2, 2, 'z', false, day, 'QQ=='],
  [11, 'f', 1, 1, 1, 1, 1, 1, 1, 1, 1, 'z', false, day, 'QQ=='],
  [12, 'f', 2, 2, 2, 2, 'NaN', 'NaN', 2, 2, 2, 'z', false, day, 'QQ=='],
  [13, 'f', 2, 2, 2, 2, 0, 0.5, 2, 2, 2, 'z', false, day, 'QQ=='],
];

export const numberTables: readonly ConformanceTable[] = [{ name: 'numbers', columns, fields, rows }];

const numbers = ['ti', 'si', 'i', 'bi', 'f', 'd', 'dec2', 'd38', 'd0'];
const others = ['t', 'b', 'dt', 'bin'];
const per = (list: readonly string[], aggregates: readonly string[]): string[] =>
  aggregates.flatMap((aggregate) =>
    list.map((of) => {
      const call = aggregate.replace('?', of);
      return `SELECT k, CAST(${call} AS STRING) AS v, TYPEOF(${call}) AS t FROM numbers GROUP BY k`;
    }),
  );

export const numberQueries: readonly string[] = [
  ...per(numbers, [
    'SUM(?)',
    'AVG(?)',
    'MIN(?)',
    'MAX(?)',
    'STDDEV_POP(?)',
    'STDDEV_SAMP(?)',
    'VAR_POP(?)',
    'VAR_SAMP(?)',
  ]),
  ...per(numbers, ['SUM(DISTINCT ?)', 'AVG(DISTINCT ?)', 'COUNT(DISTINCT ?)']),
  ...per(others, [
    'MIN(?)',
    'MAX(?)',
    'FIRST_VALUE(?)',
    'LAST_VALUE(?)',
    'COUNT(?)',
    'COLLECT(?)',
    'LISTAGG(?)',
  ]),
  "SELECT k, LISTAGG(t, '|') AS v, LISTAGG(DISTINCT t) AS w FROM numbers GROUP BY k",
  'SELECT k, FIRST_VALUE(i) AS v, LAST_VALUE(i) AS w FROM numbers GROUP BY k',
  'SELECT d, COUNT(*) AS n FROM numbers GROUP BY d',
  'SELECT f, COUNT(*) AS n FROM numbers GROUP BY f',
  'SELECT DISTINCT d FROM numbers',
  'SELECT id, d = f AS eq, d <> f AS ne, d > f AS gt, d <= f AS le FROM numbers',
];
