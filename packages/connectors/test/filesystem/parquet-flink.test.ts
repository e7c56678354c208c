/* Flink's own parquet format and ours on the same files: what one writes the other reads, and files of the same table have the
 * same schema. Takes a minute of several cores: it runs where MILLRACE_PARQUET_TABLES says so, as `npm run proof` does. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flinkMissing, RealFlink, type FlinkSession } from '../../../../tools/flink.ts';
import { flinkParquet } from '../../../../tools/registry-clients.ts';
import { runSql } from '../run-sql.ts';

const asked = process.env['MILLRACE_PARQUET_TABLES'] !== undefined;
const found = asked ? await flinkParquet() : { missing: 'it was not asked for' };
const missing = 'missing' in found ? found.missing : await flinkMissing();
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
  n1: 'DECIMAL(9, 2)',
  n2: 'DECIMAL(18, 0)',
  n3: 'DECIMAL(38, 10)',
  da: 'DATE',
  t: 'TIME(3)',
  ts3: 'TIMESTAMP(3)',
  ts6: 'TIMESTAMP(6)',
  ltz: 'TIMESTAMP_LTZ(3)',
  a: 'ARRAY<STRING>',
  m: 'MAP<STRING, INT>',
  r: 'ROW<x INT, z ROW<u STRING NOT NULL>>',
};
/** No point in time before 1970: Flink fails on those in its own files. */
const values = [
  "(TRUE, CAST(-5 AS TINYINT), CAST(300 AS SMALLINT), 70000, 9223372036854775806, CAST(1.5 AS FLOAT), 0.1, 'é€😀', 'abc', X'00ff', CAST('-1234567.89' AS DECIMAL(9, 2)), CAST('999999999999999999' AS DECIMAL(18, 0)), CAST('-1234567890123456789012345678.0123456789' AS DECIMAL(38, 10)), DATE '1969-12-31', TIME '23:59:59.123', TIMESTAMP '1970-01-01 00:00:00.001', TIMESTAMP '1999-12-31 23:59:59.123456', TO_TIMESTAMP_LTZ(1, 3), ARRAY['a', CAST(NULL AS STRING)], MAP['k', 1], CAST(ROW(1, ROW('v')) AS ROW<x INT, z ROW<u STRING NOT NULL>>))",
  '(CAST(NULL AS BOOLEAN), CAST(NULL AS TINYINT), CAST(NULL AS SMALLINT), 0, CAST(NULL AS BIGINT), CAST(NULL AS FLOAT), CAST(NULL AS DOUBLE), CAST(NULL AS STRING), CAST(NULL AS CHAR(3)), CAST(NULL AS BYTES), CAST(NULL AS DECIMAL(9, 2)), CAST(NULL AS DECIMAL(18, 0)), CAST(NULL AS DECIMAL(38, 10)), CAST(NULL AS DATE), CAST(NULL AS TIME(3)), CAST(NULL AS TIMESTAMP(3)), CAST(NULL AS TIMESTAMP(6)), CAST(NULL AS TIMESTAMP_LTZ(3)), CAST(NULL AS ARRAY<STRING>), CAST(NULL AS MAP<STRING, INT>), CAST(NULL AS ROW<x INT, z ROW<u STRING NOT NULL>>))',
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

describe.skipIf(missing !== undefined)(`Flink${missing === undefined ? '' : ` (${missing})`}`, () => {
  const root = mkdtempSync(join(tmpdir(), 'millrace-flink-parquet-'));
  let flink: RealFlink;
  beforeAll(async () => {
    flink = await RealFlink.start({});
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
  async function session(create: string): Promise<FlinkSession> {
    const opened = await flink.session();
    for (const jar of 'jars' in found ? found.jars : []) await opened.execute(`ADD JAR '${jar}'`);
    await opened.execute("SET 'table.local-time-zone' = 'UTC'");
    await opened.execute(create);
    return opened;
  }
  async function insert(opened: FlinkSession): Promise<void> {
    const { job } = await opened.execute(`INSERT INTO t VALUES ${values}`);
    const state = async (): Promise<string> =>
      (await flink.jobManager<{ state: string }>(`/jobs/${job}`)).state;
    await expect.poll(state, { timeout: 120_000 }).toMatch(/^(FINISHED|FAILED)$/);
    expect(await state()).toBe('FINISHED');
  }
  const ofFlink = async (opened: FlinkSession): Promise<string[]> =>
    (await opened.execute(asText)).rows.map((row) => row.fields.map(String).join(', ')).toSorted();
  const ours = async (create: string): Promise<string[]> =>
    (await runSql(`SET 'table.local-time-zone' = 'UTC'; ${create}; ${asText};`)).changes
      .map((change) => change.slice(3, -1))
      .toSorted();
  /** The schema of the one file in a folder. */
  function schemaIn(folder: string): unknown {
    const [name] = readdirSync(folder).filter((file) => !file.startsWith('.'));
    return (
      parquetMetadata(new Uint8Array(readFileSync(join(folder, name!))))
        // Of the two annotations of whole numbers ours have one.
        .schema.map((e) => (e.logical_type?.type === 'INTEGER' ? { ...e, logical_type: undefined } : e))
    );
  }

  test.each([
    {},
    { 'parquet.utc-timezone': 'true', 'parquet.compression': 'GZIP' },
    { 'parquet.write.int64.timestamp': 'true', 'parquet.compression': 'UNCOMPRESSED' },
    {
      'parquet.write.int64.timestamp': 'true',
      'parquet.timestamp.time.unit': 'nanos',
    },
    { 'parquet.write.int64.timestamp': 'true', 'parquet.timestamp.time.unit': 'millis' },
  ])('files, with %j', { timeout: 300_000 }, async (options) => {
    const folder = (writer: string): string => join(root, `${writer}-${JSON.stringify(options).length}`);
    const create = (writer: string): string =>
      table({ connector: 'filesystem', path: folder(writer), format: 'parquet', ...options });
    const writing = await session(create('flink'));
    await insert(writing);
    await runSql(`${create('ours')}; INSERT INTO t VALUES ${values};`);
    expect(schemaIn(folder('ours'))).toEqual(schemaIn(folder('flink')));
    const expected = await ofFlink(writing);
    expect(expected).toHaveLength(2);
    expect(await ours(create('flink'))).toEqual(expected);
    expect(await ours(create('ours'))).toEqual(expected);
    expect(await ofFlink(await session(create('ours')))).toEqual(expected);
  });
});
