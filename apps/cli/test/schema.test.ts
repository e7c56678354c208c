/* The command `schema` and the service `registry` as a user types them. */

import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schemaCommand } from '../src/commands/schema.ts';
import type { SchemaFlags } from '../src/schema/flags.ts';
import { Workspace, type Ran } from './process.ts';

const work = new Workspace();
const schema = (...args: readonly string[]): Promise<Ran> => work.run(['schema', ...args]);
const json = ({ out }: Ran): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;
const record = (...fields: readonly string[]): string =>
  `{"type":"record","name":"User","namespace":"shop","fields":[${fields.join(',')}]}`;
const id = '{"name":"id","type":"long"}';
const email = '{"name":"email","type":["null","string"],"default":null}';

beforeAll(async () => {
  work.file('v1.avsc', record(id));
  work.file('v2.avsc', record(id, email));
  work.file('broken.avsc', record(id, '{"name":"email","type":"string"}'));
  work.file('order.proto', 'syntax = "proto3";\nmessage Order { string id = 1; int64 total = 2; }\n');
  work.file(
    'order.json',
    '{"type":"object","additionalProperties":false,"properties":{"id":{"type":"string"}}}',
  );
  expect(await work.run(['services', 'up', 'registry'])).toMatchObject({ code: 0, err: '' });
}, 120_000);
afterAll(async () => {
  await work.run(['services', 'down', 'registry']);
  work.close();
});

test('register, list, show', async () => {
  expect(json(await schema('register', 'users-value', 'v1.avsc', '--json'))).toEqual({
    subject: 'users-value',
    version: 1,
    id: 1,
  });
  expect(await schema('register', 'users-value', 'v2.avsc')).toEqual({
    code: 0,
    out: 'users-value: version 2, id 2\n',
    err: '',
  });
  expect((await schema('list')).out).toBe('users-value  version 2, id 2, AVRO, BACKWARD\n');
  expect(json(await schema('show', 'users-value@1', '--json'))).toMatchObject({
    version: 1,
    id: 1,
    schema: record(id),
  });
  expect((await schema('show', '2')).out).toContain('"email"');
});

