/* What table a file is: columns and types as its records have them, read back through the connector. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { inferFileTable } from '../../src/filesystem/infer.ts';

const root = mkdtempSync(join(tmpdir(), 'millrace-infer-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
function file(name: string, content: string | Uint8Array): string {
  const path = join(root, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}
const typesOf = async (path: string): Promise<Record<string, string>> =>
  Object.fromEntries((await inferFileTable(path)).columns.map((c) => [c.name, c.type]));

describe('csv', () => {
  test('a header names the columns; the narrowest type that fits all values', async () => {
    const path = file(
      'a.csv',
      'id,price,ok,day,at,name,mixed,none\n1,1,true,2024-01-01,2024-01-01 12:00:00,"a, b",1,\n2,2.5,FALSE,2024-01-02,2024-01-01 12:00:00.5,,x,\n',
    );
    expect(await typesOf(path)).toEqual({
      id: 'BIGINT',
      price: 'DOUBLE',
      ok: 'BOOLEAN',
      day: 'DATE',
      at: 'TIMESTAMP(3)',
      name: 'STRING',
      mixed: 'STRING',
      none: 'STRING',
    });
    expect((await inferFileTable(path)).options).toMatchObject({ 'csv.header': 'true', format: 'csv' });
  });
  test('without a header columns are numbered', async () => {
    const found = await inferFileTable(file('plain.csv', '1,2\n3,x\n'));
    expect(found.columns).toEqual([
      { name: 'column0', type: 'BIGINT' },
      { name: 'column1', type: 'STRING' },
    ]);
    expect(found.options).not.toHaveProperty(['csv.header']);
  });
  test.each([
    ['semicolons', 'b.csv', 'a;b\n1;2\n', ';'],
    ['tabs', 'b.tsv', 'a\tb\n1\t2\n', '\\t'],
  ])('%s', async (_, name, text, delimiter) => {
    const found = await inferFileTable(file(name, text));
    expect(found.columns.map((c) => c.name)).toEqual(['a', 'b']);
    expect(found.options['csv.field-delimiter']).toBe(delimiter);
  });
  test('of a compressed file, and of the first that a pattern matches', async () => {
    file('many/2024/x.csv.gz', gzipSync('a,b\n1,2\n'));
    file('many/2024/y.txt', 'no');
    for (const pattern of ['many/**/*.csv.gz', 'many/2024/?.csv.gz'])
      expect(await typesOf(join(root, pattern))).toEqual({ a: 'BIGINT', b: 'BIGINT' });
  });
});

describe('json', () => {
  test('objects nested in objects and lists; fields that come later; numbers of both kinds', async () => {
    const path = file('a.jsonl', '{"a":1,"r":{"x":[1,2.5],"y":null}}\n{"a":2,"late":"x","r":{"y":true}}\n');
    expect(await typesOf(path)).toEqual({
      a: 'BIGINT',
      r: 'ROW<`x` ARRAY<DOUBLE>, `y` BOOLEAN>',
      late: 'STRING',
    });
  });
  test('times of ISO 8601 are told to the format; two forms in one file stay texts', async () => {
    const iso = await inferFileTable(file('iso.json', '{"t":"2024-01-01T00:00:00Z","d":"2024-01-01"}\n'));
    expect(iso.columns.map((c) => c.type)).toEqual(['TIMESTAMP_LTZ(3)', 'DATE']);
    expect(iso.options).toMatchObject({ 'json.timestamp-format.standard': 'ISO-8601' });
    const both = await inferFileTable(
      file('both.json', '{"t":"2024-01-01T00:00:00","u":"2024-01-01 00:00:00"}\n'),
    );
    expect(both.columns.map((c) => c.type)).toEqual(['STRING', 'TIMESTAMP(3)']);
  });
});

test.each([
  ['a.orc', 'x', 'FS1006', 'its name ends with none of'],
  ['empty.csv', '', 'FS1006', 'is empty'],
  ['pretty.json', '{\n "a": 1\n}\n', 'FS1006', 'line 1 is no JSON value'],
  ['numbers.json', '1\n2\n', 'FS1006', 'holds no JSON objects'],
])('%s is refused', async (name, text, code, message) => {
  const failed: unknown = await inferFileTable(file(name, text)).catch((error: unknown) => error);
  expect(failed).toMatchObject({ class: 'user', code });
  expect((failed as Error).message.toLowerCase()).toContain(message.toLowerCase());
});
test('a file that is missing, and a pattern that matches none', async () => {
  await expect(inferFileTable(join(root, 'nowhere.csv'))).rejects.toMatchObject({ code: 'FS1005' });
  await expect(inferFileTable(join(root, 'many/*.csv'))).rejects.toMatchObject({ code: 'FS1005' });
});
