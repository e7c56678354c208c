/* What was typed, over sessions: one line of the file an entry; a statement of several lines is one entry. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

export const historyMax = 1000;

const file = (): string => join(homedir(), '.millrace', 'history');

/** Newest first, as readline wants it. */
export function loadHistory(): string[] {
  try {
    return existsSync(file()) ? readFileSync(file(), 'utf8').split('\n').filter(Boolean).reverse() : [];
  } catch {
    return [];
  }
}
/** Options of tables may hold passwords: nobody else reads it. A home that cannot be written keeps none. */
export function saveHistory(newestFirst: readonly string[]): void {
  try {
    mkdirSync(dirname(file()), { recursive: true });
    writeFileSync(file(), `${[...newestFirst].reverse().join('\n')}\n`, { mode: 0o600 });
  } catch {
    // The session's own history works all the same.
  }
}

/** Lines of a statement as one: a comment to the end of a line becomes one that ends itself. */
export function oneLine(text: string): string {
  const closed = text.replace(
    /('(?:[^']|'')*'|`[^`]*`|\/\*[\s\S]*?\*\/)|--([^\n]*)/g,
    (all, kept: string | undefined, comment: string | undefined) =>
      kept === undefined ? `/*${comment!.replaceAll('*/', '* /')} */` : all,
  );
  return closed.trim().replace(/\s*\n\s*/g, ' ');
}
