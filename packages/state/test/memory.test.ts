/* What a store says that it holds is what the process holds: over every kind of state, within 15 %. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const kinds = [
  'keys and numbers',
  'text as keys, whole rows',
  'numbers that are wide',
  'nested values',
  'rows in order of arrival',
  'bags',
  'maps',
  'rows in an order',
  'timers',
  'slices',
  'lists',
  'rows that came and went',
];

test.each(kinds)('%s', (kind) => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--expose-gc',
      '--conditions=millrace-source',
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, 'held.ts'),
      kind,
    ],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  const { counted, held } = JSON.parse(stdout) as { readonly counted: number; readonly held: number };
  expect(held).toBeGreaterThan(500_000);
  expect(counted / held).toBeGreaterThan(0.85);
  expect(counted / held).toBeLessThan(1.15);
});
