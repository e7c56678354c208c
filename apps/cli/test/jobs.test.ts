/* Jobs as their user hears of them: one that dies, rows that were left out, every way to stop. */

import { afterAll, describe, expect, test } from 'vitest';
import { counting, csvTable, jsonLines, Workspace } from './process.ts';

const work = new Workspace();
afterAll(() => {
  work.close();
});
const dying = `${counting('src', { rate: 50 })}${csvTable('lasting', 'id BIGINT')}CREATE TABLE nowhere (id BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO lasting SELECT id FROM src;
INSERT INTO nowhere SELECT id / (id - 3) FROM src;`;

describe('a job that dies while another goes on', () => {
  test('is reported at once, and the exit code is its own', async () => {
    const running = work.start(['run', work.file('dying.sql', dying)]);
    await running.until(({ err }) => err.includes('job dying/nowhere failed:'));
    await running.until(({ err }) => /division by zero/i.test(err));
    expect(running.child.exitCode).toBe(null);
    await new Promise((later) => {
      setTimeout(later, 2_500);
    });
    running.child.kill('SIGINT');
    const { code, err } = await running.end();
    expect(code).toBe(2);
    // Each with its own time: the first died at once.
    const seconds = (name: string): number =>
      Number(new RegExp(`dying/${name}, .* out, ([\\d.]+) s`).exec(err)?.[1]);
    expect(seconds('nowhere: failed')).toBeLessThan(2);
    expect(seconds('lasting: stopped')).toBeGreaterThan(2.4);
  });
  test('in JSON too', async () => {
    const running = work.start(['run', '--json', work.file('dying2.sql', dying)]);
    await running.until(({ out }) => out.includes('"status":"error"'));
    expect(running.child.exitCode).toBe(null);
    running.child.kill('SIGINT');
    const { code, out } = await running.end();
    expect(code).toBe(2);
    expect(jsonLines(out).filter((l) => 'status' in l && 'job' in l)).toMatchObject([
      { statement: 5, status: 'error', job: 'dying2/nowhere' },
      { statement: 4, status: 'stopped', job: 'dying2/lasting' },
    ]);
  });
});

describe('rows that were left out', () => {
  const late = `CREATE TABLE c (k STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 'late.csv', 'format' = 'csv', 'csv.ignore-parse-errors' = 'true');
${csvTable('o', 'n BIGINT')}`;
  const query =
    "SELECT COUNT(*) AS n FROM TABLE(TUMBLE(TABLE c, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end";
  work.file(
    'late.csv',
    'a,2024-01-01 12:00:00\na,2024-01-01 12:05:00\na,2024-01-01 12:00:30\na,b,c,d\na,2024-01-01 12:06:00\n',
  );
  test('are told of a SELECT', async () => {
    const { out, err, code } = await work.run(['sql', '-e', `${late} ${query}`]);
    expect(code).toBe(0);
    expect(out).toContain('3 rows in set');
    expect(err).toContain('1 late row was dropped');
    expect(err).toContain('1 malformed record was skipped');
  });
  test('values that became NULL are counted beside records that were left out', async () => {
    work.file('odd.jsonl', '{"n":1}\n{"n":"one"}\n{"n":{}}\nno json\n');
    work.file('odd.csv', '1\none\n');
    for (const [path, format, lost] of [
      ['odd.jsonl', 'json', { madeNull: 2, skipped: 1 }],
      ['odd.csv', 'csv', { madeNull: 1 }],
    ] as const) {
      const table = `CREATE TABLE o (n INT) WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = '${format}', '${format}.ignore-parse-errors' = 'true');`;
      const ran = await work.run(['sql', '--json', '-e', `${table} SELECT n FROM o`]);
      expect(jsonLines(ran.out).at(-1)).toMatchObject({ status: 'ok', ...lost });
    }
  });
  test('text behind a JSON value is not read, as in Flink, but warned of once and counted', async () => {
    work.file('behind.jsonl', '{"n":1}{"n":2}\n{"n":3} garbage\n{"n":4} \t\n[{"n":5}]x\n');
    const sql = `CREATE TABLE b (n INT) WITH ('connector' = 'filesystem', 'path' = 'behind.jsonl', 'format' = 'json'); SELECT n FROM b`;
    const { out, err } = await work.run(['sql', '--format', 'csv', '-e', sql]);
    expect(out).toBe('n\n1\n3\n4\n5\n');
    expect(err.match(/warning: table 'b': a record has text behind its JSON value/g)).toHaveLength(1);
    expect(err).toContain('3 records have text behind the JSON value');
    const json = await work.run(['sql', '--json', '-e', sql]);
    expect(jsonLines(json.out).at(-1)).toMatchObject({ status: 'ok', rows: 4, trailing: 3 });
  });
  test('and in JSON, for SELECT and INSERT', async () => {
    const ran = await work.run(['sql', '--json', '-e', `${late} ${query}; INSERT INTO o ${query}`]);
    expect(jsonLines(ran.out).filter((l) => 'status' in l && 'late' in l)).toMatchObject([
      { statement: 3, status: 'ok', late: 1, skipped: 1 },
      { statement: 4, status: 'ok', job: 'insert-into_o', late: 1, skipped: 1 },
    ]);
  });
});

