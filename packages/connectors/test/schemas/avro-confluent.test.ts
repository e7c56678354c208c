/* Topics whose messages name schemas of a registry: embedded Kafka, embedded registry, the connector as a job has it. */

import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { realWorld } from '#host';
import { Registry } from '#registry';
import { notNull, types, type LogicalType } from '#data';
import { openSink, openSource, readAll, tableOf } from '../kafka/support.ts';
import { runSql } from '../run-sql.ts';
import { Services, message } from './services.ts';

const services = new Services();
const freshTopic = (partitions?: number): string => services.freshTopic(partitions);
const options = (topic: string, more?: Readonly<Record<string, string>>): Record<string, string> =>
  services.options(topic, 'avro-confluent', more);
const record = (fields: readonly object[], name = 'Order'): string =>
  JSON.stringify({ type: 'record', name, namespace: 'shop', fields });
const register = async (topic: string, text: string): Promise<number> =>
  (await services.client.register(`${topic}-value`, { type: 'AVRO', text })).id;
const columns = { id: types.BIGINT, item: types.STRING };
const idOnly = record([{ name: 'id', type: 'long' }]);
const withItem = record([
  { name: 'extra', type: ['null', { type: 'array', items: 'int' }] },
  { name: 'item', type: 'string' },
  { name: 'id', type: 'int' },
]);

describe('reading', () => {
  test('each message with the schema that wrote it, new ones as they come', async () => {
    const topic = freshTopic();
    const first = await register(topic, idOnly);
    services.broker.produce(topic, [message(first, 2), message(first, 4)]);
    const reading = await openSource(tableOf(columns, options(topic, { 'scan.bounded.mode': 'unbounded' })));
    await reading.run(() => reading.rows.length === 2);
    const second = await register(topic, withItem);
    services.broker.produce(topic, [message(second, 2, 4, 2, 4, 0, 6, 116, 101, 97, 6), message(first, 8)]);
    services.broker.produce(topic, [message(second, 0, 0, 10)]);
    await reading.run(() => reading.rows.length === 5);
    await reading.source.close();
    expect(reading.rows).toEqual([
      [1n, null],
      [2n, null],
      [3n, 'tea'],
      [4n, null],
      [5n, ''],
    ]);
  });

  test('a snapshot while a record waits for its schema loses nothing and repeats nothing', async () => {
    const topic = freshTopic();
    const id = await register(topic, idOnly);
    const unknown = id + 1000;
    services.broker.produce(topic, [message(id, 2), message(unknown, 4), message(id, 6)]);
    const away = await openSource(tableOf(columns, options(topic, { 'scan.bounded.mode': 'unbounded' })));
    await away.run(() => away.rows.length === 1);
    const position = away.source.snapshot();
    await away.source.close();
    expect(away.rows).toEqual([[1n, null]]);
    const restored = await openSource(tableOf(columns, options(topic)), { position });
    await expect(restored.run()).rejects.toMatchObject({
      code: 'FMT1001',
      message: expect.stringContaining(`offset 1 (value)`),
    });
    await restored.source.close();
  });

  test('an id that the registry does not have is malformed, and says so', async () => {
    const topic = freshTopic();
    services.broker.produce(topic, [message(987654, 2)]);
    await expect(readAll(tableOf(columns, options(topic)))).rejects.toMatchObject({
      code: 'FMT1001',
      message: expect.stringContaining('the registry has no schema 987654'),
    });
  });

  test('other partitions go on while one waits for its schema', async () => {
    const topic = freshTopic(2);
    const known = await register(topic, idOnly);
    const held = await register(topic, withItem);
    const front = await holdingBack(`/schemas/ids/${held}`);
    const more = { 'scan.bounded.mode': 'unbounded', 'avro-confluent.url': front.url };
    const reading = await openSource(tableOf(columns, options(topic, more)));
    services.broker.produce(topic, [message(known, 2), message(held, 0, 0, 4), message(known, 6)], 0);
    services.broker.produce(topic, [message(known, 20)], 1);
    await reading.run(() => reading.rows.length === 2);
    for (let i = 11; i < 60; i++) services.broker.produce(topic, [message(known, 2 * i)], i % 2);
    await reading.run(() => reading.rows.length === 27);
    expect(reading.splits.filter((split) => split === 0)).toEqual([0]);
    await expect.poll(() => reading.source.trouble?.message ?? '').toContain('does not answer');
    front.letGo();
    await reading.run(() => reading.rows.length === 53);
    await reading.source.close();
    await front.stop();
    expect(reading.source.trouble).toBeUndefined();
    const of = (split: number) =>
      reading.rows.filter((_, i) => reading.splits[i] === split).map(([id]) => Number(id));
    expect(of(0)).toEqual([1, 2, 3, ...Array.from({ length: 24 }, (_, i) => 12 + 2 * i)]);
    expect(of(1)).toEqual([10, ...Array.from({ length: 25 }, (_, i) => 11 + 2 * i)]);
  });

  test('a registry that stays away fails the job after the start timeout', async () => {
    const topic = freshTopic();
    services.broker.produce(topic, [message(1, 2)]);
    const table = tableOf(
      columns,
      options(topic, {
        'avro-confluent.url': `http://127.0.0.1:${await freePort()}`,
        'properties.default.api.timeout.ms': '300',
      }),
    );
    await expect(readAll(table)).rejects.toMatchObject({ code: 'REG2003', class: 'external' });
  });

  test('a message without an id is malformed', async () => {
    const topic = freshTopic();
    services.broker.produce(topic, [{ value: '{"id":1}' }]);
    await expect(readAll(tableOf(columns, options(topic)))).rejects.toMatchObject({
      message: expect.stringContaining('expected 0 in front of'),
    });
  });

  test('a schema whose field does not fit its column names both', async () => {
    const topic = freshTopic();
    const id = await register(topic, record([{ name: 'id', type: 'string' }]));
    services.broker.produce(topic, [message(id, 2, 65)]);
    await expect(readAll(tableOf(columns, options(topic)))).rejects.toMatchObject({
      message: expect.stringContaining("field 'id' is a string, which is no BIGINT"),
    });
  });
});

