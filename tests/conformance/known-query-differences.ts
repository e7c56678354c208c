/* Kinds of queries in which we differ from Flink on purpose: docs/differences.md is made of them, and what
 * `npm run fuzz -- queries` finds is held against them. Single cases stand in differences.ts. */

import { fuzzedName, type FuzzedCase } from './fuzzed-cases.ts';

/** A difference that the fuzzer found: how the answers differ, the settings, the views and the query, and both answers; the
 *  columns of its tables. */
export interface QueryDifference {
  readonly way: string;
  readonly sql: string;
  readonly columns: string;
  readonly ours: string;
  readonly theirs: string;
}
export interface KnownQueryDifference {
  readonly title: string;
  readonly text: string;
  matches(d: QueryDifference): boolean;
}

/** Flink's plan or job breaks on what it says, where we answer. */
const breaks =
  (...reasons: readonly RegExp[]) =>
  ({ way, theirs }: QueryDifference): boolean =>
    way.startsWith('they ') && reasons.some((reason) => reason.test(theirs));
/** Rows or changes differ, and the query has all of this. */
const rows =
  (...parts: readonly RegExp[]) =>
  ({ way, sql }: QueryDifference): boolean =>
    (way === 'rows' || way === 'changes') && parts.every((part) => part.test(sql));
const changes =
  (...parts: readonly RegExp[]) =>
  ({ way, sql }: QueryDifference): boolean =>
    way === 'changes' && parts.every((part) => part.test(sql));
const nullability =
  (ours: RegExp, theirs: RegExp, sql: RegExp) =>
  (d: QueryDifference): boolean =>
    d.way === 'nullability' && ours.test(d.ours) && theirs.test(d.theirs) && sql.test(d.sql);

/** The characters of a text in order: alike for rows whose lists have the same values. */
const sorted = (text: string): string => [...text].sort().join('');

const changing = /\b(?:ups|log|keyed|GROUP BY|EXCEPT|INTERSECT|LEFT JOIN|RIGHT JOIN|FULL JOIN)\b/;

