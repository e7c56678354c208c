/* Where our answer differs from Flink's, each with its reason. */

import { subQueryDifferences } from './sub-query-differences.ts';
import { typeDifferences } from './type-differences.ts';
import { matchDifferences } from './match-differences.ts';
import { overDifferences, overStepDifferences } from './over-differences.ts';
import { setDifferences, setStepDifferences } from './set-differences.ts';

const bareNull =
  'Flink refuses an untyped NULL here ("Illegal use of NULL"); we give it the type that its place asks for.';
const folded =
  'The value is the same. Flink simplifies the constant before it types it, so it knows that the result is not NULL.';
const typeOnly =
  'Flink adds the interval when asked for the value alone; together with TYPEOF its code generator fails on a nullability.';

export const expressionDifferences: ReadonlyMap<string, string> = new Map([
  ['TRUE AND NULL', bareNull],
  ['FALSE AND NULL', bareNull],
  ['TRUE OR NULL', bareNull],
  [
    'LEAST(1, NULL, 2)',
    'Flink fails to generate code for an untyped NULL; we give NULL, as for a typed one.',
  ],
  ["ROW(1, 'a', NULL)", bareNull],
  ['ARRAY_CONCAT(ARRAY[1], ARRAY[NULL])', bareNull],
  ["MAP_UNION(MAP['a', 1], MAP['b', NULL])", bareNull],
  ['2 IN (1, 2, NULL)', folded],
  ["CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END", folded],
  ['CAST(NULL AS BOOLEAN) AND FALSE', folded],
  ['CAST(NULL AS BOOLEAN) OR TRUE', folded],
  ['NULLIF(1, 2)', folded],
  ["DATE '2024-02-28' + INTERVAL '2' DAY", typeOnly],
  ["DATE '2024-01-31' + INTERVAL '1' MONTH", typeOnly],
  ["DATE '2024-01-31' + INTERVAL '25' HOUR", typeOnly],
  ["TIME '23:00:00' + INTERVAL '2' HOUR", typeOnly],
  [
    "CURRENT_WATERMARK(TIMESTAMP '2024-01-01 00:00:00')",
    'Flink refuses an argument that is not a rowtime; we answer NULL, for there is no watermark.',
  ],
]);
/** Another value in every run: only types are compared. */
export const chance: ReadonlySet<string> = new Set(['RAND_INTEGER(1, 10)']);

const lostRetraction =
  'Flink loses retractions here: with an offset it keeps rows under the kind under which it sent them (+U), and then does not find them when they are taken back; so it takes back rows that it never gave, and its net result is wrong. Ours is the slice of what is there.';

/** Top-N over rows that are taken back, whose first position is not 1. */
const topNWithOffset = [
  'SELECT item, s FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY s) AS rn FROM (SELECT item, SUM(price) AS s FROM bids GROUP BY item)) WHERE rn BETWEEN 2 AND 3',
  'SELECT id, product, amount, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY product ORDER BY amount) AS rn FROM orders) WHERE rn = 2',
  'SELECT id, product, amount FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY product ORDER BY amount DESC) AS rn FROM orders) WHERE rn = 2',
  'SELECT id, product, amount FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY product ORDER BY amount DESC) AS rn FROM orders) WHERE rn BETWEEN 2 AND 3',
];

const entriesInOrder =
  'The entries of a MULTISET come in no order; Flink shows them as its hash map has them, we as they arrived.';
const ofNumbers = (call: string, columns: string, reason: string): [string, string][] =>
  columns.split(' ').map((column) => {
    const sql = call.replace('?', column);
    return [`SELECT k, CAST(${sql} AS STRING) AS v, TYPEOF(${sql}) AS t FROM numbers GROUP BY k`, reason];
  });

const filteredVersions =
  'Flink refuses a filter over a changelog here ("it will corrupt the versioning of data"), but lets one over an upsert source pass, which goes into ChangelogNormalize: there a version that leaves the filter ends from the time on at which it began. We refuse both.';

const sessionsApart =
  'Flink keeps the rows of a window join by the end of their window alone, so it joins sessions of the two sides that end together though they began apart, against what ON asks of window_start. We ask for both.';

