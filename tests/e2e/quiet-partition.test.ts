/* A partition that is far ahead and silent: its event time is known behind a start in other threads, and behind a savepoint,
 * where each instance begins with the least of all. No record of it comes any more to show it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, ProduceAcks, Producer, stringSerializers } from '@platformatic/kafka';
import { afterAll, expect, test } from 'vitest';
import { Workspace, type Running } from '../../apps/cli/test/process.ts';
import { testKafka } from '../../tools/test-kafka.ts';

const kafka = await testKafka();
const servers = 'missing' in kafka ? '' : kafka.bootstrapServers;
const work = new Workspace();
afterAll(() => work.close());

/** Takes a run down, and says what the next one is started with. */
interface Ending {
  readonly what: string;
  readonly end: (running: Running, job: string) => Promise<readonly string[]>;
  readonly parallelism: readonly [before: number, after: number];
}
const stop = async (running: Running): Promise<readonly string[]> => {
  running.child.kill('SIGINT');
  const { code, err } = await running.end();
  expect(code, err).toBe(130);
  return [];
};
const savepoint = async (running: Running, job: string): Promise<readonly string[]> => {
  const { out, err } = await work.run(['jobs', 'stop', job, '--savepoint', 'points', '--json']);
  expect(err).toBe('');
  await running.end();
  return ['--from-savepoint', (JSON.parse(out) as { readonly savepoint: string }).savepoint];
};
const endings: readonly Ending[] = [
  { what: 'stopped in 2 threads, started in 3', end: stop, parallelism: [2, 3] },
  { what: 'a savepoint of 3 threads, started in 3', end: savepoint, parallelism: [3, 3] },
];

test.skipIf('missing' in kafka).each(endings.map((e, i) => [e.what, e, i] as const))(
  '%s',
  async (_, { end, parallelism }, i) => {
    const topic = `quiet-${process.pid}-${i}`;
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [servers] });
    await admin.createTopics({ topics: [topic], partitions: 2, replicas: 1 });
    await admin.close();
    const producer = new Producer({
      clientId: 'test',
      bootstrapBrokers: [servers],
      serializers: stringSerializers,
      acks: ProduceAcks.ALL,
    });
    const produce = async (partition: number, ...seconds: readonly number[]): Promise<void> => {
      const messages = seconds.map((s) => {
        const ts = new Date(Date.UTC(2024, 0, 1) + s * 1000).toISOString().replace('T', ' ').slice(0, -1);
        return { topic, partition, value: JSON.stringify({ k: s % 3, ts }) };
      });
      await producer.send({ messages: messages as never });
    };
    const file = work.file(
      `quiet${i}.sql`,
      `SET 'execution.checkpointing.interval' = '100 ms';
CREATE TABLE events (k INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = '${topic}',
  'properties.bootstrap.servers' = '${servers}', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
CREATE TABLE counts (window_start TIMESTAMP(3), n BIGINT) WITH ('connector' = 'print');
INSERT INTO counts SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' SECOND))
  GROUP BY window_start, window_end, k;`,
    );
    const [before, after] = parallelism;
    await produce(0, 1, 2, 3);
    await produce(1, 2, 100);
    const first = work.start(['run', file, '--parallelism', String(before)]);
    const job = `quiet${i}/counts`;
    /** What the job was shown to have read, in all its threads. */
    const read = async (): Promise<number> => {
      const { out } = await work.run(['jobs', 'list', '--json']);
      return out.includes(job) ? Number(/"rowsIn":\s*(\d+)/.exec(out.slice(out.indexOf(job)))?.[1] ?? 0) : 0;
    };
    await expect.poll(read, { timeout: 20_000 }).toBe(5);
    await sleep(300);
    const more = await end(first, job);
    // The one that is behind catches up; of the other nothing comes.
    await produce(0, 4, 5, 50);
    const second = work.start(['run', file, '--parallelism', String(after), ...more]);
    const closed = (): string[] => `${first.out}${second.out}`.match(/(?<=:00:)0\d.*(?=\])/g)?.sort() ?? [];
    await expect.poll(() => closed().length, { timeout: 20_000 }).toBe(5);
    second.child.kill('SIGINT');
    await second.end();
    await producer.close();
    expect(closed()).toEqual(['01, 1', '02, 2', '03, 1', '04, 1', '05, 1']);
  },
  60_000,
);
