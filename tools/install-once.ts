/* Installing into .cache, which several checkouts and processes may share: one of them does it, the others wait.
 *
 *   FOLDER.lock   holds the process id of who installs; one whose process is gone counts for nothing */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const waitMs = 200;

/** Calls `install` unless `installed` says that there is nothing to do, and nobody else while it runs. */
export async function installOnce(
  folder: string,
  installed: () => boolean,
  install: () => Promise<void>,
): Promise<void> {
  const lock = `${folder}.lock`;
  mkdirSync(dirname(lock), { recursive: true });
  while (!installed()) {
    if (!taken(lock)) {
      await sleep(waitMs);
      continue;
    }
    try {
      // Another may have been through between the question and the lock.
      if (!installed()) await install();
    } finally {
      rmSync(lock, { force: true });
    }
  }
}

function taken(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!holderRuns(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function holderRuns(lock: string): boolean {
  let holder: number;
  try {
    holder = Number(readFileSync(lock, 'utf8'));
  } catch {
    return false;
  }
  // Made, and not written yet.
  if (holder === 0) return true;
  try {
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
