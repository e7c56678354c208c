/* Which leader wrote from which offset on, in a file beside the log. Kafka's format (leader-epoch-checkpoint):
 *
 *   0            the version
 *   2            how many lines follow
 *   0 0          an epoch, and its first offset
 *   3 1042
 *
 * Written anew with every change: another file, then renamed. */

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { LeaderEpoch } from '../leader-epochs.ts';

export class EpochCheckpoint {
  readonly path: string;
  #synced = true;

  constructor(path: string) {
    this.path = path;
  }
  /** Undefined when there is no file, or none that can be read. */
  read(): readonly LeaderEpoch[] | undefined {
    if (!existsSync(this.path)) return undefined;
    const [version, count, ...lines] = readFileSync(this.path, 'latin1').split('\n');
    if (version !== '0' || lines.length !== Number(count) + 1) return undefined;
    const entries: LeaderEpoch[] = [];
    for (const line of lines.slice(0, -1)) {
      const [, epoch, startOffset] = /^(\d+) (\d+)$/.exec(line) ?? [];
      if (epoch === undefined) return undefined;
      const entry = { epoch: Number(epoch), startOffset: Number(startOffset) };
      const last = entries.at(-1);
      if (last !== undefined && (entry.epoch <= last.epoch || entry.startOffset <= last.startOffset))
        return undefined;
      entries.push(entry);
    }
    return entries;
  }
  /** Throws when the disk does not take it. */
  write(entries: readonly LeaderEpoch[]): void {
    const lines = entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}`);
    const made = `${this.path}.tmp`;
    writeFileSync(made, ['0', `${lines.length}`, ...lines, ''].join('\n'));
    renameSync(made, this.path);
    this.#synced = false;
  }
  async sync(): Promise<void> {
    if (this.#synced) return;
    this.#synced = true;
    await syncFile(this.path);
  }
}

/** Brings a file to the disk that is not kept open. One that is gone needs none of it. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
  if (handle === undefined) return;
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
