/* Pages of which parts are generated: what stands between marks is made from tables, the rest is written by hand. */

import { readFileSync } from 'node:fs';

/** The text of `file` with its n-th place for `what` holding the n-th text. Throws when places and texts are not
 *  equally many. */
export const markedPage = (file: string, what: string, texts: readonly string[]): string =>
  markedText(readFileSync(file, 'utf8'), file, what, texts);

/** The same of a text of the file, of which other parts may be filled already. */
export function markedText(text: string, file: string, what: string, texts: readonly string[]): string {
  const begin = `<!-- ${what}: generated, see tools/docs -->`;
  const end = `<!-- end of ${what} -->`;
  const [head = '', ...parts] = text.split(begin);
  if (parts.length !== texts.length)
    throw new Error(`${file} has ${parts.length} places for ${texts.length} tables: ${begin} … ${end}`);
  const filled = parts.map((part, i) => {
    const to = part.indexOf(end);
    if (to < 0) throw new Error(`${file} has a place for ${what} without its end: ${end}`);
    return `${begin}\n${texts[i]!}\n${part.slice(to)}`;
  });
  return head + filled.join('');
}
