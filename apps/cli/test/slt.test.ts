/* Test files from the command line: a production file included, failures told once, files that prove nothing, --watch. */

import { readFileSync } from 'node:fs';
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

describe('a table that one INSERT writes and another reads, in a file that is included', () => {
  const topic = (name: string): string =>
    `WITH ('connector' = 'kafka', 'topic' = '${name}', 'properties.bootstrap.servers' = 'nowhere:1', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset')`;
  const upsert = (name: string): string =>
    `WITH ('connector' = 'upsert-kafka', 'topic' = '${name}', 'properties.bootstrap.servers' = 'nowhere:1', 'key.format' = 'json', 'value.format' = 'json')`;
  const database = (name: string): string =>
    `WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://nowhere/db', 'username' = 'u', 'table-name' = '${name}')`;
  work.file(
    'steps.sql',
    `SET 'table.dml-sync' = 'true';
CREATE TABLE clicks (page STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) ${topic('clicks')};
CREATE TABLE hits (start_at TIMESTAMP(3), page STRING, n BIGINT, part INT METADATA FROM 'partition' VIRTUAL, WATERMARK FOR start_at AS start_at) ${topic('hits')};
CREATE TABLE per_page (page STRING, n BIGINT, PRIMARY KEY (page) NOT ENFORCED) ${upsert('per_page')};
CREATE TABLE per_count (n BIGINT, pages BIGINT, PRIMARY KEY (n) NOT ENFORCED) ${upsert('per_count')};
CREATE TABLE names (page STRING, title STRING, PRIMARY KEY (page) NOT ENFORCED) ${database('names')};
CREATE TABLE titles (page STRING, title STRING, part INT) ${topic('titles')};
INSERT INTO names VALUES ('home', 'Old'), ('home', 'Home');
-- The last step stands first.
INSERT INTO per_count SELECT n, COUNT(*) FROM per_page GROUP BY n;
INSERT INTO titles SELECT h.page, t.title, h.part FROM (SELECT *, PROCTIME() AS at FROM hits) AS h
  LEFT JOIN names FOR SYSTEM_TIME AS OF h.at AS t ON t.page = h.page;
INSERT INTO per_page SELECT page, SUM(n) FROM hits GROUP BY page;
INSERT INTO hits SELECT window_start, page, COUNT(*) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
  GROUP BY window_start, window_end, page;
`,
  );
  test('goes on as between topics, up to the end of the input', async () => {
    const file = work.file(
      'tests/steps.slt',
      `include ../steps.sql with test
push clicks
  home | 2024-01-01 12:00:10
  home | 2024-01-01 12:00:20
  cart | 2024-01-01 12:00:30
  cart | 2024-01-01 12:01:30
  home | 2024-01-01 12:02:30
rows per_page
  home | 2
  cart | 2
rows per_count
  2 | 2
rows titles
  home | Home | 0
  cart | NULL | 0
  cart | NULL | 0
push hits
  2024-01-01 12:01:00 | side | 7 | 1
rows per_count
  2 | 2
  7 | 1
end
rows per_page
  home | 3
  cart | 2
  side | 7
rows per_count
  3 | 1
  2 | 1
  7 | 1
`,
    );
    expect(await work.run(['test', file])).toEqual({ code: 0, out: '5 passed, 0 failed\n', err: '' });
    // Crashes at any place, and before the first checkpoint.
    const crashing = readFileSync(file, 'utf8')
      .replace('push hits', 'crash\npush hits')
      .replace('\nend\n', '\ncheckpoint\ncrash\nend\n');
    work.file('tests/crashing.slt', crashing);
    for (const seed of ['1', '3', '5', '6', '7'])
      expect((await work.run(['test', '--seed', seed, 'tests/crashing.slt'])).out).toBe(
        '5 passed, 0 failed\n',
      );
  });
  test('is read once, as it stands, where a database or files hold it', async () => {
    work.file(
      'held.sql',
      `CREATE TABLE clicks (page STRING) ${topic('clicks')};
CREATE TABLE per_page (page STRING, n BIGINT, PRIMARY KEY (page) NOT ENFORCED) ${database('per_page')};
CREATE TABLE copied (page STRING, n BIGINT, PRIMARY KEY (page) NOT ENFORCED) ${upsert('copied')};
INSERT INTO per_page SELECT page, COUNT(*) FROM clicks GROUP BY page;
`,
    );
    const file = work.file(
      'tests/held.slt',
      `include ../held.sql with test
push clicks
  home
  home
  cart
INSERT INTO copied SELECT page, n FROM per_page;
changes copied unordered
  +I home | 2
  +I cart | 1
push clicks
  home
rows per_page
  home | 3
  cart | 1
changes copied
  (none)
`,
    );
    expect(await work.run(['test', file])).toEqual({ code: 0, out: '5 passed, 0 failed\n', err: '' });
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