/** A way to the registry on which requests for `path` fail until it is let go. */
async function holdingBack(path: string): Promise<{ url: string; letGo(): void; stop(): Promise<void> }> {
  let held = true;
  const server = createHttpServer((request, response) => {
    if (held && request.url!.startsWith(path)) response.writeHead(503).end();
    else
      void fetch(`${services.registry.url}${request.url}`).then(async (answer) =>
        response.writeHead(answer.status).end(await answer.text()),
      );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    letGo: () => (held = false),
    stop: () => new Promise((done) => server.close(() => done())),
  };
}
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

describe('writing', () => {
  const all: Readonly<Record<string, LogicalType>> = {
    id: notNull(types.BIGINT),
    item: types.STRING,
    price: types.decimal(9, 2),
    tags: types.array(types.STRING),
    at: types.timestamp(3),
  };
  const rows = [
    [1n, 'tea', 250n, ['a', null], { ms: 1700000000123, ns: 0 }],
    [-5n, null, null, null, null],
  ];

  test('registers what the columns give, and reads it back', async () => {
    const topic = freshTopic();
    const sink = await openSink(tableOf(all, options(topic)));
    await sink.write(rows);
    await sink.flush();
    await sink.close();
    const { id, text } = await services.client.version(`${topic}-value`);
    expect(text).toBe(
      '{"type":"record","name":"record","namespace":"org.apache.flink.avro.generated","fields":[{"name":"id","type":"long"},{"name":"item","type":["null","string"],"default":null},{"name":"price","type":["null",{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}],"default":null},{"name":"tags","type":["null",{"type":"array","items":["null","string"]}],"default":null},{"name":"at","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null}]}',
    );
    expect(services.broker.read(topic).map((r) => r.value!.readInt32BE(1))).toEqual([id, id]);
    expect((await readAll(tableOf(all, options(topic)))).rows).toEqual(rows);
  });

  test('use.latest.version writes the schema that is there', async () => {
    const topic = freshTopic();
    const latest = record([
      { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] }, default: 'B' },
      { name: 'item', type: ['string', 'null'] },
      { name: 'id', type: 'long' },
    ]);
    const id = await register(topic, latest);
    const more = { 'avro-confluent.properties': 'use.latest.version:true' };
    const sink = await openSink(tableOf(columns, options(topic, more)));
    await sink.write([[3n, 'tea']]);
    await sink.flush();
    await sink.close();
    expect([...services.broker.read(topic)[0]!.value!]).toEqual([
      ...message(id, 2, 0, 6, 116, 101, 97, 6).value,
    ]);
    expect(await services.client.versions(`${topic}-value`)).toEqual([1]);
  });

  test('auto.register.schemas = false writes nothing that is not registered', async () => {
    const topic = freshTopic();
    const more = { 'avro-confluent.properties.auto.register.schemas': 'false' };
    await expect(openSink(tableOf(columns, options(topic, more)))).rejects.toMatchObject({
      code: 'REG1003',
    });
    expect(services.broker.read(topic)).toEqual([]);
  });

  test('keys have a subject of their own', async () => {
    const topic = freshTopic();
    const more = {
      'key.format': 'avro-confluent',
      'key.avro-confluent.url': services.registry.url,
      'key.fields': 'id',
    };
    const table = tableOf(columns, options(topic, more));
    const sink = await openSink(table);
    await sink.write([[3n, 'tea']]);
    await sink.flush();
    await sink.close();
    expect((await services.client.version(`${topic}-key`)).text).not.toContain('item');
    expect((await readAll(table)).rows).toEqual([[3n, 'tea']]);
  });

  test('a column that Avro has no type for is an error that names it', async () => {
    const table = tableOf({ at: types.timestamp(6) }, options(freshTopic()));
    await expect(openSink(table)).rejects.toMatchObject({
      code: 'FMT1003',
      message: "column 'at': the format 'avro-confluent' has nothing for TIMESTAMP(6)",
    });
  });
});

