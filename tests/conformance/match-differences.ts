/* Where MATCH_RECOGNIZE gives something else than Flink, each with its reason. */

const ofSteps = (pattern: string, define: string): string =>
  `SELECT * FROM steps MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES FIRST(A.id) AS a, LAST(B.id) AS b, LAST(C.id) AS c, COUNT(B.id) AS n ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (${pattern}) DEFINE ${define}) AS m`;
const kinds = "A AS A.kind = 's', B AS B.kind = 'p', C AS C.kind = 'b'";
const overlapping = 'A AS A.v > 5, B AS B.v > 7, C AS C.v > 9';

const upTo =
  'Flink fails on {,2} ("The from should be a positive number greater than 0"), though it takes {0,2}; in SQL they are the same, and so they are here.';
const anchors =
  'Flink passes over ^ and $ and matches anywhere in the partition. We refuse them, for that is not what they ask for.';

export const matchDifferences: readonly [string, string][] = [
  [ofSteps('A B{,2} C', kinds), upTo],
  [ofSteps('A B{,2} C', overlapping), upTo],
  [ofSteps('^ A B', kinds), anchors],
  [ofSteps('A B $', kinds), anchors],
  [
    "SELECT * FROM t MATCH_RECOGNIZE (ORDER BY ts MEASURES A.n.a AS na, LAST(B.n.c) AS nc, A.xs[1] AS x, A.m['u'] AS u, CARDINALITY(B.xs) AS c ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW PATTERN (A B{2}) DEFINE A AS TRUE) AS m",
    'Flink does not find a field of a ROW behind a pattern variable ("Column \'n.n\' not found"); we give it.',
  ],
  [
    ofSteps('A B* C', 'A AS A.v > 0, B AS B.v > PREV(v, 2), C AS C.v < 100'),
    'Flink refuses PREV of a pattern variable ("Flink does not support physical offsets within partition"), but takes it of a bare column, and then B never matches. We refuse every PREV.',
  ],
];
