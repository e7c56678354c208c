/* The kafka source against a Kafka. */

import { Producer, ProduceAcks, stringSerializers } from '@platformatic/kafka';
import { describe, expect, test } from 'vitest';
import { notNull, types } from '#data';
import type { Source } from '#dataflow';
import {
  bootstrapServers,
  createTopic,
  freshTopic,
  jsonOptions,
  noKafka,
  openSource,
  produce,
  readAll,
  tableOf,
} from './support.ts';

const columns = { id: types.BIGINT, name: types.STRING };
const message = (id: number, partition = 0): { value: string; partition: number } => ({
  value: `{"id":${id},"name":"n${id}"}`,
  partition,
});
const ids = (rows: readonly (readonly unknown[])[]): number[] => rows.map((r) => Number(r[0]));
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe.skipIf(noKafka)('reading', () => {
  test('a topic from its beginning to what was its end', async () => {
    const topic = await createTopic();
    await produce(topic, [message(1), message(2)]);
    await produce(topic, [message(3)]);
    const { rows, events } = await readAll(tableOf(columns, jsonOptions(topic)));
    expect(rows).toEqual([
      [1n, 'n1'],
      [2n, 'n2'],
      [3n, 'n3'],
    ]);
    expect(events).toEqual(['split-start 0', 'split-end 0']);
  });

  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
    test(`records compressed with ${codec}`, async () => {
      const topic = await createTopic();
      await produce(
        topic,
        range(0, 500).map((id) => message(id)),
        codec,
      );
      expect(ids((await readAll(tableOf(columns, jsonOptions(topic)))).rows)).toEqual(range(0, 500));
    });
  }

  test('partitions are splits, each in its own order', async () => {
    const topic = await createTopic(3);
    for (let round = 0; round < 3; round++)
      await produce(
        topic,
        range(0, 30).map((i) => message(round * 30 + i, i % 3)),
      );
    const { rows, splits, events } = await readAll(tableOf(columns, jsonOptions(topic)));
    expect(rows).toHaveLength(90);
    for (const split of [0, 1, 2]) {
      const own = ids(rows.filter((_, i) => splits[i] === split));
      expect(own).toEqual([...own].sort((a, b) => a - b));
      expect(own).toHaveLength(30);
    }
    expect(events.slice(0, 3)).toEqual(['split-start 0', 'split-start 1', 'split-start 2']);
    expect(events.slice(3).sort()).toEqual(['split-end 0', 'split-end 1', 'split-end 2']);
  });

  test('several instances share the partitions', async () => {
    const topic = await createTopic(4);
    await produce(
      topic,
      range(0, 40).map((id) => message(id, id % 4)),
    );
    const parts = await Promise.all(
      [0, 1, 2].map((instance) => readAll(tableOf(columns, jsonOptions(topic)), { instance, instances: 3 })),
    );
    expect(parts.flatMap((p) => ids(p.rows)).sort((a, b) => a - b)).toEqual(range(0, 40));
    expect(parts.map((p) => p.events.filter((e) => e.startsWith('split-start')).length).sort()).toEqual([
      1, 1, 2,
    ]);
  });

  test('topics by name and by pattern', async () => {
    const topics = [await createTopic(), await createTopic()];
    await produce(topics[0]!, [message(1)]);
    await produce(topics[1]!, [message(2)]);
    const named = await readAll(tableOf(columns, jsonOptions(topics.join(';'))));
    expect(ids(named.rows).sort()).toEqual([1, 2]);
    const pattern = `(${topics.join('|')})`;
    const matched = await readAll(tableOf(columns, jsonOptions('', { 'topic-pattern': pattern })));
    expect(ids(matched.rows).sort()).toEqual([1, 2]);
    await expect(readAll(tableOf(columns, jsonOptions('no-such-topic')))).rejects.toThrow(
      `no topic 'no-such-topic'`,
    );
  });

  test('a limit ends it', async () => {
    const topic = await createTopic();
    await produce(
      topic,
      range(0, 100).map((id) => message(id)),
    );
    const options = jsonOptions(topic, { 'scan.bounded.mode': '' });
    expect(ids((await readAll(tableOf(columns, options), { limit: 7 })).rows)).toEqual(range(0, 7));
  });

  test('metadata columns', async () => {
    const topic = await createTopic();
    await produce(topic, [
      { ...message(1), key: 'k', timestamp: 1704110400123n, headers: { a: 'x', b: 'y' } },
    ]);
    const { rows } = await readAll(tableOf(columns, jsonOptions(topic)), {
      columns: ['id'],
      metadata: ['topic', 'partition', 'offset', 'timestamp', 'timestamp-type', 'leader-epoch', 'headers'],
    });
    const headers = {
      entries: [
        ['a', Uint8Array.of(120)],
        ['b', Uint8Array.of(121)],
      ],
    };
    expect(rows).toEqual([[1n, topic, 0, 0n, { ms: 1704110400123, ns: 0 }, 'CreateTime', 0, headers]]);
  });

  test('a null value is no row', async () => {
    const topic = await createTopic();
    await produce(topic, [message(1), { key: 'k' }, message(2)]);
    expect(ids((await readAll(tableOf(columns, jsonOptions(topic)))).rows)).toEqual([1, 2]);
  });
});

