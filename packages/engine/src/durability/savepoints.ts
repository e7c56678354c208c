/* Savepoints: a snapshot as rows in a folder that the user names and keeps. */

import { UserError, type Disk, type World } from '#base';
import { readCheckpoint, writeWhole, type Checkpoint, type CheckpointInfo } from '#checkpoint';
import type { JobSnapshot } from '#dataflow';

/** Writes a savepoint below the directory; returns its path. Throws ExternalError. */
export async function writeSavepoint(
  world: World,
  directory: string,
  { states, kinds, also }: JobSnapshot,
  info: CheckpointInfo,
): Promise<string> {
  const name = Array.from({ length: 2 }, () => world.rng.uint32().toString(16).padStart(8, '0')).join('');
  const path = `${directory.replace(/\/+$/, '')}/savepoint-${name}`;
  await writeWhole(
    world.disk,
    path,
    {
      ...info,
      form: 'savepoint',
      kinds: Object.fromEntries(kinds!),
      also: Object.fromEntries(also!),
      parts: states,
    },
    () => world.breathe(),
  );
  await world.disk.sync(directory);
  return path;
}

/** Throws UserError CHK1004 where there is no savepoint, ExternalError CHK2001 where it is not whole. */
export async function readSavepoint(disk: Disk, path: string): Promise<Checkpoint> {
  const found = await readCheckpoint(disk, path.replace(/\/+$/, ''));
  if (found === undefined)
    throw new UserError('CHK1004', {
      message: `there is no savepoint in ${path}`,
      hint: "The path is what 'millrace jobs savepoint' printed: a folder with a file _metadata.",
    });
  if (found.form === 'savepoint') return found;
  throw new UserError('CHK1004', {
    message: `${path} is a checkpoint, which the job that wrote it goes on from by itself`,
    hint: "'millrace jobs savepoint' takes a savepoint, which later versions and changed queries can read.",
  });
}
/** Names it among savepoints. */
export const savepointId = ({ incarnation, epoch }: CheckpointInfo): string => `${incarnation}/${epoch}`;

export const savepointSnapshot = ({ epoch, finished, parts, kinds, also }: Checkpoint): JobSnapshot => ({
  epoch,
  finished,
  states: parts,
  logical: true,
  kinds: new Map(Object.entries(kinds ?? {})) as NonNullable<JobSnapshot['kinds']>,
  also: new Map(Object.entries(also ?? {})),
});
