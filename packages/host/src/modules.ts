/* Modules of the user's, by paths that count from a folder. */

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Loads a module below, beside or above the folder; its exports by name. Rejects as import() does. */
export const modulesFrom =
  (folder: string) =>
  async (path: string): Promise<Readonly<Record<string, unknown>>> =>
    (await import(pathToFileURL(resolve(folder, path)).href)) as Readonly<Record<string, unknown>>;
