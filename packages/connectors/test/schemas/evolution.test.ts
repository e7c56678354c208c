/* Another version of a schema between two records, as tables of a topic see it: embedded Kafka and registry. What each kind of change
 * gives stands in formats/test/avro-evolution and protobuf-evolution; JSON Schema's are here. */

import { describe, expect, test } from 'vitest';
import { notNull, types, type LogicalType, type Row } from '#data';
import { openSource, readAll, tableOf } from '../kafka/support.ts';
import { runSql } from '../run-sql.ts';
import { message, Services } from './services.ts';

const services = new Services();
const sqlOptions = (options: Readonly<Record<string, string>>): string =>
  Object.entries(options)
    .map(([k, v]) => `'${k}' = '${v.replaceAll("'", "''")}'`)
    .join(', ');
const record = (...fields: readonly object[]): string =>
  JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields });
const register = async (topic: string, type: 'AVRO' | 'JSON' | 'PROTOBUF', text: string): Promise<number> =>
  (await services.client.register(`${topic}-value`, { type, text })).id;

describe('avro-confluent', () => {
  const id = { name: 'id', type: 'int' };
  test('a table of the latest version reads older ones with its defaults, aliases and enums', async () => {
    const topic = services.freshTopic();
    const first = await register(topic, 'AVRO', record(id, { name: 'old', type: 'string' }));
    const kind = (symbols: readonly string[]): object => ({
      name: 'kind',
      type: { type: 'enum', name: 'Kind', symbols, default: 'OTHER' },
      default: 'OTHER',
    });
    const latest = record(
      { name: 'id', type: 'long' },
      { name: 'item', type: 'string', aliases: ['old'] },
      { name: 'count', type: 'int', default: 7 },
      kind(['A', 'OTHER']),
    );
    const second = await register(topic, 'AVRO', latest);
    services.broker.produce(topic, [message(first, 2, 2, 97), message(second, 4, 2, 98, 6, 0)]);
    const { changes } = await runSql(
      `CREATE TABLE t WITH (${sqlOptions(services.options(topic, 'avro-confluent'))}); SELECT * FROM t;`,
    );
    expect(changes).toEqual(['+I[1, a, 7, OTHER]', '+I[2, b, 3, A]']);
    // A later version with a symbol more: what the table's schema does not have is its default.
    const third = await register(
      topic,
      'AVRO',
      record(id, { name: 'item', type: 'string' }, kind(['B', 'A', 'OTHER'])),
    );
    services.broker.produce(topic, [message(third, 6, 2, 99, 0), message(third, 8, 2, 100, 2)]);
    const named = services.options(topic, 'avro-confluent', { 'avro-confluent.schema': latest });
    const columns = 'id BIGINT, item STRING, `count` INT NOT NULL, kind STRING';
    const later = await runSql(`CREATE TABLE t (${columns}) WITH (${sqlOptions(named)}); SELECT * FROM t;`);
    expect(later.changes.slice(2)).toEqual(['+I[3, c, 7, OTHER]', '+I[4, d, 7, A]']);
  });

  test('a table of a schema with defaults is written with that schema: no version is added', async () => {
    const topic = services.freshTopic();
    const text = record(id, {
      name: 'kind',
      type: { type: 'enum', name: 'K', symbols: ['A', 'B'] },
      default: 'A',
    });
    const only = await register(topic, 'AVRO', text);
    const table = `CREATE TABLE t WITH (${sqlOptions(services.options(topic, 'avro-confluent'))});`;
    await runSql(`${table} INSERT INTO t VALUES (5, 'B'), (6, 'A');`);
    expect(services.broker.read(topic).map((r) => [...r.value!])).toEqual([
      [...message(only, 10, 2).value],
      [...message(only, 12, 0).value],
    ]);
    expect((await services.client.version(`${topic}-value`)).version).toBe(1);
    const { changes } = await runSql(`${table} SELECT * FROM t;`);
    expect(changes).toEqual(['+I[5, B]', '+I[6, A]']);
  });

  test('a field that becomes wider: by the wider column both are read, by the narrow one the new are bad', async () => {
    const topic = services.freshTopic();
    const narrow = await register(topic, 'AVRO', record(id, { name: 'v', type: 'float' }));
    const wide = await register(
      topic,
      'AVRO',
      record({ name: 'id', type: 'long' }, { name: 'v', type: ['null', 'double'] }),
    );
    const bytes = (value: number): number[] => [...Buffer.from(new Float64Array([value]).buffer)];
    services.broker.produce(topic, [
      message(narrow, 2, ...Buffer.from(new Float32Array([0.5]).buffer)),
      message(wide, 4, 2, ...bytes(0.1)),
      message(wide, 6, 0),
    ]);
    const table = (columns: Record<string, LogicalType>): ReturnType<typeof readAll> =>
      readAll(tableOf(columns, services.options(topic, 'avro-confluent')));
    expect((await table({ id: types.BIGINT, v: types.DOUBLE })).rows).toEqual([
      [1n, 0.5],
      [2n, 0.1],
      [3n, null],
    ]);
    await expect(table({ id: types.INT, v: types.DOUBLE })).rejects.toMatchObject({
      code: 'FMT1001',
      message: expect.stringContaining(
        "field 'id' is a long, which is no INT: the schema became wider, and BIGINT reads both",
      ),
    });
    const skipping = { 'millrace.on-error': 'skip' };
    const { changes } = await runSql(
      `CREATE TABLE t (id BIGINT, v FLOAT) WITH (${sqlOptions(services.options(topic, 'avro-confluent', skipping))}); SELECT * FROM t;`,
    );
    // A null has no width.
    expect(changes).toEqual(['+I[1, 0.5]', '+I[3, null]']);
  });
});

