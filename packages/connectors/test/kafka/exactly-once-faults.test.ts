/* The Kafka sink in transactions, over an embedded broker that loses requests and answers and refuses for a while: each
 * row is committed once. */

import { afterEach, describe, expect, test } from 'vitest';
import { Broker } from '#broker';
import { overCalls } from '../../src/kafka/transport-for.ts';
import { realWorld, type Writing } from './support.ts';
import { closeAll, committed, range, rowsOf, startRun, type Run } from './transactional-sink.ts';

const topic = 'out';
let broker: Broker;
const reach = overCalls(() => broker.connect());

async function startBroker(): Promise<void> {
  broker = await Broker.start({ world: realWorld, listen: false });
  broker.topics.create(topic, { partitions: 2 });
}
afterEach(async () => {
  await closeAll();
  await broker.stop();
});
const start = (writing: Writing = {}): Promise<Run> =>
  startRun(
    topic,
    'p',
    { reach, ...writing },
    {
      'properties.bootstrap.servers': 'here:9092',
      'properties.transaction.timeout.ms': '60000',
      'sink.partitioner': 'round-robin',
    },
  );
const seen = (): Promise<number[]> => committed(topic, { reach });

type Fault = Parameters<Broker['inject']>[0];
const requests = [
  'Metadata',
  'FindCoordinator',
  'JoinGroup',
  'SyncGroup',
  'DescribeGroups',
  'ListTransactions',
  'InitProducerId',
  'AddPartitionsToTxn',
  'Produce',
  'EndTxn',
] as const;
const faults: Fault[] = [
  ...requests.flatMap((request): Fault[] => [
    { request, drop: 'before', times: 2 },
    { request, drop: 'after', times: 2 },
  ]),
  ...(['InitProducerId', 'AddPartitionsToTxn', 'EndTxn'] as const).flatMap((request) =>
    (['CONCURRENT_TRANSACTIONS', 'COORDINATOR_LOAD_IN_PROGRESS', 'NOT_COORDINATOR'] as const).map(
      (error): Fault => ({ request, error, times: 2 }),
    ),
  ),
  { request: 'Produce', error: 'NOT_LEADER_OR_FOLLOWER', times: 2 },
  { request: 'ListTransactions', error: 'COORDINATOR_LOAD_IN_PROGRESS', times: 2 },
  { request: 'FindCoordinator', error: 'COORDINATOR_NOT_AVAILABLE', times: 2 },
  { request: 'JoinGroup', error: 'COORDINATOR_NOT_AVAILABLE', times: 2 },
];

describe('a broker with faults', () => {
  for (const fault of faults) {
    const name = `${fault.request}: ${fault.error ?? `dropped ${fault.drop} it was carried out`}`;
    test(`${name}, twice`, async () => {
      await startBroker();
      // A run that crashed left something to commit and something to abort.
      const crashed = await start();
      await crashed.write(rowsOf(0, 10));
      const manifest = (await crashed.prepare())!;
      await crashed.write(rowsOf(10, 20));
      await crashed.flush();
      crashed.crash();
      const takeAway = broker.inject(fault);
      const run = await start({ prepared: [manifest] });
      for (const from of [10, 20, 30]) {
        await run.write(rowsOf(from, from + 10));
        await run.commit(await run.prepare());
      }
      await run.close();
      takeAway();
      expect(await seen()).toEqual(range(0, 40));
    });
  }

  test('a crash in the middle of a commit whose answer is lost', async () => {
    await startBroker();
    const run = await start();
    await run.write(rowsOf(0, 10));
    const manifest = (await run.prepare())!;
    broker.inject({ request: 'EndTxn', drop: 'after' });
    const commit = run.commit(manifest);
    run.crash();
    await expect(commit).rejects.toMatchObject({ code: 'KAF2001', retryable: true });
    const again = await start({ prepared: [manifest] });
    await again.write(rowsOf(10, 20));
    await again.commit(await again.prepare());
    expect(await seen()).toEqual(range(0, 20));
  });

  test('while it cannot write or commit, it says why', async () => {
    await startBroker();
    const run = await start();
    const busy = (request: 'AddPartitionsToTxn' | 'EndTxn'): (() => void) =>
      broker.inject({ request, error: 'COORDINATOR_LOAD_IN_PROGRESS', times: 1000 });
    const troubled = async (): Promise<string> => {
      while (run.sink.trouble === undefined) await new Promise((done) => setTimeout(done, 5));
      return run.sink.trouble.message;
    };
    await run.write(rowsOf(0, 10));
    let over = busy('AddPartitionsToTxn');
    const preparing = run.prepare();
    expect(await troubled()).toMatch(
      /^Kafka refused partitions of 'out' in transaction 'p-1-[-0-9a-f]+': COORD/,
    );
    over();
    const prepared = await preparing;
    expect(run.sink.trouble).toBeUndefined();
    over = busy('EndTxn');
    const committing = run.commit(prepared);
    expect(await troubled()).toMatch(/^Kafka refused to commit transaction 'p-1-/);
    over();
    await committing;
    expect(run.sink.trouble).toBeUndefined();
    expect(await seen()).toEqual(range(0, 10));
  });

  test('a broker that restarts in the middle knows its transactions, and the lock', async () => {
    await startBroker();
    const run = await start();
    await run.write(rowsOf(0, 10));
    const prepared = await run.prepare();
    await run.write(rowsOf(10, 20));
    await run.flush();
    const snapshot = broker.snapshot();
    await broker.stop();
    broker = await Broker.start({ world: realWorld, listen: false, snapshot });
    await run.commit(prepared);
    await run.write(rowsOf(20, 30));
    await run.commit(await run.prepare());
    // Its heartbeat, or its joining that was cut, goes on at the new broker.
    await new Promise((done) => setTimeout(done, 200));
    await expect(start({ writer: { job: 'other' } })).rejects.toMatchObject({ code: 'KAF2005' });
    await run.close();
    expect(await seen()).toEqual(range(0, 30));
  });
});
