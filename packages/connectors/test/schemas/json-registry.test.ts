/* JSON with a registry, over the embedded Kafka. */

import { expect, test } from 'vitest';
import { notNull, types, type Row } from '#data';
import { openSink, readAll, tableOf } from '../kafka/support.ts';
import { message, Services } from './services.ts';

const services = new Services();
const format = 'json-registry';
const columns = { id: notNull(types.BIGINT), item: types.STRING, tags: types.array(types.STRING) };
const rows: Row[] = [
  [1n, 'tea', ['a', null]],
  [2n, null, null],
];

test('registers what the columns give, and reads it back', async () => {
  const topic = services.freshTopic();
  const table = tableOf(columns, services.options(topic, format));
  const sink = await openSink(table);
  await sink.write(rows);
  await sink.flush();
  await sink.close();
  const { id, type, text } = await services.client.version(`${topic}-value`);
  expect([type, text]).toEqual([
    'JSON',
    '{"$schema":"http://json-schema.org/draft-07/schema#","title":"Row","type":"object","properties":{"id":{"type":"integer","connect.type":"int64"},"item":{"oneOf":[{"type":"null"},{"type":"string"}]},"tags":{"oneOf":[{"type":"null"},{"type":"array","items":{"oneOf":[{"type":"null"},{"type":"string"}]}}]}},"required":["id"]}',
  ]);
  expect(services.broker.read(topic).map((r) => r.value!.toString('latin1'))).toEqual([
    `${message(id).value.toString('latin1')}{"id":1,"item":"tea","tags":["a",null]}`,
    `${message(id).value.toString('latin1')}{"id":2,"item":null,"tags":null}`,
  ]);
  expect((await readAll(table)).rows).toEqual(rows);
});

test('many records go through the scanner, those without an id are malformed', async () => {
  const topic = services.freshTopic();
  const json = (i: number) => ({
    value: Buffer.concat([message(7).value, Buffer.from(`{"item":"n${i}","id":${i}}`)]),
  });
  services.broker.produce(
    topic,
    Array.from({ length: 6000 }, (_, i) => json(i)),
  );
  services.broker.produce(topic, [
    { value: '{"id":1}' },
    { value: null },
    json(6000),
    { value: Buffer.of(0, 0, 0, 0, 7) },
  ]);
  const narrow = { id: types.BIGINT, item: types.STRING };
  await expect(readAll(tableOf(narrow, services.options(topic, format)))).rejects.toMatchObject({
    code: 'FMT1001',
    message: expect.stringContaining('malformed json-registry record'),
  });
  const skipping = services.options(topic, format, { [`${format}.ignore-parse-errors`]: 'true' });
  const { rows: read, counts } = await readAll(tableOf(narrow, skipping));
  expect(read).toEqual(Array.from({ length: 6001 }, (_, i) => [BigInt(i), `n${i}`]));
  expect(counts.get('numRecordsInErrors')).toBe(1);
  expect(counts.get('numRowsFused')).toBeGreaterThan(5000);
});