export const queryDifferences: ReadonlyMap<string, string> = new Map([
  [
    'SELECT * FROM TO_CHANGELOG(input => TABLE stock, nothing => 1)',
    'Flink passes over a parameter that the function does not have; we refuse it, for it is a slip of the pen.',
  ],
  [
    'SELECT id, n FROM FROM_CHANGELOG(input => TABLE cdc) ORDER BY n DESC LIMIT 1',
    'Flink’s FROM_CHANGELOG hands one object on for all rows, so an operator behind it that keeps rows in memory keeps the last of them many times, and takes back rows that it never gave. Ours keeps each.',
  ],
  ...['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'].map((type): [string, string] => [
    `SELECT l.nr AS a, r.nr AS b, l.window_start AS ls, r.window_start AS rs FROM TABLE(SESSION(TABLE two_asks PARTITION BY item, DESCRIPTOR(asked), INTERVAL '1' MINUTE)) AS l ${type} TABLE(SESSION(TABLE one_ask PARTITION BY item, DESCRIPTOR(asked), INTERVAL '1' MINUTE)) AS r ON l.item = r.item AND l.window_start = r.window_start AND l.window_end = r.window_end`,
    sessionsApart,
  ]),
  ...['JOIN', 'LEFT JOIN'].map((type): [string, string] => [
    `SELECT s.nr, r.rate, r.since FROM sales AS s ${type} high_rates FOR SYSTEM_TIME AS OF s.sold AS r ON s.cur = r.cur`,
    filteredVersions,
  ]),
  [
    'SELECT id, k, item FROM (SELECT id, k FROM t) NATURAL JOIN (SELECT price AS id, item FROM bids)',
    'Flink calls the common column of a NATURAL JOIN ambiguous where it is asked for by its name alone; in SQL it is one column.',
  ],
  [
    'SELECT l.item, r.id FROM bids AS l JOIN t AS r ON l.price IS NOT DISTINCT FROM r.b',
    'Flink 2.3.0 does not join INT with BIGINT by IS NOT DISTINCT FROM; we cast as for =.',
  ],
  ...ofNumbers('COLLECT(?)', 'b bin', entriesInOrder),
  ["SELECT a, c FROM (VALUES (1, 'x'), (2, 'y'), (3, NULL)) AS v (a, c) WHERE a > 1", bareNull],
  [
    "SELECT window_start, window_end, SUM(DISTINCT price) AS v FROM TABLE(HOP(TABLE bids, DESCRIPTOR(bidtime), INTERVAL '5' MINUTE, INTERVAL '10' MINUTE)) GROUP BY window_start, window_end",
    'Flink plans it and then fails ("This function does not support retraction"); we give the sum.',
  ],
  ['SELECT item, COUNT(*) AS n FROM bids GROUP BY item LIMIT 2 OFFSET 1', lostRetraction],
  ['SELECT item, COUNT(*) AS n FROM bids GROUP BY item ORDER BY n LIMIT 2 OFFSET 1', lostRetraction],
  ...topNWithOffset.map((sql): [string, string] => [sql, lostRetraction]),
  ...overDifferences,
  ...matchDifferences,
  ...setDifferences,
  ...subQueryDifferences,
  ...typeDifferences,
  [
    "SELECT o.id, c.k FROM t AS o JOIN labels FOR SYSTEM_TIME AS OF o.proc AS c ON c.k = 'w'",
    'Flink pushes the filter into the JDBC table and then misses a key to look up by. We look the constant up.',
  ],
]);

const filteredAbove =
  'Flink filters an upsert source inside ChangelogNormalize: a row that does not pass is not kept, so a key that leaves the filter gives -D and one that enters it +I. We keep every row and filter above, so that all who read the source share one state: the same rows leave as -U and enter as +U.';
const timeKept =
  'Flink projects before it normalizes, so an update of the rowtime alone changes nothing where nobody reads it. We normalize whole rows of the scan, and it has the rowtime for its watermark.';

/** The net result is the same, and tested to be; the changes on the way to it are others. */
export const stepDifferences: ReadonlyMap<string, string> = new Map([
  ...overStepDifferences,
  ...setStepDifferences,
  [
    'SELECT item, MIN(price) AS m FROM bids GROUP BY item ORDER BY m LIMIT 2',
    'Net result equal here. Flink keeps only the first rows, for a MIN never grows; but from NULL, which ranks first, to a value it does, and then the row that should come up is gone. We keep all rows where NULL may come first.',
  ],
  [
    'SELECT MAX(n) AS m, MIN(n) AS l, SUM(n) AS s, AVG(n) AS a FROM (SELECT k, COUNT(*) AS n FROM t GROUP BY k)',
    'Flink knows that a COUNT only grows and lets MAX pass over retractions, so between -U and +U it shows the old maximum; we show the maximum of what is there.',
  ],
  [
    'SELECT ARRAY_AGG(DISTINCT k) AS v FROM t',
    'To Flink two arrays with a NULL at the same place are not equal, so it sends -U and +U of an array that did not change; we send nothing.',
  ],
  [
    'SELECT item FROM (SELECT item, s, ROW_NUMBER() OVER (ORDER BY s) AS rn FROM (SELECT item, s, ROW_NUMBER() OVER (ORDER BY s DESC) AS rn0 FROM (SELECT item, price AS s FROM bids)) WHERE rn0 <= 4) WHERE rn <= 2',
    'Flink carries the numbers of both orders along, which nobody reads, so a row goes out again when only its number changes. We leave them out.',
  ],
  ["SELECT uid, city FROM users WHERE city = 'Rome'", filteredAbove],
  ["SELECT uid, score FROM users WHERE uid <> 2 AND city = 'Oslo'", filteredAbove],
  ['SELECT shop, item, n FROM stock WHERE n > 2', filteredAbove],
  ['SELECT city, COUNT(*) AS n FROM timed_users GROUP BY city', timeKept],
]);

/** Windows that go out beside their end by other changes; the net result is the same. */
export const emitDifferences: ReadonlyMap<string, string> = new Map<string, string>([]);

