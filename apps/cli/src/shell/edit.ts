/* Editing a statement in the user's editor: $VISUAL, $EDITOR, or vi. */

import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '#base';
import type { Suspend } from './pager.ts';

/** The text as it was saved, with a semicolon at its end; undefined when it was emptied. Throws CLI1007. */
export async function edit(text: string, suspend: Suspend): Promise<string | undefined> {
  const editor = process.env['VISUAL'] ?? process.env['EDITOR'] ?? 'vi';
  const folder = await mkdtemp(join(tmpdir(), 'millrace-edit-'));
  const file = join(folder, 'statement.sql');
  const resume = suspend();
  try {
    await writeFile(file, text, { mode: 0o600 });
    const { status, error } = spawnSync(`${editor} '${file}'`, { shell: true, stdio: 'inherit' });
    if (error !== undefined || status !== 0)
      throw new UserError('CLI1007', {
        message: `the editor ${editor} ended with ${error?.message ?? String(status)}`,
        hint: 'Set EDITOR to the one that you use.',
      });
    const saved = (await readFile(file, 'utf8')).trim();
    return saved === '' ? undefined : saved.endsWith(';') ? saved : `${saved};`;
  } finally {
    resume();
    await rm(folder, { recursive: true, force: true });
  }
}
