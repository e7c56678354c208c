/* Kinds of queries in which we differ from Flink on purpose: docs/differences.md is made of them, and what
 * `npm run fuzz -- queries` finds is held against them. Single cases stand in differences.ts. */

/** A difference that the fuzzer found: how the answers differ, the views and the query, and both answers. */
export interface QueryDifference {
  readonly way: string;
  readonly sql: string;
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

const changing = /\b(?:ups|log|keyed|GROUP BY|EXCEPT|INTERSECT|LEFT JOIN|RIGHT JOIN|FULL JOIN)\b/;

export const knownQueryDifferences: readonly KnownQueryDifference[] = [
  {
    title: 'Aggregates without a merge',
    text: 'FIRST_VALUE and LAST_VALUE in windows that merge (SESSION, and HOP and TUMBLE in GROUP BY over changes) are refused by Flink, for its functions have no merge. We give the value.',
    matches: breaks(/implementation method 'merge'/),
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
    text: 'MATCH_RECOGNIZE straight behind a window function; IN (…) of times in the ON of a window join; ROW_NUMBER by what the planner found to be constant; a sub-query of one row over MATCH_RECOGNIZE; ROW_NUMBER by a time attribute in descending order per window, from the second row on; a temporal join whose key a constant decides: Flink’s parser or planner breaks. We answer.',
    matches: breaks(
      /near the keyword 'MATCH_RECOGNIZE'/,
      /UnsupportedOperationException: class org.apache.calcite/,
      /order by clause with non-constant fields/,
      /Table 'B' not found/,
      /only be ordered in ASCENDING mode/,
      /join key in Temporal Table Join can not be empty/,
    ),
  },
  {
    title: 'Top-N with an offset',
    text: 'Over rows that are taken back Flink loses retractions when the first position is not 1, so its net result is wrong; ours is the slice of what is there.',
    matches: rows(/OFFSET [1-9]|BETWEEN 2 AND|= 2\b/, changing),
  },
  {
    title: 'The first row by a value',
    text: 'ROW_NUMBER() … = 1 in ascending order of anything but a time attribute, over rows that only come: Flink plans for rows that are never replaced, and then sends +U without its -U. We send both.',
    matches: rows(/ROW_NUMBER\(\) OVER .*(?:= 1|<= 1|< 2)/),
  },
  {
    title: 'Top-N by a key of an upsert source',
    text: 'ORDER BY the primary key … LIMIT over upserts: Flink plans for keys that are never deleted (UpdateFastStrategy), so rows that are gone stay. Ours go, and the next ones come.',
    matches: rows(/ROW_NUMBER|LIMIT/, /\bups\b/),
  },
  {
    title: 'NULL in the key of a temporal join',
    text: 'Where the key of a versioned view may be NULL (the last row of each key by ROW_NUMBER), Flink joins rows whose keys are both NULL. In SQL they are not equal, and we do not join them.',
    matches: rows(/FOR SYSTEM_TIME/, /ROW_NUMBER/),
  },
  {
    title: 'Columns of INTERSECT ALL and EXCEPT ALL that nobody reads',
    text: 'Flink takes them out below, and then compares rows by the columns that are left. We compare whole rows.',
    matches: rows(/(?:INTERSECT|EXCEPT) ALL/),
  },
  {
    title: 'A side of a join that nobody reads',
    text: 'Below DISTINCT or GROUP BY Flink takes a side of a join that is filtered by a constant, and of which no column is read, for one row, whether it has rows or none. We look whether it has.',
    matches: rows(/(?:DISTINCT|GROUP BY).*JOIN/s),
  },
  {
    title: 'OVER that nobody reads',
    text: 'A column computed by OVER in order of time that is not read goes here, and OVER with it: then rows that it would have dropped as late stay. Flink keeps it below some other operators.',
    matches: rows(/OVER \((?:PARTITION BY [\w., ]*)?ORDER BY [\w.]+/, /\bticks\b/),
  },
  {
    title: 'Changes that change nothing',
    text: 'Flink projects before it normalizes an upsert source, and filters inside: an update of columns that are not read changes nothing, and a row that leaves a filter goes as -D and comes back as +I. We keep whole rows, once for all readers: such an update passes, and is dropped where the result is the same.',
    matches: changes(/\bups\b/),
  },
  {
    title: 'LISTAGG and NOT NULL',
    text: 'The type of LISTAGG is NOT NULL in Flink where that of its argument is, though with FILTER, or over no rows, it gives NULL. Ours may be NULL.',
    matches: nullability(/^\d+: STRING$/, /STRING NOT NULL/, /LISTAGG/),
  },
  {
    title: 'INTERSECT, EXCEPT and NOT NULL',
    text: 'A column of INTERSECT or EXCEPT may be NULL in Flink where it may be on either side. Rows come from the left one, so here it may where that one may.',
    matches: nullability(/NOT NULL/, /^\d+: (?!.*NOT NULL)/, /INTERSECT|EXCEPT/),
  },
  {
    title: 'Measures of MATCH_RECOGNIZE',
    text: 'FIRST and LAST of a variable have the type of their column in Flink, NOT NULL where the column is; but a variable that may have no row gives NULL, which Flink then shows as -1 or an empty text. Ours may be NULL.',
    matches: (d) =>
      nullability(/^\d+: (?!.*NOT NULL)/, /NOT NULL/, /MATCH_RECOGNIZE/)(d) ||
      (d.way === 'rows' && /MATCH_RECOGNIZE/.test(d.sql) && /null/.test(d.ours) && /"-1"|"0"|""|"FALSE"/.test(d.theirs)),
  },
];
