/* MATCH_RECOGNIZE: patterns over rows that come out of order, of two keys and of none, some of one time, some with NULLs. */

import type { ConformanceTable } from './tables.ts';

const at = (s: string): string => `2024-01-01 00:00:${s}`;
const steps: ConformanceTable = {
  name: 'steps',
  columns:
    "id INT, k STRING, kind STRING, v INT, amount DECIMAL(10, 2), ts TIMESTAMP(3), proc AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE",
  fields: ['id', 'k', 'kind', 'v', 'amount', 'ts'],
  rows: [
    [1, 'a', 's', 10, 1.5, at('01')],
    [3, 'a', 'p', 14, 2.25, at('03')],
    [2, 'a', 'p', 12, null, at('02')],
    [4, 'b', 's', 5, 0.5, at('03')],
    [5, 'a', 'b', 9, 4, at('04')],
    [6, 'b', 'b', 7, 1, at('05')],
    [7, null, 's', 1, 1, at('05')],
    [8, null, 'p', null, 2, at('06')],
    [9, null, 'b', 3, 3, at('07')],
    [10, 'a', 's', 11, 1, at('08')],
    [12, 'a', 'p', 8, 5.75, at('09')],
    [11, 'a', 's', 13, 1, at('09')],
    [13, 'b', 's', 6, 1, at('10')],
    [14, 'b', 's', 6, 1, at('11')],
    [15, 'a', 'b', 15, 6, at('20')],
    [16, 'b', 'p', null, 1, at('21')],
    [17, 'b', 'p', 4, 7.5, at('21')],
    [18, 'b', 'b', 8, 8, at('30')],
    [20, 'a', 'p', 21, 1, at('41')],
    [19, 'a', 's', 20, 1, at('40')],
    [21, 'a', 'p', 22, 1, at('42')],
    [22, 'a', 'x', 23, 1, at('43')],
    [23, 'b', 'x', 2, 1, at('44')],
    [24, 'a', 'b', 30, 2, at('45')],
  ],
};

/** The watermark passes rows while others still come: some out of order, some late. */
const flow: ConformanceTable = {
  name: 'flow',
  columns: "id INT, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND",
  fields: ['id', 'v', 'ts'],
  rows: [
    [1, 10, at('01')],
    [2, 1, at('02')],
    [3, 2, at('03')],
    [4, 30, at('04')],
    [5, 2, at('02.500')],
    [6, 11, at('06')],
    [7, 5, at('03')],
    [8, 31, at('07')],
    [9, 6, at('07')],
    [10, 7, at('20')],
    [11, 8, at('18')],
    [12, 9, at('19')],
    [13, 100, at('40')],
    [14, 101, at('41')],
  ],
};
export const matchTables: readonly ConformanceTable[] = [steps, flow];

/** The parts of a MATCH_RECOGNIZE, each as in the funnel unless it says otherwise. */
interface Parts {
  readonly from?: string;
  readonly select?: string;
  readonly partition?: string;
  readonly order?: string;
  readonly measures?: string;
  readonly rows?: string;
  readonly after?: string;
  readonly pattern?: string;
  readonly within?: string;
  readonly define?: string;
}
const ids = 'FIRST(A.id) AS a, LAST(B.id) AS b, LAST(C.id) AS c, COUNT(B.id) AS n';
const kinds = "A AS A.kind = 's', B AS B.kind = 'p', C AS C.kind = 'b'";
function match(parts: Parts): string {
  const { from = 'steps', select = '*', partition = 'k', order = 'ts', measures = ids } = parts;
  const { rows = 'ONE ROW PER MATCH', pattern = 'A B* C', define = kinds } = parts;
  const { after = 'SKIP PAST LAST ROW', within } = parts;
  const clauses = [
    partition === '' ? '' : `PARTITION BY ${partition}`,
    order === '' ? '' : `ORDER BY ${order}`,
    `MEASURES ${measures}`,
    rows,
    after === '' ? '' : `AFTER MATCH ${after}`,
    `PATTERN (${pattern})${within === undefined ? '' : ` WITHIN ${within}`}`,
    `DEFINE ${define}`,
  ];
  return `SELECT ${select} FROM ${from} MATCH_RECOGNIZE (${clauses.filter((c) => c !== '').join(' ')}) AS m`;
}
/** Of rows in which one is by one more than another, in any distance: what begins later may end earlier. */
const chain = (parts: Parts): string =>
  match({
    from: 'flow',
    partition: '',
    measures: 'A.id AS a, C.id AS c, COUNT(*) AS n, MATCH_ROWTIME() AS t',
    pattern: 'A B*? C',
    define: 'C AS C.v = A.v + 1',
    ...parts,
  });
