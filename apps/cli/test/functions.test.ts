/* CREATE FUNCTION … LANGUAGE TYPESCRIPT: in a file, in a test file, in `check`; and what is wrong with one. */

import { afterAll, expect, test } from 'vitest';
import { jsonLines, Workspace } from './process.ts';

const work = new Workspace();
afterAll(() => {
  work.close();
});
work.file(
  'lib/text.ts',
  `export const slug = { args: ['STRING'], returns: 'STRING', call: (s: string): string => s.toLowerCase().replace(/ +/g, '-') };
export const twice = { args: ['BIGINT'], returns: 'BIGINT', call: (n: bigint): bigint => n * 2n };
export const fails = { args: ['INT'], returns: 'INT', call: (): number => { throw new Error('no luck'); } };
export const typo = { args: ['STRNG'], returns: 'STRING', call: (s: string): string => s };
export const nothing = 42;
export default {};
`,
);
const create = (what: string): string =>
  `CREATE FUNCTION ${what} AS 'lib/text.ts#${what}' LANGUAGE TYPESCRIPT;`;

test('runs, its path counting from the folder of the file', async () => {
  const file = work.file(
    'f.sql',
    `${create('slug')} CREATE TEMPORARY FUNCTION twice AS 'lib/text.ts' LANGUAGE TYPESCRIPT;
SELECT slug(s), TWICE(n), slug(CAST(NULL AS STRING)) FROM (VALUES ('Hello  World', CAST(4 AS BIGINT))) AS t(s, n);`,
  );
  const { code, out, err } = await work.run(['run', file, '--json']);
  expect(code, err).toBe(0);
  expect(jsonLines(out).filter((l) => l['kind'] !== undefined)).toMatchObject([
    { kind: '+I', row: ['hello-world', 8, null] },
  ]);
  expect(await work.run(['check', file])).toMatchObject({ code: 0 });
});
test('in test files, dropped and made anew', async () => {
  const file = work.file(
    'f.slt',
    `${create('slug')}
CREATE FUNCTION IF NOT EXISTS slug AS 'lib/text.ts' LANGUAGE TYPESCRIPT;
CREATE TABLE t (s STRING) WITH ('connector' = 'test');
CREATE VIEW v AS SELECT slug(s) AS s, COUNT(*) AS n FROM t GROUP BY slug(s);
push t
  A b
  a B
rows v
  a-b | 2
error CAT2001
${create('slug')}
DROP FUNCTION slug;
error CAT2022
DROP FUNCTION slug;
DROP FUNCTION IF EXISTS slug;
`,
  );
  const { code, out, err } = await work.run(['test', file]);
  expect(code, out + err).toBe(0);
});
test.each([
  [
    create('fails').concat(' SELECT fails(1);'),
    /LIB2001.*function "fails" failed: Error: no luck; it was called with \(1\)/,
  ],
  [create('typo'), /STRNG/],
  [
    create('nothing'),
    /CAT2021.*"nothing" of 'lib\/text.ts' is no function of SQL: it needs args and returns, and call, rows, eval, or createAccumulator/,
  ],
  [create('absent'), /CAT2021.*exports no "absent", but .*slug/],
  [
    "CREATE FUNCTION f AS 'lib/none.ts#f' LANGUAGE TYPESCRIPT;",
    /CAT2021.*the module 'lib\/none.ts' cannot be loaded/,
  ],
  ["CREATE FUNCTION f AS 'com.example.F';", /CAT2020.*written in JAVA, which runs on a Flink cluster alone/],
  ["CREATE FUNCTION f AS 'f.py' LANGUAGE PYTHON;", /CAT2020.*written in PYTHON/],
  ["CREATE FUNCTION f AS 'f.rb' LANGUAGE RUBY;", /CAT2020.*LANGUAGE RUBY: expected TYPESCRIPT or JAVASCRIPT/],
  [create('slug').concat(' SELECT slug(1, 2);'), /slug/],
])('%s', async (sql, message) => {
  const { code, err } = await work.run(['run', work.file('wrong.sql', sql)]);
  expect(code).toBe(2);
  expect(err.replaceAll('\n', ' ')).toMatch(message);
  // Where a function of the user's failed, its own place is told too.
  if (!err.includes('LIB2001')) expect(err).not.toContain('    at ');
});
