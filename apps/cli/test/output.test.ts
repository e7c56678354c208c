/* Results as text and where they go: every form, slow readers, readers that go away, files that cannot be read. */

import { afterAll, describe, expect, test } from 'vitest';
import { counting, csvTable, jsonLines, Workspace } from './process.ts';
import { readFileSync } from 'node:fs';

const work = new Workspace();
afterAll(() => {
  work.close();
});
const rows =
  "SELECT * FROM (VALUES (1, 'a,b', X'0102'), (20, CAST(NULL AS STRING), X''), (3, '日本|' || U&'\\0007\\0009' || '\"', X'ff')) AS t (n, s, y)";

describe('the forms of a result', () => {
  test.each([
    [
      'table',
      `+----+----------------+---------+
|  n | s              | y       |
+----+----------------+---------+
|  1 | a,b            | x'0102' |
| 20 | <NULL>         | x''     |
|  3 | 日本|\\u0007\\t" | x'ff'   |
+----+----------------+---------+
3 rows in set
`,
    ],
    ['csv', `n,s,y\n1,"a,b",x'0102'\n20,,x''\n3,"日本|\u0007\t""",x'ff'\n`],
    ['tsv', `n\ts\ty\n1\ta,b\tx'0102'\n20\t\\N\tx''\n3\t日本|\u0007\\t"\tx'ff'\n`],
    [
      'json',
      '{"n":1,"s":"a,b","y":"AQI="}\n{"n":20,"s":null,"y":""}\n{"n":3,"s":"日本|\\u0007\\t\\"","y":"/w=="}\n',
    ],
    [
      'vertical',
      `-[ row 1 ]----\nn | 1\ns | a,b\ny | x'0102'\n-[ row 2 ]----\nn | 20\ns | <NULL>\ny | x''\n-[ row 3 ]----\nn | 3\ns | 日本|\\u0007\\t"\ny | x'ff'\n3 rows in set\n`,
    ],
    [
      'markdown',
      `| n | s | y |\n| --- | --- | --- |\n| 1 | a,b | x'0102' |\n| 20 | \\<NULL> | x'' |\n| 3 | 日本\\|\\u0007\\t" | x'ff' |\n`,
    ],
  ])('--format %s', async (format, text) => {
    expect(await work.run(['sql', '--format', format, '-e', rows])).toEqual({ code: 0, out: text, err: '' });
  });
  test('a result that changes shows the kind of each change', async () => {
    const sql = "SELECT k, COUNT(*) AS n FROM (VALUES ('a'), ('a')) AS t (k) GROUP BY k";
    const csv = await work.run(['sql', '--format', 'csv', '-e', sql]);
    expect(csv.out).toBe('op,k,n\n+I,a,1\n-U,a,1\n+U,a,2\n');
  });
  test('a pipe gets whole cells', async () => {
    const { out } = await work.run(['sql', '-e', `SELECT '${'x'.repeat(300)}' AS wide`]);
    expect(out).toContain('x'.repeat(300));
  });
  test('a wrong form names those that there are', async () => {
    const { code, err } = await work.run(['sql', '--format', 'cvs', '-e', 'SELECT 1']);
    expect(code).toBe(2);
    expect(err).toContain('Did you mean "csv"?');
  });
  test('TIMESTAMP_LTZ is printed in the zone of the session, and in JSON in UTC', async () => {
    const sql = 'SELECT TO_TIMESTAMP_LTZ(0, 3) AS t';
    const set = ['--set', 'table.local-time-zone=Asia/Tokyo'];
    expect((await work.run(['sql', ...set, '--format', 'csv', '-e', sql])).out).toBe(
      't\n1970-01-01 09:00:00.000\n',
    );
    expect((await work.run(['sql', ...set, '--json', '-e', sql])).out).toContain(
      '"1970-01-01 00:00:00.000Z"',
    );
  });
});

describe('rows of a query that goes on', () => {
  test.each([
    ['table', 1],
    ['csv', 1],
    // So fast that no pause comes between them.
    ['table', 30],
  ])('come while it runs: %s, %d a second', async (format, rate) => {
    const running = work.start([
      'sql',
      '--format',
      format,
      '-e',
      `${counting('slow', { rate })} SELECT id FROM slow`,
    ]);
    await running.until(({ out }) => /^(\| +)?1\b/m.test(out));
    expect(running.child.exitCode).toBe(null);
    expect(running.out.split('\n').length).toBeLessThan(60);
    running.child.kill('SIGTERM');
    const { code, out } = await running.end();
    expect(code).toBe(130);
    if (format === 'table') expect(out).toMatch(/rows? in set\n$/);
  });
});

