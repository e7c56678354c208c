/* Files of each format, and what goes wrong with them. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, test } from 'vitest';
import {
  openFile,
  profileTable,
  readSuite,
  suggestSuite,
  validateTable,
  type ValidationResult,
} from '../src/index.ts';
import { duckdbError } from '../src/duckdb/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-files-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
type Lines = readonly { readonly type: string; readonly kwargs: Readonly<Record<string, unknown>> }[];
async function check(
  path: string,
  expectations: Lines,
  options: Parameters<typeof openFile>[1] = {},
): Promise<ValidationResult> {
  const table = await openFile(path, options);
  try {
    return await validateTable(table, { name: 's', expectations }, { nowMs: Date.UTC(2024, 0, 2) });
  } finally {
    await table.close();
  }
}
const positive: Lines = [
  { type: 'expect_column_values_to_be_between', kwargs: { column: 'n', min_value: 1 } },
];
const csv = 'id,n\na,1\nb,-2\n"c\nd",0\n';
const jsonl = '{"id":"a","n":1}\n{"id":"b","n":-2}\n{"id":"c","n":0}\n';

describe('formats', () => {
  test.each([
    ['a.csv', csv],
    ['a.csv.gz', gzipSync(csv)],
    ['a.tsv', csv.replaceAll(',', '\t')],
    ['a.jsonl', jsonl],
    ['a.ndjson', jsonl],
    ['a.jsonl.gz', gzipSync(jsonl)],
    ['a.json', `[${jsonl.trim().replaceAll('\n', ',')}]`],
  ])('%s', async (name, text) => {
    const { results, meta } = await check(file(name, text), positive);
    expect(results[0]!.samples).toEqual([
      { at: 1, value: -2 },
      { at: 2, value: 0 },
    ]);
    expect(meta.rows).toBe(3);
  });
  test('Parquet, one file and several', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    for (const part of ['a', 'b'])
      await connection.run(
        `COPY (SELECT '${part}' AS id, range - 1 AS n FROM range(4)) TO '${join(folder, `part-${part}.parquet`)}'`,
      );
    const one = await check(join(folder, 'part-a.parquet'), positive);
    expect(one.results[0]!.samples.map((s) => s.at)).toEqual([0, 1]);
    const both = await check(join(folder, 'part-*.parquet'), positive);
    expect(both.results[0]!.samples.map((s) => s.at)).toEqual([0, 1, 4, 5]);
    connection.closeSync();
  });
  test('a DuckDB file, and its tables', async () => {
    const path = join(folder, 'store.duckdb');
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(
      'CREATE TABLE orders AS SELECT range AS n FROM range(3); CREATE TABLE customers AS SELECT 1 AS id',
    );
    connection.closeSync();
    instance.closeSync();
    expect((await check(path, positive, { table: 'orders' })).results[0]!.result).toMatchObject({
      unexpected_count: 1,
    });
    const refer: Lines = [
      {
        type: 'expect_column_values_to_be_in_table',
        kwargs: { column: 'n', other_table_name: 'customers', other_column: 'id' },
      },
    ];
    expect((await check(path, refer, { table: 'orders' })).results[0]!.result).toMatchObject({
      unexpected_count: 2,
    });
    await expect(openFile(path)).rejects.toMatchObject({ code: 'QLT2003' });
    await expect(openFile(path, { table: 'order' })).rejects.toMatchObject({
      code: 'QLT2003',
      hint: 'Did you mean "orders"?',
    });
  });
});

describe('what goes wrong', () => {
  test.each([
    ['nowhere.csv', 'QLT1002'],
    ['nothing.*.parquet', 'QLT1002'],
    ['notes.txt', 'QLT1003'],
    ['notes.parqet', 'QLT1003'],
  ])('%s', async (name, code) => {
    await expect(openFile(join(folder, name))).rejects.toMatchObject({ code });
  });
  test('a file that is not what its name says', async () => {
    await expect(openFile(file('no.parquet', 'hello'))).rejects.toMatchObject({ code: 'QLT2006' });
    await expect(openFile(file('ok.csv', csv), { memoryLimit: 'much' })).rejects.toMatchObject({
      code: 'QLT2006',
    });
  });
  test('an expectation that cannot be evaluated fails alone, with the reason', async () => {
    const { results, success } = await check(file('b.csv', csv), [
      ...positive,
      { type: 'expect_column_values_to_be_between', kwargs: { column: 'm', min_value: 1 } },
      { type: 'expect_column_mean_to_be_between', kwargs: { column: 'id', min_value: 1 } },
      { type: 'expect_column_values_to_match_regex', kwargs: { column: 'id', regex: '(' } },
      { type: 'expect_column_values_to_be_between', kwargs: { column: 'n' } },
      { type: 'expect_column_values_to_be_between', kwargs: { column: 'n', min: 1 } },
      { type: 'expect_column_sum_to_be_between', kwargs: { column: 'n', min_value: -1, max_value: -1 } },
    ]);
    expect(success).toBe(false);
    expect(results.map((r) => r.exception_info.exception_message?.slice(0, 7) ?? r.success)).toEqual([
      false,
      'QLT2001',
      'QLT2002',
      'QLT2006',
      'QLT1006',
      'QLT1006',
      true,
    ]);
  });
  test('names and values that look like SQL', async () => {
    const path = file('odd.csv', `"a""b; DROP TABLE data",x\n"it's",1\n"\n",2\n`);
    const { results } = await check(path, [
      {
        type: 'expect_column_values_to_be_in_set',
        kwargs: { column: 'a"b; DROP TABLE data', value_set: ["it's", '\n'] },
      },
      {
        type: 'expect_column_values_to_match_regex',
        kwargs: { column: 'a"b; DROP TABLE data', regex: "^(it's|\\n)$" },
      },
    ]);
    expect(results.map((r) => r.success)).toEqual([true, true]);
  });
});

test('a whole suite takes one query over the rows, one for each group, one for samples', async () => {
  const many: Lines = [
    ...positive,
    { type: 'expect_column_max_to_be_between', kwargs: { column: 'n', max_value: 10 } },
    { type: 'expect_column_mean_to_be_between', kwargs: { column: 'n', max_value: 10 } },
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'id' } },
    { type: 'expect_column_values_to_be_unique', kwargs: { column: 'id' } },
    { type: 'expect_column_unique_value_count_to_be_between', kwargs: { column: 'id', min_value: 1 } },
  ];
  const { meta } = await check(file('many.csv', csv), many);
  expect(meta.queries).toBe(3);
});
test('numbers beyond 2^53 and decimals keep their digits', async () => {
  const path = file('big.jsonl', '{"n":9007199254740993}\n{"n":9007199254740992}\n');
  const { results } = await check(path, [
    { type: 'expect_column_max_to_be_between', kwargs: { column: 'n', max_value: 1 } },
    { type: 'expect_column_values_to_be_unique', kwargs: { column: 'n' } },
  ]);
  expect(results[0]!.result).toEqual({ observed_value: 9007199254740993n });
  expect(results[1]!.success).toBe(true);
});
test('a table of other kinds of columns: UUID, ENUM, lists and structs', async () => {
  const path = join(folder, 'kinds.parquet');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (SELECT uuid() AS u, ['a', 'b'][1 + range % 2]::ENUM ('a', 'b') AS e, [range, 1] AS l, {k: range} AS s,
    TIMESTAMPTZ '2024-01-01 12:00:00+02' AS z, TIME '10:00:00' AS t, 'x'::BLOB AS b FROM range(3)) TO '${path}'`);
  connection.closeSync();
  const { results } = await check(path, [
    { type: 'expect_column_value_lengths_to_equal', kwargs: { column: 'u', value: 36 } },
    { type: 'expect_column_values_to_be_in_set', kwargs: { column: 'e', value_set: ['a', 'b'] } },
    { type: 'expect_column_values_to_be_unique', kwargs: { column: 'l' } },
    { type: 'expect_column_values_to_not_be_null', kwargs: { column: 's' } },
    {
      type: 'expect_column_max_to_be_between',
      kwargs: { column: 'z', min_value: '2024-01-01T10:00:00', max_value: '2024-01-01T10:00:00' },
    },
    {
      type: 'expect_column_values_to_be_between',
      kwargs: { column: 't', min_value: '09:00:00', max_value: '11:00:00' },
    },
    { type: 'expect_column_values_to_be_null', kwargs: { column: 'b', result_format: 'COMPLETE' } },
  ]);
  expect(results.map((r) => r.exception_info.exception_message ?? r.success)).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
    false,
  ]);
  const table = await openFile(path);
  expect((await profileTable(table)).columns.length).toBe(7);
  await table.close();
});
test('a suggested suite holds for the file that it was made from, and gives reasons', async () => {
  const rows = Array.from(
    { length: 60 },
    (_, i) =>
      `${i},${['new', 'paid'][i % 2]},${i / 4},2024-01-${String((i % 28) + 1).padStart(2, '0')},${i % 10 === 0 ? '' : 'x@y.z'}`,
  );
  const path = file('suggest.csv', `id,status,total,day,email\n${rows.join('\n')}\n`);
  const table = await openFile(path);
  const profile = await profileTable(table);
  const suite = suggestSuite('orders', profile);
  const { success, results } = await validateTable(table, readSuite(JSON.stringify(suite), 'suggested'), {
    nowMs: 0,
  });
  await table.close();
  expect(results.filter((r) => !r.success).map((r) => r.expectation_config)).toEqual([]);
  expect(success).toBe(true);
  const types = suite.expectations.map((e) => `${e.kwargs['column'] ?? ''} ${e.type}`);
  expect(types).toContain('id expect_column_values_to_be_unique');
  expect(types).toContain('status expect_column_values_to_be_in_set');
  expect(types).toContain('day expect_column_values_to_be_between');
  expect(suite.expectations.every((e) => typeof e.meta?.['reason'] === 'string')).toBe(true);
  expect(profile.columns.find((c) => c.name === 'email')).toMatchObject({ nulls: 6, distinct: 1 });
});

test('an extension that is not there is nobody’s mistake', () => {
  const text = `IO Error: An error occurred while trying to automatically install the required extension 'httpfs':
Failed to download extension "httpfs" at URL "http://example.org/httpfs.duckdb_extension.gz"
Extension "httpfs" is an existing extension.`;
  expect(duckdbError('s3://bucket/a.parquet', new Error(text))).toMatchObject({
    code: 'QLT3001',
    message: expect.stringMatching(/^s3:\/\/bucket\/a.parquet: DuckDB reads this with its extension httpfs/),
    hint: expect.stringContaining('INSTALL httpfs'),
  });
});
