/* A bounded job that is killed between its last manifest and the commit of it: the next start commits, and ends. */

import { expect, test } from 'vitest';
import { Broker } from '#broker';
import { kafkaConnectorOver } from '#connectors';
import { Executor, type EngineJob } from '#engine';
import { parseStatement } from '#sql';
import { SimWorld } from '#testkit';
import { SimProcess } from './sim-process.ts';

const table = (name: string, more: string): string =>
  `CREATE TABLE ${name} (id BIGINT) WITH ('connector' = 'kafka', 'topic' = '${name}', 'properties.bootstrap.servers' = 'sim:9092', 'format' = 'json'${more})`;
const statements = [
  table('numbers', ", 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset'"),
  table(
    'copies',
    ", 'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'copies', 'properties.transaction.timeout.ms' = '900000'",
  ),
  'INSERT INTO copies SELECT id FROM numbers',
];

test('what a finished job prepared is committed by the next start', async () => {
  const machine = new SimWorld(1);
  const broker = await Broker.start({ world: machine, listen: false });
  broker.topics.create('numbers');
  broker.topics.create('copies');
  broker.produce(
    'numbers',
    [1, 2, 3].map((id) => ({ value: `{"id":${id}}` })),
  );
  await kafkaConnectorOver(() => broker.connect()).load();
  const run = async (steps: number): Promise<void> => {
    for (let i = 0; i < steps; i++) {
      for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (machine.nextTimer < Infinity) machine.moveTo(machine.nextTimer);
    }
  };
  const start = async (): Promise<{ readonly process: SimProcess; readonly job: EngineJob }> => {
    const process = new SimProcess(machine, () => broker);
    const connectors = new Map([['kafka', kafkaConnectorOver(process.dial)]]);
    const engine = new Executor({ world: process, connectors });
    let job: EngineJob | undefined;
    for (const sql of statements)
      void engine
        .execute(parseStatement(sql), { name: 'job', state: { stateDir: '/state', fresh: false } })
        .then((execution) => {
          if (execution.kind === 'job') job = execution.job;
        });
    for (let steps = 0; job === undefined && steps < 200; steps++) await run(1);
    return { process, job: job! };
  };
  const copies = (): string[] => broker.read('copies', { committed: true }).map((r) => String(r.value));

  // The request to commit is lost, and the process is gone before it asks again.
  const takeAway = broker.inject({ request: 'EndTxn', drop: 'before', times: 1000 });
  const first = await start();
  for (let i = 0; first.job.lastCheckpoint === undefined && i < 200; i++) await run(1);
  await run(5);
  first.process.kill();
  takeAway();
  expect(copies()).toEqual([]);
  const second = await start();
  for (let i = 0; second.job.endedAt === undefined && i < 200; i++) await run(1);
  await second.job.done;
  expect(second.job.resumedFrom).toBeDefined();
  expect(copies()).toEqual(['{"id":1}', '{"id":2}', '{"id":3}']);

  // Once it is committed, a start begins anew.
  const third = await start();
  for (let i = 0; third.job.endedAt === undefined && i < 200; i++) await run(1);
  expect(third.job.resumedFrom).toBeUndefined();
  expect(copies()).toHaveLength(6);
  await broker.stop();
});
