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
  test('dates, times and decimals as the messages that stand for them', async () => {
    const topic = services.freshTopic();
    const table = tableOf(
      {
        day: types.DATE,
        at: types.time(3),
        price: types.decimal(20, 3),
        days: types.array(types.DATE),
      },
      options(topic),
    );
    const rows: Row[] = [
      [19_782, 86_399_123, -1500n, [0, -719_162, 2_932_896]],
      [0, 0, 0n, null],
      [null, null, null, null],
      [-1, 1, 12_345_678_901_234_567_890n, null],
    ];
    const sink = await openSink(table);
    await sink.write(rows);
    await sink.flush();
    await sink.close();
    const { id, text } = await services.client.version(`${topic}-value`);
    expect(text).toBe(`syntax = "proto3";

import "confluent/type/decimal.proto";
import "google/type/date.proto";
import "google/type/timeofday.proto";

message Row {
  google.type.Date day = 1;
  google.type.TimeOfDay at = 2;
  confluent.type.Decimal price = 3;
  repeated google.type.Date days = 4;
}
`);
    // 2024-02-29; 23:59:59 and 123 ms; the bytes of -1500, of four digits, three of them behind the point.
    const first = services.broker.read(topic)[0]!.value!.toString('hex');
    const [day, time, price] = ['08e80f1002181d', '0817103b183b20c0a9d33a', '0a02fa2410041803'].map(
      (hex) => `${(hex.length / 2).toString(16).padStart(2, '0')}${hex}`,
    );
    const head = message(id, 0).value.toString('hex');
    expect(first.startsWith(`${head}0a${day}12${time}1a${price}22`)).toBe(true);
    expect((await readAll(table)).rows).toEqual(rows);
    // Digits that the column does not have may be lost nowhere.
    const narrow = tableOf({ price: types.decimal(20, 1) }, options(topic));
    await expect(readAll(narrow)).rejects.toMatchObject({
      message: expect.stringContaining(
        '12345678901234567890 with 3 digits behind the point is no DECIMAL(20, 1)',
      ),
    });
  });
  test('a date that is none is malformed', async () => {
    const topic = services.freshTopic();
    const id = await register(
      topic,
      'syntax = "proto3"; import "google/type/date.proto"; message Row { google.type.Date day = 1; }',
    );
    services.broker.produce(topic, [message(id, 0, 10, 5, 8, 232, 15, 16, 2)]);
    await expect(readAll(tableOf({ day: types.DATE }, options(topic)))).rejects.toMatchObject({
      code: 'FMT1001',
      message: expect.stringContaining('year 2024, month 2, day 0 is no date'),
    });
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
    const prices = types.map(notNull(types.DOUBLE), types.INT);
    const table = tableOf({ prices }, options(services.freshTopic()));
    await expect(openSink(table)).rejects.toMatchObject({
      code: 'FMT1003',
      message: "column 'prices': the format 'protobuf-confluent' has nothing for MAP<DOUBLE NOT NULL, INT>",
    });
  });
});
