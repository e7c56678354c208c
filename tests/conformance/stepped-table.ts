/* A table whose rows come one at a time, so that rows of its two sides reach a join in one order, and late ones are late:
 * in Flink a number a second, here a row and then quiet. What a row holds is computed from its number. */

import type { ConformanceTable } from './tables.ts';

/** side, id, k, v, ts: minutes and seconds of an hour. Out of order, late, very late; NULL keys; equal times. */
const steps: readonly (readonly [side: string, id: number, k: string | null, v: number, at: string])[] = [
  ['l', 1, 'a', 1, '00:00'],
  ['r', 1, 'a', 2, '00:05'],
  ['l', 2, 'b', 5, '00:10'],
  ['r', 2, 'a', 1, '00:20'],
  ['l', 3, null, 3, '00:25'],
  ['r', 3, null, 3, '00:26'],
  ['r', 4, 'b', 4, '00:03'],
  ['l', 4, 'a', 4, '00:40'],
  ['l', 5, 'a', 6, '00:12'],
  ['r', 5, 'a', 5, '00:41'],
  ['r', 6, 'c', 2, '00:45'],
  ['l', 6, 'c', 2, '01:20'],
  ['r', 7, 'a', 7, '00:30'],
  ['l', 7, 'a', 7, '00:35'],
  ['r', 8, 'b', 1, '01:22'],
  ['l', 8, 'b', 8, '01:21'],
  ['l', 9, 'a', 9, '01:10'],
  ['r', 9, 'a', 3, '01:10'],
  ['l', 10, 'a', 10, '02:30'],
  ['r', 10, 'c', 9, '00:46'],
  ['l', 11, 'c', 3, '00:50'],
  ['r', 11, 'a', 11, '02:31'],
  ['l', 12, 'd', 1, '02:32'],
  ['r', 12, 'b', 12, '03:50'],
  ['l', 13, 'b', 13, '03:45'],
  ['l', 14, 'a', 14, '02:20'],
  ['r', 13, 'a', 13, '02:25'],
  ['r', 14, 'd', 1, '05:00'],
  ['l', 15, null, 0, '05:01'],
  ['l', 16, 'e', 1, '07:00'],
  ['l', 17, 'f', 1, '07:05'],
  ['r', 15, 'f', 2, '07:05'],
  ['r', 16, 'a', 1, '07:08'],
  ['l', 18, 'a', 2, '07:01'],
  ['l', 19, 'a', 3, '07:09'],
];

/** A column that is computed from the number of the step. */
function column(name: string, of: number, literal: (cell: unknown) => string): string {
  const whens = steps.map((step, n) => `WHEN ${n} THEN ${literal(step[of])}`);
  return `${name} AS CASE n ${whens.join(' ')} END`;
}
const text = (cell: unknown): string => (cell === null ? 'CAST(NULL AS STRING)' : `'${String(cell)}'`);

/** One side each. */
export const steppedViews: readonly string[] = [
  "CREATE VIEW lefts AS SELECT id, k, v, ts FROM steps WHERE side = 'l'",
  "CREATE VIEW rights AS SELECT id, k, v, ts FROM steps WHERE side = 'r'",
];

export const steppedTable: ConformanceTable = {
  name: 'steps',
  columns: [
    'n INT',
    column('side', 0, text),
    column('id', 1, String),
    column('k', 2, text),
    column('v', 3, String),
    column('ts', 4, (at) => `TIMESTAMP '2024-01-01 00:${String(at)}.000'`),
    "WATERMARK FOR ts AS ts - INTERVAL '10' SECOND",
  ].join(', '),
  fields: ['n'],
  rows: steps.map((_, n) => [n]),
};
