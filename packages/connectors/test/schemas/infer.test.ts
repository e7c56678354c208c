/* Tables that declare no columns: those of their subject's latest schema, or of a file. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseScript } from '#sql';
import { connectors } from '../../src/index.ts';
import { message, Services } from './services.ts';
import { runSql } from '../run-sql.ts';

const services = new Services();
const root = mkdtempSync(join(tmpdir(), 'millrace-infer-'));
afterAll(() => rmSync(root, { recursive: true }));

const withOptions = (options: Readonly<Record<string, string>>): string =>
  `WITH (${Object.entries(options)
    .map(([k, v]) => `'${k}' = '${v}'`)
    .join(', ')})`;
/** What DESCRIBE says of each column. */
async function described(text: string): Promise<string[]> {
  const registry = new Map(connectors.map((descriptor) => [descriptor.name, descriptor]));
  const executor = new Executor({ world: realWorld(), connectors: registry });
  for (const { statement } of parseScript(text)) {
    const execution = await executor.execute(statement);
    if (execution.kind === 'table')
      return execution.rows.map(
        (row) => `${String(row[0])} ${String(row[1])}${row[2] === true ? '' : ' NOT NULL'}`,
      );
  }
  return [];
}
const register = async (subject: string, type: 'AVRO' | 'PROTOBUF' | 'JSON', text: string): Promise<number> =>
  (await services.client.register(subject, { type, text })).id;

describe('from a registry', () => {
  test('avro-confluent, beside a computed column and a watermark', async () => {
    const topic = services.freshTopic();
    const avro = {
      type: 'record',
      name: 'Order',
      fields: [
        { name: 'id', type: 'long' },
        { name: 'price', type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 }] },
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
        {
          name: 'place',
          type: { type: 'record', name: 'P', fields: [{ name: 'x', type: ['int', 'null'] }] },
        },
        { name: 'tags', type: { type: 'array', items: 'string' } },
        { name: 'kind', type: { type: 'enum', name: 'K', symbols: ['A'] } },
      ],
    };
    const id = await register(`${topic}-value`, 'AVRO', JSON.stringify(avro));
    services.broker.produce(topic, [message(id, 14, 2, 2, 100, 2, 0, 8, 2, 2, 65, 0, 0)]);
    const options = withOptions(services.options(topic, 'avro-confluent'));
    const table = `CREATE TABLE t (twice AS id * 2, WATERMARK FOR \`at\` AS \`at\`) ${options};`;
    expect(await described(`${table} DESCRIBE t;`)).toEqual([
      'id BIGINT NOT NULL',
      'price DECIMAL(9, 2)',
      'at TIMESTAMP_LTZ(3) *ROWTIME* NOT NULL',
      'place ROW<`x` INT> NOT NULL',
      'tags ARRAY<STRING NOT NULL> NOT NULL',
      'kind STRING NOT NULL',
      'twice BIGINT NOT NULL',
    ]);
    const run = await runSql(`${table} SELECT id, twice, price, place.x, tags[1], kind FROM t;`);
    expect(run.changes).toEqual(['+I[7, 14, 1.00, 4, A, A]']);
  });

  test('protobuf-confluent, json-registry, debezium-avro-confluent', async () => {
    const topic = services.freshTopic();
    const columns = async (format: string): Promise<string[]> =>
      await described(`CREATE TABLE t ${withOptions(services.options(topic, format))}; DESCRIBE t;`);
    await register(
      `${topic}-value`,
      'PROTOBUF',
      'syntax = "proto3"; message T { int64 id = 1; optional string item = 2; repeated double xs = 3; uint64 big = 4; }',
    );
    expect(await columns('protobuf-confluent')).toEqual([
      'id BIGINT NOT NULL',
      'item STRING',
      'xs ARRAY<DOUBLE NOT NULL>',
      'big DECIMAL(20, 0) NOT NULL',
    ]);
    await register(
      `${topic}-value`,
      'JSON',
      '{"type":"object","required":["id"],"properties":{"id":{"type":"integer"},"x":{"type":["number","null"]},"o":{"type":"object","properties":{"y":{"type":"boolean"}}}}}',
    );
    expect(await columns('json-registry')).toEqual(['id BIGINT NOT NULL', 'x DOUBLE', 'o ROW<`y` BOOLEAN>']);
    const row = '{"type":"record","name":"V","fields":[{"name":"id","type":"int"}]}';
    await register(
      `${topic}-value`,
      'AVRO',
      `{"type":"record","name":"E","fields":[{"name":"before","type":["null",${row}]},{"name":"after","type":["null","V"]},{"name":"op","type":"string"}]}`,
    );
    expect(await columns('debezium-avro-confluent')).toEqual(['id INT NOT NULL']);
  });

  test('columns of the key stand in front where they are not in the value', async () => {
    const topic = services.freshTopic();
    const one = (name: string) =>
      `{"type":"record","name":"R","fields":[{"name":"${name}","type":"string"}]}`;
    await register(`${topic}-key`, 'AVRO', one('id'));
    await register(`${topic}-value`, 'AVRO', one('item'));
    const options = services.options(topic, 'avro-confluent', {
      'key.format': 'avro-confluent',
      'key.avro-confluent.url': services.registry.url,
      'key.fields': 'k_id',
      'key.fields-prefix': 'k_',
      'value.fields-include': 'EXCEPT_KEY',
    });
    expect(await described(`CREATE TABLE t ${withOptions(options)}; DESCRIBE t;`)).toEqual([
      'k_id STRING NOT NULL',
      'item STRING NOT NULL',
    ]);
  });

  test('what has no columns is an error at the table', async () => {
    const topic = services.freshTopic();
    const create = `CREATE TABLE t ${withOptions(services.options(topic, 'avro-confluent'))};`;
    await expect(runSql(create)).rejects.toMatchObject({ code: 'REG1003', at: { line: 1, column: 14 } });
    await register(
      `${topic}-value`,
      'AVRO',
      '{"type":"record","name":"R","fields":[{"name":"x","type":["int","string"]}]}',
    );
    await expect(runSql(create)).rejects.toMatchObject({
      code: 'FMT1006',
      message: "field 'x' of the schema is a union of int, string, which no column can be",
    });
  });
});

