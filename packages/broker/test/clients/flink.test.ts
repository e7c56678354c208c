/* Flink 2.2.1 with its exactly-once Kafka sink, from our broker to our broker: its TaskManager is killed on the way,
 * and what a read_committed reader finds at the end is the input, no record twice and none missing. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realWorld } from '#host';
import { Broker } from '#broker';
import { flinkMissing, RealFlink } from '../../../../tools/flink.ts';
import { installKafka, kafkaMissing, kafkaTool } from '../../../../tools/kafka.ts';

const reason = (await flinkMissing()) ?? (await kafkaMissing());
if (reason !== undefined && process.env['CI'] === 'true') throw new Error(reason);

const rows = 100_000;
const partitions = 2;
const batchRows = 500;
/** Each Fetch gives so much, so late: the job takes about ten seconds. */
const fetchBytes = 32_768;
const fetchDelayMs = 120;

interface Checkpoints {
  readonly counts: { readonly completed: number; readonly restored: number };
}
interface Job {
  readonly state: string;
}

describe.skipIf(reason !== undefined)(`Flink${reason === undefined ? '' : ` (${reason})`}`, () => {
  let broker: Broker;
  let flink: RealFlink;
  beforeAll(async () => {
    await installKafka();
    broker = await Broker.start({
      world: realWorld(),
      config: { 'transaction.max.timeout.ms': '3600000', 'group.initial.rebalance.delay.ms': '0' },
    });
    flink = await RealFlink.start({
      small: true,
      config: {
        'restart-strategy.type': 'fixed-delay',
        'restart-strategy.fixed-delay.attempts': '20',
        'restart-strategy.fixed-delay.delay': '200 ms',
        'execution.checkpointing.interval': '500 ms',
        'heartbeat.interval': '500',
        'heartbeat.timeout': '3000',
      },
    });
  }, 240_000);
  afterAll(async () => {
    await flink?.close();
    await broker?.stop();
  });

  const table = (name: string, more: string): string =>
    `CREATE TABLE ${name} (id BIGINT, word STRING) WITH ('connector' = 'kafka', 'topic' = '${name}',
      'properties.bootstrap.servers' = '${broker.bootstrapServers}', 'format' = 'json', ${more})`;

  test('exactly once, though it is killed', { timeout: 120_000 }, async () => {
    for (const topic of ['source', 'sink']) broker.topics.create(topic, { partitions });
    for (let first = 0; first < rows; first += batchRows) {
      const ids = Array.from({ length: batchRows }, (_, i) => first + i);
      const records = ids.map((id) => ({ value: `{"id":${id},"word":"word ${id}"}` }));
      broker.produce('source', records, (first / batchRows) % partitions);
    }
    const hurry = broker.inject({ request: 'Fetch', delayMs: fetchDelayMs, times: Infinity });
    const session = await flink.session();
    await session.execute(
      table(
        'source',
        `'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset',
        'properties.max.partition.fetch.bytes' = '${fetchBytes}'`,
      ),
    );
    await session.execute(
      table(
        'sink',
        `'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'millrace',
        'properties.transaction.timeout.ms' = '900000'`,
      ),
    );
    const { job } = await session.execute('INSERT INTO sink SELECT id, word FROM source');
    const checkpoints = async (): Promise<Checkpoints['counts']> =>
      (await flink.jobManager<Checkpoints>(`/jobs/${job}/checkpoints`)).counts;
    const state = async (): Promise<string> => (await flink.jobManager<Job>(`/jobs/${job}`)).state;
    await expect.poll(isMidway, { timeout: 60_000, interval: 20 }).toBe(true);
    expect(await state()).toBe('RUNNING');
    await flink.loseTaskManager();
    await expect.poll(async () => (await checkpoints()).restored, { timeout: 60_000 }).toBeGreaterThan(0);
    hurry();
    await expect.poll(state, { timeout: 60_000 }).toBe('FINISHED');
    const ids = await committedIds();
    expect(ids).toHaveLength(rows);
    expect(ids.every((id, i) => id === i)).toBe(true);
  });

  /** Some of the input is committed, some is written and not committed yet, and some is still to come. */
  function isMidway(): boolean {
    const written = broker.read('sink').length;
    const committed = broker.read('sink', { committed: true }).length;
    return committed > 0 && committed < written && written < rows;
  }

  /** What a Java consumer with read_committed finds in the sink, in the order of the ids. */
  async function committedIds(): Promise<number[]> {
    const printed = await kafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
      '--bootstrap-server',
      broker.bootstrapServers,
      '--topic',
      'sink',
      '--from-beginning',
      '--isolation-level',
      'read_committed',
      '--timeout-ms',
      '3000',
    ]);
    const records = printed.trim().split('\n');
    return records.map((record) => (JSON.parse(record) as { id: number }).id).sort((a, b) => a - b);
  }
});
