/* A disk that takes no more: the append fails, nothing half written stays, and the log lives on. The limit is a real one:
 * RLIMIT_FSIZE of a child process, beyond which the system refuses to make a file longer. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { DiskRig, recordsOf, settings, temporaryFolder } from './log-rig.ts';

const run = promisify(execFile);
const child = join(import.meta.dirname, 'disk-full-child.ts');
/** Of `ulimit -f`, in bash. */
const blockBytes = 1024;

test.skipIf(process.platform === 'win32')('a full disk refuses, and loses nothing', async () => {
  const folder = join(temporaryFolder(), 'data');
  const limit = 20_480;
  const script = `ulimit -f ${limit / blockBytes}; exec "$0" --conditions=millrace-source "$1" "$2"`;
  const { stdout } = await run('bash', ['-c', script, process.execPath, child, folder], { timeout: 30_000 });
  const seen = JSON.parse(stdout) as {
    errors: number[];
    acknowledged: string[];
    fetched: string[];
    created: number;
    smallAfter: number;
    sizeAfterRefusal: number;
    soundBytes: number;
  };
  expect(seen.errors.length).toBeGreaterThan(0);
  expect(new Set(seen.errors)).toEqual(new Set([56]));
  expect(seen.fetched).toEqual(seen.acknowledged);
  expect(seen.acknowledged.length).toBeGreaterThan(10);
  expect(seen.sizeAfterRefusal).toBe(seen.soundBytes);
  expect(seen.smallAfter).toBe(0);
  expect(seen.created).toBe(0);
  const rig = new DiskRig(join(folder, 'full-0'));
  expect(recordsOf(rig.open(settings))).toEqual(seen.acknowledged);
});
