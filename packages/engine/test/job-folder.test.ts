import { expect, it, test } from 'vitest';
import { jobFolder } from '../src/durability/job-state.ts';

it.each([
  ['etl/totals', 'state/etl%2Ftotals'],
  ['..', 'state/%2E.'],
  ['.', 'state/%2E'],
  ['../other', 'state/%2E.%2Fother'],
  ['a.b', 'state/a.b'],
])('the state of the job %s lies below the state folder', (job, folder) => {
  expect(jobFolder('state', job)).toBe(folder);
  expect(decodeURIComponent(folder.slice('state/'.length))).toBe(job);
});

test('a name that no file system takes is cut, and is no other job’s', () => {
  for (const unit of ['a', 'ä', '/', '😀']) {
    const names = [300, 301, 5000].map((n) => unit.repeat(n));
    const folders = names.map((name) => jobFolder('', name));
    for (const folder of folders) {
      expect(Buffer.byteLength(folder)).toBeLessThanOrEqual(201);
      expect(folder).toMatch(/^\/([^%]|%[0-9A-F]{2})+~[0-9a-f]{16}$/);
    }
    expect(new Set(folders).size).toBe(names.length);
  }
});
