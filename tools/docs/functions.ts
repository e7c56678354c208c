/* docs/functions.md from the tables of functions, aggregates and functions of OVER windows. */

import { aggregateFunctions, functionDocs, overFunctions } from '#expr';
import { changelogFunctionDocs, groupingFunctionDocs, modelFunctionDocs } from '#plan';

export function functionsDoc(): string {
  const aggregates = aggregateFunctions
    .filter((f) => !f.name.startsWith('$'))
    .map((f) => `| \`${[f.name, ...(f.aliases ?? [])].join('`, `')}\` | ${f.takes} | ${f.doc} |`);
  return [
    functionDocs().trimEnd(),
    '',
    '## Aggregates',
    '',
    'Each takes DISTINCT and FILTER (WHERE …).',
    '',
    '| function | takes | |',
    '|---|---|---|',
    ...aggregates,
    '',
    '## Functions of grouping sets',
    '',
    'They stand in SELECT, HAVING and ORDER BY beside GROUP BY; a key is written as in GROUP BY.',
    '',
    '| function | |',
    '|---|---|',
    ...groupingFunctionDocs.map((f) => `| \`${f.takes[0]}\` | ${f.doc} |`),
    '',
    '## Functions of a window',
    '',
    'Aggregates may stand in front of OVER (PARTITION BY … ORDER BY … ROWS or RANGE …) too, without FILTER. A stream knows the rows',
    'before the current one alone: NTILE, LEAD, PERCENT_RANK and CUME_DIST, frames that end elsewhere than with CURRENT ROW, and',
    'several windows in one SELECT are for batch mode, as in Flink.',
    '',
    '| function | |',
    '|---|---|',
    ...overFunctions.map((f) => `| \`${f.takes[0]}\` | ${f.doc} |`),
    '',
    '## Changes as rows, rows as changes',
    '',
    'Table functions, in FROM as they are or in TABLE(…). They take each row by itself, so PARTITION BY is refused, as in Flink; `uid` is',
    'accepted. A parameter that is not theirs is refused, where Flink passes over it.',
    '',
    '| function | |',
    '|---|---|',
    ...changelogFunctionDocs.map((f) => `| \`${f.takes[0]}\` | ${f.doc} |`),
    '',
    '## Models',
    '',
    'A table function too, in FROM as it is, in TABLE(…) or in LATERAL TABLE(…).',
    '',
    '| function | |',
    '|---|---|',
    ...modelFunctionDocs.map((f) => `| \`${f.takes[0]}\` | ${f.doc} |`),
    '',
  ].join('\n');
}