test('check ends with 4 when it does not hold, and says why', async () => {
  expect(await schema('check', 'v2.avsc', '--against', 'v1.avsc')).toEqual({
    code: 0,
    out: 'v2.avsc is compatible (BACKWARD)\n',
    err: '',
  });
  const refused = await schema('check', 'broken.avsc', '--subject', 'users-value');
  expect(refused.code).toBe(4);
  expect(refused.out).toContain('broken.avsc is not compatible with users-value, version 2 (BACKWARD)');
  const found = await schema('check', 'broken.avsc', '--against', 'v1.avsc', '--json');
  expect(found.code).toBe(4);
  expect(json(found)).toMatchObject({
    compatible: false,
    level: 'BACKWARD',
    against: 'v1.avsc',
    findings: [
      {
        rule: 'READER_FIELD_MISSING_DEFAULT_VALUE',
        path: '/fields/1',
        direction: 'backward',
        about: 'email',
      },
    ],
  });
  // The first that is named is the latest; a transitive level looks further.
  const against = ['--against', 'v2.avsc', '--against', 'v1.avsc'];
  expect((await schema('check', 'broken.avsc', ...against, '--level', 'none')).code).toBe(0);
  expect((await schema('check', 'v1.avsc', ...against, '--level', 'full_transitive')).code).toBe(0);
  expect((await schema('register', 'users-value', 'broken.avsc')).code).toBe(4);
});
test('check of a file alone: whether it is a schema', async () => {
  expect(await schema('check', 'order.proto')).toEqual({
    code: 0,
    out: 'order.proto is a schema (PROTOBUF)\n',
    err: '',
  });
  work.file('bad.proto', 'syntax = "proto3";\nmessage A {\n  int32 a = 1;\n  string b = 0;\n}\n');
  const bad = await schema('check', 'bad.proto');
  expect(bad.code).toBe(4);
  expect(bad.err).toContain('bad.proto:4:14: not a .proto file: the number of a field is 0');
  expect(json(await schema('check', 'bad.proto', '--json'))).toMatchObject({
    valid: false,
    error: { code: 'SCH1003' },
  });
});
test('diff, a line a change, and who reads whom', async () => {
  expect((await schema('diff', 'v1.avsc', 'v2.avsc')).out).toBe(
    '+ email: null or string, default null\nthe new schema reads old data; the old schema reads new data\n',
  );
  expect(json(await schema('diff', 'users-value@2', 'v1.avsc', '--json'))).toMatchObject({
    changes: [{ change: 'removed', path: 'email' }],
    backward: true,
    forward: true,
  });
});
test('evolve writes a version that may follow', async () => {
  const evolved = await schema(
    'evolve',
    'v2.avsc',
    '--add',
    'age:int=0',
    '--rename',
    'email:mail',
    '--level',
    'backward',
  );
  expect(evolved).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(evolved.out)).toMatchObject({
    fields: [{ name: 'id' }, { name: 'mail', aliases: ['email'] }, { name: 'age', default: 0 }],
  });
  expect((await schema('evolve', 'users-value', '--add', 'age:int', '--register')).out).toBe(
    'users-value: version 3, id 3\n',
  );
  const proto = await schema(
    'evolve',
    'order.proto',
    '--remove',
    'total',
    '--add',
    'tags:repeated string',
    '--write',
  );
  expect(proto).toMatchObject({ code: 0, out: 'written to order.proto\n' });
  const text = readFileSync(work.path('order.proto'), 'utf8');
  for (const line of ['reserved 2;', 'reserved "total";', 'repeated string tags = 3;'])
    expect(text).toContain(line);
  const refused = await schema('evolve', 'order.json', '--remove', 'id');
  expect(refused.code).toBe(4);
  expect(refused.err).toContain('PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL');
  expect((await schema('evolve', 'order.json', '--add', 'note:string')).code).toBe(0);
});
test('references to files and to subjects', async () => {
  work.file('whole.avsc', '{"type":"record","name":"Whole","fields":[{"name":"user","type":"shop.User"}]}');
  expect(await schema('check', 'whole.avsc')).toMatchObject({
    code: 4,
    err: expect.stringContaining('there is no type "shop.User"'),
  });
  expect((await schema('check', 'whole.avsc', '--reference', 'shop.User=v1.avsc')).code).toBe(0);
  expect(
    (await schema('register', 'whole', 'whole.avsc', '--reference', 'shop.User=users-value@1')).code,
  ).toBe(0);
  expect((await schema('show', 'whole')).out).toContain('shop.User is users-value, version 1');
});
const noFlags: SchemaFlags = { against: [], reference: [], add: [], remove: [], rename: [], property: [] };
test.each<[string, readonly string[], Partial<SchemaFlags>, string, string]>([
  ['check', [], {}, 'CLI1001', 'schema check: found no name, expected FILE'],
  ['chek', ['x'], {}, 'CLI1001', 'schema chek: expected list, show'],
  ['check', ['nothing.avsc'], {}, 'CLI1003', 'there is no file'],
  ['evolve', ['v1.avsc'], {}, 'CLI1001', 'what shall change?'],
  ['evolve', ['v1.avsc'], { remove: ['idd'] }, 'SCH1007', 'there is no field "idd"'],
  ['evolve', ['v1.avsc'], { add: ['id:int'] }, 'SCH1007', 'there is a field "id" already'],
  ['evolve', ['v1.avsc'], { add: ['id'] }, 'CLI1004', '--add id: expected NAME:TYPE'],
  ['evolve', ['order.json'], { rename: ['id:key'] }, 'SCH1007', 'a property of JSON has no second name'],
  [
    'check',
    ['v1.avsc'],
    { level: 'sideways', subject: 'x', url: 'http://127.0.0.1:1' },
    'REG2003',
    'does not answer',
  ],
  ['check', ['v1.avsc'], { type: 'xml' }, 'CLI1004', '--type xml: expected'],
  ['list', [], { url: 'ftp://x' }, 'REG1004', 'is no URL of a registry'],
])('%s %j %j is an error', async (action, names, flags, code, message) => {
  const files = names.map((name) => work.path(name));
  const refused = schemaCommand(action, files, { ...noFlags, ...flags });
  await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});
test('errors end with 2 or 3, without a stack', async () => {
  const unknown = await schema('show', 'nobody');
  expect(unknown).toEqual({
    code: 2,
    out: '',
    err: "REG1003: the registry refused: Subject 'nobody' not found. (40401)\n",
  });
  expect((await schema('list', '--url', 'http://127.0.0.1:1')).code).toBe(3);
});

test('the service keeps its schemas, and takes configs of schema-registry.properties', async () => {
  const up = json(await work.run(['services', 'up', 'registry', '--json']));
  expect(up).toMatchObject({
    service: 'registry',
    status: 'running',
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
  });
  expect((await work.run(['services', 'down', 'registry'])).out).toBe('registry: stopped\n');
  expect(await schema('list')).toMatchObject({
    code: 2,
    err: expect.stringContaining('the service registry does not run here'),
  });
  const again = json(
    await work.run(['services', 'up', 'registry', '--json', '--config', 'schema.compatibility.level=full']),
  );
  expect(again['url']).toBe(up['url']);
  expect((await schema('list')).out).toMatch(/^users-value {2}version 3, id 3, AVRO, FULL\nwhole {2}/);
  expect(existsSync(work.path('.millrace/services/registry/schemas.jsonl'))).toBe(true);
  await work.run(['services', 'down', 'registry']);
  const wrong = await work.run(['services', 'up', 'registry', '--config', 'kafkastore.topik=x']);
  expect(wrong).toMatchObject({
    code: 2,
    err: expect.stringContaining('kafkastore.bootstrap.servers is missing'),
  });
});
test('infer prints the table of a file', async () => {
  work.file('visits.jsonl', '{"id":1,"at":"2024-01-01T00:00:00Z"}\n');
  const { code, out } = await schema('infer', 'visits.jsonl');
  expect([code, out]).toEqual([
    0,
    `CREATE TABLE \`visits\` (
  \`id\` BIGINT,
  \`at\` TIMESTAMP_LTZ(3)
) WITH (
  'connector' = 'filesystem',
  'path' = 'visits.jsonl',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601'
);
`,
  ]);
});
