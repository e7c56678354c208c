/* The journal's file, and the lock of a broker's folder. */

import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileJournal } from '../../src/cluster/file-journal.ts';
import { lockFolder } from '../../src/cluster/folder-lock.ts';
import { temporaryFolder } from './log-rig.ts';

function rig(): { open: () => FileJournal; path: string; lines: string[] } {
  const path = join(temporaryFolder(), 'journal');
  const lines: string[] = [];
  return { open: () => new FileJournal(path, (line) => lines.push(line)), path, lines };
}
const entriesOf = (journal: FileJournal): unknown => Object.fromEntries(journal.entries());

test('the last value of a key counts, undefined takes it away', async () => {
  const { open, path, lines } = rig();
  const journal = open();
  journal.put('topic/a', { partitions: 1, note: 'a line\nbreak, ünïcode' });
  journal.put('topic/b', 2);
  journal.put('topic/a', null);
  journal.put('topic/b', undefined);
  journal.put('topic/c', [1, { x: true }]);
  const right = { 'topic/a': null, 'topic/c': [1, { x: true }] };
  expect(entriesOf(journal)).toEqual(right);
  expect(entriesOf(open())).toEqual(right);
  await journal.close();
  expect(readFileSync(path, 'utf8').split('\n').length).toBe(6);
  expect(lines).toEqual([]);
});

test('a torn last line is cut, at every length', () => {
  const { open, path } = rig();
  open().put('a', 1);
  const kept = readFileSync(path).length;
  open().put('b', { some: 'value' });
  const whole = readFileSync(path);
  for (let length = kept; length < whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length));
    const journal = open();
    expect(entriesOf(journal)).toEqual({ a: 1 });
    expect(statSync(path).size).toBe(kept);
    journal.put('c', 3);
    expect(entriesOf(open())).toEqual({ a: 1, c: 3 });
  }
});

test('what is cut beyond a torn line is kept aside, and told', () => {
  const { open, path, lines } = rig();
  open().put('a', 1);
  appendFileSync(path, 'deadbeef ["b",1]\n00000000 ["c",2]\n');
  expect(entriesOf(open())).toEqual({ a: 1 });
  expect(lines.join()).toContain('.cut');
  expect(readFileSync(`${path}.cut`, 'utf8')).toContain('["b",1]');
});

test('a file of mostly old lines is written anew', async () => {
  const { open, path } = rig();
  const journal = open();
  const value = 'x'.repeat(1000);
  for (let i = 0; i < 5000; i++) journal.put(`key/${i % 10}`, { i, value });
  expect(statSync(path).size).toBeLessThan(2 << 20);
  expect(existsSync(`${path}.new`)).toBe(false);
  expect(entriesOf(open())).toEqual(entriesOf(journal));
  await journal.close();
});

test('a folder has one broker', () => {
  const folder = temporaryFolder();
  const release = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(/in use by the broker of process/);
  release();
  lockFolder(folder)();
});

test('the lock of another process counts while it lives', async () => {
  const folder = temporaryFolder();
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  const path = join(folder, '.lock');
  writeFileSync(path, `${child.pid} \n`);
  expect(() => lockFolder(folder)).toThrow(`process ${child.pid}`);
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
  lockFolder(folder)();
  // An id that is used again, by a process that started at another time.
  writeFileSync(path, `${process.ppid} 1\n`);
  if (process.platform === 'linux') lockFolder(folder)();
  writeFileSync(path, '');
  lockFolder(folder)();
});
