/* How old the newest row of a running job is, in its status, by a clock that the test moves; and bounds of now() that a stream
 * does not have. */

import { expect, test } from 'vitest';
import { UserError } from '#base';
import { streamChecksFrom } from '#contracts';
import type { Value } from '#data';
import { Executor, type EngineJob } from '#engine';
import { parseStatement } from '#sql';
import { SimWorld, TestBoard, testConnector } from '#testkit';

const minute = 60_000;
const path = { catalog: 'default_catalog', database: 'default_database', object: 'orders' };
const start = Date.UTC(2024, 0, 1);

async function running(suite: object): Promise<{
  readonly job: EngineJob;
  /** A row of so many minutes behind the start. */
  push(at: number): void;
  /** To so many minutes behind the start. */
  clock(at: number): Promise<void>;
}> {
  const world = new SimWorld(1, start);
  const board = new TestBoard();
  const executor = new Executor({
    world,
    connectors: new Map([['test', testConnector(board)]]),
    loadChecks: streamChecksFrom(async () => JSON.stringify(suite)),
  });
  for (const sql of [
    `CREATE TABLE orders (id INT, at TIMESTAMP(3)) WITH ('connector' = 'test', 'millrace.suite' = 's.json')`,
    `CREATE TABLE o (id INT) WITH ('connector' = 'test')`,
  ])
    await executor.execute(parseStatement(sql));
  const execution = await executor.execute(parseStatement('INSERT INTO o SELECT id FROM orders'));
  if (execution.kind !== 'job') throw new TypeError('an INSERT is a job');
  const { job } = execution;
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 100; i++) await new Promise(setImmediate);
  };
  return {
    job,
    push: (at) =>
      board.push(path, [
        {
          kind: 0,
          physical: new Map<string, Value>([
            ['id', 1],
            ['at', { ms: start + at * minute, ns: 0 }],
          ]),
          metadata: new Map(),
        },
      ]),
    clock: async (at) => {
      await settle();
      while (world.nextTimer < start + at * minute) {
        world.moveTo(world.nextTimer);
        await settle();
      }
      world.moveTo(start + at * minute);
      await settle();
    },
  };
}
const aged = (kwargs: object) => ({
  name: 's',
  expectations: [{ type: 'expect_column_max_to_be_between', kwargs: { column: 'at', ...kwargs } }],
});
const now = (expression: string) => ({ $PARAMETER: expression });

test('the status of a job says how old its newest row is, whether rows come or not', async () => {
  const { job, push, clock } = await running(aged({ min_value: now('now() - timedelta(minutes=30)') }));
  const found = (): unknown =>
    job.checks().map(({ column, evaluated, freshness }) => [column, evaluated, freshness]);
  const freshness = (newest: number | null, fails: boolean): unknown => ({
    newest: newest === null ? null : start + newest * minute,
    delayMaxMs: 30 * minute,
    fails,
  });
  await clock(30);
  expect(found()).toEqual([['at', 0, freshness(null, false)]]);
  await clock(31);
  expect(found()).toEqual([['at', 0, freshness(null, true)]]);
  push(10);
  push(5);
  await clock(40);
  expect(found()).toEqual([['at', 2, freshness(10, false)]]);
  await clock(41);
  expect(found()).toEqual([['at', 2, freshness(10, true)]]);
  await job.cancel();
});

test.each([
  [{ min_value: now('now() - timedelta(hours=1)'), max_value: 5 }, 'QLT3003', 'min_value alone'],
  [{ max_value: now('now()') }, 'QLT3003', 'min_value alone'],
])('%j is refused', async (kwargs, code, message) => {
  const thrown: unknown = await running(aged(kwargs)).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(UserError);
  expect(thrown).toMatchObject({ code, message: expect.stringContaining(message) });
});
test('a number has no age', async () => {
  const kwargs = { column: 'id', min_value: now('now() - timedelta(hours=1)') };
  await expect(running(aged(kwargs))).rejects.toMatchObject({ code: 'QLT2002' });
});
