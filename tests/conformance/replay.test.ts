/* Flink's recorded answers against ours: every difference is mended, or listed in differences.ts with its reason. */

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ChangeQueue, Executor, fromJson, fromText, parseJson } from '#engine';
import { layoutOf, type Field, type LogicalType, type Value } from '#data';
import { parseStatement } from '#sql';
import { SimWorld, TestBoard, testConnector } from '#testkit';
import { jsonCell, tables } from './cases.ts';
import { expressionDifferences, queryDifferences } from './differences.ts';

interface ExpressionAnswer {
  readonly sql: string;
  readonly value?: string | null;
  readonly type?: string;
  readonly error?: string;
}
interface QueryAnswer {
  readonly sql: string;
  readonly columns?: readonly string[];
  readonly changes?: readonly (readonly (string | null)[])[];
  readonly error?: string;
}

function recorded<T>(file: string): T[] {
  const path = new URL(file, import.meta.url);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T[]) : [];
}

function executor(board = new TestBoard()): Executor {
  return new Executor({ world: new SimWorld(1), connectors: new Map([['test', testConnector(board)]]) });
}

async function rowsOf(
  engine: Executor,
  sql: string,
): Promise<{ fields: readonly Field[]; changes: { kind: string; row: readonly Value[] }[] }> {
  const execution = await engine.execute(parseStatement(sql), { unboundedResult: true });
  if (execution.kind !== 'query') throw new Error('a query was expected');
  await execution.job.done;
  return { fields: execution.fields, changes: await all(execution.changes) };
}
async function all(queue: ChangeQueue): Promise<{ kind: string; row: readonly Value[] }[]> {
  const changes: { kind: string; row: readonly Value[] }[] = [];
  for (let part = await queue.next(); part !== undefined; part = await queue.next()) changes.push(...part);
  return changes;
}

describe('expressions', () => {
  const answers = recorded<ExpressionAnswer>('expressions.json');
  test('there are at least 600', () => {
    expect(answers.length).toBeGreaterThanOrEqual(600);
  });
  test.each(answers.filter((a) => !expressionDifferences.has(a.sql)))('$sql', async (answer) => {
    let ours: ExpressionAnswer;
    try {
      const { changes } = await rowsOf(
        executor(),
        `SELECT CAST(${answer.sql} AS STRING) AS v, TYPEOF(${answer.sql}) AS t`,
      );
      const [value, type] = changes[0]!.row as [string | null, string];
      ours = { sql: answer.sql, value, type };
    } catch (error) {
      ours = { sql: answer.sql, error: (error as Error).message };
    }
    // How a refusal is worded may differ; that there is one may not.
    if (answer.error !== undefined) expect(ours).toHaveProperty('error');
    else expect(ours).toEqual(answer);
  });
});

/** Flink's gateway writes timestamps with a T, and nested values as JSON. */
function parseCell(text: string | null, type: LogicalType): Value {
  if (text === null) return null;
  const layout = layoutOf(type);
  if (layout === 'row' || layout === 'list' || layout === 'map') return fromJson(parseJson(text), type);
  if (type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ')
    return fromText(
      text
        .replace('T', ' ')
        .replace(/Z$/, '')
        .replace(/^(\S+ \d\d:\d\d)$/, '$1:00'),
      type,
    );
  if (type.kind === 'TIME') return fromText(/^\d\d:\d\d$/.test(text) ? `${text}:00` : text, type);
  return fromText(text, type);
}

async function pushTables(engine: Executor, board: TestBoard): Promise<void> {
  for (const table of tables) {
    await engine.execute(
      parseStatement(
        `CREATE TABLE ${table.name} (${table.columns}) WITH ('connector' = 'test', 'bounded' = 'true')`,
      ),
    );
    const bound = engine.session.list().find((o) => o.path.object === table.name);
    if (bound?.kind !== 'table') throw new Error('a table was expected');
    const physical = bound.columns.filter((c) => c.kind === 'physical');
    board.push(
      bound.path,
      table.rows.map((row) => ({
        kind: 0,
        metadata: new Map(),
        physical: new Map(
          physical.map((c, i): [string, Value] => [c.name, fromJson(parseJson(jsonCell(row[i])), c.type)]),
        ),
      })),
    );
    board.end(bound.path);
  }
}

/** What is left of a changelog, as sorted text: for queries over two sources, whose order of arrival is not fixed. */
function net(changes: readonly { kind: string; row: readonly Value[] }[]): string[] {
  const counts = new Map<string, number>();
  for (const { kind, row } of changes) {
    const key = JSON.stringify(row, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v));
    counts.set(key, (counts.get(key) ?? 0) + (kind === '+I' || kind === '+U' ? 1 : -1));
  }
  return [...counts]
    .filter(([, n]) => n !== 0)
    .map(([k, n]) => `${n} ${k}`)
    .sort();
}

describe('queries', () => {
  const answers = recorded<QueryAnswer>('queries.json');
  test('there are at least 150', () => {
    expect(answers.length).toBeGreaterThanOrEqual(150);
  });
  test.each(answers.filter((a) => !queryDifferences.has(a.sql)))('$sql', async (answer) => {
    const board = new TestBoard();
    const engine = executor(board);
    await pushTables(engine, board);
    if (answer.error !== undefined) {
      await expect(rowsOf(engine, answer.sql)).rejects.toThrow();
      return;
    }
    const ours = await rowsOf(engine, answer.sql);
    expect(ours.fields.map((f) => f.name)).toEqual(answer.columns);
    const theirs = answer.changes!.map(([kind, ...cells]) => ({
      kind: kind!,
      row: cells.map((c, i) => parseCell(c, ours.fields[i]!.type)),
    }));
    const oneSource = !(/\bbids\b/.test(answer.sql) && /\bFROM t\b|TABLE t\b/.test(answer.sql));
    // Rows that one watermark frees come by timer time; among equal times the order is unspecified.
    const windowed = /window_|TUMBLE|HOP|SESSION|CUMULATE/.test(answer.sql);
    if (!oneSource || windowed) expect(net(ours.changes)).toEqual(net(theirs));
    else expect(ours.changes.map(comparable)).toEqual(theirs.map(comparable));
  });
});
const comparable = ({ kind, row }: { kind: string; row: readonly Value[] }): unknown => [kind, row];
