/* One at a time through a piece of work, over processes: a file that holds the process id of who is inside.
 * */

import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExternalError, type World } from '#base';

const retryMs = 50;
const waitMsMax = 60_000;

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process is alive too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

export const sleep = (world: World, ms: number): Promise<void> =>
  new Promise((resolve) => {
    world.after(ms, resolve);
  });

/** Runs `work` while this process alone holds the file `path`. A lock whose owner is dead is taken over. */
export async function withLock<T>(path: string, world: World, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  for (let waitedMs = 0; !(await take(path)); waitedMs += retryMs) {
    if (waitedMs > waitMsMax) {
      throw new ExternalError('PG2002', {
        message: `another process holds '${path}' for more than ${waitMsMax / 1000} s`,
      });
    }
    await sleep(world, retryMs);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.write(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const owner = Number(await readFile(path, 'utf8').catch(() => ''));
  // An empty file is one whose owner is just writing its id.
  if (owner > 0 && owner !== process.pid && !isAlive(owner)) await rm(path, { force: true });
  return false;
}