test('a registry that asks who it is', async () => {
  const guarded = await Registry.start({ world: realWorld(), auth: { users: { ada: 'secret' } } });
  const topic = freshTopic();
  const at = { 'avro-confluent.url': guarded.url };
  const known = {
    ...at,
    'avro-confluent.basic-auth.credentials-source': 'USER_INFO',
    'avro-confluent.basic-auth.user-info': 'ada:secret',
  };
  const table = tableOf(columns, options(topic, known));
  const sink = await openSink(table);
  await sink.write([[1n, 'tea']]);
  await sink.flush();
  await sink.close();
  expect((await readAll(table)).rows).toEqual([[1n, 'tea']]);
  const stranger = { code: 'REG1003', hint: 'Give a user and a password, or a token.' };
  await expect(readAll(tableOf(columns, options(topic, at)))).rejects.toMatchObject(stranger);
  await expect(openSink(tableOf(columns, options(topic, at)))).rejects.toMatchObject(stranger);
  await guarded.stop();
});

test('settings of serializers without effect are named, wrong ones refused', async () => {
  const odd = { 'avro-confluent.properties': 'max.schemas.per.subject:5' };
  const { warnings } = await readAll(tableOf(columns, options(freshTopic(), odd)));
  expect(warnings).toContain("'avro-confluent.properties': 'max.schemas.per.subject' has no effect");
  const wrong = { 'avro-confluent.properties.use.latest.version': 'yes' };
  await expect(openSink(tableOf(columns, options(freshTopic(), wrong)))).rejects.toMatchObject({
    code: 'FMT1004',
  });
});

test('a query over a topic', async () => {
  const topic = freshTopic();
  const id = await register(topic, withItem);
  services.broker.produce(topic, [message(id, 0, 2, 65, 2), message(id, 0, 2, 65, 4)]);
  const with_ = Object.entries(options(topic)).map(([k, v]) => `'${k}' = '${v}'`);
  const run = await runSql(
    `CREATE TABLE o (id BIGINT, item STRING) WITH (${with_.join(', ')}); SELECT item, SUM(id) FROM o GROUP BY item;`,
  );
  expect(run.changes.at(-1)).toBe('+U[A, 3]');
});
