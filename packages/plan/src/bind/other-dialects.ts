/* What other databases call what Flink has under another name: hints for errors, never meanings of their own. */

import type { LogicalType } from '#data';
import { isAggregate } from '#expr';

const types: Readonly<Record<string, string>> = {
  TEXT: 'STRING',
  NVARCHAR: 'STRING',
  VARCHAR2: 'STRING',
  NTEXT: 'STRING',
  LONGTEXT: 'STRING',
  CLOB: 'STRING',
  UUID: 'STRING',
  ENUM: 'STRING',
  DATETIME: 'TIMESTAMP(3)',
  DATETIME2: 'TIMESTAMP(3)',
  SMALLDATETIME: 'TIMESTAMP(0)',
  TIMESTAMPTZ: 'TIMESTAMP_LTZ(3)',
  TIMESTAMP_NTZ: 'TIMESTAMP(3)',
  INTEGER8: 'BIGINT',
  LONG: 'BIGINT',
  INT64: 'BIGINT',
  INT8: 'BIGINT',
  BIGSERIAL: 'BIGINT',
  SERIAL: 'INT',
  INT32: 'INT',
  INT4: 'INT',
  MEDIUMINT: 'INT',
  INT16: 'SMALLINT',
  INT2: 'SMALLINT',
  SHORT: 'SMALLINT',
  BYTE: 'TINYINT',
  BOOL: 'BOOLEAN',
  BIT: 'BOOLEAN',
  FLOAT8: 'DOUBLE',
  FLOAT64: 'DOUBLE',
  REAL: 'FLOAT',
  FLOAT4: 'FLOAT',
  NUMBER: 'DECIMAL(38, 10)',
  BIGNUMERIC: 'DECIMAL(38, 10)',
  MONEY: 'DECIMAL(19, 4)',
  BLOB: 'BYTES',
  BYTEA: 'BYTES',
  IMAGE: 'BYTES',
  STRUCT: 'ROW<name TYPE, …>',
  LIST: 'ARRAY<TYPE>',
};

/** The hint for a type of another dialect, in any case. */
export function otherType(name: string): string | undefined {
  const upper = name.toUpperCase();
  if (upper === 'JSON' || upper === 'JSONB')
    return "JSON is a STRING, read with JSON_VALUE(doc, '$.a'); or, in a table of format json, a ROW<a INT, …>.";
  return types[upper] === undefined ? undefined : `Write ${types[upper]}.`;
}

const windows = "a window: TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE))";
const wholeRow = 'ROW_NUMBER() OVER (…) = 1, which keeps the whole row';

