/* npm run conformance: with --record, a real Flink answers every query and expression, and its answers are written to
 * tests/conformance/*.json; npm test replays them. Without it, only says how many answers there are. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allFunctions } from '#expr';
import { jsonCell, queries, tables } from '../tests/conformance/cases.ts';
import { expressions } from '../tests/conformance/expressions.ts';
import { FlinkError, flinkMissing, RealFlink, type FlinkResult, type FlinkSession } from './flink.ts';

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

const folder = new URL('../tests/conformance/', import.meta.url);
const settings = {
  'pipeline.auto-watermark-interval': '0 ms',
  'table.local-time-zone': 'UTC',
  'parallelism.default': '1',
};

async function recordExpressions(session: FlinkSession, all: readonly string[]): Promise<ExpressionAnswer[]> {
  const answers: ExpressionAnswer[] = [];
  const size = 40;
  for (let i = 0; i < all.length; i += size) {
    const part = all.slice(i, i + size);
    process.stderr.write(`\rexpressions ${i + part.length} of ${all.length} `);
    answers.push(...(await ask(session, part)));
  }
  process.stderr.write('\n');
  return answers;
}
/** Many at once; where one of them fails, each half alone. */
async function ask(session: FlinkSession, part: readonly string[]): Promise<ExpressionAnswer[]> {
  try {
    const typed = await session.execute(
      `SELECT ${part.map((e, i) => `CAST(${e} AS STRING) AS v${i}, TYPEOF(${e}) AS t${i}`).join(', ')}`,
    );
    const cells = typed.rows[0]!.fields as readonly (string | null)[];
    return part.map((sql, i) => ({ sql, value: cells[2 * i]!, type: cells[2 * i + 1]! }));
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    if (part.length === 1) return [{ sql: part[0]!, error: error.reason }];
    const half = Math.ceil(part.length / 2);
    return [...(await ask(session, part.slice(0, half))), ...(await ask(session, part.slice(half)))];
  }
}

const kinds: Readonly<Record<string, string>> = {
  INSERT: '+I',
  UPDATE_BEFORE: '-U',
  UPDATE_AFTER: '+U',
  DELETE: '-D',
};

async function recordQueries(session: FlinkSession, data: string): Promise<QueryAnswer[]> {
  for (const table of tables) {
    const file = join(data, `${table.name}.json`);
    // Numbers are written with all their digits.
    const lines = table.rows.map(
      (row) => `{${table.fields.map((f, i) => `${JSON.stringify(f)}:${jsonCell(row[i])}`).join(',')}}`,
    );
    writeFileSync(file, `${lines.join('\n')}\n`);
    await session.execute(
      `CREATE TABLE ${table.name} (${table.columns}) WITH ('connector' = 'filesystem', 'path' = 'file://${file}', 'format' = 'json')`,
    );
  }
  const answers: QueryAnswer[] = [];
  for (const [i, sql] of queries.entries()) {
    process.stderr.write(`\rqueries ${i + 1} of ${queries.length} `);
    answers.push(await askQuery(session, sql));
  }
  process.stderr.write('\n');
  return answers;
}

async function askQuery(session: FlinkSession, sql: string): Promise<QueryAnswer> {
  try {
    const result: FlinkResult = await session.execute(sql);
    return {
      sql,
      columns: result.columns.map((c) => c.name),
      changes: result.rows.map((r) => [kinds[r.kind]!, ...r.fields.map(cellText)]),
    };
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    return { sql, error: error.reason };
  }
}
const cellText = (v: unknown): string | null =>
  v === null ? null : typeof v === 'object' ? JSON.stringify(v) : String(v);

if (process.argv.includes('--record')) {
  const missing = await flinkMissing();
  if (missing !== undefined) {
    console.error(missing);
    process.exit(3);
  }
  console.error('starting Flink 2.2.1 …');
  const flink = await RealFlink.start({ heapMb: 1024 });
  const data = mkdtempSync(join(tmpdir(), 'millrace-conformance-'));
  try {
    const session = await flink.session(settings);
    const examples = [
      ...new Set([...expressions, ...[...allFunctions()].flatMap((f) => f.examples.map((e) => e.sql))]),
    ];
    writeFileSync(new URL('expressions.json', folder), lines(await recordExpressions(session, examples)));
    writeFileSync(new URL('queries.json', folder), lines(await recordQueries(session, data)));
  } finally {
    await flink.close();
    rmSync(data, { recursive: true, force: true });
  }
}
for (const file of ['expressions.json', 'queries.json']) {
  const path = new URL(file, folder);
  if (!existsSync(path)) console.log(`${file}: nothing recorded yet; run: npm run conformance -- --record`);
  else
    console.log(
      `${file}: ${(JSON.parse(readFileSync(path, 'utf8')) as unknown[]).length} answers of Flink 2.2.1`,
    );
}

/** One answer a line, so that a diff shows what changed. */
function lines(answers: readonly unknown[]): string {
  return `[\n${answers.map((a) => JSON.stringify(a)).join(',\n')}\n]\n`;
}
