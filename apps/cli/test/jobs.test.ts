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
    running.child.kill('SIGINT');
    const { code, err } = await running.end();
    expect(code).toBe(2);
    expect(err).toMatch(/dying\/nowhere: failed/);
    expect(err).toMatch(/dying\/lasting: stopped/);
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
    expect(err).toContain('rows were written and flushed');
  });
});
