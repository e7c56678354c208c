/* Runs every test file below tests/slt in every mode. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runTestFile } from '#testkit';

const root = import.meta.dirname;
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.slt'))
  .sort();

describe.each(files)('%s', (file) => {
  test('holds in all modes', async () => {
    const outcomes = await runTestFile(readFileSync(join(root, file), 'utf8'), {
      mode: 'all',
      connectors: new Map(),
    });
    const failed = outcomes
      .filter((o) => o.status === 'fail')
      .map(({ mode, failure }) => ({ file: relative(root, join(root, file)), mode, ...failure }));
    expect(failed).toEqual([]);
  });
});
