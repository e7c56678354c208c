/* Files that come to differ from their table: counted, reported, refused, and columns that are added. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Executor, type EngineJob } from '#engine';
import { realWorld } from '#host';
import { parseScript } from '#sql';
import { connectors } from '../../src/index.ts';

const root = mkdtempSync(join(tmpdir(), 'millrace-file-drift-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
let folders = 0;
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = join(root, `f${folders++}`);
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
const lines = (...rows: unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const from = (path: string, format: string, more = ''): string =>
  `WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = '${format}'${more})`;
const evolution = (value: string): string => `, 'millrace.schema.evolution' = '${value}'`;

async function run(sql: string): Promise<{ readonly job: EngineJob; readonly warnings: string[] }> {
  const warnings: string[] = [];
  const executor = new Executor({
    world: realWorld(),
    connectors: new Map(connectors.map((c) => [c.name, c])),
    warn: (text) => {
      warnings.push(text);
    },
  });
  let job: EngineJob | undefined;
  for (const { statement } of parseScript(sql)) {
    const execution = await executor.execute(statement);
    if (execution.kind === 'job') job = execution.job;
    await job?.done;
  }
  return { job: job!, warnings };
}
const sink = "CREATE TABLE taken (id BIGINT) WITH ('connector' = 'blackhole')";

test('json: by field, with a sample', async () => {
  const path = folderOf({
    'a.json': lines({ id: 1, name: 'a' }, { id: 2, name: 7, zip: 12 }),
    'b.json': lines({ id: 3 }, { id: 4, name: 'd', zip: 13, at: { x: 1 } }),
  });
  const table = (more: string): string =>
    `CREATE TABLE t (id BIGINT, name STRING) ${from(path, 'json', more)}; ${sink}; INSERT INTO taken SELECT id FROM t;`;
  const { job, warnings } = await run(table(''));
  expect(warnings).toEqual([]);
  expect(job.drift()).toEqual([
    { table: 't', kind: 'unknown', path: 'zip', sample: '12', of: 'records', times: 2, looked: 4 },
    { table: 't', kind: 'type', path: 'name', sample: '7', of: 'records', times: 1, looked: 2 },
    { table: 't', kind: 'missing', path: 'name', sample: '', of: 'records', times: 1, looked: 3 },
    { table: 't', kind: 'unknown', path: 'at', sample: '{"x":1}', of: 'records', times: 1, looked: 4 },
  ]);
  expect((await run(table(evolution('warn')))).warnings).toEqual([
    `table 't': ${path}/a.json:2: the field 'name' has another type than its column: 7`,
    `table 't': ${path}/a.json:2: the field 'zip' is no column of the table: 12`,
    `table 't': ${path}/b.json:2: the field 'at' is no column of the table: {"x":1}`,
  ]);
  await expect(run(table(evolution('fail')))).rejects.toMatchObject({ code: 'DATA4002' });
});

test('of many records the first ones are looked at, and then one now and then', async () => {
  const many = Array.from({ length: 50_000 }, (_, id) => ({ id, name: 'x', more: id }));
  const path = folderOf({ 'a.json': lines(...many) });
  const { job } = await run(
    `CREATE TABLE t (id BIGINT, name STRING) ${from(path, 'json')}; ${sink}; INSERT INTO taken SELECT id FROM t;`,
  );
  const [drift] = job.drift();
  expect(job.totals().rowsIn).toBe(50_000);
  expect(drift).toMatchObject({ path: 'more', sample: '0' });
  expect(drift!.times).toBe(drift!.looked);
  expect(drift!.looked).toBeGreaterThan(200);
  expect(drift!.looked).toBeLessThan(400);
});

test('csv: cells by place, and the names of a header', async () => {
  const path = folderOf({ 'a.csv': 'name,id,zip\na,1,7\nb,x,8,more\nc\n' });
  const { job } = await run(
    `CREATE TABLE t (name STRING, id BIGINT, at STRING)
     ${from(path, 'csv', ", 'csv.header' = 'true', 'csv.ignore-parse-errors' = 'true'")};
     ${sink}; INSERT INTO taken SELECT id FROM t;`,
  );
  expect(job.drift().map(({ kind, path: field, of, sample }) => `${of} ${kind} ${field} ${sample}`)).toEqual([
    'schemas unknown zip STRING',
    'schemas missing at ',
    'records type id "x"',
    'records unknown cell 4 "more"',
    'records missing id ',
    'records missing at ',
  ]);
});

test.each(['avro', 'parquet'])('%s: what a file says of its columns', async (format) => {
  const written = join(root, `written-${format}`);
  const made = await run(
    `CREATE TABLE w (id INT, zip BIGINT, place ROW<x INT>) ${from(written, format)};
     INSERT INTO w VALUES (1, 7, ROW(1));`,
  );
  expect(made.job.totals().rowsOut).toBe(1);
  const { job, warnings } = await run(
    `CREATE TABLE t (id INT, name STRING, place ROW<x INT, y INT>) ${from(written, format, evolution('warn'))};
     CREATE TABLE taken (id INT) WITH ('connector' = 'blackhole'); INSERT INTO taken SELECT id FROM t;`,
  );
  expect(warnings.map((w) => w.replace(/\S+part-\S+:/, 'FILE:')).sort()).toEqual([
    "table 't': FILE: the field 'name' is not in the record",
    "table 't': FILE: the field 'place.y' is not in the record",
    "table 't': FILE: the field 'zip' is no column of the table: BIGINT",
  ]);
  expect(job.drift()).toHaveLength(3);
});

const contents = (path: string): string[] =>
  readdirSync(path)
    .flatMap((file) => readFileSync(join(path, file), 'utf8').trim().split('\n'))
    .sort();

test('json: columns are added, from the record on that has the field', async () => {
  const path = folderOf({
    'a.json': lines({ id: 1 }, { id: 2, zip: 'x' }, { id: 3 }),
    'b.json': lines({ id: 4, more: 0.5 }, { id: 5, zip: 'y' }),
  });
  const out = join(root, 'added');
  const { job } = await run(
    `CREATE TABLE t (id BIGINT) ${from(path, 'json', evolution('add-columns'))};
     CREATE TABLE o (id BIGINT) ${from(out, 'json')};
     INSERT INTO o SELECT * FROM t;`,
  );
  expect(job.evolved.map((c) => `${c.name} ${c.type}`)).toEqual(['zip STRING', 'more DOUBLE']);
  expect(contents(out)).toEqual([
    '{"id":1}',
    '{"id":2,"zip":"x"}',
    '{"id":3,"zip":null}',
    '{"id":4,"zip":null,"more":0.5}',
    '{"id":5,"zip":"y","more":null}',
  ]);
  expect(job.totals()).toMatchObject({ rowsIn: 5, rowsOut: 5 });
});

test.each(['avro', 'parquet'])('%s: columns are added at the first file that has them', async (format) => {
  const written = join(root, `wider-${format}`);
  await run(`CREATE TABLE w (id INT) ${from(`${written}/1`, format)}; INSERT INTO w VALUES (1);`);
  await run(
    `CREATE TABLE w (id INT, zip DECIMAL(9, 2)) ${from(`${written}/2`, format)}; INSERT INTO w VALUES (2, 7.5);`,
  );
  const out = join(root, `out-${format}`);
  const { job } = await run(
    `CREATE TABLE t (id INT) ${from(written, format, evolution('add-columns'))};
     CREATE TABLE o (id INT) ${from(out, 'json')};
     INSERT INTO o SELECT * FROM t;`,
  );
  expect(job.evolved.map((c) => `${c.name} ${c.type}`)).toEqual(['zip DECIMAL(9, 2)']);
  expect(contents(out)).toEqual(['{"id":1}', '{"id":2,"zip":7.5}']);
});

test('add-columns is for records that name their fields', async () => {
  await expect(
    run(
      `CREATE TABLE t (id BIGINT) ${from(root, 'csv', evolution('add-columns'))}; ${sink}; INSERT INTO taken SELECT * FROM t;`,
    ),
  ).rejects.toMatchObject({ code: 'FS1008' });
});
