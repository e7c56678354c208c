/* Makes a folder with those above it. Node's own `recursive` never returns where the system refuses with ENOENT although
 * the folder above is there, as under /proc. */

import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Rejects with what the system answered. A folder that is there already is fine. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') return;
    const above = dirname(path);
    if (code !== 'ENOENT' || above === path) throw error;
    await makeFolder(above);
    await mkdir(path).catch((again: unknown) => {
      if ((again as NodeJS.ErrnoException).code !== 'EEXIST') throw again;
    });
  }
}
