/* The command as a shell sees it: output, JSON, exit codes, signals. */

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const bin = join(import.meta.dirname, '../bin/millrace.js');
const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
function millrace(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    cwd: folder,
  });
  return { code: status, out: stdout, err: stderr };
}
const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l) as Record<string, unknown>);

test('sql --json prints a header, changes and a status a statement', () => {
  const { code, out } = millrace(
    'sql',
    '--json',
    '-e',
    "SELECT 9223372036854775807 AS b, CAST(1.50 AS DECIMAL(5, 2)) AS d, TRUE AS t, X'0102' AS y;\nSELECT v FROM (VALUES (1), (2)) AS x (v)",
  );
  expect(code).toBe(0);
  expect(out).toContain('"row":[9223372036854775807,1.50,true,"AQI="]');
  const parsed = lines(out);
  expect(parsed[0]).toMatchObject({
    statement: 1,
    line: 1,
    columns: [
      { name: 'b', type: 'BIGINT NOT NULL' },
      { name: 'd', type: 'DECIMAL(5, 2) NOT NULL' },
      { name: 't' },
      { name: 'y' },
    ],
  });
  expect(parsed[2]).toMatchObject({ statement: 1, status: 'ok', rows: 1 });
  expect(parsed[3]).toMatchObject({ statement: 2, line: 2 });
  expect(parsed.at(-1)).toMatchObject({ statement: 2, status: 'ok', rows: 2 });
});

test('a mistake exits 2, with line, column and caret; in JSON as one object on standard error', () => {
  const text = millrace('sql', '-e', 'SELECT pag\nFROM (VALUES (1)) AS t (page)');
  expect(text.code).toBe(2);
  expect(text.err).toContain('SQL1004 at 1:8: no column "pag" in "t"');
  expect(text.err).toContain('Did you mean "page"?');
  const json = millrace('sql', '--json', '-e', 'SELECT pag FROM (VALUES (1)) AS t (page)');
  expect(json.code).toBe(2);
  expect(lines(json.err)[0]).toMatchObject({
    error: { class: 'user', code: 'SQL1004', line: 1, column: 8, hint: 'Did you mean "page"?' },
  });
  expect(lines(json.out).at(-1)).toMatchObject({ statement: 1, status: 'error' });
});

test('a file that does not parse runs nothing', () => {
  const { code, out } = millrace('sql', '-f', file('broken.sql', 'SELECT 1;\nSELCT 2;'));
  expect(code).toBe(2);
  expect(out).toBe('');
});

test('--keep-going goes on after an error', () => {
  const { code, out } = millrace('sql', '--json', '--keep-going', '-e', 'SELECT x; SELECT 2 AS two');
  expect(code).toBe(2);
  expect(lines(out).at(-1)).toMatchObject({ statement: 2, status: 'ok', rows: 1 });
});

test('run runs INSERTs side by side and sums up', () => {
  const out = join(folder, 'out');
  const sql = file(
    'pipeline.sql',
    `CREATE TABLE src (id BIGINT) WITH ('connector' = 'datagen', 'number-of-rows' = '100', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '100');
    CREATE TABLE dst (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '${out}', 'format' = 'csv');
    INSERT INTO dst SELECT id FROM src WHERE MOD(id, 2) = 0;`,
  );
  const ran = millrace('run', sql);
  expect(ran.code).toBe(0);
  expect(ran.err).toContain('pipeline/dst: finished, 100 rows in, 50 out');
  expect(ran.err).not.toContain('numRows');
  const json = millrace('run', '--json', sql);
  expect(lines(json.out).at(-1)).toMatchObject({ statement: 3, status: 'ok', rows: 50, job: 'pipeline/dst' });
});

test('check plans without running; explain --json lists nodes', () => {
  const sql = file(
    'check.sql',
    "CREATE TABLE t (k STRING) WITH ('connector' = 'kafka', 'topic' = 'x', 'properties.bootstrap.servers' = 'nowhere:1', 'format' = 'json');\nCREATE TABLE s (k STRING, n BIGINT) WITH ('connector' = 'blackhole');\nINSERT INTO s SELECT k, COUNT(*) FROM t GROUP BY k;",
  );
  const checked = millrace('check', sql);
  expect(checked.code).toBe(0);
  expect(checked.err).toContain('table.exec.state.ttl');
  const explained = millrace('explain', '--json', sql);
  const [plan] = lines(explained.out) as [{ nodes: { kind: string; changelogMode: string }[] }];
  expect(plan.nodes.map((n) => n.kind)).toEqual(['TableSourceScan', 'GroupAggregate', 'Sink']);
  expect(
    millrace('check', file('bad.sql', "CREATE TABLE t (a INT) WITH ('connector' = 'kafak')")).err,
  ).toContain('Did you mean "kafka"?');
});

test('an unknown option is an error with a suggestion; an unknown setting a warning', () => {
  const bad = millrace(
    'sql',
    '-e',
    "CREATE TABLE t (a INT) WITH ('connector' = 'datagen', 'numbr-of-rows' = '1'); SELECT * FROM t",
  );
  expect(bad.code).toBe(2);
  expect(bad.err).toContain('number-of-rows');
  const set = millrace('sql', '-e', "SET 'taskmanager.numberOfTaskSlots' = '4'; SELECT 1");
  expect(set.code).toBe(0);
  expect(set.err).toContain('has no effect here');
  expect(millrace('sql', '-e', "SET 'millrace.watermrk.quiet-timeout' = '4 s'").code).toBe(2);
  for (const args of [['schema'], ['schema', 'list', '--nope']])
    expect(millrace(...args)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^error: .+\nhint: millrace schema --help\n$/s) as string,
    });
});

test('a signal stops a job cleanly with 130', async () => {
  const sql = file(
    'forever.sql',
    "CREATE TABLE src (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '100'); CREATE TABLE dst (id BIGINT) WITH ('connector' = 'blackhole'); INSERT INTO dst SELECT id FROM src;",
  );
  const child = spawn(process.execPath, [bin, 'run', '--json', sql], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  child.stdout.on('data', (part) => {
    if (out === '') setTimeout(() => child.kill('SIGINT'), 300);
    out += String(part);
  });
  const code = await new Promise((done) => {
    child.once('exit', done);
  });
  expect(code).toBe(130);
  expect(lines(out).at(-1)).toMatchObject({ status: 'stopped', job: 'forever/dst' });
});

test('test --update writes what is, and test says what differs', () => {
  const slt = file(
    't.slt',
    "CREATE TABLE t (a INT) WITH ('connector' = 'test');\nCREATE VIEW v AS SELECT a * 2 AS b FROM t;\npush t\n  1\nchanges v\n  +I 3\n",
  );
  const failed = millrace('test', '--mode', 'plain', slt);
  expect(failed.code).toBe(1);
  expect(failed.out).toContain('- +I 3');
  expect(failed.out).toContain('+ +I 2');
  expect(millrace('test', '--update', slt).code).toBe(0);
  expect(readFileSync(slt, 'utf8')).toContain('  +I 2\n');
  expect(millrace('test', slt).out).toContain('5 passed, 0 failed');
});
