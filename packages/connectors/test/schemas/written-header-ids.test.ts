/* Ids of schemas written into headers: of keys and values, of each format with a registry, read by ourselves, by
 * @confluentinc/schemaregistry and by confluent-kafka for Python. Embedded Kafka and registry. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { notNull, types, type Row } from '#data';
import { runProgram } from '../../../../tools/clients.ts';
import { registryNode, registryPython } from '../../../../tools/registry-clients.ts';
import { openSink, readAll, tableOf } from '../kafka/support.ts';
import { Services } from './services.ts';

const services = new Services();
const programs = join(import.meta.dirname, 'clients');
const formats = ['avro-confluent', 'protobuf-confluent', 'json-registry'] as const;
type Format = (typeof formats)[number];

const columns = { id: notNull(types.INT), name: types.STRING };
const rows: Row[] = [
  [1, 'tea'],
  [0, null],
  [2, 'ü'],
];
const serializer = 'io.confluent.kafka.serializers.schema.id.HeaderSchemaIdSerializer';
/** Options of a table whose values name their schema in a header. */
const inHeader = (topic: string, format: Format, more: Record<string, string> = {}): Record<string, string> =>
  services.options(topic, format, {
    [`${format}.properties.value.schema.id.serializer`]: serializer,
    ...more,
  });
async function write(table: ReturnType<typeof tableOf>, what: readonly Row[] = rows): Promise<void> {
  const sink = await openSink(table);
  await sink.write(what);
  await sink.flush();
  await sink.close();
}
const guidBytes = (guid: string): string => guid.replaceAll('-', '');
const hex = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes!).toString('hex');

describe.each(formats)('%s', (format) => {
  test('the header is 01 and the GUID; the message has nothing in front', async () => {
    const [topic, plain] = [services.freshTopic(), services.freshTopic()];
    const table = tableOf(columns, inHeader(topic, format));
    await write(table);
    await write(tableOf(columns, services.options(plain, format)));
    const { guid } = await services.client.version(`${topic}-value`);
    const place = format === 'protobuf-confluent' ? '00' : '';
    const written = services.broker.read(topic);
    expect(written.map((r) => r.headers.map((h) => [h.key, hex(h.value)]))).toEqual(
      rows.map(() => [['__value_schema_id', `01${guidBytes(guid!)}${place}`]]),
    );
    const bytes = services.broker.read(plain).map((r) => r.value!.subarray(5 + place.length / 2));
    expect(written.map((r) => hex(r.value))).toEqual(bytes.map(hex));
    expect((await readAll(table)).rows).toEqual(rows);
  });

  test('the class may be named without its package, and PrefixSchemaIdSerializer is the default', async () => {
    const topic = services.freshTopic();
    const named = (name: string): Record<string, string> => ({
      [`${format}.properties.value.schema.id.serializer`]: name,
    });
    await write(tableOf(columns, services.options(topic, format, named('HeaderSchemaIdSerializer'))));
    await write(tableOf(columns, services.options(topic, format, named('PrefixSchemaIdSerializer'))));
    const headers = services.broker.read(topic).map((r) => r.headers.length);
    expect(headers).toEqual([1, 1, 1, 0, 0, 0]);
    const read = await readAll(tableOf(columns, services.options(topic, format)));
    expect(read.rows).toEqual([...rows, ...rows]);
    await expect(
      write(tableOf(columns, services.options(topic, format, named('com.example.Mine')))),
    ).rejects.toMatchObject({
      code: 'FMT1004',
      message: expect.stringContaining(
        "'value.schema.id.serializer': found 'com.example.Mine', expected HeaderSchemaIdSerializer or PrefixSchemaIdSerializer",
      ),
    });
  });
});

test("keys and values by themselves; the row's own headers stay in front; nothing for a tombstone", async () => {
  const topic = services.freshTopic();
  const format = 'avro-confluent';
  const keyed = (more: Record<string, string>): Record<string, string> => {
    const { format: _, [`${format}.url`]: url, ...rest } = services.options(topic, format);
    return {
      ...rest,
      connector: 'upsert-kafka',
      'key.format': format,
      [`key.${format}.url`]: url!,
      'value.format': format,
      [`value.${format}.url`]: url!,
      'scan.startup.mode': '',
      'scan.bounded.mode': '',
      ...more,
    };
  };
  const options = Object.fromEntries(
    Object.entries(
      keyed({
        [`key.${format}.properties.key.schema.id.serializer`]: serializer,
        [`value.${format}.properties.value.schema.id.serializer`]: serializer,
      }),
    ).filter(([, value]) => value !== ''),
  );
  const sink = await openSink(tableOf(columns, options, ['id']), { flavour: 'upsert-kafka' });
  await sink.write([[1, 'tea']]);
  await sink.write([[1, null]], [3]);
  await sink.flush();
  await sink.close();
  const written = services.broker.read(topic);
  expect(written.map((r) => r.headers.map((h) => h.key))).toEqual([
    ['__key_schema_id', '__value_schema_id'],
    ['__key_schema_id'],
  ]);
  expect(written[1]!.value).toBe(null);
});

test('a table with headers of its own has both', async () => {
  const topic = services.freshTopic();
  const table = tableOf(columns, inHeader(topic, 'json-registry'));
  const sink = await openSink(table, { metadata: ['headers'] });
  await sink.write([[1, 'tea', { entries: [['trace', Buffer.from('t')]] }]]);
  await sink.flush();
  await sink.close();
  expect(services.broker.read(topic)[0]!.headers.map((h) => h.key)).toEqual(['trace', '__value_schema_id']);
});

/** Both clients are wrong about short messages without an id in front: Python's takes fewer than six bytes for none, Node's an empty one
 *  of Protobuf for null. */
const longRows: readonly Row[] = [
  [1, 'green tea'],
  [0, 'süße Äpfel'],
  [2, 'x'.repeat(300)],
];
/** What was written, as the programs take it. */
async function messages(): Promise<{ input: string; expected: unknown[] }> {
  const lines: object[] = [];
  const expected: unknown[] = [];
  for (const format of formats) {
    const topic = services.freshTopic();
    await write(tableOf(columns, inHeader(topic, format)), longRows);
    for (const { headers, value } of services.broker.read(topic))
      lines.push({
        format,
        topic,
        part: 'value',
        headers: Object.fromEntries(headers.map((h) => [h.key, Buffer.from(h.value!).toString('base64')])),
        data: value!.toString('base64'),
      });
    // Python leaves out what is zero, as messages of Protobuf do.
    expected.push(...longRows.map(([id, name]) => ({ id, name })));
  }
  return { input: lines.map((line) => `${JSON.stringify(line)}\n`).join(''), expected };
}
const parsed = (output: string): unknown[] =>
  output
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);

test('@confluentinc/schemaregistry reads them', { timeout: 600_000 }, async ({ skip }) => {
  const client = await registryNode(programs);
  if ('missing' in client) return skip(client.missing);
  const { input, expected } = await messages();
  const file = join(client.folder, 'read-messages.cjs');
  const output = await runProgram(process.execPath, [file, services.registry.url], input);
  expect(parsed(output)).toEqual(expected);
});

test('confluent-kafka for Python reads them', { timeout: 600_000 }, async ({ skip }) => {
  const python = await registryPython();
  if ('missing' in python) return skip(python.missing);
  const { input, expected } = await messages();
  const file = join(programs, 'read_messages.py');
  const output = await runProgram('python3', [file, services.registry.url], input, python.env);
  expect(parsed(output)).toEqual(expected);
});
