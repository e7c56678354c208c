/* docs/functions.md from the tables of functions and aggregates. */

import { aggregateFunctions, functionDocs } from '#expr';

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
  ].join('\n');
}
