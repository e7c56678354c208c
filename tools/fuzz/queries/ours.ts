/* What we make of a case. */

import { formatValue } from '#expr';
import { UserError } from '#base';
import { bindType } from '#plan';
import { parseDataType, parseStatement } from '#sql';
import { TestBoard } from '#testkit';
import type { Executor } from '#engine';
import { conflictOf, sinkColumns, type FuzzedSink } from '../../../tests/conformance/fuzzed-cases.ts';
import { changesOf, engineWith, parseCell, run } from '../../../tests/conformance/replay.ts';
import { none, type Answer } from './answer.ts';
import type { QueryCase } from './generate.ts';
import { heldRows } from './held.ts';
import type { Change } from './printed.ts';

/** `board`: how the rows come, if not all of a table at once. `parallelism`: as how many instances. */
export async function ours(
  { tables, views, sql, set = {}, into }: Omit<QueryCase, 'number'>,
  board = new TestBoard(),
  parallelism = 1,
): Promise<Answer> {
  let columns: Answer['columns'];
  let engine: Awaited<ReturnType<typeof engineWith>>;
  try {
    engine = await engineWith(board, tables, views);
    for (const [key, value] of Object.entries(set)) await run(engine, `SET '${key}' = '${value}'`);
    columns = await describedView(engine, sql);
  } catch (error) {
    return failure(error, 'refused');
  }
  try {
    if (into !== undefined)
      return { columns, changes: await held(engine, board, columns, into, parallelism) };
    const { fields, changes } = await changesOf(engine, sql, parallelism);
    const cells = changes.map(
      ({ kind, row }): Change => [
        kind,
        ...row.map((v, i) => (v === null ? null : formatValue(v, fields[i]!.type, 'UTC'))),
      ],
    );
    return { columns, changes: cells };
  } catch (error) {
    // A plan is made when a query begins.
    const isRefused = error instanceof UserError && /^PLAN|^SQL9001$/.test(error.code);
    return { ...failure(error, isRefused ? 'refused' : 'failed'), columns };
  }
}
/** The columns of the query, which becomes the view `asked`. */
async function describedView(engine: Executor, sql: string): Promise<Answer['columns']> {
  await run(engine, `CREATE VIEW asked AS ${sql}`);
  const described = await engine.execute(parseStatement('DESCRIBE asked'));
  if (described.kind !== 'table') throw new Error('a table was expected');
  return described.rows.map((row) => ({
    name: row[0] as string,
    type: (row[1] as string).replace(/ \*\w+\*$/, ''),
    nullable: row[2] === true,
  }));
}
/** What a sink by key holds of the view `asked`; it asks for no -U, as those of topics and databases. */
async function held(
  engine: Executor,
  board: TestBoard,
  columns: Answer['columns'],
  into: FuzzedSink,
  parallelism: number,
): Promise<Change[]> {
  await run(
    engine,
    `CREATE TABLE sink (${sinkColumns(columns, into)}) WITH ('connector' = 'test', 'sink-changelog-mode-enforced' = 'I,UA,D')`,
  );
  await run(engine, `SET 'parallelism.default' = '${parallelism}'`);
  await run(engine, `INSERT INTO sink SELECT * FROM asked${conflictOf(into)}`);
  const table = engine.session.list().find((o) => o.path.object === 'sink');
  if (table?.kind !== 'table') throw new Error('a table was expected');
  return heldRows(
    board.table(table.path).written,
    table.primaryKey,
    table.columns.map((c) => c.type),
  );
}
/** Cells as the gateway writes them, cast to STRING. */
export async function textsOf(
  { tables, views, sql }: Omit<QueryCase, 'number'>,
  changes: readonly Change[],
): Promise<Change[]> {
  const columns = await describedView(await engineWith(new TestBoard(), tables, views), sql);
  const types = columns.map((c) => bindType(parseDataType(c.type)));
  return changes.map(([kind, ...cells]) => [
    kind,
    ...cells.map((cell, i) => {
      const value = parseCell(cell, types[i]!);
      return value === null ? null : formatValue(value, types[i]!, 'UTC');
    }),
  ]);
}
function failure(error: unknown, kind: 'refused' | 'failed'): Answer {
  if (error instanceof UserError) {
    const hint = error.hint === undefined ? '' : ` ${error.hint}`;
    return none(kind, `${error.code}: ${error.message}${hint}`);
  }
  return none('bug', error instanceof Error ? (error.stack ?? error.message) : String(error));
}
