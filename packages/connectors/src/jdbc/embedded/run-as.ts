/* PostgreSQL refuses to run as root. Then a user of its own runs it, whose files must lie where it can reach
 * them. */

import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '#base';

const run = promisify(execFile);

export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}
const userName = 'postgres';

async function idsOf(name: string): Promise<RunAs | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/** The user to run PostgreSQL as: undefined for the one who runs this process, unless that is root. Throws
 *  PG1002. */
export async function postgresUser(): Promise<RunAs | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const there = await idsOf(userName);
  if (there !== undefined) return there;
  try {
    await run('groupadd', ['--force', userName]);
    await run('useradd', ['--gid', userName, '--no-create-home', userName]);
  } catch (cause) {
    throw new UserError('PG1002', {
      message: 'PostgreSQL does not run as root, and no user for it could be made',
      hint: 'Run as another user, or add a user named postgres.',
      cause,
    });
  }
  const made = await idsOf(userName);
  if (made === undefined)
    throw new UserError('PG1002', {
      message: 'PostgreSQL does not run as root, and there is no user named postgres',
    });
  return made;
}

/** Whether `user` may enter every folder on the way to `path`, and look into it. */
export async function canReach(path: string, user: RunAs): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const bits = uid === user.uid ? mode >> 6 : gid === user.gid ? mode >> 3 : mode;
    const needed = at === path ? 0o5 : 0o1;
    if ((bits & needed) !== needed) return false;
    if (dirname(at) === at) return true;
  }
}