describe('readers', () => {
  test.each(['', '--json', '--format csv'])(
    'a reader that goes away ends the command quietly (%s)',
    async (flags) => {
      const line = `millrace sql ${flags} -e "${counting('many', { rate: 100000 })} SELECT id FROM many" | head -n 3`;
      const { code, out, err } = await work.shell(line);
      expect({ code, err, lines: out.split('\n').length }).toEqual({ code: 0, err: '', lines: 4 });
    },
  );
  test('its sinks are in order then: what was taken is written', async () => {
    const file = work.file(
      'both.sql',
      `${counting('src', { rate: 1000 })}${csvTable('kept', 'id BIGINT')}CREATE TABLE shown (id BIGINT) WITH ('connector' = 'print');
      EXECUTE STATEMENT SET BEGIN INSERT INTO kept SELECT id FROM src; INSERT INTO shown SELECT id FROM src; END;`,
    );
    const { code, out, err } = await work.shell(`millrace run ${file} | head -n 5`);
    expect([code, out.split('\n').length]).toEqual([0, 6]);
    expect(err).toMatch(/stopped, [\d,]+ rows in/);
    const kept = work
      .rows('kept')
      .map(Number)
      .sort((a, b) => a - b);
    expect(kept.length).toBeGreaterThan(4);
    expect(kept).toEqual(kept.map((_, i) => i + 1));
  });
  test('a slow reader holds the query back: memory is bounded', async () => {
    const sql = `${counting('many', { rows: 800_000 })} SELECT id, REPEAT('x', 100) AS fill FROM many`;
    const running = work.start(['sql', '--json', '-e', sql], { read: false });
    const memory = (): number =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${running.child.pid}/status`, 'utf8'))![1]) / 1024;
    await new Promise((later) => setTimeout(later, 4000));
    expect(running.child.exitCode).toBe(null);
    expect(memory()).toBeLessThan(400);
    let count = 0;
    running.child.stdout.on('data', (part: Buffer) => {
      for (const byte of part) if (byte === 10) count++;
    });
    expect((await running.end()).code).toBe(0);
    expect(count).toBe(800_000 + 4);
  }, 180_000);
  test('output that cannot be written is an error', async () => {
    const { code, err } = await work.shell('millrace sql -e "SELECT 1" > /dev/full');
    expect(code).toBe(3);
    expect(err).toContain('CLI3002: standard output cannot be written');
  });
});

describe('what is read', () => {
  test('-e and -f run in the order given, numbered over all', async () => {
    const file = work.file('two.sql', 'SELECT 2 AS two; SELECT 3 AS three;');
    const ran = await work.run([
      'sql',
      '--json',
      '-e',
      'SELECT 1 AS one',
      '-f',
      file,
      '-e',
      'SELECT 4 AS four',
    ]);
    expect(ran.code).toBe(0);
    const shown = jsonLines(ran.out).filter((l) => 'row' in l);
    expect(shown.map((l) => [l['statement'], l['row']])).toEqual([
      [1, [1]],
      [2, [2]],
      [3, [3]],
      [4, [4]],
    ]);
  });
  test.each([
    ['a file that is missing', ['sql', '-f', 'missing.sql'], 'there is no file missing.sql'],
    ['a folder', ['sql', '-f', '.'], '. is a folder'],
    ['a folder to run', ['run', '.'], '. is a folder'],
    ['a file below a file', ['check', 'two.sql/x.sql'], 'there is no file two.sql/x.sql'],
  ])("%s is the user's mistake", async (_, args, message) => {
    const { code, err } = await work.run(args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toContain(' at ');
  });
  test('- is standard input, for sql and run', async () => {
    expect((await work.run(['sql', '-f', '-', '--format', 'csv'], 'SELECT 7 AS n')).out).toBe('n\n7\n');
    expect((await work.run(['run', '-', '--format', 'csv'], 'SELECT 7 AS n')).out).toBe('n\n7\n');
  });
  test('--keep-going goes on behind a statement that does not parse', async () => {
    const ran = await work.run(['sql', '--json', '--keep-going', '-e', "SELCT 'a;b'; SELECT 2 AS two;"]);
    expect(ran.code).toBe(2);
    const statuses = jsonLines(ran.out).filter((l) => 'status' in l);
    expect(statuses).toMatchObject([
      { statement: 1, status: 'error', error: { line: 1, column: 1 } },
      { statement: 2, status: 'ok', rows: 1 },
    ]);
  });
});

test('no colour where it is not wanted, and none in a pipe', async () => {
  const { err } = await work.run(['sql', '-e', 'SELECT x']);
  expect(err).not.toContain('\u001b');
});

describe('files as tables', () => {
  test('a pattern of CSV files with headers, in a query, a view and explain', async () => {
    work.file('data/a.csv', 'id,name\n1,"a, b"\n2,\n');
    work.file('data/b.csv', 'id,name\n3,c\n');
    const query = "SELECT id, name FROM 'data/*.csv' AS d WHERE d.id > 1";
    expect((await work.run(['sql', '--format', 'csv', '-e', query])).out).toBe('id,name\n2,\n3,c\n');
    const view = `CREATE VIEW v AS ${query}; SELECT COUNT(*) AS n FROM v`;
    const counted = await work.run([
      'sql',
      '--format',
      'csv',
      '--set',
      'execution.runtime-mode=batch',
      '-e',
      view,
    ]);
    expect(counted.out).toBe('n\n2\n');
    expect((await work.run(['explain', '-e', query])).out).toContain('data/*.csv');
    const check = work.file('files.sql', `${query};\n`);
    expect((await work.run(['check', check])).out).toContain('ok');
  });
  test('a file with another header is an error, and one that is missing has its place', async () => {
    work.file('other/a.csv', 'id,name\n1,a\n');
    work.file('other/b.csv', 'name,id\nb,2\n');
    const other = await work.run(['sql', '-e', "SELECT * FROM 'other/*.csv'"]);
    expect(other.err).toMatch(/FS1007: the header of '.*b\.csv' is not that of '.*a\.csv'/);
    const missing = await work.run(['sql', '-e', "SELECT *\nFROM 'nowhere.csv'"]);
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('FS1005 at 2:6') });
  });
  test('a sink writes the header that a source skips', async () => {
    const sql = `CREATE TABLE o (id BIGINT, name STRING) WITH ('connector' = 'filesystem', 'path' = 'headed', 'format' = 'csv', 'csv.header' = 'true');
      SET 'table.dml-sync' = 'true'; INSERT INTO o VALUES (1, 'a'), (2, 'b'); SELECT * FROM o`;
    expect((await work.run(['sql', '--format', 'csv', '-e', sql])).out).toBe('id,name\n1,a\n2,b\n');
    expect(work.rows('headed')).toEqual(['1,a', '2,b', 'id,name']);
  });
});