describe('stops', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s: what was read is written, and no window that was open is emitted',
    async (signal) => {
      const name = signal.toLowerCase();
      const file = work.file(
        `${name}.sql`,
        `CREATE TABLE src (id BIGINT, ts AS TO_TIMESTAMP_LTZ(id, 3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen', 'rows-per-second' = '200', 'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '1000000000');
${csvTable(`${name}_rows`, 'id BIGINT')}${csvTable(`${name}_windows`, 'n BIGINT')}
EXECUTE STATEMENT SET BEGIN
INSERT INTO ${name}_rows SELECT id FROM src;
INSERT INTO ${name}_windows SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '1' DAY)) GROUP BY window_start, window_end;
END;`,
      );
      const running = work.start(['run', file, '--json']);
      await running.until(({ out }) => out.split('\n').length > 3);
      await new Promise((later) => setTimeout(later, 1500));
      running.child.kill(signal);
      const { code, out } = await running.end();
      expect(code).toBe(130);
      const { rows } = jsonLines(out).at(-1) as { rows: number };
      expect(rows).toBeGreaterThan(0);
      expect(work.rows(`${name}_rows`)).toHaveLength(rows);
      expect(() => work.rows(`${name}_windows`)).toThrow('ENOENT');
    },
  );
  test('a failed statement stops the jobs before it, whose sinks are in order', async () => {
    const sql = `${counting('src', { rate: 1000 })}${csvTable('before', 'id BIGINT')}
      INSERT INTO before SELECT id FROM src; CREATE TABLE other (n INT) WITH ('connector' = 'blackhole'); SELECT n / 0 FROM (SELECT 1 AS n) AS t;`;
    const { code, err } = await work.run(['run', work.file('failing.sql', sql)]);
    expect(code).toBe(2);
    expect(err).toContain('failing/before: stopped');
    expect(err).toMatch(/(row was|rows were) written and flushed/);
  });
});

test('jobs into one table have names of their own', async () => {
  const sql = `${counting('src', { rate: 10 })}CREATE TABLE o (id BIGINT) WITH ('connector' = 'blackhole');
    INSERT INTO o SELECT id FROM src; INSERT INTO o SELECT id FROM src; `;
  const { out } = await work.run([
    'sql',
    '--format',
    'csv',
    '-e',
    `${sql} SHOW JOBS; STOP JOB 'insert-into_o'; STOP JOB 'insert-into_o-2'`,
  ]);
  expect(out).toMatch(/^insert-into_o,RUNNING/m);
  expect(out).toMatch(/^insert-into_o-2,RUNNING/m);
  const bounded = sql.replace('1000000000', '3');
  const { err } = await work.run(['run', work.file('two.sql', bounded)]);
  expect(err).toMatch(/^two\/o: finished/m);
  expect(err).toMatch(/^two\/o-2: finished/m);
});

