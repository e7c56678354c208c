/* Flink's changes of joins whose rows come one at a time, against ours: what is late there is late here. The net result
 * must be the same. */

import { expect, test } from 'vitest';
import { TestBoard } from '#testkit';
import { parseStatement } from '#sql';
import { recorded } from './answers.ts';
import { steppedJoinQueries } from './bounded-join-cases.ts';
import { queryDifferences } from './differences.ts';
import { executor, net, parseCell, run, type Replayed, type ReplayedChange } from './replay.ts';
import { steppedTable, steppedViews } from './stepped-table.ts';

/** Our changes, the next row pushed when the last has gone through. */
async function stepwise(sql: string): Promise<Replayed> {
  const board = new TestBoard();
  const engine = executor(board);
  const { name, columns, fields, rows } = steppedTable;
  await run(engine, `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'test')`);
  for (const view of steppedViews) await run(engine, view);
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

const answers = recorded('stepped');
test('every query has an answer', () => {
  expect(answers.map((a) => a.sql)).toEqual(steppedJoinQueries);
});
test.each(answers.filter((a) => !queryDifferences.has(a.sql)))('$sql', async (answer) => {
  if (answer.error !== undefined) {
    await expect(stepwise(answer.sql)).rejects.toThrow();
    return;
  }
  const ours = await stepwise(answer.sql);
  const theirs = answer.changes!.map(([kind, ...cells]) => ({
    kind: kind!,
    row: cells.map((c, i) => parseCell(c, ours.fields[i]!.type)),
  }));
  expect(net(ours.changes)).toEqual(net(theirs));
});
