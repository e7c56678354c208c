/* Flink's own avro formats and ours on the same files, topics and subjects: what one writes the other reads, and tables of the
 * same columns have the same schema. Takes a minute of several cores: it runs where MILLRACE_FLINK says so, as
 * `npm run proof` does. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flinkMissing, RealFlink, type FlinkSession } from '../../../../tools/flink.ts';
import { flinkAvro, flinkAvroConfluent, flinkProtobuf } from '../../../../tools/registry-clients.ts';
import { runSql } from '../run-sql.ts';
import { Services } from './services.ts';

const asked = process.env['MILLRACE_FLINK'] === '1';
const missing = asked ? await flinkMissing() : 'it was not asked for';
if (asked && missing !== undefined && process.env['CI'] === 'true') throw new Error(missing);

const columns = {
  b: 'BOOLEAN',
  ti: 'TINYINT',
  si: 'SMALLINT',
  i: 'INT NOT NULL',
  l: 'BIGINT',
  f: 'FLOAT',
  d: 'DOUBLE',
  s: 'STRING',
  c: 'CHAR(3)',
  y: 'BYTES',
  n: 'DECIMAL(20, 3)',
  da: 'DATE',
  t: 'TIME(3)',
  ts: 'TIMESTAMP(3)',
  a: 'ARRAY<STRING>',
  m: 'MAP<STRING, INT>',
  r: 'ROW<x INT, z ROW<u STRING NOT NULL>>',
};
const values = [
  "(TRUE, CAST(-5 AS TINYINT), CAST(300 AS SMALLINT), 70000, 9223372036854775806, CAST(1.5 AS FLOAT), 0.1, 'é€😀', 'abc', X'00ff', CAST('-12345678901234567.891' AS DECIMAL(20, 3)), DATE '1969-12-31', TIME '23:59:59.123', TIMESTAMP '1960-01-01 00:00:00.001', ARRAY['a', CAST(NULL AS STRING)], MAP['k', 1], CAST(ROW(1, ROW('v')) AS ROW<x INT, z ROW<u STRING NOT NULL>>))",
  '(CAST(NULL AS BOOLEAN), CAST(NULL AS TINYINT), CAST(NULL AS SMALLINT), 0, CAST(NULL AS BIGINT), CAST(NULL AS FLOAT), CAST(NULL AS DOUBLE), CAST(NULL AS STRING), CAST(NULL AS CHAR(3)), CAST(NULL AS BYTES), CAST(NULL AS DECIMAL(20, 3)), CAST(NULL AS DATE), CAST(NULL AS TIME(3)), CAST(NULL AS TIMESTAMP(3)), CAST(NULL AS ARRAY<STRING>), CAST(NULL AS MAP<STRING, INT>), CAST(NULL AS ROW<x INT, z ROW<u STRING NOT NULL>>))',
].join(', ');
/** Every value as text. */
const asText = `SELECT ${[
  ...Object.keys(columns)
    .filter((name) => !['y', 'a', 'm', 'r'].includes(name))
    .map((name) => `CAST(${name} AS STRING) AS ${name}`),
  'TO_BASE64(CAST(y AS STRING)) AS y',
  'a[1] AS a1',
  'a[2] AS a2',
  "CAST(m['k'] AS STRING) AS mk",
  'CAST(r.x AS STRING) AS rx',
  'r.z.u AS ru',
].join(', ')} FROM t`;

const proto = join(import.meta.dirname, 'proto/shop.proto');
/** What Flink and we have in common. */
const protoColumns =
  'b BOOLEAN, i INT, l BIGINT, f FLOAT, d DOUBLE, s STRING, y BYTES, a ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT, u STRING, many ARRAY<BIGINT>>, e STRING, zi INT, zl BIGINT, xi INT, xl BIGINT, ui INT, ul BIGINT, packed ARRAY<INT>, `rows` ARRAY<ROW<x INT, u STRING, many ARRAY<BIGINT>>>, by_id MAP<BIGINT, ROW<x INT, u STRING, many ARRAY<BIGINT>>>, text STRING, number INT';
