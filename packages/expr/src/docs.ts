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
  json: 'JSON',
  collection: 'Rows, arrays and maps',
  hash: 'Digests',
};

/** What Flink 2.3 documents and is not here, with the reason. */
export const missingFunctions: readonly (readonly [names: string, reason: string])[] = [
  ['PARSE_JSON, TRY_PARSE_JSON', 'there is no VARIANT type yet'],
  ['OBJECT_OF, OBJECT_UPDATE', 'there are no structured types yet'],
  [
    'BITMAP_AND, BITMAP_ANDNOT, BITMAP_BUILD, BITMAP_CARDINALITY, BITMAP_FROM_BYTES, BITMAP_OR, BITMAP_TO_ARRAY, BITMAP_TO_BYTES, BITMAP_TO_STRING, BITMAP_XOR',
    'there is no BITMAP type yet',
  ],
  [
    'BITMAP_AND_AGG, BITMAP_AND_CARDINALITY_AGG, BITMAP_BUILD_AGG, BITMAP_BUILD_CARDINALITY_AGG, BITMAP_OR_AGG, BITMAP_OR_CARDINALITY_AGG, BITMAP_XOR_AGG, BITMAP_XOR_CARDINALITY_AGG',
    'the same, as aggregates',
  ],
  ['APPROX_COUNT_DISTINCT', 'batch mode alone has it in Flink'],
  ['ML_PREDICT, ML_EVALUATE, ML_TRAIN', 'there are no models'],
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

/** All functions by family, with what they take, what they do, and examples that are run as tests. */
export function functionDocs(): string {
  const lines = ['# Functions', '', 'Every example below is run as a test, interpreted and compiled.'];
  for (const family of Object.keys(titles) as (keyof typeof titles)[]) {
    const entries = allFunctions().filter((entry) => entry.family === family);
    lines.push(
      '',
      `## ${titles[family]}`,
      '',
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
