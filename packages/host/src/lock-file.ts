/* A file that stands for the process that made it. What a process left that is gone is taken over.
 *
 *   make it, unless it is there ─▶ ours
 *   there: its process lives ─▶ held · gone ─▶ moved aside, by one process only; then from the start
 */

import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { DiskLock } from '#base';

export async function lockFile(path: string): Promise<DiskLock | { readonly heldBy: string }> {
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  for (;;) {
    if (await make(path, mine)) return { release: () => rm(path, { force: true }) };
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const holder = JSON.parse(text) as Holder;
    if (isAlive(holder)) return { heldBy: `process ${holder.pid}` };
    await takeAside(path, text);
  }
}

interface Holder {
  readonly pid: number;
  /** What tells processes of one number apart; undefined where the system does not say. */
  readonly started?: string;
}

/** A link is there with its text or not at all. */
async function make(path: string, text: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.draft`;
  await writeFile(draft, text, { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  } finally {
    await rm(draft, { force: true });
  }
}
function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    // Another user's process lives too.
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM')) return false;
  }
  return started === undefined || startOf(pid) === started;
}
/** When the process began, in the system's own unit. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Behind the name, which may hold blanks and parentheses, the 20th field.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
/** Two that found the same dead lock: the second must not move the first one's new lock away. */
async function takeAside(path: string, text: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch(() => {});
  const moved = await readFile(aside, 'utf8').catch(() => undefined);
  if (moved !== undefined && moved !== text) await rename(aside, path).catch(() => {});
  else await rm(aside, { force: true });
}
