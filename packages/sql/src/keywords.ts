/* The words of the grammar, and which of them may name things.
 *
 * Flink reserves some 390 words. Here a word is reserved only where the grammar would be in doubt without it,
 * so that `value`, `timestamp` or `user` can name a column; text sent to Flink has every name quoted. */

import type { Identifier } from './ast/names.ts';

/** Words that never name anything without backticks. */
const reserved = new Set(
  (
    'ALL AND AS BETWEEN BY CASE DISTINCT ELSE END EXCEPT FALSE FROM GROUP HAVING IN INTERSECT INTO IS ' +
    'JOIN LIKE LIMIT MINUS NOT NULL ON OR ORDER SELECT TABLE THEN TRUE UNION VALUES WHEN WHERE WITH'
  ).split(' '),
);

/** Words that name things, but not as an alias without AS: there they begin the next clause. */
const notAliases = new Set(
  (
    'CROSS ESCAPE FETCH FOR FULL INNER LEFT MATCH_RECOGNIZE NATURAL OFFSET OUTER PIVOT QUALIFY RIGHT ' +
    'SIMILAR TABLESAMPLE UNPIVOT USING WINDOW'
  ).split(' '),
);

/** Functions called without parentheses. */
export const bareFunctions: ReadonlySet<string> = new Set([
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'LOCALTIME',
  'LOCALTIMESTAMP',
]);

/** Whether `word`, in upper case, needs backticks to be a name. */
export function isReserved(word: string): boolean {
  return reserved.has(word);
}

/** Whether `word`, in upper case, may be an alias without AS before it. */
export function isAlias(word: string): boolean {
  return !reserved.has(word) && !notAliases.has(word);
}

/** Words that Flink reserves and yet calls as functions: in a call they stand without backticks. */
export const keywordFunctions: ReadonlySet<string> = new Set(
  (
    'ABS AVG CARDINALITY CEIL CEILING CHARACTER_LENGTH CHAR_LENGTH CLASSIFIER COALESCE COLLECT CONVERT ' +
    'CORR COUNT COVAR_POP COVAR_SAMP CUME_DIST CURRENT_DATE CURRENT_ROW_TIMESTAMP CURRENT_TIME ' +
    'CURRENT_TIMESTAMP CUMULATE DENSE_RANK ELEMENT EVERY EXP EXTRACT FIRST_VALUE FLOOR FUSION GREATEST ' +
    'GROUPING GROUPING_ID GROUP_ID HOP HOUR IF INTERSECTION JSON_ARRAY JSON_ARRAYAGG JSON_EXISTS ' +
    'JSON_OBJECT JSON_OBJECTAGG JSON_QUERY JSON_VALUE LAG LAST_VALUE LEAD LEAST LEFT LN LOCALTIME ' +
    'LOCALTIMESTAMP LOWER MATCH_NUMBER MAX MIN MINUTE MOD MONTH NEXT NTH_VALUE NTILE NULLIF ' +
    'OCTET_LENGTH OVERLAY PERCENT_RANK POSITION POWER PREV QUARTER RANK REPLACE RIGHT ROW_NUMBER SECOND ' +
    'SESSION SOME SQRT STDDEV_POP STDDEV_SAMP SUBSTRING SUM TIMESTAMPADD TIMESTAMPDIFF TRANSLATE TRIM ' +
    'TRUNCATE TUMBLE UPPER VAR_POP VAR_SAMP WEEK YEAR'
  ).split(' '),
);

/** The name of a function in upper case if it is one word without backticks, else ''. */
export function functionSymbol(name: readonly Identifier[]): string {
  const [only] = name;
  return name.length === 1 && only !== undefined && !only.quoted ? only.text.toUpperCase() : '';
}

/** The words that a shell offers to complete, in alphabetical order. */
export const keywords: readonly string[] = [
  ...new Set([
    ...reserved,
    ...notAliases,
    ...keywordFunctions,
    ...(
      'ADD AFTER ALTER ARRAY ASC BEGIN BIGINT BINARY BOOLEAN BYTES CAST CATALOG CATALOGS CHANGELOG_MODE ' +
      'CHAR COLUMNS COMMENT CONSTRAINT CREATE CUBE CURRENT DATABASE DATABASES DECIMAL DEFINE DESC ' +
      'DESCRIBE DESCRIPTOR DOUBLE DROP ENFORCED ESTIMATED_COST EXECUTE EXISTS EXPLAIN EXTENDED FILTER ' +
      'FIRST FLOAT FOLLOWING FUNCTION FUNCTIONS IGNORE INPUT INSERT INT INTERVAL JOBS JSON KEY LANGUAGE LAST ' +
      'LATERAL MAP MEASURES METADATA MODEL MODELS MODIFY MULTISET NULLS ONE ORDINALITY OUTPUT OVER OVERWRITE PARTITION ' +
      'PARTITIONED PATTERN PER PLAN PRECEDING PRIMARY RANGE RENAME RESET RESPECT ROLLUP ROW ROWS SET ' +
      'SETS SHOW SKIP SMALLINT STATEMENT STRING SYSTEM SYSTEM_TIME TABLES TEMPORARY TIME TIMESTAMP ' +
      'TIMESTAMP_LTZ TINYINT TO TRY_CAST UNBOUNDED UNNEST USE VARBINARY VARCHAR VIEW VIEWS VIRTUAL ' +
      'WATERMARK WITHIN'
    ).split(' '),
  ]),
].sort();
