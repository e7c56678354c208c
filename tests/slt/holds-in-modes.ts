/* Runs every test file below this folder in some modes, a test each. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { embeddedConnector } from '#connectors';
import { streamChecksFrom } from '#contracts';
import { modulesFrom, textsFrom } from '#host';
import { runTestFile, type Mode, type TestOutcome } from '#testkit';

const root = import.meta.dirname;
/** Tables without a connector lie on the disk of each run's own world. */
const embedded = embeddedConnector({ folder: () => 'tables' });
const connectors = new Map([[embedded.name, embedded]]);
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.slt'))
  .sort();

export function holdsIn(what: string, modes: readonly (Mode | 'all')[]): void {
  describe.each(files)('%s', (file) => {
    test(`holds in ${what}`, async () => {
      const text = readFileSync(join(root, file), 'utf8');
      const folder = dirname(join(root, file));
      const parts = {
        connectors,
        loadChecks: streamChecksFrom(textsFrom(folder)),
        loadModule: modulesFrom(folder),
      };
      const outcomes: TestOutcome[] = [];
      for (const mode of modes) outcomes.push(...(await runTestFile(text, { mode, ...parts })));
      const failed = outcomes
        .filter((o) => o.status === 'fail')
        .map(({ mode, failure }) => ({ file, mode, ...failure }));
      expect(failed).toEqual([]);
    });
  });
}