const rising = 'A AS A.v > 0, B AS LAST(B.v, 1) IS NULL OR B.v > LAST(B.v, 1), C AS C.v < LAST(B.v)';
const overlapping = 'A AS A.v > 5, B AS B.v > 7, C AS C.v > 9';
const skips = [
  '',
  'SKIP PAST LAST ROW',
  'SKIP TO NEXT ROW',
  'SKIP TO FIRST B',
  'SKIP TO LAST B',
  'SKIP TO C',
];
const quantifiers = [
  ...['A B C', 'A B* C', 'A B*? C', 'A B+ C', 'A B+? C', 'A B? C', 'A B{2} C', 'A B{1,} C', 'A B{1,}? C'],
  ...['A B{2,} C', 'A B{2,}? C', 'A B{0,2} C', 'A B{0,2}? C', 'A B{1,2} C', 'A B{1,2}? C', 'A B{,2} C'],
  ...['A+ C', 'A+ B* C', 'A* B C', 'A? B+ C', 'A{2} B* C', 'A B* C*?', 'A B*?', 'A B+?', 'A+?', 'A B{2}'],
];

const taken: readonly string[] = [
  // What gathers values, and the processing time of rows.
  ...[
    'COLLECT(B.kind)',
    'ARRAY_AGG(B.v)',
    'ARRAY_AGG(v)',
    'ARRAY_AGG(B.amount IGNORE NULLS)',
    'ARRAY_AGG(B.v + 1)',
    'CARDINALITY(ARRAY_AGG(kind))',
    'PERCENTILE(B.v, 0.5)',
    'PERCENTILE(v, ARRAY[0.0, 0.5, 1.0])',
    'LAST_VALUE(B.v)',
    "LISTAGG(B.kind, '-')",
    'COUNT(B.proc)',
    'A.proc IS NULL',
    'LAST(B.proc) IS NULL',
    'A.proc <= C.proc',
    'MAX(B.proc) IS NULL',
    'JSON_ARRAYAGG(B.v)',
    'JSON_OBJECTAGG(KEY B.kind VALUE B.v)',
    'ARRAY_AGG(DISTINCT B.v)',
  ].map((value) => match({ measures: `A.id AS a, ${value} AS c` })),
  match({ define: `${kinds} AND CARDINALITY(ARRAY_AGG(B.v)) < 3` }),
  match({ define: "A AS A.kind = 's', B AS B.kind = 'p' AND B.proc IS NOT NULL, C AS C.kind = 'b'" }),
  match({ define: "A AS A.kind = 's' AND A.proc IS NULL, B AS B.kind = 'p', C AS C.kind = 'b'" }),
  ...quantifiers.map((pattern) => match({ pattern })),
  ...quantifiers.map((pattern) => match({ pattern, define: overlapping })),
  ...quantifiers.slice(0, 12).map((pattern) => match({ pattern, define: rising, partition: '' })),
  ...skips.map((after) => match({ after, pattern: 'A B+ C' })),
  ...skips.map((after) => match({ after, pattern: 'A B+? C', define: overlapping })),
  ...skips.map((after) => match({ after, pattern: 'A B{2,3}? C', define: overlapping, partition: '' })),
  match({ pattern: 'A+ B+ C', after: 'SKIP TO LAST A' }),
  match({ pattern: 'A+ B? C', after: 'SKIP TO FIRST C', define: overlapping }),
  // Within a time.
  ...['1', '2', '3', '5', '12'].map((s) => match({ within: `INTERVAL '${s}' SECOND` })),
  ...['2', '4', '11'].map((s) =>
    match({ within: `INTERVAL '${s}' SECOND`, pattern: 'A B*? C', define: overlapping }),
  ),
  match({ within: "INTERVAL '3' SECOND", after: 'SKIP TO NEXT ROW', define: overlapping }),
  match({ within: "INTERVAL '1' HOUR" }),
  ...skips.slice(0, 3).map((after) => chain({ after })),
  ...skips
    .slice(0, 3)
    .flatMap((after) => ['2', '3', '6', '21'].map((s) => chain({ after, within: `INTERVAL '${s}' SECOND` }))),
  chain({ pattern: 'A B+? C', after: 'SKIP TO FIRST B' }),
  chain({ pattern: 'A B+? C', after: 'SKIP TO LAST B' }),
  chain({ after: 'SKIP TO C' }),
  chain({ pattern: 'A{2} C', define: 'C AS C.v > SUM(A.v)', after: 'SKIP TO LAST A' }),
  chain({ pattern: 'A B? C', define: 'B AS B.v > 1, C AS C.v > 1', after: '' }),
  chain({ pattern: 'A B? C{2}', define: 'B AS B.v > 1, C AS C.v > 1', after: 'SKIP TO FIRST C' }),
  chain({ pattern: 'A B{1,3}? C', define: 'B AS B.v > 1, C AS C.v > LAST(C.v, 1) OR C.v > 5', after: '' }),
  ...["INTERVAL '2' SECOND", "INTERVAL '21' SECOND"].map(
    (within) =>
      `${chain({ select: "TUMBLE_START(t, INTERVAL '10' SECOND) AS s, COUNT(*) AS n", within })} GROUP BY TUMBLE(t, INTERVAL '10' SECOND)`,
  ),
  // What it measures.
  match({ measures: 'A.id AS a, B.id AS b, C.id AS c, A.ts AS t' }),
  match({ measures: 'FINAL LAST(B.id) AS a, FIRST(B.id, 1) AS b, LAST(B.id, 1) AS c, LAST(B.v, 2) AS d' }),
  match({ measures: 'id AS a, FIRST(id) AS b, LAST(id, 1) AS c, LAST(B.v * 10 + 1) AS d' }),
  match({ measures: 'C.v - A.v AS d, CAST(A.id AS STRING) || C.kind AS s, A.v + B.v AS e' }),
  match({
    measures: 'SUM(B.v) AS s, COUNT(B.v) AS n, COUNT(*) AS m, AVG(B.v) AS g, MIN(B.v) AS lo, MAX(B.v) AS hi',
  }),
  match({ measures: 'SUM(B.amount) AS s, AVG(B.amount) AS g, MIN(B.amount) AS lo, MAX(B.amount) AS hi' }),
  match({ measures: 'SUM(v) AS s, COUNT(id) AS n, AVG(amount) AS g, MAX(ts) AS t' }),
  match({ measures: 'SUM(B.v * 2) AS s, SUM(A.v) + COUNT(B.id) AS n, TYPEOF(SUM(B.v)) AS t' }),
  match({ measures: 'COUNT(DISTINCT B.v) AS s' }),
  match({ measures: 'SUM(A.v + B.v) AS s' }),
  match({ measures: 'FIRST(A.v + B.v) AS s' }),
  match({ measures: 'MATCH_ROWTIME() AS t, A.id AS a' }),
  match({ measures: 'MATCH_ROWTIME(ts) AS t, TYPEOF(MATCH_ROWTIME()) AS y, TYPEOF(A.id) AS i' }),
  match({ measures: 'RUNNING LAST(B.id) AS a' }),
  match({ measures: 'CLASSIFIER() AS a' }),
  match({ measures: 'MATCH_NUMBER() AS a' }),
  match({ measures: 'A.k AS k2, A.kind AS kind2, 1 AS uno' }),
  match({ select: 'k, SUM(n) AS s' }) + ' GROUP BY k',
  match({ select: 'm.a, m.c' }) + ' WHERE n > 0',
  // What it asks of rows.
  match({ define: 'A AS A.v > 5, B AS B.v > A.v, C AS C.v > SUM(B.v) - 100' }),
  match({ define: 'A AS v > 5, B AS v > FIRST(A.v), C AS C.v < AVG(B.v)' }),
  match({ define: "B AS SUM(B.v) < 30, C AS C.kind = 'b'" }),
  match({ define: 'B AS COUNT(B.id) <= 2, C AS C.v > 0', pattern: 'A B+ C' }),
  match({ define: 'B AS LAST(B.v, 1) < B.v OR LAST(B.v, 1) IS NULL', pattern: 'A B+ C' }),
  match({ define: 'A AS A.v > 0, B AS B.v > LAST(v, 1), C AS C.v < LAST(v, 1)' }),
  match({ define: 'A AS A.v > 0, B AS B.v > PREV(B.v), C AS C.v < PREV(C.v)' }),
  match({ define: 'A AS A.v > 0, B AS B.v > PREV(v, 2), C AS C.v < 100' }),
  match({ define: 'A AS A.v > 0, B AS B.v > NEXT(B.v), C AS C.v < 100' }),
  match({ define: 'B AS FIRST(B.v, 1) IS NULL, C AS C.v < FIRST(B.v)', pattern: 'A B+ C' }),
  match({ define: "C AS C.kind = 'b' AND C.v > MIN(A.v) AND MAX(B.v) > 1", pattern: 'A B+ C' }),
  match({ define: 'A AS TRUE, B AS FALSE, C AS NULL' }),
  match({ define: "A AS A.kind = 's', B AS C.v IS NULL, C AS C.kind = 'b'" }),
  match({ define: "B AS B.v > 1, B AS B.v > 2, C AS C.kind = 'b'" }),
  match({ define: "D AS D.v > 1, C AS C.kind = 'b'" }),
  match({ define: 'A AS A.v' }),
  // Where from, and in which order.
  match({ partition: 'k, kind', pattern: 'A C', define: 'A AS A.v > 0, C AS C.v > A.v' }),
  match({ partition: '' }),
  match({ partition: 'UPPER(k)' }),
  match({ order: 'ts, id' }),
  match({ order: 'ts, id DESC' }),
  match({ order: 'ts, v DESC', partition: '' }),
  match({ order: 'proc' }),
  match({ order: 'proc', partition: '' }),
  match({ order: 'proc', within: "INTERVAL '1' HOUR", pattern: 'A B{1,}? C', after: '' }),
  match({ order: 'proc', measures: 'A.id AS a, MATCH_PROCTIME() IS NULL AS p, COUNT(*) AS n' }),
  match({ measures: 'A.id AS a, MATCH_PROCTIME() IS NULL AS p' }),
  match({ order: 'proc DESC' }),
  match({ from: '(SELECT * FROM steps WHERE id > 1000)' }),
  match({ from: "(SELECT k, id, v, kind, ts FROM steps WHERE kind <> 'x')" }),
];
/** Of any two rows that follow one another, what the measures say of them. */
const pairs = (from: string, order: string, measures: string, more: Parts = {}): string =>
  match({
    from,
    partition: '',
    order,
    measures,
    after: 'SKIP TO NEXT ROW',
    pattern: 'A B{2}',
    define: 'A AS TRUE',
    ...more,
  });
