/* The function table as Markdown: docs/functions.md is made of it. */

import { allFunctions } from './functions/table.ts';
import type { Family, FunctionEntry } from './functions/entry.ts';
import { displayValue } from './values/display-value.ts';

const titles: Readonly<Record<Exclude<Family, 'user'>, string>> = {
  comparison: 'Comparison',
  logic: 'Logic',
  arithmetic: 'Numbers',
  string: 'Text',
  regex: 'Regular expressions',
  temporal: 'Dates and times',
  conditional: 'Conditions',
  conversion: 'Conversion',
  json: 'JSON and VARIANT',
  collection: 'Rows, arrays and maps',
  bitmap: 'Bitmaps',
  hash: 'Digests',
};

/** What Flink 2.3 documents and is not here, with the reason. */
export const missingFunctions: readonly (readonly [names: string, reason: string])[] = [
  [
    'ML_EVALUATE, ML_TRAIN',
    'Flink has no plan for the first and no function of the other name: see [models.md](models.md)',
  ],
  ['SOURCE_WATERMARK', 'only where a table declares its watermark'],
  [
    'CURRENT_DATABASE',
    'no function of values: CURRENT_DATABASE() is the current database, where a query is planned',
  ],
  ['MATCH_ROWTIME, MATCH_PROCTIME', 'only in MEASURES of MATCH_RECOGNIZE: see [patterns.md](patterns.md)'],
];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => `\`\` ${cell(text)} \`\``.replace(/^`` ([^`]*) ``$/, '`$1`');

function row(entry: FunctionEntry): string {
  const takes = entry.takes.map(code).join('<br>');
  const flags = entry.flags === undefined ? '' : ` ${entry.flags}`;
  const aliases =
    entry.aliases === undefined || entry.aliases.length === 0
      ? ''
      : ` Also ${entry.aliases.map(code).join(', ')}.`;
  const examples = entry.examples.map((e) => {
    const expr = typeof e.call === 'function' ? e.call() : e.call;
    return `${code(e.sql)} → ${code(displayValue(e.result, expr.type))}`;
  });
  return `| ${takes} | ${cell(entry.doc)}${cell(flags)}${aliases} | ${examples.join('<br>')} |`;
}

/** What is to be known of the types of a family. */
const introductions: Readonly<Partial<Record<Family, string>>> = {
  json:
    'A VARIANT is any value of JSON: an integer, a DECIMAL (a number with a point, up to 38 digits), a DOUBLE (one with an exponent), text, TRUE, FALSE,\n' +
    'null, an array or an object. JSON_VALUE, JSON_QUERY, JSON_STRING, JSON_OBJECT and JSON_ARRAY take it, and it is shown as its JSON text; it is cast to\n' +
    'nothing. A null of JSON is a value and not NULL. Two are equal where values and names are, and the names came in the same order: 1 is not 1.0, and what was taken\n' +
    'out of another keeps all names of that. It has no order.',
  bitmap:
    'A BITMAP is a set of unsigned integers of 32 bits. It is cast to STRING (`{1,2}`) and BYTES; two are equal where their members are. It has no order. The\n' +
    'aggregates that build and merge bitmaps stand below.',
};

/** All functions by family, with what they take, what they do, and examples that are run as tests. */
export function functionDocs(): string {
  const lines = ['# Functions', '', 'Every example below is run as a test, interpreted and compiled.'];
  for (const family of Object.keys(titles) as (keyof typeof titles)[]) {
    const entries = allFunctions().filter((entry) => entry.family === family);
    lines.push(
      '',
      `## ${titles[family]}`,
      '',
      ...(introductions[family] === undefined ? [] : [introductions[family], '']),
      '| Function | Meaning | Examples |',
      '|---|---|---|',
      ...entries.map(row),
    );
  }
  lines.push(
    '',
    '## Not here',
    '',
    ...missingFunctions.map(([names, reason]) => `- ${names}: ${reason}.`),
    '',
  );
  return lines.join('\n');
}