describe.skipIf(noKafka)('keys', () => {
  test('key columns come from the key; without a prefix the value overrules', async () => {
    const topic = await createTopic();
    await produce(topic, [{ key: '{"id":7}', value: '{"name":"x"}' }]);
    const keyed = { 'key.format': 'json', 'key.fields': 'id' };
    const split = jsonOptions(topic, { ...keyed, 'value.fields-include': 'EXCEPT_KEY' });
    expect((await readAll(tableOf(columns, split))).rows).toEqual([[7n, 'x']]);
    expect((await readAll(tableOf(columns, jsonOptions(topic, keyed)))).rows).toEqual([[null, 'x']]);
    const prefixed = {
      ...keyed,
      'key.fields': 'k_id',
      'key.fields-prefix': 'k_',
      'value.fields-include': 'EXCEPT_KEY',
    };
    expect(
      (await readAll(tableOf({ k_id: types.BIGINT, name: types.STRING }, jsonOptions(topic, prefixed)))).rows,
    ).toEqual([[7n, 'x']]);
  });
  test('options that do not fit together are refused', async () => {
    const refused = async (more: Record<string, string>, text: string): Promise<void> => {
      await expect(readAll(tableOf(columns, jsonOptions('t', more)))).rejects.toThrow(text);
    };
    await refused({ 'key.format': 'json' }, `'key.format' needs the option 'key.fields'`);
    await refused({ 'key.format': 'json', 'key.fields': 'idd' }, `no column 'idd'`);
    await refused({ 'key.format': 'json', 'key.fields': 'id', 'key.fields-prefix': 'k_' }, 'EXCEPT_KEY');
    await refused({ format: 'jsno' }, `no format 'jsno'`);
    await refused({ 'json.ignore-parse-error': 'true' }, `unknown option 'json.ignore-parse-error'`);
    await refused({ 'scan.startup.mode': 'timestamp' }, 'scan.startup.timestamp-millis');
    await refused({ 'properties.isolation.level': 'x' }, `'properties.isolation.level': found 'x'`);
  });
  test('a property without effect is named', async () => {
    const topic = await createTopic();
    const options = jsonOptions(topic, { 'properties.fetch.max.byte': '1' });
    expect((await readAll(tableOf(columns, options))).warnings).toEqual([
      `'properties.fetch.max.byte' has no effect. Did you mean 'properties.fetch.max.bytes'?`,
    ]);
  });
});

