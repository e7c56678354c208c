/* Runs every test file below tests/slt in every mode that a user may ask for, and in three of our own: back from a crash at
 * another parallelism each time (1, 3, 2, …), over the slow state store, and with all rows of the state on disk. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { embeddedConnector } from '#connectors';
import { streamChecksFrom } from '#contracts';
import { textsFrom } from '#host';
import { ownModes, runTestFile, type Mode, type TestOutcome } from '#testkit';

const root = import.meta.dirname;
/** Tables without a connector lie on the disk of each run's own world. */
const embedded = embeddedConnector({ folder: () => 'tables' });
const connectors = new Map([[embedded.name, embedded]]);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.slt'))
  .sort();

describe.each(files)('%s', (file) => {
  test('holds in all modes', async () => {
    const text = readFileSync(join(root, file), 'utf8');
    const loadChecks = streamChecksFrom(textsFrom(dirname(join(root, file))));
    const outcomes: TestOutcome[] = [];
    for (const mode of ['all', ...ownModes] satisfies (Mode | 'all')[])
      outcomes.push(...(await runTestFile(text, { mode, connectors, loadChecks })));
    const failed = outcomes
      .filter((o) => o.status === 'fail')
      .map(({ mode, failure }) => ({ file: relative(root, join(root, file)), mode, ...failure }));
    expect(failed).toEqual([]);
  });
});
