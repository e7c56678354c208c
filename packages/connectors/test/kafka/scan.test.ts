/* JSON topics through the scanners: what takes which way, and that all ways give the same rows. */

import { describe, expect, test } from 'vitest';
import { types, type Row } from '#data';
import {
  createTopic,
  jsonOptions,
  noKafka,
  openSource,
  produce,
  readAll,
  tableOf,
  type Message,
} from './support.ts';

const columns = {
  id: types.BIGINT,
  name: types.STRING,
  at: types.timestamp(3),
  more: types.row([{ name: 'x', type: types.INT }]),
};
const noon = Date.UTC(2024, 0, 1, 12);
const plain = (id: number): Message => ({
  value: `{"id":${id},"name":"n${id}","at":"2024-01-01 12:00:00.5","more":{"x":${id}}}`,
});
const row = (id: number): Row => [BigInt(id), `n${id}`, { ms: noon + 500, ns: 0 }, [id]];
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe.skipIf(noKafka)('the ways of a JSON record', () => {
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const) {
    test(`plain records are fused, with compression ${codec}`, async () => {
      const topic = await createTopic();
      for (let i = 0; i < 10; i++) await produce(topic, range(i * 1000, i * 1000 + 1000).map(plain), codec);
      const { rows, counts } = await readAll(tableOf(columns, jsonOptions(topic)));
      expect(rows).toEqual(range(0, 10_000).map(row));
      expect(counts.get('numRowsFused')).toBe(10_000);
    });
  }

  test('other orders, escapes, wide numbers, nulls and bad records in one topic', async () => {
    const topic = await createTopic();
    const odd: [Message, Row | undefined][] = [
      [plain(1), row(1)],
      [{ value: '{ "name" : "a\\nb", "id" : 2 }' }, [2n, 'a\nb', null, null]],
      [{ value: '{"id":"3","name":4.50}' }, [3n, '4.50', null, null]],
      [{ value: '{"id":9007199254740993,"name":"wide"}' }, [9007199254740993n, 'wide', null, null]],
      [plain(5), row(5)],
      [{ key: 'k' }, undefined],
      [{ value: '{"id":6,' }, undefined],
      [{ value: '' }, undefined],
      [{ value: '[{"id":7},{"id":8}]' }, undefined],
      [plain(9), row(9)],
    ];
    const expected = odd.flatMap(([, r], i) =>
      i === 8
        ? [
            [7n, null, null, null],
            [8n, null, null, null],
          ]
        : r === undefined
          ? []
          : [r],
    );
    await produce(
      topic,
      odd.map(([m]) => m),
    );
    const { rows, counts } = await readAll(
      tableOf(columns, jsonOptions(topic, { 'json.ignore-parse-errors': 'true' })),
    );
    expect(rows).toEqual(expected);
    expect(counts.get('numRecordsInErrors')).toBe(1);
    expect(counts.get('numRowsByRow')).toBeGreaterThan(0);
  });

  test('metadata beside scanned columns', async () => {
    const topic = await createTopic(2);
    await produce(
      topic,
      range(0, 20).map((id) => ({ ...plain(id), partition: id % 2, timestamp: BigInt(noon + id) })),
    );
    const { rows } = await readAll(tableOf(columns, jsonOptions(topic)), {
      columns: ['id'],
      metadata: ['topic', 'offset', 'partition', 'timestamp'],
    });
    const sorted = [...rows].sort((a, b) => Number(a[0]) - Number(b[0]));
    expect(sorted).toEqual(
      range(0, 20).map((id) => [BigInt(id), topic, BigInt(id >> 1), id % 2, { ms: noon + id, ns: 0 }]),
    );
  });

  test('no columns at all', async () => {
    const topic = await createTopic();
    await produce(topic, range(0, 100).map(plain));
    expect((await readAll(tableOf(columns, jsonOptions(topic)), { columns: [] })).rows).toHaveLength(100);
  });

  test('a record larger than the memory set aside', async () => {
    const topic = await createTopic(1);
    const large = 'x'.repeat(900_000);
    const text = { id: types.BIGINT, name: types.STRING };
    await produce(
      topic,
      range(0, 40).map((id) => ({ value: `{"id":${id},"name":"${large}"}` })),
      'lz4',
    );
    await produce(topic, [{ value: `{"id":40,"name":"${'y'.repeat(18_000_000)}"}` }], 'lz4').catch(
      (error: unknown) => {
        throw new Error('cannot produce a large record', { cause: error });
      },
    );
    const lengths: number[] = [];
    const { rows } = await readAll(tableOf(text, jsonOptions(topic)));
    for (const r of rows) lengths.push((r[1] as string).length);
    expect(rows.map((r) => Number(r[0]))).toEqual(range(0, 41));
    expect(lengths.slice(0, 40).every((n) => n === 900_000)).toBe(true);
    expect(lengths[40]).toBe(18_000_000);
  });

  test('a snapshot between the batches of one record batch', async () => {
    const topic = await createTopic();
    await produce(topic, range(0, 9000).map(plain), 'lz4');
    const table = tableOf(columns, jsonOptions(topic));
    const first = await openSource(table);
    await first.run(() => first.rows.length > 0);
    const position = first.source.snapshot();
    await first.source.close();
    expect(first.rows).toHaveLength(4096);
    expect((await readAll(table, { position })).rows).toEqual(range(4096, 9000).map(row));
  });
});

describe.skipIf(noKafka)('the ways of a CSV record', () => {
  const csv = { id: types.BIGINT, name: types.STRING };
  const csvOptions = (topic: string, more: Readonly<Record<string, string>> = {}): Record<string, string> =>
    jsonOptions(topic, { format: 'csv', ...more });

  test('plain records are fused', async () => {
    const topic = await createTopic();
    await produce(
      topic,
      range(0, 10_000).map((id) => ({ value: `${id},n${id}` })),
      'lz4',
    );
    const { rows, counts } = await readAll(tableOf(csv, csvOptions(topic)));
    expect(rows).toEqual(range(0, 10_000).map((id) => [BigInt(id), `n${id}`]));
    expect(counts.get('numRowsFused')).toBe(10_000);
  });

  test('quotes, too few cells, wide numbers and bad records in one topic', async () => {
    const topic = await createTopic();
    const values = ['1,a', '"2","b ""c"""', '3', '9007199254740993,wide', 'x,y', ' 5 ,e', '6,f,g', '7,h'];
    await produce(
      topic,
      values.map((value) => ({ value })),
    );
    const { rows, counts } = await readAll(
      tableOf(csv, csvOptions(topic, { 'csv.ignore-parse-errors': 'true' })),
    );
    expect(rows).toEqual([
      [1n, 'a'],
      [2n, 'b "c"'],
      [3n, null],
      [9007199254740993n, 'wide'],
      [null, 'y'],
      [5n, 'e'],
      [7n, 'h'],
    ]);
    expect(counts.get('numRecordsInErrors')).toBe(1);
  });
});
