/* Flink's format avro-confluent against the registry, over the embedded Kafka: it registers what it writes, and reads what it
 * wrote and what another client wrote with an older schema. Takes half a minute of several cores: it runs where
 * MILLRACE_FLINK says so, as `npm run proof` does. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Broker } from '#broker';
import { realWorld } from '#host';
import { Registry, RegistryClient, writeSchemaId } from '#registry';
import { flinkMissing, RealFlink } from '../../../tools/flink.ts';
import { flinkAvroConfluent } from '../../../tools/registry-clients.ts';

const asked = process.env['MILLRACE_FLINK'] === '1';
const missing = asked ? await flinkMissing() : 'it was not asked for';
if (asked && missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);

describe.skipIf(missing !== undefined)(`Flink${missing === undefined ? '' : ` (${missing})`}`, () => {
  const basicAuth = 'ada:secret';
  let broker: Broker;
  let registry: Registry;
  let flink: RealFlink;
  beforeAll(async () => {
    broker = await Broker.start({ world: realWorld() });
    registry = await Registry.start({ world: realWorld(), auth: { users: { ada: 'secret' } } });
    flink = await RealFlink.start({});
  }, 300_000);
  afterAll(async () => {
    await flink?.close();
    await registry?.stop();
    await broker?.stop();
  });

  const table = (name: string, columns: string): string =>
    `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'kafka', 'topic' = 'orders',
      'properties.bootstrap.servers' = '${broker.bootstrapServers}', 'format' = 'avro-confluent',
      'avro-confluent.url' = '${registry.url}', 'avro-confluent.basic-auth.credentials-source' = 'USER_INFO',
      'avro-confluent.basic-auth.user-info' = '${basicAuth}',
      'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset')`;

  test('writes, registers and reads', { timeout: 300_000 }, async ({ skip }) => {
    const found = await flinkAvroConfluent();
    if ('missing' in found) return skip(found.missing);
    broker.topics.create('orders', { partitions: 1 });
    const session = await flink.session();
    await session.execute(`ADD JAR '${found.jar}'`);
    await session.execute(table('orders', 'id BIGINT, item STRING, price DECIMAL(9, 2), tags ARRAY<STRING>'));
    const { job } = await session.execute(
      "INSERT INTO orders VALUES (CAST(1 AS BIGINT), 'tea', CAST(2.50 AS DECIMAL(9, 2)), ARRAY['a', 'b']), (CAST(2 AS BIGINT), CAST(NULL AS STRING), CAST(NULL AS DECIMAL(9, 2)), ARRAY['c'])",
    );
    const state = async (): Promise<string> =>
      (await flink.jobManager<{ state: string }>(`/jobs/${job}`)).state;
    await expect.poll(state, { timeout: 120_000 }).toBe('FINISHED');

    const client = new RegistryClient({ world: realWorld(), url: registry.url, basicAuth });
    const { id, type, text } = await client.version('orders-value');
    expect(type).toBe('AVRO');
    expect(text).toContain('"logicalType":"decimal"');
    const values = broker.read('orders').map((record) => record.value!);
    expect(values.map((value) => [value[0], value.readInt32BE(1)])).toEqual([
      [0, id],
      [0, id],
    ]);
    // Another writer, with a schema of fewer fields: Flink reads it with its own.
    const older =
      '{"type":"record","name":"record","namespace":"org.apache.flink.avro.generated","fields":[{"name":"id","type":["null","long"],"default":null}]}';
    const old = await client.register('orders-value', { type: 'AVRO', text: older });
    broker.produce('orders', [{ value: Buffer.concat([writeSchemaId(old.id), Uint8Array.of(2, 6)]) }]);
    const { rows } = await session.execute('SELECT * FROM orders');
    expect(rows.map((row) => JSON.stringify(row))).toEqual([
      expect.stringContaining('"tea"'),
      expect.stringMatching(/\b2\b.*null/),
      expect.stringMatching(/\b3\b.*null/),
    ]);
  });
});