/** Functions by their name elsewhere, in upper case: how Flink writes them. */
const functions: Readonly<Record<string, string>> = {
  DATE_TRUNC: 'FLOOR(ts TO HOUR)',
  TRUNC: 'FLOOR(ts TO DAY), or TRUNCATE(number, digits)',
  DATETRUNC: 'FLOOR(ts TO HOUR)',
  DATE_BIN: windows,
  TUMBLE: `${windows} in FROM, or GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)`,
  HOP: 'a window: TABLE(HOP(TABLE t, DESCRIPTOR(ts), slide, size)) in FROM, or GROUP BY HOP(ts, slide, size)',
  CUMULATE: 'a window: TABLE(CUMULATE(TABLE t, DESCRIPTOR(ts), step, size)) in FROM',
  SESSION: 'a window: TABLE(SESSION(TABLE t, DESCRIPTOR(ts), gap)) in FROM, or GROUP BY SESSION(ts, gap)',
  TIME_BUCKET: windows,
  WINDOW: windows,
  WINDOWSTART: 'window_start, of a table function TUMBLE, HOP, CUMULATE or SESSION in FROM',
  WINDOWEND: 'window_end, of a table function TUMBLE, HOP, CUMULATE or SESSION in FROM',
  DATEDIFF: 'TIMESTAMPDIFF(DAY, earlier, later)',
  DATE_DIFF: 'TIMESTAMPDIFF(DAY, earlier, later)',
  DATEADD: "ts + INTERVAL '1' DAY, or TIMESTAMPADD(DAY, 1, ts)",
  DATE_ADD: "ts + INTERVAL '1' DAY, or TIMESTAMPADD(DAY, 1, ts)",
  DATE_SUB: "ts - INTERVAL '1' DAY",
  AGE: 'TIMESTAMPDIFF(DAY, earlier, later)',
  DATE_PART: 'EXTRACT(HOUR FROM ts)',
  DATEPART: 'EXTRACT(HOUR FROM ts)',
  GETDATE: 'NOW(), or CURRENT_TIMESTAMP',
  GETUTCDATE: 'NOW(), or CURRENT_TIMESTAMP',
  SYSDATE: 'NOW(), or CURRENT_TIMESTAMP',
  SYSTIMESTAMP: 'NOW(), or CURRENT_TIMESTAMP',
  CLOCK_TIMESTAMP: 'NOW(), or PROCTIME() in a table',
  CURDATE: 'CURRENT_DATE',
  CURTIME: 'CURRENT_TIME',
  UNIXTIME: 'UNIX_TIMESTAMP()',
  EPOCH: 'UNIX_TIMESTAMP(CAST(ts AS STRING)), or EXTRACT(EPOCH FROM ts)',
  TO_CHAR: "DATE_FORMAT(ts, 'yyyy-MM-dd'), or CAST(value AS STRING)",
  STRFTIME: "DATE_FORMAT(ts, 'yyyy-MM-dd')",
  FORMAT_TIMESTAMP: "DATE_FORMAT(ts, 'yyyy-MM-dd')",
  TO_NUMBER: 'CAST(text AS DECIMAL(10, 2)), or TRY_CAST',
  STR_TO_DATE: "TO_DATE(text, 'yyyy-MM-dd'), or TO_TIMESTAMP(text, 'yyyy-MM-dd HH:mm:ss')",
  PARSE_TIMESTAMP: "TO_TIMESTAMP(text, 'yyyy-MM-dd HH:mm:ss')",
  ISNULL: 'COALESCE(value, other), or value IS NULL',
  NVL: 'COALESCE(value, other)',
  NVL2: 'CASE WHEN value IS NULL THEN other ELSE one END',
  ZEROIFNULL: 'COALESCE(value, 0)',
  DECODE: 'CASE value WHEN a THEN b ELSE c END',
  IIF: 'IF(condition, one, other), or CASE',
  LEN: 'CHAR_LENGTH(text)',
  LENGTH: 'CHAR_LENGTH(text)',
  STRLEN: 'CHAR_LENGTH(text)',
  OCTET_LENGTH: 'CHAR_LENGTH(text) for characters',
  CHARINDEX: "POSITION('a' IN text)",
  STRPOS: "POSITION('a' IN text)",
  CONTAINS: "POSITION('a' IN text) > 0, or LIKE '%a%'",
  SPLIT: "SPLIT_INDEX(text, ',', 0) for one part",
  SPLIT_PART: "SPLIT_INDEX(text, ',', 0): parts count from 0",
  REGEXP_LIKE: 'REGEXP(text, pattern)',
  REGEXP_MATCHES: 'REGEXP_EXTRACT(text, pattern)',
  STRING_AGG: "LISTAGG(text, ',')",
  GROUP_CONCAT: "LISTAGG(text, ',')",
  COLLECT_LIST: 'ARRAY_AGG(value) IGNORE NULLS',
  COLLECT_SET: 'ARRAY_AGG(DISTINCT value) IGNORE NULLS',
  MEDIAN: 'PERCENTILE(value, 0.5)',
  QUANTILE: 'PERCENTILE(value, 0.5)',
  PERCENTILE_CONT: 'PERCENTILE(value, 0.5)',
  APPROX_PERCENTILE: 'PERCENTILE(value, 0.5)',
  PERCENTILE_APPROX: 'PERCENTILE(value, 0.5)',
  COUNT_IF: 'COUNT(*) FILTER (WHERE condition)',
  COUNTIF: 'COUNT(*) FILTER (WHERE condition)',
  SUM_IF: 'SUM(value) FILTER (WHERE condition)',
  ANY_VALUE: 'FIRST_VALUE(value), or MAX',
  ARG_MAX: wholeRow,
  ARG_MIN: wholeRow,
  ARGMAX: wholeRow,
  ARGMIN: wholeRow,
  MAX_BY: wholeRow,
  MIN_BY: wholeRow,
  FIRST: 'FIRST_VALUE(value)',
  LAST: 'LAST_VALUE(value)',
  MODE: 'GROUP BY value ORDER BY COUNT(*) DESC LIMIT 1',
  BOOL_AND: 'COUNT(*) FILTER (WHERE NOT condition) = 0',
  EVERY: 'COUNT(*) FILTER (WHERE NOT condition) = 0',
  BOOL_OR: 'COUNT(*) FILTER (WHERE condition) > 0',
  TOPK: 'ORDER BY value DESC LIMIT 3 in a query of its own',
  HISTOGRAM: 'COUNT(*) with GROUP BY value',
  LATEST_BY_OFFSET: 'LAST_VALUE(value)',
  EARLIEST_BY_OFFSET: 'FIRST_VALUE(value)',
  APPROX_DISTINCT: 'COUNT(DISTINCT value)',
  UNNEST: 'CROSS JOIN UNNEST(array) AS u (item), in FROM',
  EXPLODE: 'CROSS JOIN UNNEST(array) AS u (item), in FROM',
  FLATTEN: 'CROSS JOIN UNNEST(array) AS u (item), in FROM',
  SIZE: 'CARDINALITY(array)',
  ARRAY_LENGTH: 'CARDINALITY(array)',
  JSON_EXTRACT: "JSON_VALUE(text, '$.a') for a value, JSON_QUERY for a part",
  JSON_EXTRACT_SCALAR: "JSON_VALUE(text, '$.a')",
  JSON_EXTRACT_PATH_TEXT: "JSON_VALUE(text, '$.a')",
  GET_JSON_OBJECT: "JSON_VALUE(text, '$.a')",
  EXTRACTJSONFIELD: "JSON_VALUE(text, '$.a')",
  PARSE_JSON: "JSON_VALUE(text, '$.a'): JSON stays a STRING",
  TO_JSON: "JSON_OBJECT(KEY 'a' VALUE a)",
  RANDOM: 'RAND()',
  GEN_RANDOM_UUID: 'UUID()',
  NEWID: 'UUID()',
  GENERATE_UUID: 'UUID()',
  CONVERT: 'CAST(value AS TYPE)',
  TRY_CONVERT: 'TRY_CAST(value AS TYPE)',
  SAFE_CAST: 'TRY_CAST(value AS TYPE)',
  SAFE_DIVIDE: 'a / NULLIF(b, 0)',
  POW: 'POWER(a, b)',
};

