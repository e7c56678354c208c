/* SQL of DuckDB. What it has no function for it calls back for (duckdb/functions.ts). */

import { quotedName, quotedText, type Dialect } from './dialect.ts';
import { literalOf } from './literal.ts';

/** Look-around and back-references: RE2, which DuckDB uses, has neither. */
const beyondRe2 = /\(\?<?[=!]|\\[1-9]|\(\?P=/;

export const duckdbDialect: Dialect = {
  name: 'duckdb',
  nameOfInteger: 'BIGINT',
  quote: quotedName,
  literal: literalOf,
  // Of text too: an ENUM or UUID is text, and has none of its functions.
  text: (sql) => `CAST(${sql} AS VARCHAR)`,
  double: (sql) => `CAST(${sql} AS DOUBLE)`,
  length: (text) => `length(${text})`,
  regex: (text, pattern) =>
    beyondRe2.test(pattern)
      ? `millrace_regex(${text}, ${quotedText(pattern)})`
      : `regexp_matches(${text}, ${quotedText(pattern)})`,
  like: (text, pattern, escape) =>
    `${text} LIKE ${quotedText(pattern)}${escape === undefined ? '' : ` ESCAPE ${quotedText(escape)}`}`,
  strftime: (text, format) => `millrace_strptime(${text}, ${quotedText(format)})`,
  dateText: (text) => `millrace_date_text(${text})`,
  json: (text) => `json_valid(${text})`,
  jsonSchema: (text, schema) => `millrace_json_schema(${text}, ${quotedText(JSON.stringify(schema))})`,
  quantile: (sql, share, interpolated) =>
    `${interpolated ? 'quantile_cont' : 'quantile_disc'}(${sql}, ${share})`,
  quantiles: (sql, shares) =>
    shares.map((_, i) => `list_extract(approx_quantile(${sql}, [${shares.join(', ')}]), ${i + 1})`),
};