describe('from a file', () => {
  test('JSON, CSV, and a .proto file', async () => {
    writeFileSync(join(root, 'a.json'), '{"id":1,"at":"2024-01-01T00:00:00Z"}\n');
    writeFileSync(join(root, 'b.csv'), 'id,name\n1,tea\n');
    writeFileSync(
      join(root, 't.proto'),
      'syntax = "proto2"; message T { required int32 id = 1; optional bool ok = 2; }',
    );
    const file = (path: string, format: string): string =>
      `CREATE TABLE t WITH ('connector' = 'filesystem', 'path' = '${join(root, path)}', 'format' = '${format}'); DESCRIBE t;`;
    expect(await described(file('a.json', 'json'))).toEqual(['id BIGINT', 'at TIMESTAMP_LTZ(3)']);
    expect(await described(file('b.csv', 'csv'))).toEqual(['id BIGINT', 'name STRING']);
    const options = services.options(services.freshTopic(), 'protobuf', {
      'protobuf.schema-file': join(root, 't.proto'),
      'protobuf.message-class-name': 'T',
    });
    delete options['protobuf.url'];
    expect(await described(`CREATE TABLE t ${withOptions(options)}; DESCRIBE t;`)).toEqual([
      'id INT NOT NULL',
      'ok BOOLEAN',
    ]);
  });

  test('an Avro file, which is written and read again', async () => {
    const folder = join(root, 'avro');
    const options = withOptions({ connector: 'filesystem', path: folder, format: 'avro' });
    await runSql(
      `CREATE TABLE t (id BIGINT NOT NULL, at_ TIMESTAMP(3)) ${options}; INSERT INTO t VALUES (1, TIMESTAMP '2024-01-01 00:00:00');`,
    );
    expect(await described(`CREATE TABLE t ${options}; DESCRIBE t;`)).toEqual([
      'id BIGINT NOT NULL',
      // In the legacy mapping, in which it was written, a local time lies there as one of UTC.
      'at_ TIMESTAMP_LTZ(3)',
    ]);
    const run = await runSql(
      `CREATE TABLE t ${options}; INSERT INTO t VALUES (2, CAST(NULL AS TIMESTAMP_LTZ(3))); SELECT id FROM t;`,
    );
    expect(run.changes.toSorted()).toEqual(['+I[1]', '+I[2]']);
  });
});