test('a field that is the same under another name is no difference to the table', async () => {
  const avro = services.freshTopic();
  const first = await register(avro, 'AVRO', record({ name: 'old', type: 'string' }));
  services.broker.produce(avro, [message(first, 2, 97)]);
  const proto = services.freshTopic();
  const title = await register(proto, 'PROTOBUF', 'syntax = "proto3"; message Order { string title = 2; }');
  services.broker.produce(proto, [message(title, 0, 18, 1, 97)]);
  const own = {
    'avro-confluent': record({ name: 'item', type: 'string', aliases: ['old'] }),
    'protobuf-confluent': 'syntax = "proto3"; message Order { string item = 2; }',
  };
  for (const [topic, format] of [
    [avro, 'avro-confluent'],
    [proto, 'protobuf-confluent'],
  ] as const) {
    const options = services.options(topic, format, {
      [`${format}.schema`]: own[format],
      'millrace.schema.evolution': 'fail',
    });
    const reading = await openSource(tableOf({ item: types.STRING }, options));
    await reading.run();
    expect(reading.rows).toEqual([['a']]);
    expect(reading.source.drift).toEqual([]);
    await reading.source.close();
    const { [`${format}.schema`]: _, ...without } = options;
    const other = await openSource(tableOf({ item: types.STRING }, without));
    await expect(other.run()).rejects.toMatchObject({ code: 'DATA4002' });
    await other.source.close();
  }
});

test('protobuf-confluent: fields are the same by name, and with a schema of the table by number', async () => {
  const topic = services.freshTopic();
  const first = 'syntax = "proto3"; message Order { int32 id = 1; string item = 2; }';
  const second = 'syntax = "proto3"; message Order { int64 id = 1; string title = 2; }';
  const ids = [await register(topic, 'PROTOBUF', first), await register(topic, 'PROTOBUF', second)];
  services.broker.produce(topic, [
    message(ids[0]!, 0, 8, 1, 18, 1, 97),
    message(ids[1]!, 0, 8, 2, 18, 1, 98),
  ]);
  const read = async (columns: Record<string, LogicalType>, more: Record<string, string> = {}) =>
    (await readAll(tableOf(columns, services.options(topic, 'protobuf-confluent', more)))).rows;
  expect(await read({ id: types.BIGINT, item: types.STRING })).toEqual([
    [1n, 'a'],
    [2n, null],
  ]);
  await expect(read({ id: types.INT })).rejects.toMatchObject({
    message: expect.stringContaining("column 'id': its field is int64, which is no INT"),
  });
  const own = (text: string): Record<string, string> => ({ 'protobuf-confluent.schema': text });
  expect(await read({ id: types.INT, item: types.STRING }, own(first))).toEqual([
    [1, 'a'],
    [2, 'b'],
  ]);
  expect(await read({ id: types.BIGINT, title: types.STRING }, own(second))).toEqual([
    [1n, 'a'],
    [2n, 'b'],
  ]);
  // What only the writer knows is there by its name.
  expect(
    await read(
      { id: types.INT, title: types.STRING },
      own('syntax = "proto3"; message Order { int32 id = 1; }'),
    ),
  ).toEqual([
    [1, null],
    [2, 'b'],
  ]);
});

