/* Records that name their schema in a header, by GUID or id, as Confluent's newer serializers do; and such as have it in front,
 * beside them. Embedded Kafka and registry. */

import { expect, test } from 'vitest';
import { types } from '#data';
import { readAll, tableOf } from '../kafka/support.ts';
import { Services, message } from './services.ts';

const services = new Services();
const columns = { id: types.BIGINT, name: types.STRING };
const guidBytes = (guid: string): Buffer => Buffer.from(guid.replaceAll('-', ''), 'hex');
const inHeader = (
  header: Uint8Array,
  value: Uint8Array,
): { value: Buffer; headers: Record<string, string | Buffer> } => ({
  value: Buffer.from(value),
  headers: { other: 'x', __value_schema_id: Buffer.from(header) },
});

test('avro: by GUID, by id, and in front of the message', async () => {
  const topic = services.freshTopic();
  const register = (fields: readonly object[]) =>
    services.client.register(`${topic}-value`, {
      type: 'AVRO',
      text: JSON.stringify({ type: 'record', name: 'Order', fields }),
    });
  const id = { name: 'id', type: 'long' };
  const first = await register([id]);
  const second = await register([id, { name: 'name', type: 'string', default: '' }]);
  const guid = (of: { readonly guid?: string | undefined }): Buffer =>
    Buffer.concat([Buffer.of(1), guidBytes(of.guid!)]);
  const idOnly = message(second.id).value;
  services.broker.produce(topic, [
    // The first byte of the message is a zero, as if an id began there.
    inHeader(guid(first), Uint8Array.of(0)),
    inHeader(guid(second), Uint8Array.of(4, 2, 97)),
    inHeader(idOnly, Uint8Array.of(6, 2, 98)),
  ]);
  services.broker.produce(topic, [message(second.id, 8, 2, 99), message(first.id, 10)]);
  services.broker.produce(topic, [inHeader(guid(second), Uint8Array.of(12, 2, 100))]);
  const { rows } = await readAll(tableOf(columns, services.options(topic, 'avro-confluent')));
  expect(rows).toEqual([
    [0n, null],
    [2n, 'a'],
    [3n, 'b'],
    [4n, 'c'],
    [5n, null],
    [6n, 'd'],
  ]);
});

test('protobuf: the place of the message stands behind the GUID; json-registry passes it over', async () => {
  const topic = services.freshTopic();
  const { guid } = await services.client.register(`${topic}-value`, {
    type: 'PROTOBUF',
    text: 'syntax = "proto3"; message Other { int32 x = 1; } message Order { int64 id = 1; string name = 2; }',
  });
  const header = Buffer.concat([Buffer.of(1), guidBytes(guid!), Buffer.of(2, 2)]);
  services.broker.produce(topic, [inHeader(header, Uint8Array.of(8, 7, 18, 1, 65))]);
  const proto = tableOf(columns, services.options(topic, 'protobuf-confluent'));
  expect((await readAll(proto)).rows).toEqual([[7n, 'A']]);

  const json = services.freshTopic();
  services.broker.produce(json, [
    inHeader(header.subarray(0, 17), Buffer.from('{"id":1,"name":"x"}')),
    message(1, ...Buffer.from('{"id":2,"name":"y"}')),
  ]);
  const table = tableOf(columns, services.options(json, 'json-registry'));
  expect((await readAll(table)).rows).toEqual([
    [1n, 'x'],
    [2n, 'y'],
  ]);
});

test('a header that is no id, and a GUID that the registry has not', async () => {
  const topic = services.freshTopic();
  services.broker.produce(topic, [inHeader(Uint8Array.of(1, 2, 3), Uint8Array.of(2))]);
  await expect(readAll(tableOf(columns, services.options(topic, 'avro-confluent')))).rejects.toMatchObject({
    code: 'FMT1001',
    message: expect.stringContaining('the header __value_schema_id is no id of a schema'),
  });
  const other = services.freshTopic();
  services.broker.produce(other, [
    inHeader(Buffer.concat([Buffer.of(1), Buffer.alloc(16, 7)]), Uint8Array.of(2)),
  ]);
  await expect(readAll(tableOf(columns, services.options(other, 'avro-confluent')))).rejects.toMatchObject({
    code: 'FMT1001',
  });
});
