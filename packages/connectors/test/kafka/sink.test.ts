/* The kafka and upsert-kafka sinks against a Kafka: what they write, our source and Kafka's own tools
 * read. */

import { describe, expect, test } from 'vitest';
import { types, type Row } from '#data';
import type { ConnectorTable } from '#catalog';
import { kafkaTool } from '../../../../tools/kafka.ts';
import { kafkaToolsMissing } from '../../../../tools/test-kafka.ts';
import { murmur2 } from '../../src/kafka/sink/partitioner.ts';
import { kafkaConnector, upsertKafkaConnector } from '#connectors';
import {
  bootstrapServers,
  createTopic,
  jsonOptions,
  noKafka,
  openSink,
  readAll,
  tableOf,
  type Writing,
} from './support.ts';

/** Writes rows through a sink, with a flush at the end. */
async function write(table: ConnectorTable, rows: readonly Row[], writing: Writing = {}): Promise<void> {
  const sink = await openSink(table, writing);
  try {
    await sink.write(rows, writing.kinds);
    await sink.flush();
  } finally {
    await sink.close();
  }
}

const noTools = (await kafkaToolsMissing()) !== undefined;
const columns = { id: types.BIGINT, name: types.STRING };
const sinkOptions = (topic: string, more: Record<string, string> = {}): Record<string, string> =>
  jsonOptions(topic, { 'scan.startup.mode': '', 'scan.bounded.mode': '', ...more });
const rows: Row[] = Array.from({ length: 2000 }, (_, i) => [BigInt(i), `name ${i % 50}`]);

describe.skipIf(noKafka)('kafka sink', () => {
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    test(`what it writes with compression ${codec} is what a source reads`, async () => {
      const topic = await createTopic();
      await write(
        tableOf(
          columns,
          sinkOptions(topic, { 'properties.compression.type': codec, 'properties.batch.size': '20000' }),
        ),
        rows,
      );
      expect((await readAll(tableOf(columns, jsonOptions(topic)))).rows).toEqual(rows);
    });
  }

  for (const codec of ['none', 'snappy', 'lz4', 'zstd']) {
    test.skipIf(noTools)(`Kafka's own consumer reads it too, with compression ${codec}`, async () => {
      const topic = await createTopic();
      await write(tableOf(columns, sinkOptions(topic, { 'properties.compression.type': codec })), rows);
      const printed = await kafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
        '--bootstrap-server',
        bootstrapServers,
        '--topic',
        topic,
        '--from-beginning',
        '--max-messages',
        '2000',
      ]);
      expect(printed.trim().split('\n')).toEqual(rows.map(([id, name]) => `{"id":${id},"name":"${name}"}`));
    });
  }

  test('keys, headers and timestamps', async () => {
    const topic = await createTopic();
    const keyed = { 'key.format': 'json', 'key.fields': 'id', 'value.fields-include': 'EXCEPT_KEY' };
    const headers = {
      entries: [
        ['a', Buffer.from('x')],
        ['b', null],
      ],
    } as const;
    const metadata = ['timestamp', 'headers'];
    await write(
      tableOf(columns, sinkOptions(topic, keyed)),
      [[7n, 'x', { ms: 1704110400123, ns: 0 }, headers]],
      { metadata },
    );
    const read = await readAll(tableOf(columns, jsonOptions(topic, keyed)), { metadata });
    expect(read.rows).toEqual([
      [
        7n,
        'x',
        { ms: 1704110400123, ns: 0 },
        {
          entries: [
            ['a', Uint8Array.of(120)],
            ['b', null],
          ],
        },
      ],
    ]);
    const raw = {
      format: 'raw',
      'key.format': 'raw',
      'key.fields': 'k',
      'value.fields-include': 'EXCEPT_KEY',
    };
    const text = await readAll(tableOf({ k: types.STRING, v: types.STRING }, jsonOptions(topic, raw)));
    expect(text.rows).toEqual([['{"id":7}', '{"name":"x"}']]);
  });

  test('a raw NULL is a null key or a tombstone, and not an empty one', async () => {
    const raw = {
      format: 'raw',
      'key.format': 'raw',
      'key.fields': 'k',
      'value.fields-include': 'EXCEPT_KEY',
    };
    const topic = await createTopic();
    const texts = { k: types.STRING, v: types.STRING };
    const written = [
      ['a', null],
      [null, 'x'],
      ['', ''],
      [null, null],
    ];
    await write(tableOf(texts, sinkOptions(topic, raw)), written);
    expect((await readAll(tableOf(texts, jsonOptions(topic, raw)))).rows).toEqual(written);
  });

  test('a time before 1970 is refused', async () => {
    const topic = await createTopic();
    const before = write(tableOf(columns, sinkOptions(topic)), [[1n, 'x', { ms: -1, ns: 0 }]], {
      metadata: ['timestamp'],
    });
    await expect(before).rejects.toMatchObject({ code: 'KAF1008' });
  });

  test('partitioners', async () => {
    const topic = await createTopic(3);
    const partitions = async (): Promise<number[]> => {
      const { rows: read } = await readAll(tableOf(columns, jsonOptions(topic)), {
        columns: [],
        metadata: ['partition'],
      });
      return [0, 1, 2].map((p) => read.filter((r) => r[0] === p).length);
    };
    await write(tableOf(columns, sinkOptions(topic, { 'sink.partitioner': 'fixed' })), rows.slice(0, 30), {
      instance: 4,
    });
    expect(await partitions()).toEqual([0, 30, 0]);
    await write(
      tableOf(columns, sinkOptions(topic, { 'sink.partitioner': 'round-robin' })),
      rows.slice(0, 30),
    );
    expect(await partitions()).toEqual([10, 40, 10]);
    await expect(
      write(tableOf(columns, sinkOptions(topic, { 'sink.partitioner': 'org.x.P' })), []),
    ).rejects.toThrow(`found 'org.x.P'`);
  });

  test('a record that can never be sent is refused', async () => {
    const topic = await createTopic();
    const options = sinkOptions(topic, { 'properties.max.request.size': '1000' });
    await expect(write(tableOf(columns, options), [[1n, 'x'.repeat(2000)]])).rejects.toThrow('larger than');
  });

  test('what is guaranteed, and what exactly-once needs', () => {
    const sink = (more: Record<string, string>): unknown =>
      kafkaConnector.sink!(tableOf(columns, sinkOptions('t', more)));
    const once = { 'sink.delivery-guarantee': 'exactly-once' };
    const prefixed = { ...once, 'sink.transactional-id-prefix': 'p' };
    expect(() => sink(once)).toThrow(`needs the option 'sink.transactional-id-prefix'`);
    expect(() => sink({ ...prefixed, 'properties.acks': '1' })).toThrow(`'properties.acks': found '1'`);
    expect(() => sink({ topic: 'a;b' })).toThrow(`exactly one 'topic'`);
    expect(sink({})).toMatchObject({ guarantee: 'at-least-once' });
    expect(sink({ 'sink.delivery-guarantee': 'none' })).toMatchObject({ guarantee: 'none' });
    expect(sink(prefixed)).toMatchObject({ guarantee: 'exactly-once' });
  });
});

