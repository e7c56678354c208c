/* Reads a checkpoint or savepoint, however it lies. */

import type { Disk } from '#base';
import type { Checkpoint } from './checkpoint.ts';
import { manifestOf } from './manifest-file.ts';
import { readShared } from './shared-files.ts';
import { readWhole } from './whole-files.ts';

/** Undefined where there is none. Throws ExternalError CHK2001 where it is not whole. */
export async function readCheckpoint(disk: Disk, folder: string): Promise<Checkpoint | undefined> {
  const manifest = await manifestOf(disk, folder);
  if (manifest === undefined) return undefined;
  if (manifest.version === 1) return await readWhole(disk, folder, manifest);
  return await readShared(
    disk,
    folder.slice(0, Math.max(0, folder.lastIndexOf('/'))) || '.',
    folder,
    manifest,
  );
}
