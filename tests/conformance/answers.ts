/* What Flink answered, as tools/conformance.ts wrote it down and the tests read it: one file for each group of cases, one
 * answer a line, so that a diff shows what changed. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';

export interface ExpressionAnswer {
  readonly sql: string;
  /** CAST to STRING; null for NULL. */
  readonly value?: string | null;
  readonly type?: string;
  readonly error?: string;
}
export interface QueryAnswer {
  readonly sql: string;
  readonly columns?: readonly string[];
  /** Each change as its kind and its cells, each cast to STRING. */
  readonly changes?: readonly (readonly (string | null)[])[];
  readonly error?: string;
}
export interface SinkAnswer {
  /** The name of the case. */
  readonly sql: string;
  /** The records of an upsert-kafka sink's topic, in order: key and value as JSON, null for the end of a key. */
  readonly records?: readonly (readonly [string, string | null])[];
  /** What a JDBC sink's table holds at the end, each cell cast to STRING. */
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly error?: string;
}
/** What became of a statement when it was planned. */
export interface PlanAnswer {
  /** The name of the case. */
  readonly sql: string;
  /** 'refused', 'planned', or how many lookup joins keep what they gave. */
  readonly answer: string;
  readonly reason?: string;
}
/** What became of each statement of a script: rows, a job, nothing to show, or an error. */
export interface DdlAnswer {
  /** The name of the script. */
  readonly sql: string;
  readonly answers: readonly StatementAnswer[];
}
export interface StatementAnswer {
  readonly sql: string;
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly unknown[])[];
  readonly job?: true;
  readonly error?: string;
}
/** An expression over the columns of the table of samples (tools/fuzz/table.ts). */
export interface SampleAnswer {
  readonly sql: string;
  /** The call shape that it was made of. */
  readonly shape: string;
  readonly type: string;
  /** CAST to STRING, row by row; absent rows fail. */
  readonly values: Readonly<Record<string, string | null>>;
}
/** What a query of Nexmark gives over the events of the tests: its net rows. */
export interface NexmarkAnswer {
  /** The name of the query. */
  readonly sql: string;
  readonly rows: number;
  /** Of all rows, sorted. */
  readonly sha256: string;
}
export interface Answers {
  readonly expressions: ExpressionAnswer;
  readonly queries: QueryAnswer;
  readonly changelogs: QueryAnswer;
  readonly 'changelog-functions': QueryAnswer;
  readonly determinism: PlanAnswer;
  readonly emits: QueryAnswer;
  readonly 'sub-queries': QueryAnswer;
  readonly lookups: QueryAnswer;
  readonly numbers: QueryAnswer;
  readonly samples: SampleAnswer;
  readonly joins: QueryAnswer;
  readonly 'bounded-joins': QueryAnswer;
  readonly stepped: QueryAnswer;
  readonly aggregates: QueryAnswer;
  readonly types: QueryAnswer;
  readonly overs: QueryAnswer;
  readonly matches: QueryAnswer;
  readonly batches: QueryAnswer;
  readonly predictions: QueryAnswer;
  readonly processes: QueryAnswer;
  readonly 'process-steps': QueryAnswer;
  readonly sets: QueryAnswer;
  readonly fuzzed: QueryAnswer;
  readonly sinks: SinkAnswer;
  readonly ddl: DdlAnswer;
  readonly nexmark: NexmarkAnswer;
}
export type Group = keyof Answers;

const fileOf = (group: Group): URL => new URL(`${group}.json`, import.meta.url);

/** None where nothing was recorded yet. */
export function recorded<G extends Group>(group: G): readonly Answers[G][] {
  const file = fileOf(group);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Answers[G][]) : [];
}
export function record<G extends Group>(group: G, answers: readonly Answers[G][]): void {
  writeFileSync(fileOf(group), `[\n${answers.map((a) => JSON.stringify(a)).join(',\n')}\n]\n`);
}