const inner = (text: string): string => `CAST(${text} AS ROW<x INT, u STRING, many ARRAY<BIGINT>>)`;
const protoRows = [
  `(TRUE, -7, 9223372036854775806, CAST(1.5 AS FLOAT), 0.1e0, 'é€😀', X'00ff', ARRAY['a', ''], MAP['k', 1], ${inner("ROW(1, 'v', ARRAY[CAST(1 AS BIGINT), CAST(-2 AS BIGINT)])")}, 'SALE', -3, CAST(-4 AS BIGINT), -5, CAST(-6 AS BIGINT), -7, CAST(-8 AS BIGINT), ARRAY[1, 300, -1], ARRAY[${inner("ROW(2, 'w', CAST(NULL AS ARRAY<BIGINT>))")}], MAP[CAST(5 AS BIGINT), ${inner("ROW(3, '', CAST(NULL AS ARRAY<BIGINT>))")}], 't', CAST(NULL AS INT))`,
  `(FALSE, 0, CAST(0 AS BIGINT), CAST(0 AS FLOAT), 0e0, '', X'', CAST(NULL AS ARRAY<STRING>), CAST(NULL AS MAP<STRING, INT>), CAST(NULL AS ROW<x INT, u STRING, many ARRAY<BIGINT>>), 'UNKNOWN', 0, CAST(0 AS BIGINT), 0, CAST(0 AS BIGINT), 0, CAST(0 AS BIGINT), CAST(NULL AS ARRAY<INT>), CAST(NULL AS ARRAY<ROW<x INT, u STRING, many ARRAY<BIGINT>>>), CAST(NULL AS MAP<BIGINT, ROW<x INT, u STRING, many ARRAY<BIGINT>>>), CAST(NULL AS STRING), 0)`,
  `(CAST(NULL AS BOOLEAN), CAST(NULL AS INT), CAST(NULL AS BIGINT), CAST(NULL AS FLOAT), CAST(NULL AS DOUBLE), CAST(NULL AS STRING), CAST(NULL AS BYTES), CAST(NULL AS ARRAY<STRING>), CAST(NULL AS MAP<STRING, INT>), ${inner('ROW(CAST(NULL AS INT), CAST(NULL AS STRING), CAST(NULL AS ARRAY<BIGINT>))')}, CAST(NULL AS STRING), CAST(NULL AS INT), CAST(NULL AS BIGINT), CAST(NULL AS INT), CAST(NULL AS BIGINT), CAST(NULL AS INT), CAST(NULL AS BIGINT), CAST(NULL AS ARRAY<INT>), CAST(NULL AS ARRAY<ROW<x INT, u STRING, many ARRAY<BIGINT>>>), CAST(NULL AS MAP<BIGINT, ROW<x INT, u STRING, many ARRAY<BIGINT>>>), CAST(NULL AS STRING), CAST(NULL AS INT))`,
].join(', ');
const protoForms = {
  plain: {},
  defaults: { 'protobuf.read-default-values': 'true' },
} as const;
const protoText = `SELECT ${[
  ...['b', 'i', 'l', 'f', 'd', 's', 'e', 'zi', 'zl', 'xi', 'xl', 'ui', 'ul'].map(
    (name) => `CAST(${name} AS STRING) AS ${name}`,
  ),
  'TO_BASE64(CAST(y AS STRING)) AS y',
  'CAST(CARDINALITY(a) AS STRING) AS a',
  'a[1] AS a1',
  "CAST(m['k'] AS STRING) AS mk",
  'CAST(r.x AS STRING) AS rx',
  'r.u AS ru',
  'CAST(r.many[2] AS STRING) AS rm',
  'CAST(packed[3] AS STRING) AS p3',
  '`rows`[1].u AS rows1',
  'by_id[CAST(5 AS BIGINT)].u AS by5',
].join(', ')} FROM t`;
/** Of a oneof Flink reads what is not there as its default; here it is NULL, unless defaults are asked for. */
const choiceText = 'SELECT text, CAST(number AS STRING) AS number FROM t';
const choices = ['t, 0', ', 0', ', 0'];
const ownChoices = { plain: ['t, null', 'null, 0', 'null, null'], defaults: choices } as const;

