/* Folders below `.millrace`, which is that of the current folder or of the nearest above that has such a one. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `.millrace/<name>` of this folder, or of the nearest above where it is there. */
export function millraceFolder(name: string): string {
  const own = join(process.cwd(), '.millrace', name);
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const found = join(folder, '.millrace', name);
    if (existsSync(found)) return found;
    if (folder === dirname(folder)) return own;
  }
}