export const knownQueryDifferences: readonly KnownQueryDifference[] = [
  {
    title: 'Aggregates without a merge',
    text: 'FIRST_VALUE and LAST_VALUE in windows that merge (SESSION, and HOP and TUMBLE in GROUP BY over changes) are refused by Flink, for its functions have no merge; so are bitmaps of DISTINCT bitmaps in HOP windows, for they have no retract, and JSON_ARRAYAGG in windows of GROUP BY, for it finds no accumulate. We give the value.',
    matches: breaks(/implementation method '(?:merge|retract|accumulate)'/),
  },
  {
    title: 'Correlate variables',
    text: 'LATERAL, EXISTS and IN over a FROM with UNNEST: Flink’s planner loses its correlate variables ("unexpected correlate variable"). We answer.',
    matches: breaks(
      /unexpected correlate variable|has no column with position|IndexOutOfBounds|fields with time attributes/,
    ),
  },
  {
    title: 'Planner errors inside of Flink',
    text: 'The common column of USING, asked for by its name alone; MATCH_RECOGNIZE straight behind a window function; IN (…) in the ON of a window join; ROW_NUMBER by what the planner found to be constant; a sub-query over MATCH_RECOGNIZE; ROW_NUMBER by a time attribute in descending order per window, from the second row on; a temporal join whose key a constant decides; a window grouped by its rowtime and by sets that leave it out; a measure of MATCH_RECOGNIZE over what a filter made a constant; ROLLUP by columns of which one decides another; the first row of each key by arrival over changes, below a filter on the key; SUM(DISTINCT …) in HOP windows; a window of GROUP BY over what is seen to be empty; COUNT(DISTINCT CASE …) of a key of a session; LISTAGG(DISTINCT …) per window and ROLLUP; a temporal join by a key that is a sum of equal columns; three windows of GROUP BY one in another, early or late; IN under OR beside LATERAL over an aggregate; a window of GROUP BY over rows of one constant time; a comparison of times between changes that is taken for an interval join; a union of a group whose key is known to be NULL; ON CONFLICT DO NOTHING behind a filter on the key; an aggregate with FILTER in a LEFT JOIN LATERAL; the end of a window of GROUP BY in a sub-query that groups it once more; a time beside COALESCE(time, time) per window and ROLLUP; a second filter on the number of a Top-N, under OR; {0,n} and {,n} in a PATTERN, where n is more than 1; a join of joins whose sub-queries have sub-queries (its stack overflows): Flink’s parser or planner breaks. We answer.',
    matches: (d) =>
      breaks(
        /near the keyword 'MATCH_RECOGNIZE'/,
        /UnsupportedOperationException: class org.apache.calcite/,
        /order by clause with non-constant fields/,
        /Table '[ABC]' not found/,
        /must be sorted/,
        /Column '\w+' is ambiguous/,
        /RexCall cannot be cast to class org.apache.calcite.rex.RexLiteral/,
        /StreamPhysicalOverAggregate doesn't support consuming/,
        /does not support retraction/,
        /only be ordered in ASCENDING mode/,
        /join key in Temporal Table Join can not be empty/,
        /Arity \[\d+\] of result type .* does not match number/,
        /Unsupported call: __TEMPORAL_JOIN/,
        /Found duplicates: \[w\$(?:start|end)\]/,
        /Cannot add expression of different type to set/,
        /StreamPhysicalIntervalJoin doesn't support consuming/,
        /Unsupported call: (?:\$(?:HOP|TUMBLE|SESSION)\(|(?:HOP|TUMBLE|SESSION)_(?:START|END|ROWTIME))/,
        /filter must be BOOLEAN NOT NULL/,
        /The from should be a positive number/,
        /StackOverflowError/,
      )(d) ||
      (breaks(/IllegalArgumentException: Type mismatch/)(d) &&
        /LISTAGG\(DISTINCT.*ROLLUP|COALESCE\((\w+\.\w+), \1\).*ROLLUP/s.test(d.sql)) ||
      (breaks(/NullPointerException/)(d) && /WHERE .* ON CONFLICT DO NOTHING/s.test(d.sql)) ||
      (breaks(/Cannot read field/)(d) &&
        / ON .*window_start IN \(| ON .* IN \(.*window_start = /s.test(d.sql)) ||
      (breaks(/only be ordered by a single time column/)(d) && /ROW_NUMBER.* OR /s.test(d.sql)) ||
      (breaks(/CannotPlanException/)(d) && /LATERAL \(.* IN \(SELECT .* OR /s.test(d.sql)) ||
      (breaks(/^java.lang.IllegalArgumentException$/)(d) && /SESSION\(.*COUNT\(DISTINCT CASE/s.test(d.sql)),
  },
  {
    title: 'Several counts of distinct times, split',
    text: 'With \'table.optimizer.distinct-agg.split.enabled\' Flink’s planner breaks on COUNT(DISTINCT …) of a time attribute beside one of another column ("Type mismatch"). We answer.',
    matches: (d) => breaks(/IllegalArgumentException: Type mismatch/)(d) && /distinct-agg\.split/.test(d.sql),
  },
  {
    title: 'Sub-queries in HAVING, within another query',
    text: 'Flink writes such a query anew where it stands in FROM of another, and then cannot read what it wrote ("Incorrect syntax near the keyword \'SELECT\'"). We answer.',
    matches: (d) =>
      breaks(/near the keyword 'SELECT'|Incorrect syntax near the keyword …/)(d) && /HAVING/.test(d.sql),
  },
  {
    title: 'Updates of what is not read',
    text: 'Over upserts with a watermark Flink leaves an update out that changes only columns which the query does not read, the time of the watermark among them. We leave it out where only others changed. What is left of the changes is the same; TO_CHANGELOG shows them.',
    matches: rows(/TO_CHANGELOG/, /\bups\b/),
  },
  {
    title: 'IN, ANY and ALL of a query that has no row',
    text: 'As values, under OR, and ALL but <> ALL everywhere, Flink joins them with how many rows the query has. While it has none, or none any more, nothing comes out, though IN and ANY of nothing are FALSE, NOT IN and ALL TRUE. We give the rows.',
    matches: (d) => rows(/(?:\bIN|ALL|ANY|SOME) \(SELECT/)(d) && d.theirs === '(no row)',
  },
  {
    title: 'Columns named c and d beside = ALL and <> ANY',
    text: 'Flink calls the counts of the query c and d, and then takes a column of the rows outside that has such a name for the count. Ours is the answer whatever columns are called.',
    matches: (d) => rows(/(?:= ALL|<> ANY|<> SOME) \(SELECT/)(d) && /(?:^|, )[cd] /.test(d.columns),
  },
  {
    title: 'Lists in HOP windows',
    text: 'Where a filter on the bounds of a window function goes below the aggregate, and in windows that go out early or late, Flink has the values of LISTAGG and ARRAY_AGG in another order: as they came in the first case, by panes in the second. It is the other way round here. The values are the same.',
    matches: (d) =>
      rows(/LISTAGG|ARRAY_AGG/, /HOP\(/, /WHERE [^()]*\bc\d+ |QUALIFY|early-fire|late-fire/)(d) &&
      !/FIRST_VALUE|LAST_VALUE/.test(d.sql) &&
      (/ more$/.test(d.ours) || sorted(d.ours) === sorted(d.theirs)),
  },
  {
    title: 'FROM_CHANGELOG in front of what keeps rows',
    text: 'Flink’s FROM_CHANGELOG hands one object on for all rows, so that what keeps rows in memory (Top-N, INSERT … ON CONFLICT DO NOTHING and DO ERROR) keeps the last of them many times. Ours keeps each.',
    matches: (d) =>
      (d.way === 'rows' || d.way === 'we fail') &&
      /FROM_CHANGELOG/.test(d.sql) &&
      /ROW_NUMBER|LIMIT|ON CONFLICT DO (?:NOTHING|ERROR)/.test(d.sql),
  },
  {
    title: 'FROM_CHANGELOG into a sink by key',
    text: 'Flink keeps no rows between FROM_CHANGELOG and a sink, with ON CONFLICT DO DEDUPLICATE neither: where several rows meet in one key and one of them goes, nothing is left under it. We show the last of those that are there.',
    matches: rows(/INSERT INTO .*FROM_CHANGELOG/s),
  },
  {
    title: 'DO NOTHING where more than one row takes a place',
    text: 'ON CONFLICT DO NOTHING, where the row that a sink shows goes and several of its key come within one watermark: Flink leaves the old row in the sink, which is there no more. We show the first of those that came.',
    matches: (d) =>
      rows(/ON CONFLICT DO NOTHING/)(d) &&
      (changing.test(d.sql) || /OVER \(.*ORDER BY (?!\w+\.(?:ts|proc)\b)/s.test(d.sql)),
  },
  {
    title: 'Two times in one sink',
    text: 'Flink refuses to write two time attributes into one table, as the time of the rows and window_time are. To us they are values there.',
    matches: breaks(/more than one rowtime attribute column/),
  },
  {
    title: 'Sinks of what is seen to be empty',
    text: 'Where Flink sees when it plans that no row can come (WHERE x BETWEEN 2 AND 1, k = 1 AND k IN (2)), it asks the tables for no watermark that ON CONFLICT DO NOTHING and DO ERROR need. We ask for it.',
    matches: (d) =>
      d.way === 'we refuse' &&
      d.theirs === 'answers' &&
      /requires all source tables to define watermarks/.test(d.ours) &&
      /BETWEEN|IS NULL|FALSE| = '[^']*' AND .* IN \(/.test(d.sql),
  },
  {
    title: 'Bounds of window functions as keys',
    text: "With 'table.exec.sink.require-on-conflict' Flink refuses a sink whose key are the bounds of a window function and the other keys of GROUP BY, for it does not see that these tell rows apart. We see it.",
    matches: (d) =>
      breaks(/has an upsert key that differs from the primary key/)(d) &&
      /TABLE\((?:TUMBLE|HOP|CUMULATE|SESSION)\(/.test(d.sql),
  },
  {
    title: 'Keys behind ORDER BY … LIMIT',
    text: "With 'table.exec.sink.require-on-conflict' Flink refuses a sink by the key of the rows that ORDER BY … LIMIT is over, for it loses that key there. Behind ROW_NUMBER it has it, as we have it behind both; but it does not see that there is one second row in each partition.",
    matches: (d) =>
      breaks(/has an upsert key that differs from the primary key/)(d) &&
      /ORDER BY (?:(?! OVER ).)* LIMIT \d|ROW_NUMBER\(\) OVER .* = [2-9]\b/s.test(d.sql),
  },
  {
    title: 'The first row of all, and sinks by key',
    text: "ROW_NUMBER() … = 1 without PARTITION BY, or by the bounds of a window alone: with 'table.exec.sink.require-on-conflict' Flink takes every key of a sink for one of that row. It never takes a row back from the sink then: where the first row becomes another, the one before stays there under its key. We ask for ON CONFLICT, as for any key that is not the query's.",
    matches: (d) =>
      d.way === 'we refuse' &&
      d.theirs === 'answers' &&
      /upsert key that differs from the primary key of the sink table/.test(d.ours) &&
      /ROW_NUMBER\(\) OVER \((?:PARTITION BY \w+\.window_start, \w+\.window_end )?ORDER BY .*(?:<= 1|= 1|< 2)\b/s.test(
        d.sql,
      ),
  },
  {
    title: 'Top-N with an offset',
    text: 'Over rows that are taken back Flink loses retractions when the first position is not 1, so its net result is wrong; ours is the slice of what is there.',
    matches: rows(/OFFSET [1-9]|BETWEEN 2 AND|= 2\b/, changing),
  },
  {
    title: 'Bitmaps of OVER',
    text: 'In front of OVER over rows that change, or that come in another order than the window’s, Flink changes the bitmap that it gave for a row before: it takes back rows that it never gave, and its net result is wrong; or its job fails ("Unmaterialized BinaryRawValueData cannot be compared").',
    matches: (d) => rows(/BITMAP_[A-Z_]*AGG\(.*OVER \(/)(d) || breaks(/Unmaterialized BinaryRawValueData/)(d),
  },
  {
    title: 'Top-N by a key of an upsert source',
    text: 'ORDER BY the primary key … LIMIT over upserts: Flink plans for keys that are never deleted (UpdateFastStrategy), so rows that are gone stay, with NULL in all columns but the key, in NOT NULL columns too, where a sink fails. Ours go, and the next ones come.',
    matches: (d) =>
      rows(/ROW_NUMBER|LIMIT/, /\bups\b/)(d) ||
      (breaks(/EnforcerException: Column '\w+' is NOT NULL/)(d) && /\bups\b.* LIMIT/s.test(d.sql)),
  },
  {
    title: 'Top-N of groups that only grow',
    text: 'Where Flink knows that a COUNT, MIN or MAX only grows or falls, it keeps the first rows alone and sends no change from one row to an equal one. We keep all rows that may come up again, and one takes the place of another even where they look the same. The result is the same.',
    matches: changes(/LIMIT|ROW_NUMBER/, /GROUP BY/),
  },
  {
    title: 'NULL in the key of a temporal join',
    text: 'Where the key of a versioned view may be NULL (the last row of each key by ROW_NUMBER), Flink joins rows whose keys are both NULL. In SQL they are not equal, and we do not join them.',
    matches: rows(/FOR SYSTEM_TIME/, /ROW_NUMBER/),
  },
  {
    title: 'The first row by a value',
    text: 'ROW_NUMBER() … = 1 in ascending order of anything but a time attribute, or in an order of several columns, over rows that only come: Flink plans for rows that are never replaced, and then sends +U without its -U. We send both.',
    matches: rows(/ROW_NUMBER\(\) OVER .*(?:= 1|<= 1|< 2)/),
  },
  {
    title: 'Columns of INTERSECT ALL and EXCEPT ALL that nobody reads',
    text: 'Flink takes them out below, and then compares rows by the columns that are left. We compare whole rows.',
    matches: rows(/(?:INTERSECT|EXCEPT) ALL/),
  },
  {
    title: 'Sets of rows as the argument of a window function',
    text: 'TABLE(TUMBLE((SELECT … UNION ALL SELECT …), …)): Flink reads the first SELECT alone. We read all. As a view it is all there too.',
    matches: rows(/\((?:TUMBLE|HOP|CUMULATE|SESSION)\(\(SELECT.* UNION ALL SELECT/s),
  },
  {
    title: 'Other conditions on the bounds of a window join',
    text: 'Beside the equality of both bounds Flink drops what else ON asks of them, as l.window_end = r.window_start. We ask for it.',
    matches: rows(
      /(?:TUMBLE|HOP|CUMULATE).* ON .*window_end = \w+\.window_start|(?:TUMBLE|HOP|CUMULATE).* ON .*window_start = \w+\.window_end/s,
    ),
  },
  {
    title: 'Aggregates over what is seen to be empty',
    text: 'COUNT(*) without GROUP BY has no row on a stream before the first one comes, in Flink and here. Where Flink sees when it plans that none can come (WHERE FALSE, IS NULL of a NOT NULL column, LIMIT 0), it gives 0.',
    matches: (d) =>
      rows(/(?:COUNT|SUM|MIN|MAX|AVG)\(/)(d) &&
      /^(?:\(no row\)|(?:\d+ x \[(?:[^[\]]*,)?null(?:,[^[\]]*)?\]\s*)*(?:and \d+ more)?)$/.test(d.ours) &&
      /"0"/.test(d.theirs),
  },
  {
    title: 'MIN and MAX of what only seems to grow',
    text: 'Flink takes the result of OVER in the order of a value for one that only grows or falls, and then leaves out what MIN or MAX above it would need to take values back. Ours is that of the rows that are there.',
    matches: rows(/(?:MIN|MAX)\(/, /OVER \(/, changing),
  },
  {
    title: 'Equal rows in OVER by a value',
    text: 'Where one of several rows that are equal in all that OVER sees is taken back, Flink counts none of those that are left: COUNT is 0, SUM NULL, where the column is NOT NULL -1. We count them.',
    matches: rows(/OVER \((?:PARTITION BY [\w., ]+ )?ORDER BY [\w.]+\)/, changing),
  },
  {
    title: 'Grouping sets by columns that are the same',
    text: 'Where two columns of GROUPING SETS are one below (two COUNT(*), a column under two names), Flink has one for both: it is there wherever a set has either of them, and GROUPING_ID says so too; or its planner breaks ("Type mismatch"). Ours is NULL where the set leaves it out.',
    matches: (d) =>
      /GROUPING SETS/.test(d.sql) &&
      (rows(/COUNT\(\*\) AS \w+, COUNT\(\*\)|\b(\w+(?:\.\w+)?) AS \w+, (?:.*, )?\1 AS/s)(d) ||
        (breaks(/IllegalArgumentException: Type mismatch/)(d) &&
          /\b(\w+(?:\.\w+)?) AS \w+, (?:.*, )?\1 AS/s.test(d.sql))),
  },
  {
    title: 'DISTINCT of grouping sets',
    text: 'Flink takes the rows of GROUPING SETS, ROLLUP and CUBE for different in the columns that are grouped by, and leaves out DISTINCT and GROUP BY above them. A NULL that a set made and one that was there are alike, so rows come twice. Ours come once.',
    matches: rows(/(?:DISTINCT|GROUP BY).*(?:GROUPING SETS|ROLLUP|CUBE)/s),
  },
  {
    title: 'NOT NULL beside grouping sets and CASE',
    text: 'An aggregate over an expression of a key that some grouping set leaves out may be NULL by its type in Flink, but for some functions; and of CASE WHEN x IS NOT NULL THEN x Flink sees that it gives no NULL. Here the first may not, and the second may.',
    matches: (d) =>
      d.way === 'nullability' && /GROUPING SETS|ROLLUP|CUBE|IS NOT NULL THEN|IS NULL THEN/.test(d.sql),
  },
  {
    title: 'The order of distinct values',
    text: 'LISTAGG(DISTINCT …) in windows that are merged of parts lists values in the order of a hash map in Flink, here as they came.',
    matches: rows(/LISTAGG\(DISTINCT/, /HOP|SESSION|CUMULATE/),
  },
  {
    title: 'Lists in sessions that merge',
    text: 'Where a row joins two sessions, Flink has the values of LISTAGG and ARRAY_AGG of the one in front that a hash of their times names first. Here they stand as they came. The values are the same.',
    matches: (d) =>
      rows(/LISTAGG|ARRAY_AGG/, /SESSION\(/)(d) &&
      !/FIRST_VALUE|LAST_VALUE/.test(d.sql) &&
      (/ more$/.test(d.ours) || sorted(d.ours) === sorted(d.theirs)),
  },
  {
    title: 'A side of a join that nobody reads',
    text: 'Below DISTINCT or GROUP BY Flink takes a side of a join that is filtered by a constant, and of which no column is read, for one row, whether it has rows or none; and so it takes EXISTS around an EXISTS over LATERAL, where the outer one asks nothing of the rows around it. We look whether it has.',
    matches: (d) => rows(/(?:DISTINCT|GROUP BY).*JOIN/s)(d) || rows(/EXISTS \(.* EXISTS \(.*LATERAL/s)(d),
  },
  {
    title: 'OVER that nobody reads',
    text: 'A column computed by OVER in order of time that is not read goes here, and OVER with it: then rows that it would have dropped as late stay. Flink keeps it below some other operators.',
    matches: rows(/OVER \((?:PARTITION BY [\w., ]*)?ORDER BY [\w.]+/, /\bticks\b/),
  },
  {
    title: 'Changes that change nothing',
    text: 'Flink projects before it normalizes an upsert source, and filters inside: an update of columns that are not read changes nothing, and a row that leaves a filter goes as -D and comes back as +I. We keep whole rows, once for all readers: such an update passes, and is dropped where the result is the same; what hangs on the order of rows (LISTAGG, FIRST_VALUE, LAST_VALUE) may see the row as a later one.',
    matches: (d) => changes(/\bups\b/)(d) || rows(/\bups\b/, /LISTAGG|FIRST_VALUE|LAST_VALUE/)(d),
  },
  {
    title: 'Numbers of a Top-N below a filter',
    text: 'Where a filter stands above the numbers of a Top-N, the first change of a row may be called +U here and +I there, or the other way round. What it does to the result is the same.',
    matches: changes(/ROW_NUMBER/),
  },
  {
    title: 'Arrays that are not equal to themselves',
    text: 'To Flink two arrays with a NULL at the same place are not equal, so it sends -U and +U of an ARRAY_AGG that did not change; we send nothing.',
    matches: changes(/ARRAY_AGG/),
  },
  {
    title: 'Conditions that a type answers',
    text: 'HAVING FIRST_VALUE(x) IS NOT NULL, where x is never NULL: Flink drops the condition, and then the aggregate that nobody else reads. We keep both: where that aggregate alone changes, a row is taken back and comes again as it was.',
    matches: changes(/HAVING [A-Z_]+\(.*\) IS NOT NULL/),
  },
  {
    title: 'Groups of one row',
    text: 'Above LIMIT 1 Flink leaves DISTINCT and GROUP BY out, for there is one row, and updates it in place; we take the group back and send another.',
    matches: changes(/LIMIT 1\b/, /DISTINCT|GROUP BY/),
  },
  {
    title: 'STDDEV, VAR and NOT NULL',
    text: 'Of values that are never NULL Flink takes the deviation and the variance for never NULL. VAR_SAMP and STDDEV_SAMP of one value are NULL, which Flink then shows as -1, 0 or an empty text, takes for no value in FILTER, and lets pass IS NOT NULL. Ours may be NULL.',
    matches: (d) =>
      nullability(/^\d+: (?!.*NOT NULL)/, /NOT NULL/, /STDDEV|VAR_/)(d) ||
      (rows(/VAR_SAMP|STDDEV_SAMP/)(d) &&
        (/null/.test(d.ours) ||
          (/^(?:\(no row\))?$/.test(d.ours) && /"-1(?:\.0)?"|"0"/.test(d.theirs)) ||
          /FILTER \(WHERE [\w.]+ IS DISTINCT FROM/.test(d.sql))),
  },
  {
    title: 'LISTAGG, ARRAY_AGG and NOT NULL',
    text: 'The type of LISTAGG and ARRAY_AGG is NOT NULL in Flink where that of its argument is, though with FILTER, or over no rows, it gives NULL, and what is made of that is -1 or an empty text: a sink by such a column has rows under the empty text, and one whose column is NOT NULL fails. LISTAGG of CHAR(1) is a CHAR(1), whatever is in it. Ours may be NULL, and is a STRING.',
    matches: (d) =>
      nullability(/^\d+: (?!.*NOT NULL$)/, /NOT NULL/, /LISTAGG|ARRAY_AGG/)(d) ||
      (rows(/(?:LISTAGG|ARRAY_AGG)\(.* FILTER/s)(d) && /null/.test(d.ours) && /"-1"|""/.test(d.theirs)) ||
      (breaks(/EnforcerException: Column '\w+' is NOT NULL/, /Conflicting key: \[\w+=\]/)(d) &&
        /(?:LISTAGG|ARRAY_AGG)\(.* FILTER/s.test(d.sql)),
  },
  {
    title: 'INTERSECT, EXCEPT and NOT NULL',
    text: 'A column of INTERSECT or EXCEPT may be NULL in Flink where it may be on either side. Rows come from the left one, so here it may where that one may.',
    matches: nullability(/NOT NULL/, /^\d+: (?!.*NOT NULL)/, /INTERSECT|EXCEPT/),
  },
  {
    title: 'Matches that wait for an earlier one',
    text: 'With SKIP TO NEXT ROW a match waits while one that began before is still open. Where several that begin at one row wait, Flink takes any of them (they lie in a heap by where they begin). We give the one that the quantifiers prefer.',
    matches: (d) =>
      d.way === 'rows' &&
      /SKIP TO NEXT ROW PATTERN \([^)]*[*+?}]/.test(d.sql) &&
      d.ours.split(' x [').length === d.theirs.split(' x [').length,
  },
  {
    title: 'STDDEV and VAR in mini-batches, over rows that are taken back',
    text: 'Flink adds up a batch by itself, and forgets the values of one that takes back as many as it brings, or more: the result is too large or too small. Ours is that of the values.',
    matches: rows(/mini-batch/, /STDDEV|VAR_/, changing),
  },
  {
    title: 'The last digits of STDDEV and VAR',
    text: 'Means and squares are merged slice by slice. Where windows go out early or late the slices are others in Flink, and the last of seventeen digits may differ.',
    matches: rows(/(?:early|late)-fire/, /STDDEV|VAR_/),
  },
  {
    title: 'Sessions over changes, in mini-batches',
    text: 'Changes of one row within a batch are one change in Flink, so a session is not made longer by a row that comes and goes within it. Ours sees each.',
    matches: rows(/mini-batch/, /SESSION\((?:TABLE )?(?:ups|log|keyed)\b/),
  },
  {
    title: 'Rows that are equal to a Top-N of a Top-N',
    text: 'A Top-N by the numbers of another has many rows that are equal to it. Which of them it takes hangs on when their changes came, and mini-batches are told of fewer of them.',
    matches: rows(/ROW_NUMBER\(\) OVER \(ORDER BY \w+\.\w+\) AS rn\d+ FROM \(SELECT .*ROW_NUMBER\(\) OVER/s),
  },
  {
    title: 'IS UNKNOWN under OR in EXISTS over windows',
    text: 'WHERE NOT EXISTS (… WHERE a < b OR t.flag IS UNKNOWN AND the bounds of both windows are equal): Flink keeps rows whose flag is NULL. We do not, for a row of the same window is enough.',
    matches: rows(/EXISTS \(SELECT .* OR t\d+\.c\d+ IS UNKNOWN\)/s),
  },
  {
    title: 'Times that are NULL in front of aggregates over window functions',
    text: 'An outer join bounded in time gives rows whose rowtime is NULL. Flink takes them for late in OVER, windows of GROUP BY, patterns, deduplication and window functions alone, and fails where a window function is aggregated ("should not be null"). Here they are late, and counted as such, everywhere.',
    matches: (d) => breaks(/should not be null/)(d) && /TABLE\(\w+\(/.test(d.sql),
  },
  {
    title: 'Times before 1970',
    text: 'Flink’s OVER with a frame that has a beginning, and its joins bounded in time, start from 1970-01-01: rows of that moment and of those before it are late there. They count here, as they do in Flink’s windows.',
    // The rows of this table are of those times; chance makes none.
    matches: rows(/\bFROM early\b/, /OVER \(.* PRECEDING| ON .* BETWEEN /s),
  },
  {
    title: 'Windows in zones of half an hour',
    text: "Over a TIMESTAMP_LTZ, where 'table.local-time-zone' is not whole windows away from UTC (an hour in Asia/Kolkata), Flink’s aggregates over window functions keep rows in a buffer until the watermark passes a multiple of the window in UTC. A window that closes between two of those does not see what is in there, and it is lost. We count all rows; so do windows of GROUP BY and window joins in Flink.",
    matches: rows(
      /local-time-zone' = 'Asia\/Kolkata'/,
      /TABLE\((?:TUMBLE|HOP|CUMULATE)\(.* GROUP BY .*window_start/s,
    ),
  },
  {
    title: 'FLOOR and CEIL on days when clocks change',
    text: 'FLOOR and CEIL of a TIMESTAMP_LTZ are counted in Flink with the distance from UTC of the time itself: where summer time begins or ends in between, FLOOR(ts TO DAY) is 23:00 of the day before, or 01:00. Ours is the start of the day.',
    matches: rows(/local-time-zone/, /(?:FLOOR|CEIL)\(.* TO /),
  },
  {
    title: 'Measures of MATCH_RECOGNIZE',
    text: 'FIRST and LAST of a variable have the type of their column in Flink, NOT NULL where the column is; but a variable that may have no row gives NULL, which Flink then shows as -1 or an empty text, and compares as that. Ours may be NULL.',
    matches: (d) =>
      nullability(/^\d+: (?!.*NOT NULL)/, /NOT NULL/, /MATCH_RECOGNIZE/)(d) ||
      (d.way === 'rows' &&
        /MATCH_RECOGNIZE/.test(d.sql) &&
        /null|^\(no row\)$/.test(d.ours) &&
        /"-1"|"0"|""|"FALSE"/.test(d.theirs)),
  },
];

/** What lists the way in which the answers to a case differ. */
export const listedDifference = (
  asked: FuzzedCase,
  found: Pick<QueryDifference, 'way' | 'ours' | 'theirs'>,
): KnownQueryDifference | undefined =>
  knownQueryDifferences.find((known) =>
    known.matches({
      ...found,
      sql: fuzzedName(asked),
      columns: asked.tables.map((t) => t.columns).join(', '),
    }),
  );
