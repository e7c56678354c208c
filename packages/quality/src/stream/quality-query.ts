/* The query of X$quality: one aggregation a window, whose row becomes one row an expectation.
 *
 *   X$rows ─▶ TUMBLE ─▶ one row of aggregates a window ─▶ UNNEST of one entry an expectation ─┐
 *   X$freshness ──────────────────────────────────────────────────────────────────────────────┴▶ */

import { millraceDialect } from '../dialect/millrace.ts';
import { quotedText } from '../dialect/dialect.ts';
import { subjectOf } from '../report/report.ts';
import type { ExpectationConfig } from '../suite/suite.ts';

/** An expectation of a window, over aggregates that it asks for: `ask` gives the column that one is in. */
export interface Summary {
  readonly config: ExpectationConfig;
  /** The aggregate of how many rows are looked at. */
  readonly elements: string;
  readonly counts?: (ask: (sql: string) => string) => { readonly unexpected: string; readonly of: string };
  readonly value?: (ask: (sql: string) => string) => string;
  readonly success: (value: string, counts: { readonly unexpected: string; readonly of: string }) => string;
}

/** Of an expectation that is decided for each row. */
export function rowSummary(parts: {
  readonly config: ExpectationConfig;
  readonly elements: string;
  readonly counted: string;
  readonly unexpected: string;
  readonly mostly: number;
}): Summary {
  const count = (condition: string): string =>
    condition === 'TRUE' ? 'COUNT(*)' : `COUNT(*) FILTER (WHERE ${condition})`;
  return {
    config: parts.config,
    elements: count(parts.elements),
    counts: (ask) => ({ unexpected: ask(count(parts.unexpected)), of: ask(count(parts.counted)) }),
    success: (_, { unexpected, of }) =>
      parts.mostly === 1
        ? `${unexpected} = 0`
        : `(${of} = 0 OR CAST(${of} - ${unexpected} AS DOUBLE) / ${of} >= CAST('${parts.mostly}' AS DOUBLE))`,
  };
}

const columns = [
  ['expectation_type', 'STRING'],
  ['column', 'STRING'],
  ['success', 'BOOLEAN'],
  ['element_count', 'BIGINT'],
  ['unexpected_count', 'BIGINT'],
  ['unexpected_percent', 'DOUBLE'],
  ['observed_value', 'STRING'],
  ['severity', 'STRING'],
] as const;

export function qualityQuery(
  summaries: readonly Summary[],
  withFreshness: boolean,
  {
    name: table,
    rowtime,
    windowMs,
  }: { readonly name: string; readonly rowtime: string; readonly windowMs: number },
): string {
  const { quote } = millraceDialect;
  const names = columns.map(([name]) => quote(name)).join(', ');
  const freshness = `SELECT window_start, window_end, ${names} FROM ${quote(`${table}$freshness`)}`;
  if (summaries.length === 0) return freshness;
  const aggregates = new Map<string, string>();
  const ask = (sql: string): string => {
    const known = aggregates.get(sql) ?? `a${aggregates.size}`;
    aggregates.set(sql, known);
    return known;
  };
  const entries = summaries.map((summary) => `ROW(${entryOf(summary, ask).join(', ')})`);
  const asked = [...aggregates].map(([sql, name]) => `${sql} AS ${name}`).join(', ');
  return `SELECT window_start, window_end, ${names}
FROM (SELECT window_start, window_end, ${asked}
  FROM TABLE(TUMBLE(TABLE ${quote(`${table}$rows`)}, DESCRIPTOR(${quote(rowtime)}), ${interval(windowMs)}))
  GROUP BY window_start, window_end)
CROSS JOIN UNNEST(ARRAY[${entries.join(',\n  ')}]) AS q (${names})${withFreshness ? `\nUNION ALL ${freshness}` : ''}`;
}

/** The cells of one expectation, each in the type of its column. */
function entryOf(summary: Summary, ask: (sql: string) => string): string[] {
  const { config } = summary;
  const counts = summary.counts?.(ask);
  const value = summary.value?.(ask);
  const subject = subjectOf(config);
  const cells = [
    quotedText(config.type),
    subject === '' ? 'NULL' : quotedText(subject),
    summary.success(value ?? '', counts ?? { unexpected: '', of: '' }),
    ask(summary.elements),
    counts?.unexpected ?? 'NULL',
    counts === undefined
      ? 'NULL'
      : `CASE WHEN ${counts.of} = 0 THEN NULL ELSE CAST(${counts.unexpected} AS DOUBLE) / ${counts.of} * 100 END`,
    value ?? 'NULL',
    quotedText(config.severity ?? 'critical'),
  ];
  return cells.map((cell, i) => `CAST(${cell} AS ${columns[i]![1]})`);
}

/** Milliseconds as an interval. */
function interval(ms: number): string {
  const [n, unit] = ms % 86_400_000 === 0 ? [ms / 86_400_000, 'DAY'] : [ms / 1000, 'SECOND'];
  const digits = String(Math.trunc(n)).length;
  return `INTERVAL '${n}' ${unit}(${Math.max(2, digits)}${unit === 'SECOND' ? ', 3' : ''})`;
}
