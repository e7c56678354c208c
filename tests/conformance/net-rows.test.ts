/* What files of rows, changes and upserts hold in the end. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { beyond, digestOf, netRows } from './net-rows.ts';

const root = mkdtempSync(join(tmpdir(), 'millrace-net-rows-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

function folderOf(name: string, files: Readonly<Record<string, readonly string[]>>): string {
  const folder = join(root, name);
  for (const [path, lines] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), lines.map((line) => `${line}\n`).join(''));
  }
  return folder;
}
const give = (row: string): string => `{"before":null,"after":${row},"op":"c"}`;
const take = (row: string): string => `{"before":${row},"after":null,"op":"d"}`;

test('rows count as often as they are there, each with its partition; hidden files do not', async () => {
  const folder = folderOf('rows', {
    'dt=1/part-a-0-0': ['1,x', '1,x'],
    'dt=2/part-a-0-1': ['1,x'],
    'dt=2/_SUCCESS': ['no row'],
    'dt=2/.part-a-0-2.inprogress': ['no row'],
  });
  expect([...(await netRows(folder, 'rows'))]).toEqual([
    ['dt=1: 1,x', 2],
    ['dt=2: 1,x', 1],
  ]);
});

test('changes leave what was given and not taken back, even where that comes first', async () => {
  const folder = folderOf('changes', {
    'part-a-0-0': [take('{"k":1}'), give('{"k":2}'), take('{"k":3}')],
    'part-a-0-1': [give('{"k":1}'), give('{"k":2}')],
  });
  expect([...(await netRows(folder, 'changes'))]).toEqual([
    ['{"k":2}', 2],
    ['{"k":3}', -1],
  ]);
});

test('of upserts the last of each key is left, files in the order of their numbers', async () => {
  const folder = folderOf('upserts', {
    'part-a-0-10': [give('{"k":1,"v":3}')],
    'part-a-0-9': [give('{"k":1,"v":1}'), give('{"k":2,"v":1}'), give('{"k":1,"v":2}')],
  });
  expect([...(await netRows(folder, 'upserts'))]).toEqual([
    ['{"k":2,"v":1}', 1],
    ['{"k":1,"v":3}', 1],
  ]);
});

test('a line that is no change is an error; no folder holds no row', async () => {
  const folder = folderOf('broken', { 'part-a-0-0': ['{"k":1}'] });
  await expect(netRows(folder, 'changes')).rejects.toThrow('no change is {"k":1}');
  expect(await netRows(join(root, 'missing'), 'rows')).toEqual(new Map());
});

test('what two have beyond each other, and digests that do not depend on order', () => {
  const [a, b] = [
    new Map([
      ['x', 2],
      ['y', 1],
    ]),
    new Map([
      ['y', 1],
      ['x', 1],
      ['z', 1],
    ]),
  ];
  expect(beyond(a, b)).toEqual([new Map([['x', 1]]), new Map([['z', 1]])]);
  expect(beyond(new Map([['x', -1]]), new Map())).toEqual([new Map(), new Map([['x', 1]])]);
  expect(digestOf(a)).toEqual(digestOf(new Map([...a].reverse())));
  expect(digestOf(a)).not.toEqual(digestOf(b));
});
