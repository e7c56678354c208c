/* Registries whose schemas lie in a Kafka topic: the embedded one, or the real one where the run says so. */

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KafkaAdmin, TopicLog, TopicWriter } from '#connectors';
import { realWorld } from '#host';
import { Registry } from '#registry';
import { testKafka } from '../../../tools/test-kafka.ts';
import { call, post } from './rest.ts';

let properties: ReadonlyMap<string, string>;
let missing: string | undefined;
const running: Registry[] = [];

beforeAll(async () => {
  const kafka = await testKafka();
  if ('missing' in kafka) missing = kafka.missing;
  else properties = new Map([['bootstrap.servers', kafka.bootstrapServers]]);
});
afterAll(() => Promise.all(running.map((registry) => registry.stop())));

const newTopic = (): string => `_schemas-${randomUUID().slice(0, 8)}`;
async function start(topic: string): Promise<Registry> {
  const log = new TopicLog({ world: realWorld(), topic, properties, warn: () => {} });
  const registry = await Registry.start({ world: realWorld(), topic: log });
  running.push(registry);
  return registry;
}
const avro = (name: string, ...fields: readonly string[]): object => ({
  schema: JSON.stringify({
    type: 'record',
    name,
    fields: fields.map((field) => ({ name: field, type: ['null', 'string'], default: null })),
  }),
});
async function eventually<T>(ask: () => Promise<T>, wanted: T): Promise<void> {
  await expect.poll(ask, { timeout: 20_000, interval: 30 }).toEqual(wanted);
}

/** A broker knows a topic a moment behind the answer that it is made. */
async function makeTopic(admin: KafkaAdmin, topic: string, partitions: number): Promise<void> {
  await admin.create(topic, partitions, -1, { 'cleanup.policy': 'compact' });
  await eventually(async () => (await admin.describe(topic)).partitions.length, partitions);
}

test('what one writes, another reads, and one that starts later', async ({ skip }) => {
  if (missing !== undefined) return skip(missing);
  const topic = newTopic();
  const [a, b] = [await start(topic), await start(topic)];
  expect((await post(a.url, '/subjects/s-value/versions', avro('A', 'x'))).body).toMatchObject({
    id: 1,
    version: 1,
  });
  // The other claims the topic, and so knows the first version before it decides.
  expect((await post(b.url, '/subjects/s-value/versions', avro('A', 'x', 'y'))).body).toMatchObject({
    id: 2,
    version: 2,
  });
  expect((await post(a.url, '/subjects/t-value/versions', avro('B', 'x'))).body).toMatchObject({
    id: 3,
    version: 1,
  });
  await call(b.url, 'PUT', '/config/s-value', { compatibility: 'NONE' });
  await eventually(async () => (await call(a.url, 'GET', '/config/s-value')).body, {
    compatibilityLevel: 'NONE',
  });
  await call(a.url, 'DELETE', '/subjects/t-value');
  const c = await start(topic);
  expect((await call(c.url, 'GET', '/subjects')).body).toEqual(['s-value']);
  expect((await call(c.url, 'GET', '/subjects?deleted=true')).body).toEqual(['s-value', 't-value']);
  expect((await call(c.url, 'GET', '/schemas/ids/3')).status).toBe(200);
});

test('writers at the same time give every schema its own id and version', async ({ skip }) => {
  if (missing !== undefined) return skip(missing);
  const topic = newTopic();
  const registries = await Promise.all([start(topic), start(topic), start(topic)]);
  const subjects = Array.from({ length: 12 }, (_, i) => `n${i % 4}-value`);
  const answers = await Promise.all(
    subjects.map((subject, i) =>
      post(
        registries[i % 3]!.url,
        `/subjects/${subject}/versions`,
        avro(`R${i % 4}`, ...'abcdefghijkl'.slice(0, i + 1)),
      ),
    ),
  );
  const bodies = answers.map((answer) => answer.body as { id: number; version: number });
  expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200));
  expect(new Set(bodies.map((body) => body.id)).size).toBe(12);
  const places = bodies.map((body, i) => `${subjects[i]} ${body.version}`);
  expect(new Set(places).size).toBe(12);
  // All end with the same.
  for (const registry of registries)
    await eventually(
      async () => ((await call(registry.url, 'GET', '/schemas')).body as unknown[]).length,
      12,
    );
  const all = await Promise.all(registries.map(async (r) => (await call(r.url, 'GET', '/schemas')).body));
  expect(all[1]).toEqual(all[0]);
  expect(all[2]).toEqual(all[0]);
});

test("records of Confluent's registry are read, and ours are of its form", async ({ skip }) => {
  if (missing !== undefined) return skip(missing);
  const topic = newTopic();
  const admin = await KafkaAdmin.open(properties, () => {});
  await makeTopic(admin, topic, 1);
  const writer = await TopicWriter.open(realWorld(), topic, properties, () => {});
  const add = (key: object, value: object | null): Promise<void> =>
    writer.add({
      partition: 0,
      headers: [],
      key: Buffer.from(JSON.stringify(key)),
      value: value === null ? null : Buffer.from(JSON.stringify(value)),
    });
  const text = '{"type":"record","name":"A","fields":[]}';
  await add({ keytype: 'NOOP', magic: 0 }, null);
  await add(
    { keytype: 'SCHEMA', subject: 'old-value', version: 1, magic: 1 },
    { subject: 'old-value', version: 1, id: 7, schema: text, deleted: false },
  );
  await add({ keytype: 'CONFIG', subject: null, magic: 0 }, { subject: null, compatibilityLevel: 'FULL' });
  await add({ keytype: 'MODE', subject: 'old-value', magic: 0 }, { subject: 'old-value', mode: 'READONLY' });
  await add(
    { keytype: 'SCHEMA', subject: 'gone-value', version: 1, magic: 1 },
    { subject: 'gone-value', version: 1, id: 8, schema: '"string"', deleted: false },
  );
  await add(
    { keytype: 'DELETE_SUBJECT', subject: 'gone-value', magic: 0 },
    { subject: 'gone-value', version: 1 },
  );
  await add({ keytype: 'SOMETHING_NEW', magic: 0 }, { a: 1 });
  await writer.close();

  const registry = await start(topic);
  expect((await call(registry.url, 'GET', '/subjects')).body).toEqual(['old-value']);
  expect((await call(registry.url, 'GET', '/config')).body).toEqual({ compatibilityLevel: 'FULL' });
  expect((await post(registry.url, '/subjects/old-value/versions', avro('A', 'n'))).body).toMatchObject({
    error_code: 42205,
  });
  // The same content has its old id, another one the next.
  expect((await post(registry.url, '/subjects/new-value/versions', { schema: text })).body).toMatchObject({
    id: 7,
  });
  expect((await post(registry.url, '/subjects/more-value/versions', avro('A', 'n'))).body).toMatchObject({
    id: 9,
  });
  await admin.close();
});

test('a topic of several partitions is refused', async ({ skip }) => {
  if (missing !== undefined) return skip(missing);
  const topic = newTopic();
  const admin = await KafkaAdmin.open(properties, () => {});
  await makeTopic(admin, topic, 2);
  await admin.close();
  await expect(start(topic)).rejects.toMatchObject({ code: 'KAF3004' });
});
