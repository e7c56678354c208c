/* Dead letters at Apache Kafka itself: the topic that it makes for them, exactly once beside an exactly-once sink, and a replay
 * whose mark is in its transaction. */

import { afterAll, expect, test } from 'vitest';
import { jsonLines, Workspace } from '../../apps/cli/test/process.ts';
import { realKafka } from '../../tools/test-kafka.ts';

const kafka = await realKafka();
const work = new Workspace();
afterAll(() => {
  work.close();
});

test.skipIf('missing' in kafka)(
  'letters are written, listed and sent back once',
  async () => {
    const address = 'missing' in kafka ? '' : kafka.bootstrapServers;
    const at = ['--bootstrap-server', address];
    const name = `letters${Date.now()}`;
    const table = (topic: string, columns: string, more: string): string =>
      `CREATE TABLE ${topic} (${columns}) WITH ('connector' = 'kafka', 'topic' = '${topic}', 'properties.bootstrap.servers' = '${address}', 'format' = 'json'${more});\n`;
    await work.run(['topic', 'create', name, '--partitions', '2', ...at]);
    await work.run(['topic', 'create', `${name}_out`, ...at]);
    const lines = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? `k${i}|{"id":` : `k${i}|{"id":${i}}`));
    const produced = await work.run(
      ['topic', 'produce', name, '--key-separator', '|', '--header', 'trace=a', ...at],
      `${lines.join('\n')}\n`,
    );
    expect(produced.code, produced.err).toBe(0);
    const file = work.file(
      'letters.sql',
      table(
        name,
        'id INT',
        ", 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'millrace.on-error' = 'dead-letter'",
      ) +
        table(
          `${name}_out`,
          'id INT',
          ", 'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'letters-out', 'properties.transaction.timeout.ms' = '600000'",
        ) +
        `INSERT INTO ${name}_out SELECT id FROM ${name};`,
    );
    const ran = await work.run(['run', file, '--parallelism', '2']);
    expect(ran.err).toContain('300 read = 200 written + 100 dead');

    const list = await work.run(['dlq', 'list', `${name}.dlq`, '--json', ...at]);
    expect(jsonLines(list.out), list.err).toMatchObject([
      { table: name, stage: 'decode', code: 'FMT1001', count: 100, replayed: 0, sample: { topic: name } },
    ]);
    const replay = ['dlq', 'replay', `${name}.dlq`, '--to-source', ...at];
    expect((await work.run(replay)).out).toBe('100 records sent back\n');
    expect((await work.run(replay)).out).toBe('0 records sent back; 100 letters had been before\n');
    const tail = await work.run(['topic', 'tail', name, '--json', ...at]);
    const back = jsonLines(tail.out).filter((r) => 'millrace.replayed' in (r['headers'] as object));
    expect(back).toHaveLength(100);
    expect(back[0]).toMatchObject({ value: '{"id":', headers: { trace: 'a', 'millrace.replayed': '1' } });
    const purged = await work.run(['dlq', 'purge', `${name}.dlq`, '--replayed', ...at]);
    expect(purged.out, purged.err).toBe(`100 letters of ${name}.dlq deleted\n`);
  },
  120_000,
);
