/* docs/differences.md from the lists of known differences. */

import { ddlDifferences } from '../../tests/conformance/ddl-differences.ts';
import {
  expressionDifferences,
  determinismDifferences,
  queryDifferences,
  recordDifferences,
  sinkDifferences,
  stepDifferences,
} from '../../tests/conformance/differences.ts';
import { processDifferences } from '../../tests/conformance/process-differences.ts';
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
    ...reasons(
      expressionDifferences,
      queryDifferences,
      stepDifferences,
      determinismDifferences,
      processDifferences,
    ),
    '',
    '## Sinks',
    '',
    ...reasons(sinkDifferences, recordDifferences),
    '',
    '## Definitions',
    '',
    ...reasons(...ddlDifferences.values()),
    ...otherDefinitions.map((text) => `- ${text}`),
    '',
  ].join('\n');
}

/** What the scripts do not show. */
const otherDefinitions = [
  'CREATE TABLE … AS without a connector makes a table that is kept here; in Flink it is an error, as there are no tables of its own any more.',
  'OR REPLACE of a view, TRUNCATE TABLE of tables that are kept here, and ALTER CATALOG take effect at once, in streaming mode too.',
  'A metadata key that the connector does not have is an error when the table is made, not when it is used.',
  "A function of the user's stands in front of a built-in one of its name; in Flink only a TEMPORARY SYSTEM one does.",
];

const lengthMax = 160;
const short = (sql: string): string => (sql.length > lengthMax ? `${sql.slice(0, lengthMax)} …` : sql);
