/* Test files from the command line: a production file included, failures told once, files that prove nothing, --watch. */

import { afterAll, describe, expect, test } from 'vitest';
import { Workspace } from './process.ts';

const work = new Workspace();
afterAll(() => {
  work.close();
});
work.file(
  'pipeline.sql',
  `SET 'table.exec.sink.not-null-enforcer' = 'DROP';
CREATE TABLE clicks (page STRING, ts TIMESTAMP(3), part INT METADATA FROM 'partition' VIRTUAL, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
  WITH ('connector' = 'kafka', 'topic' = 'clicks', 'properties.bootstrap.servers' = 'nowhere:1', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset');
CREATE TABLE per_page (page STRING, n BIGINT, PRIMARY KEY (page) NOT ENFORCED)
  WITH ('connector' = 'upsert-kafka', 'topic' = 'per_page', 'properties.bootstrap.servers' = 'nowhere:1', 'key.format' = 'json', 'value.format' = 'json');
CREATE TABLE plain (page STRING, n BIGINT)
  WITH ('connector' = 'kafka', 'topic' = 'plain', 'properties.bootstrap.servers' = 'nowhere:1', 'format' = 'json');
CREATE VIEW counted AS SELECT page, COUNT(*) AS n FROM clicks GROUP BY page;
INSERT INTO per_page SELECT page, n FROM counted;
`,
);
const included = `include ../pipeline.sql with test
push clicks
  home | 2024-01-01 12:00:10 | 0
  home | 2024-01-01 12:00:20 | 1
rows per_page
  home | 2
changes counted net
  +I home | 2
`;

describe('include', () => {
  test('runs the production file with its connectors swapped, in every mode', async () => {
    const file = work.file('tests/included.slt', included);
    expect(await work.run(['test', file])).toMatchObject({ code: 0, out: '5 passed, 0 failed\n' });
  });
  test('what the real connector does not take is refused as in production', async () => {
    const file = work.file(
      'tests/refused.slt',
      "include ../pipeline.sql with test\nerror doesn't support\nINSERT INTO plain SELECT page, n FROM counted;\n",
    );
    const { out, code } = await work.run(['test', '--mode', 'plain', file]);
    expect({ out, code }).toEqual({ out: '1 passed, 0 failed\n', code: 0 });
  });
  test('a mistake of the production file is told with its place there', async () => {
    work.file('broken.sql', '-- fine\nSELCT 1;\n');
    work.file('failing.sql', "\nCREATE TABLE a (n INT) WITH ('connector' = 'kafak');\n");
    const broken = await work.run(['test', work.file('tests/b.slt', 'include ../broken.sql with test\n')]);
    expect(broken.out).toContain('b.slt:1 [plain] ../broken.sql:2: found "SELCT"');
    const failing = await work.run(['test', work.file('tests/f.slt', 'include ../failing.sql with test\n')]);
    expect(failing.out).toMatch(/f\.slt:1 \[plain, rows, .*\] in \.\.\/failing\.sql:2: CAT1004/);
    const missing = await work.run(['test', work.file('tests/m.slt', 'include nowhere.sql with test\n')]);
    expect(missing.out).toContain('there is no file nowhere.sql beside');
    const bare = await work.run(['test', work.file('tests/bare.slt', 'include ../pipeline.sql\n')]);
    expect(bare.out).toContain('what becomes of its connectors?');
  });
});

test('one failure is printed once, with the modes that it came in', async () => {
  const file = work.file(
    'once/wrong.slt',
    included.replace('home | 2\n', 'home | 3\n').replace('../', '../'),
  );
  const { out, code } = await work.run(['test', file]);
  expect(code).toBe(1);
  expect(out.match(/rows per_page differs/g)).toHaveLength(1);
  expect(out).toContain('wrong.slt:5 [plain, rows, splits, crash, parallel] rows per_page differs');
  expect(out).toContain('0 passed, 5 failed');
});

test.each([
  ['an empty file', ''],
  ['nothing but comments', '# to be written\n\n'],
])('%s fails: it proves nothing', async (_, text) => {
  const { out, code } = await work.run(['test', work.file('empty.slt', text)]);
  expect(code).toBe(1);
  expect(out).toContain('nothing is tested');
  expect(out).toContain('0 passed, 1 failed');
});

test('a byte order mark is no error', async () => {
  const file = work.file('tests/bom.slt', `\uFEFF${included}`);
  expect((await work.run(['test', '--mode', 'plain', file])).out).toBe('1 passed, 0 failed\n');
  expect(await work.run(['test', '--update', file])).toMatchObject({ code: 0 });
  expect((await work.run(['test', '--mode', 'plain', file])).out).toBe('1 passed, 0 failed\n');
});

test('--watch runs again what a change touches: the file, or what it includes', async () => {
  const sql = work.file('watched/pipeline.sql', 'CREATE VIEW v AS SELECT 1 AS n;\n');
  const one = work.file('watched/tests/one.slt', 'include ../pipeline.sql with test\nrows v\n  1\n');
  work.file('watched/tests/two.slt', 'CREATE VIEW w AS SELECT 1 AS n;\nrows w\n  1\n');
  const running = work.start(['test', '--watch', '--mode', 'plain', 'watched/tests']);
  const results = (): string[] => running.out.match(/\d+ passed, \d+ failed/g) ?? [];
  const waits = (n: number) => (): boolean => (running.out.match(/waiting for changes/g) ?? []).length >= n;
  await running.until(waits(1));
  expect(results()).toEqual(['2 passed, 0 failed']);
  work.file('watched/pipeline.sql', 'CREATE VIEW v AS SELECT 2 AS n;\n');
  await running.until(waits(2));
  expect(results().at(-1)).toBe('0 passed, 1 failed');
  work.file('watched/tests/one.slt', 'include ../pipeline.sql with test\nrows v\n  2\n');
  await running.until(waits(3));
  expect(results().at(-1)).toBe('1 passed, 0 failed');
  running.child.kill('SIGINT');
  expect((await running.end()).code).toBe(130);
  expect([sql, one]).toHaveLength(2);
});
