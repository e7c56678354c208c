/* SQL of Millrace itself, which is Flink's: for checks of streams. */

import { UserError } from '#base';
import { isNumeric, type Family } from '../table/column.ts';
import { strptimeParts } from '../text/strptime.ts';
import { quotedText, type Dialect } from './dialect.ts';
import { literalOf } from './literal.ts';

function missing(what: string): never {
  throw new UserError('QLT3003', {
    message: `${what} is not available for streams`,
    hint: 'millrace validate checks what is there.',
  });
}

export const millraceDialect: Dialect = {
  name: 'millrace',
  nameOfInteger: 'BIGINT',
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  // A literal of a time has a blank between its parts.
  literal: (value, family) => literalOf(value, family)?.replace(/^(TIMESTAMP '[\d-]+)T/, '$1 '),
  text: (sql) => `CAST(${sql} AS STRING)`,
  double: (sql) => `CAST(${sql} AS DOUBLE)`,
  length: (text) => `CHAR_LENGTH(${text})`,
  regex: (text, pattern) => `REGEXP(${text}, ${quotedText(pattern)})`,
  like: (text, pattern, escape) =>
    `${text} LIKE ${quotedText(pattern)}${escape === undefined ? '' : ` ESCAPE ${quotedText(escape)}`}`,
  strftime: strftimeSql,
  dateText: () => missing('a check for text that reads as a date'),
  json: (text) => `${text} IS JSON`,
  jsonSchema: () => missing('a check against a JSON Schema'),
  quantile: (sql, share) => `PERCENTILE(${sql}, ${share})`,
  quantiles: (sql, shares) => shares.map((share) => `PERCENTILE(${sql}, ${share})`),
};

function strftimeSql(text: string, format: string): string {
  const parts = strptimeParts(format);
  if (parts === undefined) return missing(`a check of the strftime format "${format}"`);
  const pattern = quotedText(parts.pattern);
  const matches = `REGEXP(${text}, ${pattern})`;
  if (!parts.groups.includes('day')) return matches;
  // Python's year, where there is none.
  const part = (name: string, otherwise: string): string =>
    parts.groups.includes(name)
      ? `REGEXP_EXTRACT(${text}, ${pattern}, ${parts.groups.indexOf(name) + 1})`
      : `'${otherwise}'`;
  const day = `${part('year', '1900')} || '-' || ${part('month', '01')} || '-' || TRIM(${part('day', '01')})`;
  return `(${matches} AND TRY_CAST(${day} AS DATE) IS NOT NULL)`;
}

/** The family of a type of Flink SQL by its name. */
export function millraceFamily(type: string): Family {
  const name = type.replace(/ NOT NULL$/, '');
  if (/^(TINYINT|SMALLINT|INT|INTEGER|BIGINT)$/.test(name)) return 'integer';
  if (/^DECIMAL/.test(name)) return 'decimal';
  if (/^(FLOAT|DOUBLE)$/.test(name)) return 'float';
  if (name === 'BOOLEAN') return 'boolean';
  if (/^(STRING|VARCHAR|CHAR)/.test(name)) return 'text';
  if (name === 'DATE') return 'date';
  if (/^TIMESTAMP/.test(name)) return 'timestamp';
  if (/^TIME\b/.test(name)) return 'time';
  return /^(BYTES|BINARY|VARBINARY)/.test(name) ? 'bytes' : 'other';
}
/** What a sum, mean or deviation is of. */
export const isNumber = (family: Family): boolean => isNumeric(family) || family === 'boolean';
