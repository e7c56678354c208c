/* Modules and texts of the user's, by paths that count from a folder. */

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '#base';

/** Loads a module below, beside or above the folder; its exports by name. Rejects as import() does. */
export const modulesFrom =
  (folder: string) =>
  async (path: string): Promise<Readonly<Record<string, unknown>>> =>
    (await import(pathToFileURL(resolve(folder, path)).href)) as Readonly<Record<string, unknown>>;

/** Reads texts by paths that count from a folder. Throws UserError for a file that cannot be read. */
export const textsFrom =
  (folder: string) =>
  async (path: string): Promise<string> => {
    try {
      return await readFile(resolve(folder, path), 'utf8');
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      const message = code === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}: ${code}`;
      throw new UserError('CLI1003', { message, cause });
    }
  };