describe.skipIf(noKafka)('where reading starts and ends', () => {
  const at = (id: number): { value: string; timestamp: bigint } => ({
    ...message(id),
    timestamp: BigInt(1_700_000_000_000 + id * 1000),
  });
  async function tenRecords(): Promise<string> {
    const topic = await createTopic();
    for (const id of range(0, 10)) await produce(topic, [at(id)]);
    return topic;
  }
  test('timestamps and specific offsets, at both ends', async () => {
    const topic = await tenRecords();
    const read = async (more: Record<string, string>): Promise<number[]> =>
      ids((await readAll(tableOf(columns, jsonOptions(topic, more)))).rows);
    const from = { 'scan.startup.mode': 'timestamp', 'scan.startup.timestamp-millis': '1700000003000' };
    expect(await read(from)).toEqual(range(3, 10));
    expect(
      await read({
        ...from,
        'scan.bounded.mode': 'timestamp',
        'scan.bounded.timestamp-millis': '1700000006000',
      }),
    ).toEqual([3, 4, 5]);
    expect(await read({ ...from, 'scan.startup.timestamp-millis': '1800000000000' })).toEqual([]);
    expect(
      await read({
        'scan.startup.mode': 'specific-offsets',
        'scan.startup.specific-offsets': 'partition:0,offset:8',
      }),
    ).toEqual([8, 9]);
    expect(
      await read({
        'scan.bounded.mode': 'specific-offsets',
        'scan.bounded.specific-offsets': 'partition:0,offset:2',
      }),
    ).toEqual([0, 1]);
    expect(await read({ 'scan.startup.mode': 'latest-offset' })).toEqual([]);
  });
  test('a batch is cut at both ends', async () => {
    const topic = await createTopic();
    await produce(
      topic,
      range(0, 10).map((id) => message(id)),
    );
    const options = jsonOptions(topic, {
      'scan.startup.mode': 'specific-offsets',
      'scan.startup.specific-offsets': 'partition:0,offset:3',
      'scan.bounded.mode': 'specific-offsets',
      'scan.bounded.specific-offsets': 'partition:0,offset:7',
    });
    expect(ids((await readAll(tableOf(columns, options))).rows)).toEqual([3, 4, 5, 6]);
  });
  test('the latest offset, unbounded: only what comes later', async () => {
    const topic = await tenRecords();
    const options = jsonOptions(topic, { 'scan.startup.mode': 'latest-offset', 'scan.bounded.mode': '' });
    const reading = await openSource(tableOf(columns, options));
    await produce(topic, [message(10), message(11)]);
    await reading.run(() => reading.rows.length === 2);
    expect(ids(reading.rows)).toEqual([10, 11]);
    await reading.source.close();
  });
  test('group offsets: kept at the end, read by the next start', async () => {
    const topic = await tenRecords();
    const group = { 'properties.group.id': `group-${topic}`, 'scan.startup.mode': 'group-offsets' };
    await expect(readAll(tableOf(columns, jsonOptions(topic, group)))).rejects.toThrow(
      'no offset to start from',
    );
    const first = jsonOptions(topic, { ...group, 'properties.auto.offset.reset': 'earliest' });
    const reading = await openSource(tableOf(columns, first), { limit: 10 });
    expect(ids((await reading.run()).rows)).toEqual(range(0, 10));
    reading.source.commit?.('end');
    await reading.source.close();
    await produce(topic, [at(10)]);
    expect(ids((await readAll(tableOf(columns, jsonOptions(topic, group)))).rows)).toEqual([10]);
  });
  test('an offset out of range goes where auto.offset.reset says, or fails', async () => {
    const topic = await tenRecords();
    const start = {
      'scan.startup.mode': 'specific-offsets',
      'scan.startup.specific-offsets': 'partition:0,offset:99',
      'scan.bounded.mode': '',
    };
    const reading = await openSource(tableOf(columns, jsonOptions(topic, start)));
    await reading.run(() => reading.rows.length === 10);
    expect(reading.warnings).toEqual([
      `topic '${topic}', partition 0: offset 99 is out of range, going on at 0`,
    ]);
    await reading.source.close();
    const strict = await openSource(
      tableOf(columns, jsonOptions(topic, { ...start, 'properties.auto.offset.reset': 'none' })),
    );
    await expect(strict.run()).rejects.toThrow('offset 99 is out of range');
    await strict.source.close();
  });
});

describe.skipIf(noKafka)('snapshots', () => {
  test('restoring reads on behind what was handed out, to the end that was fixed at the start', async () => {
    const topic = await createTopic();
    await produce(
      topic,
      range(0, 10_000).map((id) => message(id)),
    );
    const table = tableOf(columns, jsonOptions(topic));
    const first = await openSource(table);
    await first.run(() => first.rows.length > 0);
    const position = first.source.snapshot();
    await first.source.close();
    expect(first.rows.length).toBeLessThan(10_000);
    await produce(topic, [message(10_000)]);
    const second = await readAll(table, { position });
    expect([...ids(first.rows), ...ids(second.rows)]).toEqual(range(0, 10_000));
  });
  test('a partition that came later is read from its beginning', async () => {
    const topic = await createTopic();
    await produce(topic, [message(1)]);
    const options = jsonOptions(topic, { 'scan.bounded.mode': '', 'scan.startup.mode': 'latest-offset' });
    const first = await openSource(tableOf(columns, options));
    const position = first.source.snapshot();
    await first.source.close();
    const other = await createTopic();
    await produce(other, [message(2)]);
    const both = { ...options, topic: `${topic};${other}` };
    const second = await openSource(tableOf(columns, both), { position });
    await second.run(() => second.rows.length === 1);
    expect(ids(second.rows)).toEqual([2]);
    await second.source.close();
  });
  test('new topics of a pattern are found while reading', async () => {
    const name = freshTopic();
    const options = jsonOptions('', {
      'topic-pattern': `${name}.*|none`,
      'scan.bounded.mode': '',
      'scan.topic-partition-discovery.interval': '100 ms',
    });
    const reading = await openSource(tableOf(columns, options));
    await createTopic(1, bootstrapServers, `${name}-late`);
    await produce(`${name}-late`, [message(5)]);
    await reading.run(() => reading.rows.length === 1);
    expect(ids(reading.rows)).toEqual([5]);
    await reading.source.close();
  });
});

