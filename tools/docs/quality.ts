/* The tables of docs/quality.md: expectations, figures of jobs that alerts look at, and the options of tables that name a suite. */

import { metrics } from '#alerts';
import { suiteSpecs } from '#plan';
import { expectations } from '#quality';
import { textWithOptions } from './option-tables.ts';
import { markedPage, markedText } from './marked-page.ts';

/** Without equals in PostgreSQL. */
const filesOnly = new Set([
  'expect_column_values_to_match_strftime_format',
  'expect_column_values_to_be_dateutil_parseable',
  'expect_column_values_to_match_json_schema',
]);

function table(): string {
  const rows = expectations.map(({ type, args }) => {
    const all = Object.entries(args).map(([name, arg]) => {
      if (arg.otherwise === undefined) return `**${name}**`;
      const { value } = arg.otherwise;
      return value === undefined ? name : `${name} = ${JSON.stringify(value)}`;
    });
    return `| \`${type}\`${filesOnly.has(type) ? ' ¹' : ''} | ${all.join(', ').replaceAll('|', '\\|')} |`;
  });
  return ['| expectation | arguments, required ones bold |', '|---|---|', ...rows].join('\n');
}
const figures = (): string =>
  [
    '| `metric` | what it says of a job |',
    '|---|---|',
    ...Object.entries(metrics).map(([name, text]) => `| \`${name}\` | ${text} |`),
  ].join('\n');
const file = 'docs/quality.md';
export function qualityDoc(): string {
  const page = markedPage(file, 'expectations', [table()]);
  return textWithOptions(markedText(page, file, 'metrics', [figures()]), file, [suiteSpecs]);
}
