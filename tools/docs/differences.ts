/* docs/differences.md from the lists of known differences. */

import {
  expressionDifferences,
  queryDifferences,
  recordDifferences,
  sinkDifferences,
  stepDifferences,
} from '../../tests/conformance/differences.ts';
import { knownQueryDifferences } from '../../tests/conformance/known-query-differences.ts';
import { knownDifferences } from '../../tests/conformance/known-differences.ts';
import { flinkVersion } from '../flink.ts';

export function differencesDoc(): string {
  const titled = (d: { readonly title: string; readonly text: string }): string =>
    `- **${d.title}.** ${d.text}`;
  const reasons = (...maps: ReadonlyMap<string, string>[]): string[] => {
    const byReason = new Map<string, string[]>();
    for (const [sql, reason] of maps.flatMap((m) => [...m]))
      byReason.set(reason, [...(byReason.get(reason) ?? []), sql]);
    return [...byReason].map(
      ([reason, cases]) =>
        `- ${reason} (${cases.length} ${cases.length === 1 ? 'case' : 'cases'}, such as \`\`${short(cases[0]!)}\`\`)`,
    );
  };
  return [
    '# Differences from Apache Flink',
    '',
    `Flink ${flinkVersion} is the reference: every function, aggregate and kind of query is compared with its answers, and`,
    '`npm run fuzz` compares expressions, formats and queries by chance. Where we answer otherwise, it is on purpose and stands here.',
    '',
    '## Values',
    '',
    ...knownDifferences.map(titled),
    '',
    '## Queries',
    '',
    ...knownQueryDifferences.map(titled),
    ...reasons(expressionDifferences, queryDifferences, stepDifferences),
    '',
    '## Sinks',
    '',
    ...reasons(sinkDifferences, recordDifferences),
    '',
  ].join('\n');
}

const lengthMax = 160;
const short = (sql: string): string => (sql.length > lengthMax ? `${sql.slice(0, lengthMax)} …` : sql);