describe.skipIf(missing !== undefined)(`Flink${missing === undefined ? '' : ` (${missing})`}`, () => {
  const services = new Services();
  const root = mkdtempSync(join(tmpdir(), 'millrace-flink-avro-'));
  let flink: RealFlink;
  beforeAll(async () => {
    const found = await flinkProtobuf(proto);
    // It loads the class of a message from where Flink itself lies.
    flink = await RealFlink.start('missing' in found ? {} : { classPath: found.jars });
  }, 300_000);
  afterAll(async () => {
    await flink?.close();
    rmSync(root, { recursive: true });
  });

  const table = (options: Readonly<Record<string, string>>): string =>
    `CREATE TABLE t (${Object.entries(columns)
      .map(([name, type]) => `${name} ${type}`)
      .join(', ')}) WITH (${Object.entries(options)
      .map(([k, v]) => `'${k}' = '${v}'`)
      .join(', ')})`;
  async function session(jar: string, create: string): Promise<FlinkSession> {
    const opened = await flink.session();
    await opened.execute(`ADD JAR '${jar}'`);
    await opened.execute(create);
    return opened;
  }
  async function insert(opened: FlinkSession): Promise<void> {
    const { job } = await opened.execute(`INSERT INTO t VALUES ${values}`);
    const state = async (): Promise<string> =>
      (await flink.jobManager<{ state: string }>(`/jobs/${job}`)).state;
    await expect.poll(state, { timeout: 120_000 }).toBe('FINISHED');
  }
  const ofFlink = async (opened: FlinkSession): Promise<string[]> =>
    (await opened.execute(asText)).rows.map((row) => row.fields.map(String).join(', ')).toSorted();
  const ours = async (create: string): Promise<string[]> =>
    (await runSql(`${create}; ${asText};`)).changes.map((change) => change.slice(3, -1)).toSorted();

  /** What both write, and both read. */
  async function bothWays(jar: string, optionsOf: (writer: string) => Record<string, string>): Promise<void> {
    const byFlink = table(optionsOf('flink'));
    const writing = await session(jar, byFlink);
    await insert(writing);
    const byUs = table(optionsOf('ours'));
    await runSql(`${byUs}; INSERT INTO t VALUES ${values};`);
    const reading = await session(jar, byUs);
    const expected = await ours(byFlink);
    expect(expected).toHaveLength(2);
    expect(await ofFlink(writing)).toEqual(expected);
    expect(await ofFlink(reading)).toEqual(expected);
    expect(await ours(byUs)).toEqual(expected);
  }

  test('avro files', { timeout: 300_000 }, async ({ skip }) => {
    const found = await flinkAvro();
    if ('missing' in found) return skip(found.missing);
    for (const codec of ['snappy', 'deflate', 'bzip2'])
      await bothWays(found.jar, (writer) => ({
        connector: 'filesystem',
        path: join(root, `${codec}-${writer}`),
        format: 'avro',
        'avro.codec': codec,
      }));
  });

  test.each(['binary', 'json'])('avro messages, %s', { timeout: 300_000 }, async (encoding) => {
    const found = await flinkAvro();
    if ('missing' in found) return;
    const topics = { flink: services.freshTopic(), ours: services.freshTopic() };
    await bothWays(found.jar, (writer) => {
      const options = services.options(topics[writer as 'flink'], 'avro', { 'avro.encoding': encoding });
      delete options['avro.url'];
      return options;
    });
    // Flink writes a line feed in front of every message of JSON but the first.
    const bytes = (topic: string) =>
      services.broker.read(topic).map((r) => r.value!.toString('latin1').trim());
    expect(bytes(topics.ours)).toEqual(bytes(topics.flink));
  });

  test('protobuf messages', { timeout: 300_000 }, async ({ skip }) => {
    const found = await flinkProtobuf(proto);
    if ('missing' in found) return skip(found.missing);
    const read = new Map<string, readonly string[]>();
    const bytes = (topic: string): string[] =>
      services.broker.read(topic).map((r) => r.value!.toString('hex'));
    const create = (topic: string, own: boolean, more: Readonly<Record<string, string>>): string => {
      const options = services.options(topic, 'protobuf', {
        'protobuf.message-class-name': 'com.example.shop.Order',
        ...(own ? { 'protobuf.schema-file': proto } : {}),
        ...more,
      });
      delete options['protobuf.url'];
      const pairs = Object.entries(options).map(([k, v]) => `'${k}' = '${v}'`);
      return `CREATE TABLE t (${protoColumns}) WITH (${pairs.join(', ')})`;
    };
    for (const [form, more] of Object.entries(protoForms)) {
      const opened = async (topic: string): Promise<FlinkSession> => {
        const one = await flink.session();
        await one.execute(create(topic, false, more));
        return one;
      };
      const [theirs, own] = [services.freshTopic(), services.freshTopic()];
      const writing = await opened(theirs);
      const { job } = await writing.execute(`INSERT INTO t VALUES ${protoRows}`);
      const state = async (): Promise<string> =>
        (await flink.jobManager<{ state: string }>(`/jobs/${job}`)).state;
      await expect.poll(state, { timeout: 120_000 }).toBe('FINISHED');
      await runSql(`${create(own, true, more)}; INSERT INTO t VALUES ${protoRows};`);
      // Maps have no order in a message, and these have one entry.
      expect(bytes(own), form).toEqual(bytes(theirs));
      const ofOurs = async (topic: string): Promise<string[]> =>
        (await runSql(`${create(topic, true, more)}; ${protoText};`)).changes.map((c) => c.slice(3, -1));
      const byFlink = (await writing.execute(protoText)).rows.map((row) => row.fields.map(String).join(', '));
      expect(await ofOurs(theirs), form).toEqual(byFlink);
      read.set(form, byFlink);
      const chosen = (await writing.execute(choiceText)).rows.map((row) => row.fields.map(String).join(', '));
      expect(chosen, form).toEqual(choices);
      const { changes } = await runSql(`${create(theirs, true, more)}; ${choiceText};`);
      expect(
        changes.map((c) => c.slice(3, -1)),
        form,
      ).toEqual(ownChoices[form as keyof typeof ownChoices]);
    }
    expect([...read.values()].every((rows) => rows.length === 3)).toBe(true);
  });

  test('avro-confluent: one schema, one id', { timeout: 300_000 }, async ({ skip }) => {
    const found = await flinkAvroConfluent();
    if ('missing' in found) return skip(found.missing);
    const topics = { flink: services.freshTopic(), ours: services.freshTopic() };
    await bothWays(found.jar, (writer) => services.options(topics[writer as 'flink'], 'avro-confluent'));
    const schemaOf = (topic: string) => services.client.version(`${topic}-value`);
    expect((await schemaOf(topics.ours)).id).toBe((await schemaOf(topics.flink)).id);
    const bytes = (topic: string) => services.broker.read(topic).map((r) => r.value!.toString('hex'));
    expect(bytes(topics.ours)).toEqual(bytes(topics.flink));
  });

  test('debezium-avro-confluent', { timeout: 300_000 }, async ({ skip }) => {
    const found = await flinkAvroConfluent();
    if ('missing' in found) return skip(found.missing);
    const topics = { flink: services.freshTopic(), ours: services.freshTopic() };
    await bothWays(found.jar, (writer) =>
      services.options(topics[writer as 'flink'], 'debezium-avro-confluent'),
    );
    const bytes = (topic: string) => services.broker.read(topic).map((r) => r.value!.toString('hex'));
    expect(bytes(topics.ours)).toEqual(bytes(topics.flink));
  });
});
