/* What a checkpoint of a running job writes to disk: all of it first, then what changed; and a start from the two. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Executor, type EngineJob } from '#engine';
import { realDisk } from '#host';
import { parseScript } from '#sql';
import { SimWorld, TestBoard, testConnector } from '#testkit';

const keys = 60_000;
const script = `
CREATE TABLE numbers (id INT) WITH ('connector' = 'test');
CREATE TABLE counts (id INT, n BIGINT) WITH ('connector' = 'test');
INSERT INTO counts SELECT id, COUNT(*) FROM numbers GROUP BY id;`;

let stateDir: string;
beforeAll(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'millrace-incremental-'));
});
afterAll(() => {
  rmSync(stateDir, { recursive: true, force: true });
});

const pathOf = (object: string): Parameters<TestBoard['push']>[0] => ({
  catalog: 'default_catalog',
  database: 'default_database',
  object,
});
const push = (board: TestBoard, ids: readonly number[]): void => {
  const rows = ids.map((id) => ({ kind: 0, physical: new Map([['id', id]]), metadata: new Map() }));
  board.push(pathOf('numbers'), rows);
};
async function started(
  board: TestBoard,
  name: string,
  parallelism: number,
  incremental: boolean,
): Promise<EngineJob> {
  const executor = new Executor({
    world: Object.assign(new SimWorld(1), { disk: realDisk }),
    connectors: new Map([['test', testConnector(board)]]),
  });
  executor.session.settings.set('execution.checkpointing.incremental', String(incremental));
  let job: EngineJob | undefined;
  for (const { statement } of parseScript(script)) {
    const options = { name, parallelism, inBackground: true, state: { stateDir, fresh: false } };
    const execution = await executor.execute(statement, options);
    if (execution.kind === 'job') job = execution.job;
  }
  return job!;
}

test.each([
  [1, true],
  [3, true],
  [1, false],
])('parallelism %i, incremental %s', async (parallelism, incremental) => {
  const name = `job-${parallelism}-${incremental}`;
  const board = new TestBoard();
  push(
    board,
    Array.from({ length: keys }, (_, i) => i),
  );
  const job = await started(board, name, parallelism, incremental);
  await job.settled();
  await job.checkpoint();
  const whole = job.lastCheckpoint!.bytes;
  push(board, [7]);
  await job.settled();
  await job.checkpoint();
  const changed = job.lastCheckpoint!.bytes;
  if (incremental) expect(changed).toBeLessThan(whole / 2);
  else expect(changed).toBeGreaterThan(whole * 0.9);
  await job.cancel();
  const again = await started(board, name, parallelism, incremental);
  push(board, [7, 8]);
  await again.settled();
  const last = board
    .table(pathOf('counts'))
    .written.slice(-4)
    .map(({ kind, row }) => `${kind} ${row.join(' ')}`);
  expect(last.sort()).toEqual(['1 7 2', '1 8 1', '2 7 3', '2 8 2']);
  await again.cancel();
});