test('murmur2 as Kafka computes it', () => {
  expect(['21', 'foobar', 'a-little-bit-long-string', 'abc'].map((s) => murmur2(Buffer.from(s)))).toEqual([
    -973932308, -790332482, -985981536, 479470107,
  ]);
});

describe.skipIf(noKafka)('upsert-kafka', () => {
  const options = (topic: string, more: Record<string, string> = {}): Record<string, string> => ({
    connector: 'upsert-kafka',
    topic,
    'properties.bootstrap.servers': bootstrapServers,
    'key.format': 'json',
    'value.format': 'json',
    ...more,
  });
  const upsertTable = (topic: string, more: Record<string, string> = {}): ConnectorTable =>
    tableOf(columns, options(topic, more), ['id']);
  const changes: [number, Row][] = [
    [0, [1n, 'a']],
    [0, [2n, 'b']],
    [1, [1n, 'a']],
    [2, [1n, 'c']],
    [3, [2n, 'b']],
  ];
  const changeRows = changes.map(([, row]) => row);
  const kinds = changes.map(([kind]) => kind);

  test('deletes are tombstones; what is read is an upsert changelog, whose values are all +I', async () => {
    const topic = await createTopic(2);
    await write(upsertTable(topic), changeRows, { flavour: 'upsert-kafka', kinds });
    const read = await readAll(upsertTable(topic, { 'scan.bounded.mode': 'latest-offset' }), {
      flavour: 'upsert-kafka',
    });
    const text = read.rows.map((row, i) => `${read.kinds[i]} ${row.join(' ')}`);
    expect(text.filter((t) => t.includes(' 1 '))).toEqual(['+I 1 a', '+I 1 c']);
    expect(text.filter((t) => t.includes(' 2 '))).toEqual(['+I 2 b', '-D 2 ']);
  });
  test('a buffer keeps the last change of a key', async () => {
    const topic = await createTopic();
    const buffered = { 'sink.buffer-flush.max-rows': '100', 'sink.buffer-flush.interval': '1 h' };
    await write(upsertTable(topic, buffered), changeRows, { flavour: 'upsert-kafka', kinds });
    const read = await readAll(upsertTable(topic, { 'scan.bounded.mode': 'latest-offset' }), {
      flavour: 'upsert-kafka',
    });
    expect(read.rows.map((row, i) => `${read.kinds[i]} ${row.join(' ')}`)).toEqual(['+I 1 c', '-D 2 ']);
  });
  test('a table without a key is refused', () => {
    expect(() => upsertKafkaConnector.source!(tableOf(columns, options('t')))).toThrow('has no primary key');
    expect(() => upsertKafkaConnector.sink!(upsertTable('t', { 'sink.buffer-flush.max-rows': '1' }))).toThrow(
      'set together',
    );
  });
});
