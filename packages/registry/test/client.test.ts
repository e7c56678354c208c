/* Our client: several URLs, retries, authentication, TLS; wire format and names of subjects. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realWorld } from '#host';
import {
  isRefusal,
  readMessageIndexes,
  readSchemaId,
  Registry,
  RegistryClient,
  subjectName,
  writeMessageIndexes,
  writeSchemaGuid,
  writeSchemaId,
} from '#registry';
import { makeCertificates } from '../../broker/test/certificates.ts';

const world = realWorld();
const certificates = makeCertificates();
const auth = { users: { ada: 'p:w ö' }, tokens: ['a-token'] };
const user = 'ada:p:w ö';
let plain: Registry;
let secure: Registry;
beforeAll(async () => {
  plain = await Registry.start({ world, auth });
  secure = await Registry.start({ world, auth, tls: certificates.server });
});
afterAll(async () => {
  await plain.stop();
  await secure.stop();
});
const clientOf = (more: Partial<ConstructorParameters<typeof RegistryClient>[0]> = {}): RegistryClient =>
  new RegistryClient({ world, url: plain.url, basicAuth: user, retries: 1, ...more });

const avro = { type: 'AVRO', text: '{"type":"record","name":"n.R","fields":[]}' } as const;

test('registers, looks up, reads by id and GUID, checks', async () => {
  const client = clientOf();
  const { id, version, guid } = await client.register('s', avro);
  expect(await client.lookUp('s', avro)).toMatchObject({ id, version, subject: 's' });
  expect(await client.byId(id)).toMatchObject({ id, type: 'AVRO', references: [] });
  expect(await client.byGuid(guid!)).toMatchObject({ type: 'AVRO' });
  expect(await client.version('s')).toMatchObject({ version: 1 });
  expect(await client.level('s')).toBe('BACKWARD');
  const broken = { type: 'AVRO', text: '{"type":"record","name":"n.S","fields":[]}' } as const;
  expect(await client.check('s', broken)).toMatchObject({
    compatible: false,
    messages: [
      expect.stringContaining('NAME_MISMATCH'),
      expect.anything(),
      expect.anything(),
      expect.anything(),
    ],
  });
  const refused = await client.register('s', broken).catch((error: unknown) => error);
  expect(isRefusal(refused, 409)).toBe(true);
  const nothing = await client.version('nobody').catch((error: unknown) => error);
  expect(isRefusal(nothing, 40401)).toBe(true);
  expect((nothing as Error).message).toBe("the registry refused: Subject 'nobody' not found. (40401)");
});
test('references are followed to their ends', async () => {
  const client = clientOf();
  const part = (name: string, inner: string) =>
    ({
      type: 'AVRO',
      text: `{"type":"record","name":"${name}","fields":[{"name":"x","type":"${inner}"}]}`,
    }) as const;
  await client.register('a', part('A', 'int'));
  await client.register('b', { ...part('B', 'A'), references: [{ name: 'A', subject: 'a', version: 1 }] });
  const c = await client.register('c', {
    ...part('C', 'B'),
    references: [{ name: 'B', subject: 'b', version: 1 }],
  });
  expect((await client.referenced(c.references)).map((r) => r.name)).toEqual(['A', 'B']);
  expect((await client.parse(await client.version('c'))).formatted('resolved')).toContain('"int"');
});
test('the next URL is asked where one does not answer', async () => {
  const client = clientOf({ url: `http://127.0.0.1:1, ${plain.url}` });
  expect(await client.subjects()).toContain('s');
});
test('what passes is tried again, and what nobody answers is an error from outside', async () => {
  let asked = 0;
  const server: Server = createServer((_, response) => {
    asked++;
    response.statusCode = asked < 3 ? 503 : 200;
    response.end('["x"]');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await clientOf({ url, retries: 3 }).subjects()).toEqual(['x']);
  expect(asked).toBe(3);
  asked = -100;
  await expect(clientOf({ url, retries: 1 }).subjects()).rejects.toMatchObject({
    code: 'REG2003',
    message: expect.stringContaining('HTTP 503'),
  });
  server.close();
  await expect(clientOf({ url: 'http://127.0.0.1:1', retries: 0 }).subjects()).rejects.toMatchObject({
    code: 'REG2003',
    class: 'external',
  });
});
test('a password, a token, or who the URL names; anybody else is refused without a word of it', async () => {
  const named = new URL(plain.url);
  [named.username, named.password] = ['ada', encodeURIComponent('p:w ö')];
  const clients = [
    clientOf(),
    new RegistryClient({ world, url: plain.url, bearerToken: 'a-token' }),
    new RegistryClient({ world, url: named.href }),
  ];
  for (const client of clients) expect(await client.subjects()).toContain('s');
  for (const wrong of [
    { basicAuth: 'ada:secret-guess' },
    { basicAuth: 'eve:p:w ö' },
    { basicAuth: 'ada' },
    { bearerToken: 'secret-guess' },
  ]) {
    const refused = await new RegistryClient({ world, url: plain.url, ...wrong })
      .subjects()
      .catch((error: unknown) => error);
    expect(isRefusal(refused, 401)).toBe(true);
    expect(JSON.stringify(refused) + (refused as Error).message).not.toContain('secret-guess');
  }
});
test('over TLS, with whom to trust', async () => {
  const client = clientOf({ url: secure.url, tls: { ca: certificates.ca } });
  expect(await client.subjects()).toEqual([]);
  await expect(clientOf({ url: secure.url, retries: 0 }).subjects()).rejects.toMatchObject({
    code: 'REG2003',
  });
});
test('what is no URL, and what is no registry', async () => {
  expect(() => clientOf({ url: 'localhost:8081' })).toThrow('"localhost:8081" is no URL of a registry');
  const server = createServer((_, response) => response.end('<html>'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await expect(clientOf({ url }).subjects()).rejects.toMatchObject({ code: 'REG1005' });
  server.close();
});

describe('the wire format', () => {
  test('ids and GUIDs', () => {
    const guid = '01234567-89ab-cdef-0123-456789abcdef';
    expect(readSchemaId(writeSchemaId(70_000))).toEqual({ kind: 'id', id: 70_000, bytes: 5 });
    expect(readSchemaId(writeSchemaGuid(guid))).toEqual({ kind: 'guid', guid, bytes: 17 });
    for (const bytes of [[], [0], [0, 0, 0, 1], [2, 0, 0, 0, 1], [1, ...new Array<number>(15).fill(0)]])
      expect(readSchemaId(Uint8Array.from(bytes))).toBeUndefined();
  });
  test('message indexes', () => {
    expect([...writeMessageIndexes([0])]).toEqual([0]);
    expect([...writeMessageIndexes([1])]).toEqual([2, 2]);
    for (const indexes of [[0], [1], [0, 3], [200, 0, 70]]) {
      const bytes = Uint8Array.from([9, ...writeMessageIndexes(indexes), 7]);
      expect(readMessageIndexes(bytes, 1)).toEqual({ indexes, end: bytes.length - 1 });
      expect(readMessageIndexes(bytes.subarray(0, bytes.length - 2), 1)).toEqual(undefined);
    }
  });
  test('names of subjects', () => {
    const parts = { topic: 'orders', part: 'value', recordName: 'shop.Order' } as const;
    expect(subjectName('TopicName', parts)).toBe('orders-value');
    expect(subjectName('RecordName', parts)).toBe('shop.Order');
    expect(subjectName('TopicRecordName', parts)).toBe('orders-shop.Order');
    expect(() => subjectName('RecordName', { ...parts, recordName: undefined })).toThrow(
      'has a schema without a name',
    );
  });
});
