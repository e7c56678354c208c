/* Topics whose messages come to differ from their table: counted, reported, refused (`millrace.schema.evolution`); and a state
 * that was kept before a writer's schema changed. Embedded Kafka and registry. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { types } from '#data';
import { Executor, type EngineJob } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';
import { connectors } from '../../src/index.ts';
import { openSource, readAll, tableOf } from '../kafka/support.ts';
import { Services, message } from './services.ts';

const services = new Services();
const columns = { id: types.BIGINT, name: types.STRING };

const json = (topic: string, evolution?: string): Record<string, string> => ({
  connector: 'kafka',
  topic,
  'properties.bootstrap.servers': services.broker.bootstrapServers,
  format: 'json',
  'scan.startup.mode': 'earliest-offset',
  'scan.bounded.mode': 'latest-offset',
  ...(evolution === undefined ? {} : { 'millrace.schema.evolution': evolution }),
});
const values = (...messages: object[]): { value: Buffer }[] =>
  messages.map((m) => ({ value: Buffer.from(JSON.stringify(m)) }));

test('fields that the table does not know are counted, with a sample, and read on', async () => {
  const topic = services.freshTopic();
  services.broker.produce(
    topic,
    values({ id: 1, name: 'a' }, { id: 2, name: 'b', zip: 12 }, { id: 3, name: 'c', zip: 13 }, { id: 4 }),
  );
  const reading = await openSource(tableOf(columns, json(topic)));
  await reading.run();
  expect(reading.rows.length).toBe(4);
  expect(reading.warnings).toEqual([]);
  expect(reading.source.drift).toEqual([
    { kind: 'unknown', path: 'zip', sample: '12', of: 'records', times: 2, looked: 3 },
    { kind: 'missing', path: 'name', sample: '', of: 'records', times: 1, looked: 4 },
  ]);
  await reading.source.close();
});

test('of many records some are looked at', async () => {
  const topic = services.freshTopic();
  const many = Array.from({ length: 20_000 }, (_, id) => ({ id, name: 'x', more: id }));
  for (let from = 0; from < many.length; from += 1000)
    services.broker.produce(topic, values(...many.slice(from, from + 1000)));
  const reading = await openSource(tableOf(columns, json(topic)));
  await reading.run();
  const [drift] = reading.source.drift!;
  expect(reading.rows.length).toBe(20_000);
  expect(drift).toMatchObject({ kind: 'unknown', path: 'more', sample: '0' });
  expect(drift!.times).toBe(drift!.looked);
  expect(drift!.looked).toBeGreaterThan(210);
  expect(drift!.looked).toBeLessThan(300);
  await reading.source.close();
});

test('warn says it once a field, fail at the first record', async () => {
  const topic = services.freshTopic();
  services.broker.produce(topic, values({ id: 1, name: 'a' }, { id: 2, name: 7 }, { id: 3, name: 8 }));
  const { warnings, rows } = await readAll(tableOf(columns, json(topic, 'warn')));
  expect(rows.length).toBe(3);
  expect(warnings).toEqual([
    `table 't': topic '${topic}', partition 0, offset 1: the field 'name' has another type than its column: 7`,
  ]);
  await expect(readAll(tableOf(columns, json(topic, 'fail')))).rejects.toMatchObject({
    class: 'user',
    code: 'DATA4002',
    message: `topic '${topic}', partition 0, offset 1: the field 'name' has another type than its column: 7`,
  });
});

const record = (...fields: object[]): string => JSON.stringify({ type: 'record', name: 'Order', fields });
const id = { name: 'id', type: 'long' };

test('a writer of a new version is news', async () => {
  const topic = services.freshTopic();
  const register = async (text: string): Promise<number> =>
    (await services.client.register(`${topic}-value`, { type: 'AVRO', text })).id;
  const first = await register(record(id, { name: 'name', type: 'string' }));
  const second = await register(record(id, { name: 'name', type: 'string' }, { name: 'zip', type: 'int' }));
  services.broker.produce(topic, [message(first, 2, 2, 97), message(second, 4, 2, 98, 24)]);
  const options = services.options(topic, 'avro-confluent', { 'millrace.schema.evolution': 'warn' });
  const { rows, warnings } = await readAll(tableOf(columns, options));
  expect(rows).toEqual([
    [1n, 'a'],
    [2n, 'b'],
  ]);
  expect(warnings).toEqual([
    `table 't': schema ${second}: the field 'zip' is no column of the table: INT NOT NULL`,
  ]);
  const failing = { ...options, 'millrace.schema.evolution': 'fail' };
  await expect(readAll(tableOf(columns, failing))).rejects.toMatchObject({ code: 'DATA4002' });
});

test('a savepoint that was taken before a compatible change is gone on from behind it', async () => {
  const topic = services.freshTopic();
  const register = async (text: string): Promise<number> =>
    (await services.client.register(`${topic}-value`, { type: 'AVRO', text })).id;
  const first = await register(record(id));
  services.broker.produce(topic, [message(first, 2), message(first, 2), message(first, 4)]);
  const folder = mkdtempSync(join(tmpdir(), 'millrace-drift-'));
  const printed: string[] = [];
  const started = async (fromSavepoint?: string): Promise<EngineJob> => {
    const executor = new Executor({
      world: realWorld(),
      connectors: new Map(connectors.map((c) => [c.name, c])),
      print: (line) => {
        printed.push(line);
        return undefined;
      },
    });
    const { 'scan.bounded.mode': _, ...options } = services.options(topic, 'avro-confluent');
    const text = Object.entries(options).map(([key, value]) => `'${key}' = '${value}'`);
    for (const sql of [
      `CREATE TABLE orders (id BIGINT) WITH (${text.join(', ')})`,
      "CREATE TABLE out_table (id BIGINT, n BIGINT) WITH ('connector' = 'print')",
    ])
      await executor.execute(parseStatement(sql));
    const execution = await executor.execute(
      parseStatement('INSERT INTO out_table SELECT id, COUNT(*) FROM orders GROUP BY id'),
      { name: 'counts', inBackground: true, state: { stateDir: folder, fresh: true, fromSavepoint } },
    );
    return (execution as { readonly job: EngineJob }).job;
  };
  try {
    const job = await started();
    await expect.poll(() => job.totals().rowsIn).toBe(3);
    const savepoint = await job.stopWithSavepoint(folder);
    const second = await register(record(id, { name: 'zip', type: ['null', 'int'], default: null }));
    services.broker.produce(topic, [message(second, 2, 0), message(first, 4)]);
    const again = await started(savepoint);
    await expect.poll(() => again.totals().rowsIn).toBe(2);
    const last = ['-U[1, 2]', '+U[1, 3]', '-U[2, 1]', '+U[2, 2]'];
    await expect.poll(() => printed.slice(-4)).toEqual(last);
    expect(again.drift()).toMatchObject([
      { table: 'orders', kind: 'unknown', path: 'zip', of: 'schemas', sample: 'INT' },
    ]);
    await again.cancel();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
