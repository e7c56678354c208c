/* What a job held goes when it ends, though the session still lists it. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('twelve jobs with state hold no more than one', () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--expose-gc',
      '--conditions=millrace-source',
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, 'ended-jobs.ts'),
    ],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  const { first, last, rows } = JSON.parse(stdout) as { first: number; last: number; rows: number[] };
  expect(rows).toEqual(Array.from({ length: 12 }, () => 100_000));
  expect(last).toBeLessThan(first + 2_000_000);
});
