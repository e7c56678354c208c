/* The demo as a newcomer runs it, in a folder that others cannot enter: PostgreSQL's data then goes where its own user
 * can reach it. */

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('a million events into PostgreSQL, twice, from a private folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-demo-'));
  chmodSync(folder, 0o700);
  const demo = join(import.meta.dirname, '../tools/demo.ts');
  try {
    for (const run of [1, 2]) {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--conditions=millrace-source', '--disable-warning=ExperimentalWarning', demo],
        { cwd: folder, encoding: 'utf8' },
      );
      expect({ run, status, stderr: stderr.slice(-500) }).toMatchObject({ run, status: 0 });
      expect(stdout).toContain('989,956 events in, 206,438 rows written');
      expect(stdout).toMatch(/orders +\| 198240/);
      expect(stdout).toContain('461 order events were late');
      expect(stdout).toContain('10,044 lines were malformed');
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 90_000);