/** Those that are one aggregate of Flink, with its second argument. */
const percentiles: Readonly<Record<string, string>> = {
  MEDIAN: '0.5',
  APPROX_MEDIAN: '0.5',
  PERCENTILE_CONT: 'fraction',
  PERCENTILE_DISC: 'fraction',
  PERCENTILE_APPROX: 'fraction',
  APPROX_PERCENTILE: 'fraction',
  APPROX_QUANTILES: 'fraction',
  QUANTILE: 'fraction',
  QUANTILE_CONT: 'fraction',
  QUANTILE_DISC: 'fraction',
};
function percentile(fraction: string): string {
  return isAggregate('PERCENTILE')
    ? `In Flink SQL: PERCENTILE(value, ${fraction}).`
    : 'Flink SQL has PERCENTILE for it, which is not supported yet.';
}

/** The hint for a function, or a word used as one, that has another name here. */
export function otherFunction(name: string): string | undefined {
  const fraction = percentiles[name.toUpperCase()];
  if (fraction !== undefined) return percentile(fraction);
  if (name.toUpperCase() === 'PERCENTILE') return percentile('fraction');
  const found = functions[name.toUpperCase()];
  return found === undefined ? undefined : `In Flink SQL: ${found}.`;
}

const numbers = new Set(['TINYINT', 'SMALLINT', 'INT', 'BIGINT', 'FLOAT', 'DOUBLE', 'DECIMAL']);
const times = new Set(['TIMESTAMP', 'TIMESTAMP_LTZ', 'DATE', 'TIME']);
type Family = 'number' | 'text' | 'time' | 'boolean' | 'other';
const familyOf = ({ kind }: LogicalType): Family =>
  numbers.has(kind)
    ? 'number'
    : times.has(kind)
      ? 'time'
      : kind === 'CHAR' || kind === 'VARCHAR'
        ? 'text'
        : kind === 'BOOLEAN'
          ? 'boolean'
          : 'other';

interface Side {
  readonly type: LogicalType;
  /** As it was written. */
  readonly text: string;
}

/** What an aggregate of several columns becomes: COUNT(DISTINCT a, b). */
export function severalHint(name: string, distinct: boolean, args: readonly string[]): string | undefined {
  if (name !== 'COUNT' || args.length < 2) return undefined;
  return distinct
    ? `Write COUNT(DISTINCT ROW(${args.join(', ')})).`
    : `COUNT takes one column: COUNT(*) FILTER (WHERE ${args.map((a) => `${a} IS NOT NULL`).join(' AND ')}).`;
}

/** How to write what an operator does not take; undefined where nothing is likely. */
export function operatorHint(operator: string, left: Side, right: Side): string | undefined {
  const sides = [left, right];
  const one = (family: Family): Side | undefined => sides.find((s) => familyOf(s.type) === family);
  const [number, text, time, condition] = [one('number'), one('text'), one('time'), one('boolean')];
  if (operator === '||') {
    if (condition !== undefined) return `|| joins texts; conditions are joined by OR.`;
    const other = sides.find((s) => familyOf(s.type) !== 'text');
    return other && `|| joins texts: CAST(${other.text} AS STRING).`;
  }
  if (['=', '<>', '!=', '<', '>', '<=', '>='].includes(operator)) {
    if (condition !== undefined)
      return `${condition.text} is a condition itself: write it alone, or NOT in front of it.`;
    if (number !== undefined && text !== undefined)
      return `Compare numbers with numbers: CAST(${text.text} AS ${number.type.kind}), or TRY_CAST where it may be none.`;
    if (time !== undefined && number !== undefined)
      return `Write a time: TIMESTAMP '2024-01-31 12:00:00', or TO_TIMESTAMP_LTZ(${number.text}, 3) for milliseconds.`;
    return `Cast one side to the other's type.`;
  }
  if (operator === '+' && text !== undefined) return 'Texts are joined by ||, or CONCAT.';
  if (operator === '-' && sides.every((s) => familyOf(s.type) === 'time'))
    return `Write TIMESTAMPDIFF(SECOND, ${right.text}, ${left.text}), both of one type: CAST(… AS TIMESTAMP(3)).`;
  if (['+', '-'].includes(operator) && time !== undefined && number !== undefined)
    return `Write an interval: ${time.text} ${operator} INTERVAL '${/^\d+$/.test(number.text) ? number.text : 1}' DAY.`;
  if (text !== undefined) return `Compute with numbers: CAST(${text.text} AS DOUBLE).`;
  return undefined;
}