describe.skipIf(noKafka)('malformed records', () => {
  test('fail with their place and bytes', async () => {
    const topic = await createTopic();
    await produce(topic, [message(1), { value: '{"id":}' }]);
    await expect(readAll(tableOf(columns, jsonOptions(topic)))).rejects.toThrow(
      `topic '${topic}', partition 0, offset 1 (value): '{"id":}': expected a value, found '}' (byte 6)`,
    );
  });
  test('or are skipped and counted', async () => {
    const topic = await createTopic();
    await produce(topic, [message(1), { value: '{"id":}' }, { value: '{"id":"x","name":"n2"}' }, message(3)]);
    const { rows, counts } = await readAll(
      tableOf(columns, jsonOptions(topic, { 'json.ignore-parse-errors': 'true' })),
    );
    expect(rows).toEqual([
      [1n, 'n1'],
      [null, 'n2'],
      [3n, 'n3'],
    ]);
    expect(counts.get('numRecordsInErrors')).toBe(1);
  });
  test('NULL in a NOT NULL column is one', async () => {
    const topic = await createTopic();
    await produce(topic, [{ value: '{"id":null}' }]);
    await expect(readAll(tableOf({ id: notNull(types.BIGINT) }, jsonOptions(topic)))).rejects.toThrow(
      `field 'id' is NULL`,
    );
  });
});

describe.skipIf(noKafka)('transactions', () => {
  test('offsets are committed behind what was flushed: never with state, never by closing alone', async () => {
    const topic = await createTopic(1);
    await produce(topic, [{ value: '{"id":0}' }, { value: '{"id":1}' }, { value: '{"id":2}' }]);
    const group = `group-of-${topic}`;
    const table = tableOf(
      columns,
      jsonOptions(topic, { 'properties.group.id': group, 'scan.bounded.mode': '' }),
    );
    const committed = async (act: (source: Source) => void, restartable = true): Promise<string[]> => {
      const reading = await openSource(table, { restartable });
      await reading.run(() => reading.rows.length >= 3);
      act(reading.source);
      await reading.source.close();
      const from = tableOf(
        columns,
        jsonOptions(topic, {
          'properties.group.id': group,
          'scan.startup.mode': 'group-offsets',
          'properties.auto.offset.reset': 'earliest',
        }),
      );
      return [...reading.warnings, `read again: ${(await readAll(from)).rows.length}`];
    };
    const withState = (source: Source): void => {
      source.snapshot();
      source.commit?.('snapshot');
      source.commit?.('stop');
    };
    expect(await committed(withState, false)).toEqual([
      expect.stringContaining(`no offsets are committed to group '${group}'`),
      'read again: 3',
    ]);
    expect(await committed(() => {})).toEqual(['read again: 3']);
    expect(await committed((source) => source.snapshot())).toEqual(['read again: 3']);
    const flushed = await committed((source) => {
      source.snapshot();
      source.commit?.('snapshot');
    });
    expect(flushed).toEqual(['read again: 0']);
  });

  test('read_committed leaves out aborted records, read_uncommitted does not', async () => {
    const topic = await createTopic();
    const producer = new Producer({
      clientId: 'test',
      bootstrapBrokers: [bootstrapServers],
      serializers: stringSerializers,
      transactionalId: `tx-${topic}`,
      idempotent: true,
      acks: ProduceAcks.ALL,
    });
    const inTransaction = async (from: number, to: number, commit: boolean): Promise<void> => {
      const transaction = await producer.beginTransaction();
      for (const id of range(from, to)) await transaction.send({ messages: [{ topic, ...message(id) }] });
      if (commit) await transaction.commit();
      else await transaction.abort();
    };
    await inTransaction(0, 3, true);
    await inTransaction(3, 6, false);
    await inTransaction(6, 9, false);
    await inTransaction(9, 12, true);
    await inTransaction(12, 15, false);
    await producer.close();
    await produce(topic, [message(15)]);
    const committed = await readAll(
      tableOf(columns, jsonOptions(topic, { 'properties.isolation.level': 'read_committed' })),
    );
    expect(ids(committed.rows)).toEqual([0, 1, 2, 9, 10, 11, 15]);
    const all = await readAll(tableOf(columns, jsonOptions(topic)));
    expect(ids(all.rows)).toEqual(range(0, 16));
  });
});