/** What is refused over changing rows, or not, otherwise than in Flink. */
export const determinismDifferences: ReadonlyMap<string, string> = new Map([
  [
    'SELECT * FROM TO_CHANGELOG(input => (SELECT id, UUID() AS u FROM t))',
    'Flink 2.3.0 does not plan process table functions under TRY_RESOLVE ("Unsupported to visit node"). We do.',
  ],
  [
    'SELECT a.id, b.item FROM t AS a LEFT JOIN bids AS b ON a.id = b.price AND RAND() > 0.5',
    'Flink asks RAND() > 0.5 once for each row of the right side, for it names no column; we ask it for each pair, and so refuse it where pairs are taken back.',
  ],
]);

const drop = "SET 'table.exec.sink.not-null-enforcer' = 'DROP'; ";
const materialize = (how: string): string => `SET 'table.exec.sink.upsert-materialize' = '${how}'; `;
const scores = '(uid INT, score INT, PRIMARY KEY (uid) NOT ENFORCED) SELECT uid, score FROM users';
const strictAmounts = '(id INT, amount INT NOT NULL, PRIMARY KEY (id) NOT ENFORCED) SELECT id, amount FROM';

const asksForConflict = "SET 'table.exec.sink.require-on-conflict' = 'true'; INSERT INTO upsert-kafka ";
const textKeys =
  '(uid STRING, score INT, PRIMARY KEY (uid) NOT ENFORCED) SELECT CAST(uid AS STRING), score FROM users';

/** Settled at watermarks, where the row that is shown goes and several come. */
const moreThanOneCame = ['upsert-kafka', 'jdbc'].flatMap((into) =>
  [
    '(product STRING, id INT, amount INT, PRIMARY KEY (product) NOT ENFORCED) SELECT product, id, amount FROM keyed_orders',
    '(product STRING, amount INT, PRIMARY KEY (product) NOT ENFORCED) SELECT product, amount FROM orders',
  ].map((query): [string, string] => [
    `INSERT INTO ${into} ${query} WHERE product IS NOT NULL ON CONFLICT DO NOTHING`,
    'Where the row that a sink shows goes, and several of its key come within one watermark, DO NOTHING of Flink leaves the old row in the sink, which is there no more. We show the first of those that came.',
  ]),
);

/** Sinks that hold something else in the end. */
export const sinkDifferences: ReadonlyMap<string, string> = new Map([
  ...moreThanOneCame,
  [
    `${asksForConflict}${textKeys}`,
    'Since 2.3 Flink takes a key that is cast without loss for the key that it was, so that ON CONFLICT need not be there. To us it is another key.',
  ],
  [
    `${drop}INSERT INTO upsert-kafka (uid INT, score INT NOT NULL, PRIMARY KEY (uid) NOT ENFORCED) SELECT uid, score FROM users`,
    'Flink hands the ends of keys on as they are, and its enforcer drops them because the columns beside the key are NULL: rows that are gone stay in its sink for ever. We let a delete pass.',
  ],
]);

const deletesPass =
  'The enforcer of Flink drops a -D too when a NOT NULL column of it is NULL; we let it pass, for the key may have had a row before.';
const endsOfKeys =
  'From an upsert source into a sink of the same key Flink leaves ChangelogNormalize out and hands everything on: repeated rows, and ends of keys that are unknown. We normalize, and write only what changes something.';

const castKey =
  'Since 2.3 Flink takes a key that is cast without loss for the key that it was, and writes its changes as they come. We put the materializer in.';

/** Sinks that hold the same in the end, by other records. */
export const recordDifferences: ReadonlyMap<string, string> = new Map([
  [
    'INSERT INTO upsert-kafka (id STRING, amount INT, PRIMARY KEY (id) NOT ENFORCED) SELECT CAST(id AS STRING), amount FROM keyed_orders',
    castKey,
  ],
  [`${asksForConflict}${textKeys} ON CONFLICT DO DEDUPLICATE`, castKey],
  [
    'INSERT INTO upsert-kafka (id DOUBLE, amount INT, PRIMARY KEY (id) NOT ENFORCED) SELECT id, amount FROM keyed_orders',
    'To Flink an INT that is cast to DOUBLE is another key, so it puts the materializer in; each INT has a DOUBLE of its own, so we do not.',
  ],
  [`${drop}INSERT INTO upsert-kafka ${strictAmounts} orders`, deletesPass],
  [`${drop}INSERT INTO upsert-kafka ${strictAmounts} keyed_orders`, deletesPass],
  [
    'INSERT INTO upsert-kafka (uid INT, city STRING, score INT, PRIMARY KEY (uid) NOT ENFORCED) SELECT uid, city, score FROM users',
    endsOfKeys,
  ],
  [`INSERT INTO upsert-kafka ${scores} WHERE uid > 1`, endsOfKeys],
  [`${materialize('FORCE')}INSERT INTO upsert-kafka ${scores}`, endsOfKeys],
  [`${materialize('NONE')}INSERT INTO upsert-kafka ${scores}`, endsOfKeys],
]);
