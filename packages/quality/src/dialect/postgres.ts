/* SQL of PostgreSQL 14 and later. */

import { UserError } from '#base';
import { quotedName, type Dialect } from './dialect.ts';
import { literalOf } from './literal.ts';

/** With standard_conforming_strings, which is the default and which the connection sets. */
const quotedText = (text: string): string => {
  if (text.includes('\u0000'))
    throw new UserError('QLT2002', { message: 'PostgreSQL has no text with the character U+0000' });
  return `'${text.replaceAll("'", "''")}'`;
};
function missing(what: string): never {
  throw new UserError('QLT2004', {
    message: `${what} is not available for tables of PostgreSQL`,
    hint: 'Copy the table into a file, and validate that: COPY (SELECT …) TO STDOUT.',
  });
}

export const postgresDialect: Dialect = {
  name: 'postgres',
  nameOfInteger: 'bigint',
  quote: quotedName,
  literal: literalOf,
  text: (sql) => `CAST(${sql} AS text)`,
  double: (sql) => `CAST(${sql} AS double precision)`,
  length: (text) => `length(${text})`,
  regex: (text, pattern) => `${text} ~ ${quotedText(newlineStops(pattern))}`,
  like: (text, pattern, escape) =>
    `${text} LIKE ${quotedText(pattern)}${escape === undefined ? '' : ` ESCAPE ${quotedText(escape)}`}`,
  strftime: () => missing('a check of a strftime format'),
  dateText: () => missing('a check for text that reads as a date'),
  json: (text) => `(${text} IS JSON)`,
  jsonSchema: () => missing('a check against a JSON Schema'),
  quantile: (sql, share, interpolated) =>
    `${interpolated ? 'percentile_cont' : 'percentile_disc'}(${share}) WITHIN GROUP (ORDER BY ${sql})`,
  quantiles: (sql, shares) =>
    shares.map(
      (_, i) => `(percentile_cont(ARRAY[${shares.join(', ')}]) WITHIN GROUP (ORDER BY ${sql}))[${i + 1}]`,
    ),
};

/** '.' stops at a line's end, as elsewhere; options at the start of the pattern stay. */
function newlineStops(pattern: string): string {
  const options = /^\(\?([a-z]+)\)/.exec(pattern);
  if (options === null) return `(?p)${pattern}`;
  const flags = options[1]!.replace('s', '').replace('m', 'w');
  const dot = options[1]!.includes('s') ? '' : 'p';
  return `(?${flags}${dot})${pattern.slice(options[0].length)}`.replace('(?)', '');
}
