/* A broker's hold on its folder: a file `.lock` that names the process. That of a process that is gone is taken over. */

import { linkSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExternalError } from '#base';

const triesMax = 5;
/** Held by this process. */
const held = new Set<string>();

/** A process and when it started, where the system tells: ids are used again. */
interface Holder {
  readonly pid: number;
  readonly started: string;
}

/** Field 22 of /proc/PID/stat, counted behind the name, which may hold spaces. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
function lives({ pid, started }: Holder): boolean {
  const own = pid === process.pid;
  // An id that is used again. Where the start matches, another thread of this process has the folder.
  if (own && (started === '' || started !== startOf(pid))) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = startOf(pid);
  return started === '' || now === '' || now === started;
}
function readHolder(path: string): Holder | undefined {
  try {
    const [, pid, started] = /^(\d+) (\d*)\n?$/.exec(readFileSync(path, 'utf8')) ?? [];
    return pid === undefined ? { pid: 0, started: '' } : { pid: Number(pid), started: started ?? '' };
  } catch {
    return undefined;
  }
}

/** Takes the folder, which must exist, or throws ExternalError. Call what it gives to let go. */
export function lockFolder(folder: string): () => void {
  const place = realpathSync(folder);
  if (held.has(place)) throw inUse(folder, process.pid);
  const path = join(place, '.lock');
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, `${process.pid} ${startOf(process.pid)}\n`);
  try {
    for (let tries = 0; ; tries++) {
      try {
        linkSync(mine, path);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = readHolder(path);
      if (holder !== undefined && holder.pid > 0 && lives(holder)) throw inUse(folder, holder.pid);
      if (tries >= triesMax) throw inUse(folder, holder?.pid ?? 0);
      takeAway(path, `${mine}.old`, holder);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  held.add(place);
  return () => {
    if (held.delete(place)) rmSync(path, { force: true });
  };
}

/** Removes the lock of a process that is gone; one that another process made meanwhile is put back. */
function takeAway(path: string, aside: string, holder: Holder | undefined): void {
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const taken = readHolder(aside);
  if (taken?.pid !== holder?.pid || taken?.started !== holder?.started) renameSync(aside, path);
  else rmSync(aside, { force: true });
}

const inUse = (folder: string, pid: number): ExternalError =>
  new ExternalError('BRK2003', {
    message: `the folder ${folder} is in use by the broker of process ${pid}`,
    hint: 'Stop that broker, or give this one another folder.',
    retryable: false,
  });
