import { expect, test } from 'vitest';
import { parseScript } from '#sql';
import { onlyOnFlink, refusals } from '../src/refusals.ts';
import { splitSettings } from '../src/settings.ts';

test.each([
  ["CREATE FUNCTION f AS 'x.ts#f' LANGUAGE TYPESCRIPT", 1, /functions in TypeScript/],
  [
    "CREATE TABLE t (a INT) WITH ('connector' = 'jdbc', 'url' = 'embedded://db')",
    52,
    /'url' names a service/,
  ],
  ["CREATE TABLE t (a INT) WITH ('connector' = 'test')", 30, /connector 'test'/],
  ["CREATE TABLE t (a INT) WITH ('connector' = 'embedded')", 30, /connector 'embedded'/],
  ['CREATE TABLE t AS SELECT 1 AS a', 14, /without a connector/],
  ["CREATE CATALOG c WITH ('type' = 'filesystem', 'path' = 'x')", 24, /'filesystem'/],
  ["ALTER FUNCTION f AS 'x.ts#f' LANGUAGE TYPESCRIPT", 1, /functions in TypeScript/],
  [
    "CREATE MODEL m INPUT (a INT) OUTPUT (b INT) WITH ('provider' = 'typescript')",
    51,
    /models in TypeScript/,
  ],
  ["ALTER MODEL m SET ('provider' = 'typescript')", 20, /models in TypeScript/],
  ["CREATE TABLE t (a INT) WITH ('connector' = 'datagen', 'millrace.seed' = '1')", 55, /'millrace.seed'/],
  ["ALTER TABLE t SET ('millrace.seed' = '1')", 20, /'millrace.seed'/],
  ["SELECT * FROM t /*+ OPTIONS('millrace.seed' = '1') */", 1, /'millrace.seed' of a hint/],
  ["SET 'millrace.memory.budget' = '1 gb'", 1, /setting 'millrace.memory.budget'/],
  ["RESET 'millrace.memory.budget'", 1, /setting/],
  ["CREATE VIEW v AS SELECT * FROM 'a.csv'", 32, /'a\.csv'/],
])('%s is refused', (sql, column, message) => {
  const found = refusals(parseScript(sql));
  expect(found).toHaveLength(1);
  expect(found[0]!.at.column).toBe(column);
  expect(found[0]!.message).toMatch(message);
  expect(found[0]!.hint).not.toBe('');
});

test('what both run is not refused', () => {
  const file = `SET 'table.local-time-zone' = 'UTC'; RESET; SET;
    CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'topic' = 'embedded', 'format' = 'json');
    INSERT INTO t SELECT 1; SELECT 'embedded://', 'millrace.x' FROM t;
    ALTER TABLE t ADD b INT; CREATE CATALOG c WITH ('type' = 'jdbc', 'base-url' = 'jdbc:postgresql://h:1');
    CREATE OR REPLACE TABLE u WITH ('connector' = 'blackhole') AS SELECT a FROM t;
    CREATE FUNCTION f AS 'a.B' LANGUAGE JAVA;`;
  expect(refusals(parseScript(file))).toEqual([]);
  expect(
    parseScript(file)
      .map(({ statement }) => onlyOnFlink(statement))
      .indexOf(true),
  ).toBe(9);
});

test.each([
  ['openai', false],
  ['triton', true],
])('a model of the provider %s is only on Flink: %s', (provider, only) => {
  const [made] = parseScript(`CREATE MODEL m INPUT (a INT) OUTPUT (b INT) WITH ('provider' = '${provider}')`);
  expect(onlyOnFlink(made!.statement)).toBe(only);
});

test('settings are of the target or of the session', () => {
  expect(
    splitSettings([
      ['flink.gateway', 'http://h:8083/'],
      ['flink.stop-with-savepoint', 's3://b/sp'],
      ['parallelism.default', '2'],
    ]),
  ).toEqual({
    gateway: 'http://h:8083',
    savepoints: 's3://b/sp',
    session: { 'table.local-time-zone': 'UTC', 'parallelism.default': '2' },
  });
});
test.each([
  [[], 'FLK1001'],
  [[['flink.gatway', 'http://h']], 'FLK1003'],
  [[['flink.gateway', 'h:8083']], 'FLK1003'],
  [[['flink.gateway', 'http://me:secret@h']], 'FLK1003'],
] as const)('%j is refused', (pairs, code) => {
  let thrown: unknown;
  try {
    splitSettings(pairs);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code });
  expect(String(thrown)).not.toContain('secret');
});