test('check shows every error of a file, with tables that nothing reads and texts that cannot be cast', async () => {
  const file = work.file(
    'many.sql',
    `CREATE TABLE a (n INT) WITH ('connector' = 'kafka', 'topic' = 't', 'propertis.bootstrap.servers' = 'x:1', 'format' = 'json');
SELCT 1;
CREATE TABLE b (n INT) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.bootstrap.servers' = 'x:1', 'properties.auto.ofset.reset' = 'latest', 'format' = 'json');
CREATE TABLE broken (n INTT) WITH ('connector' = 'print');
INSERT INTO broken SELECT n FROM b;
SELECT m FROM b;
SELECT CAST('abc' AS INT) AS n, TRY_CAST('abc' AS INT) AS m FROM b;
CREATE TABLE k (n INT) WITH ('connector' = 'kafka', 'topic' = 't', 'format' = 'json',
  'properties.bootstrap.servers' = 'embedded');
`,
  );
  const { code, out, err } = await work.run(['check', '--json', file]);
  expect(code).toBe(2);
  const [result] = jsonLines(out) as [{ errors: { code: string; line: number }[]; warnings: string[] }];
  expect(result.errors.map((e) => [e.line, e.code])).toEqual([
    [1, 'CAT1001'],
    [2, 'SQL0001'],
    [4, 'SQL2010'],
    [6, 'SQL1004'],
    [7, 'DATA3002'],
    [9, 'KAF1001'],
  ]);
  expect(result.warnings).toEqual([
    "table 'b': 'properties.auto.ofset.reset' has no effect. Did you mean 'properties.auto.offset.reset'?",
  ]);
  expect(jsonLines(err)).toHaveLength(6);
});

describe('an error while running', () => {
  const rows = 'FROM (VALUES (1, 2), (3, 0)) AS t (a, b)';
  test.each([
    [
      'a division',
      `SELECT a,\n  a / b AS q ${rows}`,
      'DATA3001 at 2:3: division by zero',
      '  a / b AS q',
      '  ^^^^^',
    ],
    [
      'a cast',
      `SELECT CAST('x' || CAST(a AS STRING) AS INT) AS n ${rows}`,
      "DATA3002 at 1:8: cannot cast 'x1' to INT",
      `SELECT CAST('x' ||`,
      '^'.repeat(37),
    ],
    [
      'the branch that was taken',
      `SELECT CASE WHEN b > 0 THEN a / b ELSE a / (b - b) END AS n ${rows}`,
      'DATA3001 at 1:40',
      'SELECT CASE',
      '^^^^^^^^^^^',
    ],
  ])('shows the place of %s, and the row', async (_, sql, error, line, caret) => {
    const { code, err } = await work.run(['sql', '-e', sql]);
    expect(code).toBe(2);
    expect(err).toContain(error);
    expect(err).toContain(line);
    expect(err).toContain(` ${caret}\n`);
    expect(err).toMatch(/The row was \(\d, \d\)\./);
  });
  test('shows the values of the row as SQL prints them', async () => {
    const sql = `SELECT 1 / b AS q FROM (VALUES (0, TIMESTAMP '2024-01-01 10:00:00', 1.50, 'x', CAST(NULL AS INT))) AS t (b, ts, d, s, n) WHERE ts IS NOT NULL AND d > 0 AND s <> '' AND n IS NULL`;
    const { err } = await work.run(['sql', '-e', sql]);
    expect(err).toContain("The row was (0, 2024-01-01 10:00:00, 1.50, 'x', NULL).");
  });
  test('of a time in the other form names the option', async () => {
    work.file('iso.jsonl', '{"t":"2024-01-01T12:00:00"}\n');
    const table =
      "CREATE TABLE iso (t TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = 'iso.jsonl', 'format' = 'json');";
    const { code, err } = await work.run(['sql', '-e', `${table} SELECT t FROM iso`]);
    expect(code).toBe(2);
    expect(err).toMatch(/FMT1001: malformed json record at .*iso\.jsonl:1: /);
    expect(err).toContain("hint: Set 'json.timestamp-format.standard' = 'ISO-8601'");
  });
  test('of a view or a computed column points into the text that made it', async () => {
    const tables = work.file(
      'made.sql',
      `-- a comment\nCREATE VIEW made AS\n  SELECT a, 10 / b AS q ${rows};\n`,
    );
    const { code, err } = await work.run(['sql', '-f', tables, '-e', 'SELECT a + q AS s FROM made']);
    expect(code).toBe(2);
    expect(err).toContain(`DATA3001 at ${tables}:3:13: division by zero`);
    expect(err).toContain('    SELECT a, 10 / b AS q FROM');
    const json = await work.run(['sql', '--json', '-f', tables, '-e', 'SELECT a + q AS s FROM made']);
    expect(jsonLines(json.err)[0]).toMatchObject({
      error: { code: 'DATA3001', file: tables, line: 3, column: 13 },
    });
  });
});
