/* Our side of a replay: the cases' tables as 'test' tables, a query's changes, and Flink's cells read as values. */

import {
  type ChangeQueue,
  Executor,
  type ExecutorSettings,
  type LoadModule,
  fromJson,
  fromText,
  parseJson,
} from '#engine';
import { layoutOf, type Field, type LogicalType, type Row, type Value } from '#data';
import { parseStatement } from '#sql';
import { SimWorld, TestBoard, testConnector } from '#testkit';
import { jsonCell, type ConformanceTable } from './tables.ts';

export interface ReplayedChange {
  readonly kind: string;
  readonly row: Row;
}
export interface Replayed {
  readonly fields: readonly Field[];
  readonly changes: readonly ReplayedChange[];
}

export function executor(
  board = new TestBoard(),
  loadModule?: LoadModule,
  more: Partial<ExecutorSettings> = {},
): Executor {
  return new Executor({
    world: new SimWorld(1),
    connectors: new Map([['test', testConnector(board)]]),
    ...(loadModule !== undefined && { loadModule }),
    ...more,
  });
}
export async function run(engine: Executor, sql: string): Promise<void> {
  const execution = await engine.execute(parseStatement(sql));
  if (execution.kind === 'job') await execution.job.done;
}
export async function changesOf(engine: Executor, sql: string, parallelism = 1): Promise<Replayed> {
  const execution = await engine.execute(parseStatement(sql), { unboundedResult: true, parallelism });
  if (execution.kind !== 'query') throw new Error('a query was expected');
  await execution.job.done;
  return { fields: execution.fields, changes: await all(execution.changes) };
}
async function all(queue: ChangeQueue): Promise<ReplayedChange[]> {
  const changes: ReplayedChange[] = [];
  for (let part = await queue.next(); part !== undefined; part = await queue.next()) changes.push(...part);
  return changes;
}

/** An engine that knows the tables, with all their rows waiting and their end; and views over them. */
export async function engineWith(
  board: TestBoard,
  tables: readonly ConformanceTable[],
  views: readonly string[] = [],
  loadModule?: LoadModule,
  more: Partial<ExecutorSettings> = {},
): Promise<Executor> {
  const engine = executor(board, loadModule, more);
  for (const table of tables) await pushTable(engine, board, table);
  for (const view of views) await run(engine, view);
  return engine;
}
const kinds = ['+I', '-U', '+U', '-D'];
const modes = { changes: 'I,UB,UA,D', upserts: 'I,UA,D(key-only-delete)' } as const;

/** A value of upsert-kafka comes as +I, whether its key was there or not. */
function kindOf({ gives }: ConformanceTable, written: unknown): number {
  const kind = gives === undefined ? 0 : kinds.indexOf(String(written));
  return gives === 'upserts' && kind === 2 ? 0 : kind;
}

async function pushTable(engine: Executor, board: TestBoard, table: ConformanceTable): Promise<void> {
  const { name, columns, gives, rows } = table;
  const mode = gives === undefined ? 'I' : modes[gives];
  await run(
    engine,
    `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'test', 'bounded' = 'true', 'changelog-mode' = '${mode}')`,
  );
  const bound = engine.session.list().find((o) => o.path.object === name);
  if (bound?.kind !== 'table') throw new Error('a table was expected');
  const types = new Map(bound.columns.map((c) => [c.name, c.type]));
  const value = (field: string, cell: unknown): Value =>
    fromJson(parseJson(jsonCell(cell ?? null)), types.get(field)!);
  board.push(
    bound.path,
    rows.map((row) => {
      const cells = gives === undefined ? row : row.slice(1);
      return {
        kind: kindOf(table, row[0]),
        metadata: new Map(),
        physical: new Map(table.fields.map((f, i): [string, Value] => [f, value(f, cells[i])])),
      };
    }),
  );
  board.end(bound.path);
}

/** Flink's gateway writes timestamps with a T, and nested values as JSON. */
export function parseCell(text: string | null, type: LogicalType): Value {
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

/** A row as text that equals another's when the values do; the entries of a map are in no order. */
export const rowText = (row: Row): string =>
  JSON.stringify(row, (key, v: unknown) => {
    if (typeof v === 'bigint') return `${v}n`;
    return key === 'entries' && Array.isArray(v) ? v.map((e) => JSON.stringify(e)).sort() : v;
  });
/** A changelog as text, in order. */
export const inOrder = (changes: readonly ReplayedChange[]): string[] =>
  changes.map(({ kind, row }) => `${kind} ${rowText(row)}`);
/** What is left of a changelog, as sorted text. */
export function net(changes: readonly ReplayedChange[]): string[] {
  const counts = new Map<string, number>();
  for (const { kind, row } of changes) {
    const key = rowText(row);
    counts.set(key, (counts.get(key) ?? 0) + (kind === '+I' || kind === '+U' ? 1 : -1));
  }
  return [...counts]
    .filter(([, n]) => n !== 0)
    .map(([k, n]) => `${n} ${k}`)
    .sort();
}
