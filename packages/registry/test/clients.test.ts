/* Clients that nobody here wrote, each with a program of its own, against the registry with a password. */

import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realWorld } from '#host';
import { Registry } from '#registry';
import { runProgram } from '../../../tools/clients.ts';
import { registryNode, registryPython } from '../../../tools/registry-clients.ts';

const programs = join(import.meta.dirname, 'clients');
const [user, password] = ['ada', 'a secret:word'];
let registry: Registry;

// One each: they use the same names.
beforeEach(async () => {
  registry = await Registry.start({ world: realWorld(), auth: { users: { [user]: password } } });
});
afterEach(() => registry.stop());

/** What the program printed, by the name of the step. */
const stepsOf = (output: string): Record<string, unknown> =>
  Object.fromEntries(
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { step: string; value: unknown })
      .map(({ step, value }) => [step, value]),
  );
const unauthorized = { status: 401, code: 401 };
const incompatible = { status: 409, code: 409 };

test('@confluentinc/schemaregistry', { timeout: 600_000 }, async ({ skip }) => {
  const client = await registryNode(programs);
  if ('missing' in client) return skip(client.missing);
  const file = join(client.folder, 'node-confluent.cjs');
  const steps = stepsOf(await runProgram(process.execPath, [file, registry.url, user, password]));
  expect(steps).toEqual({
    'without a password': unauthorized,
    'same id again': true,
    versions: [1, 2],
    'version of a schema': 2,
    latest: 2,
    'by id': true,
    compatible: [true, false],
    refused: incompatible,
    unknown: { status: 404, code: 40401 },
    level: 'NONE',
    'accepted then': true,
    'deleted version': 3,
    'deleted subject': [1, 2],
    'deleted for good': [1, 2, 3],
    subjects: false,
    avro: { magic: 0, back: { id: 7, name: 'Ada' } },
    'id in a header': { header: true, back: { id: 8, name: 'Eve' } },
    json: { n: 3 },
    'topic and record': true,
    protobuf: {
      indexes: [2, 2, 10],
      id: 'o1',
      units: '5',
      counts: { a: 1 },
      note: 'hi',
      by: { case: 'robot', value: 4 },
      state: 1,
    },
    references: ['pay/money.proto'],
  });
});

test('@kafkajs/confluent-schema-registry', { timeout: 600_000 }, async ({ skip }) => {
  const client = await registryNode(programs);
  if ('missing' in client) return skip(client.missing);
  const file = join(client.folder, 'node-kafkajs.cjs');
  const steps = stepsOf(await runProgram(process.execPath, [file, registry.url, user, password]));
  expect(steps).toEqual({
    avro: { n: 5, id: true },
    evolved: { other: true, latest: true },
    lookup: true,
    'old data, new reader': { n: 5, s: '-' },
    json: { a: 'x' },
    protobuf: { n: 9, ids: true },
  });
});

test('confluent-kafka for Python', { timeout: 600_000 }, async ({ skip }) => {
  const python = await registryPython();
  if ('missing' in python) return skip(python.missing);
  const file = join(programs, 'python_confluent.py');
  const steps = stepsOf(await runProgram('python3', [file, registry.url, user, password], '', python.env));
  expect(steps).toEqual({
    'without a password': unauthorized,
    versions: [1, 2],
    lookup: 1,
    'by id': true,
    compatible: [true, false],
    refused: incompatible,
    level: 'FORWARD',
    config: 'major',
    metadata: ['ada', 'checkId'],
    'other id': true,
    avro: { id: 7, name: 'Ada' },
    'id in a header': ['__value_schema_id', 7, { id: 9, name: 'Grace' }],
    json: { n: 3 },
    protobuf: { indexes: [2, 2, 10], id: 'o1', units: 5, counts: { a: 1 }, note: 'hi' },
    references: ['pay/money.proto'],
    source: expect.stringContaining('map<string, int32> counts = 5;'),
    descriptor: ['shop', ['Note', 'Order'], ['id', 'total', 'at', 'note', 'counts']],
    reference: 'python-ref',
    'still referenced': { status: 422, code: 42206 },
    deleted: [[1], [1]],
    'subject of a topic': 'python-users2-value',
  });
});
