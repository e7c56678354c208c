/* What a checkpoint lists of a filesystem sink, and how it becomes seen, from that list alone.
 *
 *   publish   whole files: hidden name ─▶ name
 *   open      files that go on growing, with their length at the checkpoint: after a restart they are cut there and
 *             published
 *   remove    files of before, which INSERT OVERWRITE puts those in the place of
 *   success   files that mark a partition as complete
 *
 * Hidden files of the same incarnation that no list holds are of rows that come again: they are removed. */

import { open, readdir, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExternalError } from '#base';
import { fileError } from './files.ts';

export interface FileName {
  readonly folder: string;
  readonly name: string;
}
export interface PreparedFiles {
  readonly instance: number;
  readonly publish: readonly FileName[];
  readonly open: readonly (FileName & { readonly bytes: number })[];
  /** Paths of files that those take the place of. */
  readonly remove?: readonly string[];
  /** Paths. */
  readonly success: readonly string[];
  /** Folders of partitions that are not complete, and when their first row came, ms. */
  readonly uncommitted: readonly (readonly [string, number])[];
}

export const hiddenPath = ({ folder, name }: FileName): string => join(folder, `.${name}.inprogress`);
export const visiblePath = ({ folder, name }: FileName): string => join(folder, name);

export const encodePrepared = (prepared: PreparedFiles): Uint8Array => Buffer.from(JSON.stringify(prepared));
const decodePrepared = (bytes: Uint8Array): PreparedFiles =>
  JSON.parse(Buffer.from(bytes).toString()) as PreparedFiles;

/** Makes seen what was whole. As often as it is called. */
export async function commitPrepared(bytes: Uint8Array): Promise<void> {
  const { publish, success, remove = [] } = decodePrepared(bytes);
  for (const path of remove) await attempt('remove', path, () => rm(path, { force: true }));
  for (const file of publish) await publishFile(file);
  for (const folder of new Set(publish.map((f) => f.folder))) await syncFolder(folder);
  for (const path of success) await attempt('write', path, () => writeFile(path, ''));
}

/** After a restart, for all instances: what is listed is published, and what else `owner` has under `root` goes. Returns
 *  the partitions that are not complete. */
export async function recoverPrepared(
  root: string,
  owner: string,
  prepared: readonly Uint8Array[],
): Promise<PreparedFiles['uncommitted']> {
  for (const bytes of prepared) await commitPrepared(bytes);
  // Of files that grow the last list of an instance counts.
  const last = new Map(prepared.map(decodePrepared).map((p) => [p.instance, p]));
  for (const { open: growing } of last.values()) {
    for (const file of growing) {
      const hidden = hiddenPath(file);
      if ((await sizeOf(hidden)) !== undefined)
        await attempt('cut', hidden, () => truncate(hidden, file.bytes));
      await publishFile(file);
      await syncFolder(file.folder);
    }
  }
  for (const path of await leftBehind(root, owner)) await attempt('remove', path, () => rm(path));
  return [...last.values()].flatMap((p) => p.uncommitted);
}

async function publishFile(file: FileName): Promise<void> {
  const [hidden, visible] = [hiddenPath(file), visiblePath(file)];
  if ((await sizeOf(hidden)) !== undefined)
    return await attempt('rename', hidden, () => rename(hidden, visible));
  if ((await sizeOf(visible)) !== undefined) return;
  throw new ExternalError('FS2002', {
    message: `rows are lost: a checkpoint lists the file '${visible}', and neither it nor '${hidden}' is there`,
    retryable: false,
  });
}
async function sizeOf(path: string): Promise<number | undefined> {
  return await stat(path).then(
    (s) => s.size,
    (cause: unknown) => {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
      throw fileError('look at', path, cause);
    },
  );
}
async function syncFolder(path: string): Promise<void> {
  await attempt('sync', path, async () => {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  });
}
async function leftBehind(root: string, owner: string): Promise<string[]> {
  if ((await sizeOf(root)) === undefined) return [];
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((e) => e.isFile() && e.name.startsWith(`.part-${owner}-`) && e.name.endsWith('.inprogress'))
    .map((e) => join(e.parentPath, e.name));
}
async function attempt(what: string, path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw fileError(what, path, cause);
  }
}
