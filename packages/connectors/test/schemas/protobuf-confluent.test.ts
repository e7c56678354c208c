/* Protobuf with a registry, over the embedded Kafka. */

import { describe, expect, test } from 'vitest';
import { notNull, types, type LogicalType, type Row } from '#data';
import { openSink, openSource, readAll, tableOf } from '../kafka/support.ts';
import { Services, message } from './services.ts';

const services = new Services();
const format = 'protobuf-confluent';
const options = (topic: string, more?: Readonly<Record<string, string>>): Record<string, string> =>
  services.options(topic, format, more);
const register = async (topic: string, text: string): Promise<number> =>
  (await services.client.register(`${topic}-value`, { type: 'PROTOBUF', text })).id;
const columns = { id: types.BIGINT, item: types.STRING };

describe('reading', () => {
  test('messages of any place in their schema, and of schemas that come later', async () => {
    const topic = services.freshTopic();
    const id = await register(
      topic,
      'syntax = "proto3"; message Other { int32 x = 1; message Order { optional int64 id = 7; } } message Order { int64 id = 1; optional string item = 2; }',
    );
    services.broker.produce(topic, [
      // Place [1], two times 7, nothing; then [0, 0] with field 7.
      message(id, 2, 2, 8, 7, 18, 1, 65),
      message(id, 2, 2),
      message(id, 4, 0, 0, 56, 9),
    ]);
    const table = tableOf(columns, options(topic, { 'scan.bounded.mode': 'unbounded' }));
    const reading = await openSource(table);
    await reading.run(() => reading.rows.length === 3);
    const next = await register(
      topic,
      'syntax = "proto2"; message Order { optional int64 id = 3 [default = 5]; }',
    );
    services.broker.produce(topic, [message(next, 0, 24, 1), message(next, 0), message(id, 2, 2, 8, 8)]);
    await reading.run(() => reading.rows.length === 6);
    await reading.source.close();
    expect(reading.rows).toEqual([
      [7n, 'A'],
      [0n, null],
      [9n, null],
      [1n, null],
      [null, null],
      [8n, null],
    ]);
  });

  test.each([
    ['a place that the schema does not have', [2, 8], 'has no message at place 4'],
    ['no place', [], 'no place of a message'],
    ['a message that is cut off', [0, 18, 5, 65], 'a length of 5'],
  ])('%s is malformed', async (_, bytes, problem) => {
    const topic = services.freshTopic();
    const id = await register(topic, 'syntax = "proto3"; message Order { int64 id = 1; string item = 2; }');
    services.broker.produce(topic, [message(id, ...bytes), message(id, 0, 8, 1, 18, 0)]);
    await expect(readAll(tableOf(columns, options(topic)))).rejects.toMatchObject({
      code: 'FMT1001',
      message: expect.stringContaining(problem),
    });
    const more = { [`${format}.ignore-parse-errors`]: 'true' };
    const { rows, counts } = await readAll(tableOf(columns, options(topic, more)));
    expect(rows).toEqual([[1n, '']]);
    expect(counts.get('numRecordsInErrors')).toBe(1);
  });
});

describe('writing', () => {
  const all: Readonly<Record<string, LogicalType>> = {
    id: notNull(types.BIGINT),
    item: types.STRING,
    tags: types.array(types.STRING),
    prices: types.map(types.STRING, types.DOUBLE),
    at: types.timestampLtz(9),
    place: types.row([{ name: 'x', type: types.SMALLINT }]),
  };
  const rows: Row[] = [
    [1n, '', ['a'], { entries: [['b', 0.5]] }, { ms: -1, ns: 999_999 }, [-3]],
    [0n, null, null, null, null, null],
  ];
  test('registers what the columns give, and reads it back', async () => {
    const topic = services.freshTopic();
    const table = tableOf(all, options(topic));
    const sink = await openSink(table);
    await sink.write(rows);
    await sink.flush();
    await sink.close();
    expect((await services.client.version(`${topic}-value`)).text).toBe(`syntax = "proto3";

import "google/protobuf/timestamp.proto";

message Row {
  int64 id = 1;
  optional string item = 2;
  repeated string tags = 3;
  map<string, double> prices = 4;
  google.protobuf.Timestamp at = 5;
  PlaceRow place = 6;

  message PlaceRow {
    optional int32 x = 1;
  }
}
`);
    expect((await readAll(table)).rows).toEqual(rows);
  });
  test('with a schema of its own, and a message in it', async () => {
    const topic = services.freshTopic();
    const more = {
      [`${format}.schema`]:
        'syntax = "proto3"; package shop; message A { int32 x = 1; } message Order { string item = 2; sint64 id = 1; }',
      [`${format}.message-name`]: 'Order',
    };
    const sink = await openSink(tableOf(columns, options(topic, more)));
    await sink.write([[-1n, 'tea']]);
    await sink.flush();
    await sink.close();
    const { id } = await services.client.version(`${topic}-value`);
    expect([...services.broker.read(topic)[0]!.value!]).toEqual([
      ...message(id, 2, 2, 8, 1, 18, 3, 116, 101, 97).value,
    ]);
  });
  test('a column that Protobuf has no type for is an error that names it', async () => {
    const table = tableOf({ price: types.decimal(9, 2) }, options(services.freshTopic()));
    await expect(openSink(table)).rejects.toMatchObject({
      code: 'FMT1003',
      message: "column 'price': the format 'protobuf-confluent' has nothing for DECIMAL(9, 2)",
    });
  });
});
