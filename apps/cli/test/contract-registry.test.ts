/* contract diff where the contract names a subject: the registry's level decides, by its own word. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { realWorld } from '#host';
import { Registry } from '#registry';
import { readContract } from '#contracts';
import { subjectVerdict, type SubjectVerdict } from '../src/schema/contract-subject.ts';
import { Workspace } from './process.ts';

const work = new Workspace();
let registry: Registry;
const contract = (fields: string, more = 'subject: orders-value, '): string =>
  `contract: {name: orders, version: 1.0.0, owner: sales, ${more}}\nschema:\n${fields}consumers: [billing]\n`;
const id = '  - {name: id, type: integer, not_null: true}\n';
const note = '  - {name: note, type: string}\n';
const total = '  - {name: total, type: number, not_null: true}\n';
const address = '  - {name: address, type: object, fields: [{name: city, type: string}]}\n';

const post = async (path: string, body: object): Promise<void> => {
  const response = await fetch(`${registry.url}${path}`, {
    method: path.startsWith('/config') ? 'PUT' : 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
};
const diff = async (before: string, after: string, ...args: readonly string[]) => {
  work.file('before.yaml', before);
  work.file('after.yaml', after);
  return await work.run([
    'contract',
    'diff',
    'before.yaml',
    'after.yaml',
    '--registry',
    registry.url,
    ...args,
  ]);
};
beforeAll(async () => {
  registry = await Registry.start({ world: realWorld(), port: 0 });
  // Names of records that a contract does not know.
  const city = {
    type: 'record',
    name: 'Place',
    fields: [{ name: 'city', type: ['null', 'string'], default: null }],
  };
  const fields = [
    { name: 'id', type: 'long' },
    { name: 'address', type: ['null', city], default: null },
  ];
  const order = { type: 'record', name: 'Order', namespace: 'shop', fields };
  await post('/subjects/orders-value/versions', { schema: JSON.stringify(order) });
  const json = {
    type: 'object',
    additionalProperties: false,
    properties: { id: { type: 'integer' } },
    required: ['id'],
  };
  await post('/subjects/json-value/versions', { schemaType: 'JSON', schema: JSON.stringify(json) });
  await post('/subjects/proto-value/versions', {
    schemaType: 'PROTOBUF',
    schema: 'syntax = "proto3";\nmessage Order { int64 id = 1; }\n',
  });
});
afterAll(async () => {
  await registry.stop();
  work.close();
});

test('what the subject takes is said so, whatever its records are called', async () => {
  const { code, out } = await diff(contract(id + address), contract(id + address + note));
  expect([code, out]).toEqual([
    0,
    '  + orders.note: a new column, string\n  ✓ registry: orders-value (BACKWARD) takes the schema\nit breaks nothing\nthe version 1.0.0 should be at least 1.0.1\n',
  ]);
});
test('a column that is never missing is safe to people, and old data has none', async () => {
  const { code, out } = await diff(contract(id + address), contract(id + address + total), '--json');
  expect(code).toBe(4);
  const found = JSON.parse(out) as {
    readonly versionNeeded: string;
    readonly changes: readonly {
      readonly where: string;
      readonly message: string;
      readonly impact: string;
      readonly consumers: string[];
    }[];
  };
  expect(found).toMatchObject({
    breaking: true,
    versionNeeded: '2.0.0',
    registry: { subject: 'orders-value', level: 'BACKWARD', type: 'AVRO', version: 1, compatible: false },
  });
  const refused = found.changes.find((c) => c.where === 'registry')!;
  expect(refused).toMatchObject({ impact: 'breaking', consumers: ['billing'] });
  expect(refused.message).toMatch(/^orders-value \(BACKWARD\) refuses the schema\n\s+.*total/);
  await post('/config/orders-value', { compatibility: 'FORWARD' });
  expect(await verdict('orders-value', id + address + total)).toMatchObject({
    level: 'FORWARD',
    compatible: true,
  });
});
const verdict = (subject: string, fields: string): Promise<SubjectVerdict> =>
  subjectVerdict(subject, readContract(contract(fields), 'orders.yaml').tables[0]!, {
    registry: registry.url,
  });
test('JSON Schema, as closed as the one that is there', async () => {
  expect(await verdict('json-value', id + note)).toMatchObject({
    type: 'JSON',
    level: 'BACKWARD',
    compatible: true,
  });
});
test.each([
  ['new-value', 'has no version of it yet'],
  ['proto-value', 'Protobuf, which is not made of contracts'],
])('%s: why it was not asked', async (subject, reason) => {
  expect(await verdict(subject, id)).toEqual({ subject, notAsked: expect.stringContaining(reason) });
});
test('a registry that is away, and none', async () => {
  work.file('one.yaml', contract(id));
  const away = await work.run([
    'contract',
    'diff',
    'one.yaml',
    'one.yaml',
    '--registry',
    'http://127.0.0.1:9',
  ]);
  expect([away.code, away.err]).toEqual([3, expect.stringContaining('127.0.0.1:9')]);
  const none = await work.run(['contract', 'diff', 'one.yaml', 'one.yaml']);
  expect([none.code, none.out]).toEqual([0, expect.stringContaining('no registry is named (--registry)')]);
});