/** Values of other types, from other sources, and what is made of matches. */
const elsewhere: readonly string[] = [
  pairs('t', 'ts', 'A.id AS a, SUM(B.b) AS s, AVG(B.b) AS g, MAX(B.b) AS hi, MIN(B.b) AS lo'),
  pairs(
    't',
    'ts',
    'SUM(B.d) AS s, AVG(B.d) AS g, MAX(B.d) AS hi, SUM(B.f) AS f, AVG(B.f) AS h, MIN(B.f) AS lo',
  ),
  pairs('t', 'ts', 'MAX(B.s) AS hi, MIN(s) AS lo, MAX(B.ts) AS t, MAX(B.flag) AS f, COUNT(B.flag) AS n'),
  pairs('t', 'ts', "A.n.a AS na, LAST(B.n.c) AS nc, A.xs[1] AS x, A.m['u'] AS u, CARDINALITY(B.xs) AS c"),
  pairs('t', 'ts', 'SUM(CAST(B.id AS TINYINT)) AS s, AVG(CAST(B.id AS SMALLINT)) AS g, SUM(B.b + 1) AS b1'),
  pairs('t', 'ts', 'A.n AS n, B.xs AS xs, A.m AS m'),
  pairs(
    't',
    'ts',
    'CASE WHEN A.flag THEN B.s ELSE UPPER(A.s) END AS c, COALESCE(B.k, A.k) AS k, B.b / 2 AS h',
  ),
  pairs('t', 'ts', 'COUNT(*) AS n', { define: "B AS B.flag OR B.k IN ('x', 'y') OR B.s LIKE 'a%'" }),
  pairs('t', 'ts', 'A.id AS a, B.id AS b', { define: 'B AS B.d BETWEEN A.d - 5 AND A.d + 500' }),
  pairs('t', 'ts', 'A.id AS a, B.id AS b', {
    define: 'B AS COUNT(*) > 1 AND (B.flag IS NOT TRUE OR B.b > AVG(A.b))',
  }),
  pairs('t', 'ts', 'LISTAGG(B.s) AS l'),
  pairs('t', 'ts', 'FIRST_VALUE(B.s) AS l'),
  pairs('t', 'ts', "LISTAGG(B.s, '-') AS l, LISTAGG(A.k, '') AS k", { pattern: 'A B+ C' }),
  pairs('t', 'ts', 'STDDEV_POP(B.d) AS p, STDDEV_SAMP(B.d) AS s, VAR_POP(B.id) AS v, VAR_SAMP(B.b) AS w', {
    pattern: 'A B+ C',
  }),
  pairs('t', 'ts', 'STDDEV_POP(id) AS p, VAR_SAMP(A.d) AS w'),
  pairs('bids', 'bidtime', 'A.item AS a, SUM(B.amount) AS s, SUM(price) AS p, MATCH_ROWTIME() AS t'),
  pairs('bids', 'bidtime', 'A.item AS a, B.item AS b, B.price - A.price AS d', {
    partition: 'supplier',
    pattern: 'A B',
    define: 'B AS B.price > A.price',
  }),
  pairs('bids', 'bidtime', 'FIRST(A.price) AS a, LAST(B.price) AS b, COUNT(B.price) AS n', {
    pattern: 'A B+ C',
    define: 'B AS B.price < LAST(price, 1), C AS C.price > LAST(B.price)',
    after: 'SKIP PAST LAST ROW',
  }),
  `SELECT m.a, t.k FROM (${pairs('t', 'ts', 'A.id AS a')}) AS m JOIN t ON m.a = t.id`,
  `SELECT * FROM (SELECT *, a + 1 AS c FROM (${pairs('t', 'ts', 'A.id AS a, B.id AS b')})) WHERE c > 2`,
  `SELECT COUNT(*) AS n, MAX(a) AS a FROM (${pairs('t', 'ts', 'A.id AS a, B.id AS b')})`,
];
/** What Flink refuses, most of it. */
const refused: readonly string[] = [
  ...['A B*', 'A B+', 'A B?', 'A B{1,2}', 'A B{2,}', 'A | B', 'A B A', '(A B)+ C', 'A (B C)', 'A B?? C'].map(
    (pattern) => match({ pattern }),
  ),
  ...['^ A B', 'A B $', 'A {- B -} C', 'PERMUTE(A, B)', 'A B{0} C', 'A{3,2} C'].map((pattern) =>
    match({ pattern }),
  ),
  match({ rows: 'ALL ROWS PER MATCH' }),
  match({ rows: '' }),
  match({ order: '' }),
  match({ order: 'ts DESC' }),
  match({ order: 'id' }),
  match({ order: 'id, ts' }),
  match({ within: "INTERVAL '1' MONTH" }),
  match({ within: 'CAST(NULL AS INTERVAL SECOND)' }),
  match({ after: 'SKIP TO Z' }),
  match({ after: 'SKIP TO FIRST A' }),
  match({ after: 'SKIP TO LAST B', pattern: 'A B* C' }),
  match({
    from: '(SELECT k, MAX(id) AS id, MAX(v) AS v, MAX(kind) AS kind, MAX(ts) AS ts FROM steps GROUP BY k)',
  }),
  match({ measures: 'Z.id AS a' }),
  match({ measures: 'A.nothing AS a' }),
];

export const matchQueries: readonly string[] = [...new Set([...taken, ...elsewhere, ...refused])];