describe('json-registry', () => {
  interface Case {
    readonly rule: string;
    /** Messages of the version before and of the one behind it. */
    readonly before: unknown;
    readonly after: unknown;
    /** With columns of either version: what both messages give, or why not. */
    readonly columnsBefore: Record<string, LogicalType>;
    readonly columnsAfter: Record<string, LogicalType>;
    readonly byBefore: readonly (Row | string)[];
    readonly byAfter: readonly (Row | string)[];
  }
  const id = { id: types.INT };
  const cases: readonly Case[] = [
    {
      rule: 'a property more',
      before: { id: 1 },
      after: { id: 2, v: 'x' },
      columnsBefore: id,
      columnsAfter: { ...id, v: types.STRING },
      byBefore: [[1], [2]],
      byAfter: [
        [1, null],
        [2, 'x'],
      ],
    },
    {
      rule: 'a required property more',
      before: { id: 1 },
      after: { id: 2, v: 'x' },
      columnsBefore: id,
      columnsAfter: { ...id, v: notNull(types.STRING) },
      byBefore: [[1], [2]],
      byAfter: ['NOT NULL', [2, 'x']],
    },
    {
      rule: 'integer to number',
      before: { id: 1, v: 3 },
      after: { id: 2, v: 2.5 },
      columnsBefore: { ...id, v: types.BIGINT },
      columnsAfter: { ...id, v: types.DOUBLE },
      // Cut off, as in Flink.
      byBefore: [
        [1, 3n],
        [2, 2n],
      ],
      byAfter: [
        [1, 3],
        [2, 2.5],
      ],
    },
    {
      rule: 'a number that no longer fits',
      before: { id: 1, v: 3 },
      after: { id: 2, v: 5_000_000_000 },
      columnsBefore: { ...id, v: types.INT },
      columnsAfter: { ...id, v: types.BIGINT },
      byBefore: [[1, 3], 'INT'],
      byAfter: [
        [1, 3n],
        [2, 5_000_000_000n],
      ],
    },
    {
      rule: 'null is a value too',
      before: { id: 1, v: 'x' },
      after: { id: 2, v: null },
      columnsBefore: { ...id, v: notNull(types.STRING) },
      columnsAfter: { ...id, v: types.STRING },
      byBefore: [[1, 'x'], 'NOT NULL'],
      byAfter: [
        [1, 'x'],
        [2, null],
      ],
    },
    {
      rule: 'a value more of an enum',
      before: { id: 1, v: 'A' },
      after: { id: 2, v: 'B' },
      columnsBefore: { ...id, v: types.STRING },
      columnsAfter: { ...id, v: types.STRING },
      byBefore: [
        [1, 'A'],
        [2, 'B'],
      ],
      byAfter: [
        [1, 'A'],
        [2, 'B'],
      ],
    },
    {
      rule: 'a nested property more, and one in a list',
      before: { id: 1, v: { a: 1 }, w: [{ a: 1 }] },
      after: { id: 2, v: { a: 2, b: 'x' }, w: [{ a: 2, b: 'y' }] },
      columnsBefore: {
        ...id,
        v: types.row([{ name: 'a', type: types.INT }]),
        w: types.array(types.row([{ name: 'a', type: types.INT }])),
      },
      columnsAfter: {
        ...id,
        v: types.row([
          { name: 'a', type: types.INT },
          { name: 'b', type: types.STRING },
        ]),
        w: types.array(
          types.row([
            { name: 'a', type: types.INT },
            { name: 'b', type: types.STRING },
          ]),
        ),
      },
      byBefore: [
        [1, [1], [[1]]],
        [2, [2], [[2]]],
      ],
      byAfter: [
        [1, [1, null], [[1, null]]],
        [2, [2, 'x'], [[2, 'y']]],
      ],
    },
    {
      rule: 'a property becomes an object',
      before: { id: 1, v: 'x' },
      after: { id: 2, v: { a: 1 } },
      columnsBefore: { ...id, v: types.STRING },
      columnsAfter: { ...id, v: types.row([{ name: 'a', type: types.INT }]) },
      byBefore: [
        [1, 'x'],
        [2, '{"a":1}'],
      ],
      byAfter: ['ROW', [2, [1]]],
    },
  ];
  test.for(cases)('$rule', async (c) => {
    const format = 'json-registry';
    const topic = services.freshTopic();
    const ids = [
      await register(topic, 'JSON', '{"type":"object","title":"a"}'),
      await register(topic, 'JSON', '{"type":"object","title":"b"}'),
    ];
    const bytes = (value: unknown, i: number): { value: Buffer } =>
      message(ids[i]!, ...Buffer.from(JSON.stringify(value)));
    const both = [bytes(c.before, 0), bytes(c.after, 1)];
    for (const [columns, expected] of [
      [c.columnsBefore, c.byBefore],
      [c.columnsAfter, c.byAfter],
    ] as const)
      for (const [i, want] of expected.entries()) {
        const one = services.freshTopic();
        services.broker.produce(one, [both[i]!]);
        const reading = readAll(tableOf(columns, services.options(one, format)));
        if (typeof want === 'string')
          await expect(reading).rejects.toMatchObject({
            code: 'FMT1001',
            message: expect.stringContaining(want),
          });
        else expect((await reading).rows).toEqual([want]);
      }
  });
});
