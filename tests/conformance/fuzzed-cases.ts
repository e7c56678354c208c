/* Cases that `npm run fuzz -- queries` found and made small: each with the tables that it reads. A real Flink answered
 * them, and its answers stand in fuzzed.json beside them. */

import { readFileSync } from 'node:fs';
import type { ConformanceTable } from './tables.ts';

export interface FuzzedCase {
  readonly tables: readonly ConformanceTable[];
  /** CREATE VIEW statements, in order. */
  readonly views: readonly string[];
  readonly sql: string;
  /** We answer otherwise on purpose: known-query-differences.ts has the reason. */
  readonly differs?: true;
}

const file = new URL('fuzzed-cases.json', import.meta.url);
export const fuzzedCases = JSON.parse(readFileSync(file, 'utf8')) as readonly FuzzedCase[];

/** One a line, so that a diff shows what changed. */
export const casesText = (cases: readonly FuzzedCase[]): string =>
  `[\n${cases.map((c) => JSON.stringify(c)).join(',\n')}\n]\n`;

/** What names a case: its views and its query. */
export const fuzzedName = ({ views, sql }: FuzzedCase): string => [...views, sql].join('; ');
