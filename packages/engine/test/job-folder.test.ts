import { expect, it } from 'vitest';
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
