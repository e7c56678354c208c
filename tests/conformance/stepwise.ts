/* Our side of a replay of rows that come one at a time. */

import type { LoadModule } from '#engine';
import { parseStatement } from '#sql';
import { TestBoard } from '#testkit';
import { executor, run, type Replayed, type ReplayedChange } from './replay.ts';
import { steppedTable, steppedViews } from './stepped-table.ts';

/** Our changes, the next row pushed when the last has gone through. `statements` come first. */
export async function stepwise(
  sql: string,
  statements: readonly string[] = [],
  loadModule?: LoadModule,
): Promise<Replayed> {
  const board = new TestBoard();
  const engine = executor(board, loadModule);
  const { name, columns, fields, rows } = steppedTable;
  await run(engine, `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'test')`);
  for (const statement of [...steppedViews, ...statements]) await run(engine, statement);
  const { path } = engine.session.list().find((o) => o.path.object === name)!;
  const execution = await engine.execute(parseStatement(sql), { unboundedResult: true });
  if (execution.kind !== 'query') throw new Error('a query was expected');
  const changes: ReplayedChange[] = [];
  const settle = async (): Promise<void> => {
    await execution.job.settled();
    if (execution.job.state === 'failed') throw execution.job.error;
    changes.push(...execution.changes.take());
  };
  for (const [n] of rows) {
    board.push(path, [{ kind: 0, metadata: new Map(), physical: new Map([[fields[0]!, n as number]]) }]);
    await settle();
  }
  board.end(path);
  await settle();
  return { fields: execution.fields, changes };
}
