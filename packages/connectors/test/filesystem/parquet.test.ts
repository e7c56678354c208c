/* Parquet files through SQL: written and read back, taken up in the middle of a row group, inferred, damaged. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { types, type Row } from '#data';
import { realWorld } from '#host';
import { writeParquet } from '../../../formats/test/parquet-files.ts';
import { inferFileTable } from '../../src/filesystem/infer.ts';
import { FilesystemSource } from '../../src/filesystem/source.ts';
import { readRows, sourceContext } from '../contexts.ts';
import { runSql } from '../run-sql.ts';

const root = mkdtempSync(join(tmpdir(), 'millrace-parquet-'));
afterAll(() => rmSync(root, { recursive: true }));
const table = (path: string, columns: string, more = ''): string =>
  `CREATE TABLE t (${columns}) WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = 'parquet'${more})`;
const fileIn = (folder: string): string => join(folder, readdirSync(folder)[0]!);

const columns =
  'b BOOLEAN, ti TINYINT, si SMALLINT, i INT NOT NULL, l BIGINT, f FLOAT, d DOUBLE, s STRING, y BYTES, n DECIMAL(30, 3), da DATE, t TIME(3), ts TIMESTAMP(9), a ARRAY<ARRAY<INT>>, m MAP<STRING, INT>, r ROW<x INT, z ROW<u STRING>>';
test('every type, and NULL of each', async () => {
  const folder = join(root, 'types');
  await runSql(
    `${table(folder, columns)}; INSERT INTO t VALUES
     (TRUE, CAST(-128 AS TINYINT), CAST(-32768 AS SMALLINT), -2147483648, -9223372036854775808, CAST(1.5 AS FLOAT), -0.1e0, 'é€😀', X'00ff', CAST('-123456789012345678901234567.891' AS DECIMAL(30, 3)), DATE '0001-01-01', TIME '23:59:59.999', TIMESTAMP '1969-12-31 23:59:59.123456789', ARRAY[ARRAY[1, CAST(NULL AS INT)], CAST(NULL AS ARRAY<INT>)], MAP['k', CAST(NULL AS INT)], CAST(ROW(CAST(NULL AS INT), ROW('v')) AS ROW<x INT, z ROW<u STRING>>)),
     (CAST(NULL AS BOOLEAN), CAST(NULL AS TINYINT), CAST(NULL AS SMALLINT), 0, CAST(NULL AS BIGINT), CAST(NULL AS FLOAT), CAST(NULL AS DOUBLE), CAST(NULL AS STRING), CAST(NULL AS BYTES), CAST(NULL AS DECIMAL(30, 3)), CAST(NULL AS DATE), CAST(NULL AS TIME(3)), CAST(NULL AS TIMESTAMP(9)), CAST(NULL AS ARRAY<ARRAY<INT>>), CAST(NULL AS MAP<STRING, INT>), CAST(NULL AS ROW<x INT, z ROW<u STRING>>));`,
  );
  const { changes } = await runSql(`${table(folder, columns)}; SELECT * FROM t;`);
  expect(changes).toEqual([
    '+I[true, -128, -32768, -2147483648, -9223372036854775808, 1.5, -0.1, é€😀, [0, -1], -123456789012345678901234567.891, 0001-01-01, 23:59:59.999, 1969-12-31T23:59:59.123456789, [[1, null], null], {k=null}, +I[null, +I[v]]]',
    '+I[null, null, null, 0, null, null, null, null, null, null, null, null, null, null, null, null]',
  ]);
  const some = await runSql(
    `${table(folder, 'later STRING, r ROW<later INT, z ROW<u STRING>>, i INT')}; SELECT i, later, r FROM t;`,
  );
  expect(some.changes).toEqual(['+I[-2147483648, null, +I[null, +I[v]]]', '+I[0, null, null]']);
});

test('a file without columns of the table, and one whose columns are of other types', async () => {
  const path = join(root, 'other.parquet');
  const at = [{ name: 'id', type: types.INT }];
  writeFileSync(path, writeParquet(at, [[1], [2]]));
  expect((await runSql(`${table(path, 'x STRING')}; SELECT * FROM t;`)).changes).toEqual([
    '+I[null]',
    '+I[null]',
  ]);
  expect((await runSql(`${table(path, 'x STRING')}; SELECT COUNT(*) FROM t;`)).changes.at(-1)).toBe('+U[2]');
  await expect(runSql(`${table(path, 'id STRING')}; SELECT * FROM t;`)).rejects.toMatchObject({
    code: 'FMT1006',
    message: "column 'id' is STRING, and in the file INT32",
  });
});

test('a position in the middle of a row group goes on at its next row', async () => {
  const path = join(root, 'groups.parquet');
  const fields = [
    { name: 'n', type: types.BIGINT },
    { name: 't', type: types.STRING },
  ];
  const all = Array.from({ length: 20_000 }, (_, i): Row => [BigInt(i), `text ${i}`]);
  writeFileSync(path, writeParquet(fields, all, {}, 7000));
  const rows: Row[] = [];
  let positions: ReadonlyMap<string, Uint8Array> | undefined;
  let restarts = 0;
  for (; rows.length < all.length; restarts++) {
    const { context, told } = sourceContext(realWorld(), { fields, options: { path, format: 'parquet' } });
    const source = new FilesystemSource(context);
    await source.open(positions);
    rows.push(...(await readRows(source, told, fields, (batches) => batches >= 1)));
    positions = source.snapshot();
    await source.close();
  }
  expect(restarts).toBeGreaterThan(4);
  expect(rows).toEqual(all);
});

test('options: compression, row groups, what is not there', async () => {
  for (const compression of ['snappy', 'GZIP', 'ZSTD', 'BROTLI', 'UNCOMPRESSED']) {
    const folder = join(root, compression);
    const more = `, 'parquet.compression' = '${compression}', 'parquet.block.size' = '2000'`;
    await runSql(
      `CREATE TABLE s (n BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '600', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '600');
       ${table(folder, 'n BIGINT', more)}; INSERT INTO t SELECT n FROM s;`,
    );
    const run = await runSql(`${table(folder, 'n BIGINT')}; SELECT COUNT(*), SUM(n) FROM t;`);
    expect(run.changes.at(-1)).toBe('+U[600, 180300]');
  }
  const write = (more: string): Promise<unknown> =>
    runSql(`${table(join(root, 'never'), 'n BIGINT', more)}; INSERT INTO t VALUES (1);`);
  await expect(write(", 'parquet.compression' = 'LZO'")).rejects.toThrow(
    "option 'parquet.compression': 'LZO' is not there",
  );
  await expect(write(", 'parquet.block.size' = 'big'")).rejects.toThrow("'big' is no number of bytes");
  await expect(
    runSql(`${table(join(root, 'never'), 'n INTERVAL DAY')}; INSERT INTO t VALUES (INTERVAL '1' DAY);`),
  ).rejects.toThrow(/INTERVAL|nothing for/);
});

test('a table without columns takes those of the file', async () => {
  const folder = join(root, 'inferred');
  await runSql(
    `${table(folder, 'id BIGINT NOT NULL, price DECIMAL(9, 2), at TIMESTAMP(3), tags ARRAY<STRING>')};
     INSERT INTO t VALUES (1, 2.50, TIMESTAMP '2024-01-01 12:00:00', ARRAY['a']);`,
  );
  const path = join(root, 'inferred.parquet');
  writeFileSync(path, readFileSync(fileIn(folder)));
  expect(await inferFileTable(path)).toMatchObject({
    columns: [
      { name: 'id', type: 'BIGINT NOT NULL' },
      { name: 'price', type: 'DECIMAL(9, 2)' },
      { name: 'at', type: 'TIMESTAMP(9)' },
      { name: 'tags', type: 'ARRAY<STRING>' },
    ],
    options: { format: 'parquet', 'parquet.utc-timezone': 'true' },
  });
  const run = await runSql(
    `CREATE TABLE t WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = 'parquet'); SELECT id, price, tags FROM t;`,
  );
  expect(run.changes).toEqual(['+I[1, 2.50, [a]]']);
});

test('partitions, several files, and a file that is damaged', async () => {
  const folder = join(root, 'partitions');
  const create = table(folder, 'id INT, day STRING').replace(' WITH', ' PARTITIONED BY (day) WITH');
  await runSql(`${create}; INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'a');`);
  const read = `${create}; SELECT * FROM t;`;
  expect((await runSql(read)).changes).toEqual(['+I[1, a]', '+I[3, a]', '+I[2, b]']);
  const path = fileIn(join(folder, 'day=b'));
  const bytes = readFileSync(path);
  mkdirSync(join(root, 'cut'));
  const cut = join(root, 'cut', 'x.parquet');
  for (const length of [0, 3, 12, bytes.length >> 1, bytes.length - 1]) {
    writeFileSync(cut, bytes.subarray(0, length));
    await expect(
      runSql(`${table(cut, 'id INT')}; SELECT * FROM t;`),
      `${length} bytes`,
    ).rejects.toMatchObject({
      code: 'FMT1001',
      message: expect.stringContaining(cut) as string,
    });
    await expect(inferFileTable(cut)).rejects.toThrow(cut);
  }
});
