/* Reading what the command line names: a file, or standard input for `-`. */

import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { ExternalError, UserError } from '#base';

export function readStandardInput(): Promise<string> {
  return text(process.stdin);
}

/** The whole text of a file. Throws CLI1003 for what is no file, CLI3001 for what the system refuses. */
export async function readText(file: string): Promise<string> {
  if (file === '-') return await readStandardInput();
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new UserError('CLI1003', { message: `there is no file ${file}`, cause });
    if (code === 'EISDIR')
      throw new UserError('CLI1003', {
        message: `${file} is a folder`,
        hint: 'Name a file of SQL; - reads standard input.',
        cause,
      });
    throw new ExternalError('CLI3001', { message: `${file} cannot be read: ${message}`, cause });
  }
}
