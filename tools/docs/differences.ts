/* docs/differences.md from the lists of known differences. */

import { batchDifferences } from '../../tests/conformance/batch-differences.ts';
import { ddlDifferences } from '../../tests/conformance/ddl-differences.ts';
import {
  expressionDifferences,
  determinismDifferences,
  queryDifferences,
  recordDifferences,
  sinkDifferences,
  stepDifferences,
} from '../../tests/conformance/differences.ts';
import { predictionDifferences } from '../../tests/conformance/prediction-differences.ts';
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
      predictionDifferences,
      batchDifferences,
    ),
    ...otherQueries.map((text) => `- ${text}`),
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

/** What the queries do not show. */
const otherQueries = [
  'APPROX_COUNT_DISTINCT, in batch mode, counts exactly; Flink estimates by a sketch, whose error is 1 % as a rule. It takes DISTINCT in both, to no effect.',
  'Names of the parameters of ML_PREDICT are taken in any case; Flink takes INPUT, MODEL, ARGS and CONFIG in capital letters alone.',
  "A model of the provider 'openai' with 'max-context-size' is refused: the tokenizers that count for it are not here.",
];

/** What the scripts do not show. */
const otherDefinitions = [
  "SHOW CREATE MODEL shows ****** in place of an 'api-key' that stands in the options as it is; Flink shows the key.",
  'CREATE TABLE … AS without a connector makes a table that is kept here; in Flink it is an error, as there are no tables of its own any more.',
  'OR REPLACE of a view, TRUNCATE TABLE of tables that are kept here, and ALTER CATALOG take effect at once, in streaming mode too.',
  'A metadata key that the connector does not have is an error when the table is made, not when it is used.',
  "A function of the user's stands in front of a built-in one of its name; in Flink only a TEMPORARY SYSTEM one does.",
];

const lengthMax = 160;
const short = (sql: string): string => (sql.length > lengthMax ? `${sql.slice(0, lengthMax)} …` : sql);
