/* Cases that `npm run fuzz -- queries` found and made small: each with the tables that it reads. A real Flink answered
 * them, and its answers stand in fuzzed.json beside them. */

import { readFileSync } from 'node:fs';
import type { ConformanceTable } from './tables.ts';

/** A table by key that the rows of a query go into; what it holds in the end is the answer. */
export interface FuzzedSink {
  /** Columns of its primary key, by the names that the query gives them. */
  readonly key: readonly string[];
  /** What stands behind ON CONFLICT DO; without it there is no such clause. */
  readonly conflict?: 'NOTHING' | 'ERROR' | 'DEDUPLICATE';
}
export interface FuzzedCase {
  readonly tables: readonly ConformanceTable[];
  /** CREATE VIEW statements, in order. */
  readonly views: readonly string[];
  readonly sql: string;
  /** What SET says in front of it. */
  readonly set?: Readonly<Record<string, string>>;
  readonly into?: FuzzedSink;
  /** We answer otherwise on purpose: known-query-differences.ts has the reason. */
  readonly differs?: true;
}

const file = new URL('fuzzed-cases.json', import.meta.url);
export const fuzzedCases = JSON.parse(readFileSync(file, 'utf8')) as readonly FuzzedCase[];

/** One a line, so that a diff shows what changed. */
export const casesText = (cases: readonly FuzzedCase[]): string =>
  `[\n${cases.map((c) => JSON.stringify(c)).join(',\n')}\n]\n`;

/** What names a case: its settings, its views and its query. */
export const fuzzedName = ({ set, views, sql, into }: Omit<FuzzedCase, 'tables'>): string =>
  [...settingTexts(set), ...views, into === undefined ? sql : insertText(into, sql)].join('; ');

const settingTexts = (set: FuzzedCase['set'] = {}): string[] =>
  Object.entries(set).map(([key, value]) => `SET '${key}' = '${value}'`);
const insertText = (into: FuzzedSink, sql: string): string =>
  `INSERT INTO sink (PRIMARY KEY (${into.key.join(', ')})) ${sql}${conflictOf(into)}`;
export const conflictOf = ({ conflict }: FuzzedSink): string =>
  conflict === undefined ? '' : ` ON CONFLICT DO ${conflict}`;
/** The columns of the sink, as those of the query are called and typed. */
export const sinkColumns = (
  columns: readonly { readonly name: string; readonly type: string }[],
  { key }: FuzzedSink,
): string =>
  [
    ...columns.map(({ name, type }) => `\`${name}\` ${type}`),
    `PRIMARY KEY (${key.map((k) => `\`${k}\``).join(', ')}) NOT ENFORCED`,
  ].join(', ');
