/* Avro files: written by fastavro and read here, written here and read by fastavro, taken up in the middle of a block. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { types, type Row } from '#data';
import { realWorld } from '#host';
import { runProgram } from '../../../../tools/clients.ts';
import { formatsPython } from '../../../../tools/registry-clients.ts';
import { FilesystemSource } from '../../src/filesystem/source.ts';
import { readRows, sourceContext } from '../contexts.ts';
import { runSql } from '../run-sql.ts';

const root = mkdtempSync(join(tmpdir(), 'millrace-avro-'));
afterAll(() => rmSync(root, { recursive: true }));
const program = fileURLToPath(new URL('../../../formats/test/python/avro_files.py', import.meta.url));
const python = await formatsPython();
const env = 'missing' in python ? {} : python.env;
const noPython = 'missing' in python;
const codecs = ['null', 'deflate', 'snappy', 'zstandard', 'bzip2'];

const table = (path: string, columns: string, more = ''): string =>
  `CREATE TABLE t (${columns}) WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = 'avro'${more})`;
const written = join(root, 'fastavro');
if (!noPython) {
  mkdirSync(written);
  await runProgram('python3', [program, 'write', written], '', env);
}

test.skipIf(noPython).each([...codecs, 'xz'])('a file of fastavro with codec %s', async (codec) => {
  const path = join(written, `${codec}.avro`);
  const run = await runSql(`${table(path, 'id BIGINT, note STRING, more INT')}; SELECT * FROM t;`);
  expect(run.changes).toHaveLength(5000);
  expect(run.changes.slice(0, 2)).toEqual(['+I[0, null, null]', '+I[1, n1, null]']);
  expect(run.changes.at(-1)).toBe('+I[4999, n4999, null]');
});

test.skipIf(noPython).each(codecs)('fastavro reads a file with codec %s', async (codec) => {
  const folder = join(root, `ours-${codec}`);
  const columns = 'id BIGINT NOT NULL, name STRING, price DECIMAL(9, 2)';
  await runSql(
    `${table(folder, columns, `, 'avro.codec' = '${codec}'`)};
     INSERT INTO t VALUES (1, 'tea', 2.50), (2, CAST(NULL AS STRING), CAST(NULL AS DECIMAL(9, 2)));`,
  );
  const files = readdirSync(folder).map((name) => join(folder, name));
  const output = await runProgram('python3', [program, 'read', ...files], '', env);
  expect(JSON.parse(output)).toEqual({
    codec,
    rows: [
      { id: 1, name: 'tea', price: '2.50' },
      { id: 2, name: null, price: null },
    ],
  });
});

test('many rows in several blocks are read as they were written', async () => {
  const folder = join(root, 'many');
  await runSql(
    `CREATE TABLE s (n BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '6000', 'fields.n.kind' = 'sequence', 'fields.n.start' = '1', 'fields.n.end' = '6000');
     ${table(folder, 'n BIGINT, t STRING')}; INSERT INTO t SELECT n, 'text ' || CAST(n AS STRING) FROM s;`,
  );
  const run = await runSql(`${table(folder, 'n BIGINT, t STRING')}; SELECT COUNT(*), SUM(n), MAX(t) FROM t;`);
  expect(run.changes.at(-1)).toBe('+U[6000, 18003000, text 999]');
});

/** A file of one block. */
async function blocks(): Promise<string> {
  const folder = join(root, 'blocks');
  await runSql(
    `CREATE TABLE s (n BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '12000', 'fields.n.kind' = 'sequence', 'fields.n.start' = '0', 'fields.n.end' = '11999');
     ${table(folder, 'n BIGINT')}; INSERT INTO t SELECT n FROM s;`,
  );
  return join(folder, readdirSync(folder)[0]!);
}

test('a position in the middle of a block goes on at its next record', async () => {
  const path = await blocks();
  const table = { fields: [{ name: 'n', type: types.BIGINT }], options: { path, format: 'avro' } };
  const rows: Row[] = [];
  let positions: ReadonlyMap<string, Uint8Array> | undefined;
  let restarts = 0;
  for (; rows.length < 12_000; restarts++) {
    const { context, told } = sourceContext(realWorld(), table);
    const source = new FilesystemSource(context);
    await source.open(positions);
    rows.push(...(await readRows(source, told, table.fields, (batches) => batches >= 1)));
    positions = source.snapshot();
    await source.close();
  }
  expect(restarts).toBeGreaterThan(2);
  expect(rows.map(([n]) => n)).toEqual(Array.from({ length: 12_000 }, (_, i) => BigInt(i)));
});

test.each([
  [
    'is no Avro file',
    (bytes: Buffer) => Buffer.concat([Buffer.from('PAR1'), bytes]),
    'does not begin with Obj',
  ],
  ['is cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 5), 'ends within a block'],
  [
    'has another mark',
    (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -1), Buffer.of(bytes.at(-1)! ^ 1)]),
    'the mark behind a block',
  ],
  [
    'has a block of other bytes',
    (bytes: Buffer) =>
      Buffer.concat([bytes.subarray(0, -40), Buffer.of(bytes.at(-40)! ^ 1), bytes.subarray(-39)]),
    'the checksum is',
  ],
])('a file that %s says so', async (_, damage, problem) => {
  const folder = join(root, 'damaged');
  await runSql(
    `${table(folder, 'n BIGINT, t STRING')}; INSERT INTO t VALUES (1, 'abcdefghijklmnop'), (2, 'qrstuvwxyz0123456789');`,
  );
  const path = join(root, 'damaged.avro');
  writeFileSync(path, damage(readFileSync(join(folder, readdirSync(folder)[0]!))));
  rmSync(folder, { recursive: true });
  await expect(runSql(`${table(path, 'n BIGINT')}; SELECT * FROM t;`)).rejects.toThrow(problem);
});

test('a codec that is not there, and one that is only read, are named', async () => {
  const insert = (codec: string) =>
    runSql(`${table(join(root, 'x'), 'n BIGINT', `, 'avro.codec' = '${codec}'`)}; INSERT INTO t VALUES (1);`);
  await expect(insert('lzo')).rejects.toMatchObject({ code: 'CAT1002' });
  await expect(insert('xz')).rejects.toMatchObject({
    code: 'FMT1004',
    message: expect.stringContaining("files with the codec 'xz' are read, and not written"),
    hint: 'Written are null, deflate, snappy, zstandard, bzip2: zstandard comes nearest in size.',
  });
});

test.skipIf(noPython)('a table that is read may name the codec of its files, whichever it is', async () => {
  const path = join(written, 'xz.avro');
  const run = await runSql(
    `${table(path, 'id BIGINT', ", 'avro.codec' = 'xz'")}; SELECT MAX(id) AS m FROM t;`,
  );
  expect(run.changes.at(-1)).toBe('+U[4999]');
});
