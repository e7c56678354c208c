/* Tables of options, put into a page between marks; the rest of the page is written by hand. */

import { readFileSync } from 'node:fs';
import type { OptionSpec } from '#catalog';

const begin = '<!-- options: generated, see tools/docs -->';
const end = '<!-- end of options -->';

const cell = (text: string): string => text.replaceAll('|', '\\|');

function optionTable(specs: readonly OptionSpec[]): string {
  const lines = specs.map((spec) => {
    const type = spec.values === undefined ? spec.type : spec.values.join(', ');
    const fallback = spec.required ? 'required' : spec.default ? `\`${cell(spec.default)}\`` : '';
    return `| \`${spec.key}\` | ${type} | ${fallback} | ${cell(spec.doc)} |`;
  });
  return ['| Option | Type | Default | Meaning |', '|---|---|---|---|', ...lines].join('\n');
}

/** The text of `file` with its n-th place for options holding the n-th table. Throws when the places and
 *  the tables are not equally many. */
export function pageWithOptions(file: string, tables: readonly (readonly OptionSpec[])[]): string {
  const [head = '', ...parts] = readFileSync(file, 'utf8').split(begin);
  if (parts.length !== tables.length) {
    throw new Error(`${file} has ${parts.length} places for ${tables.length} tables: ${begin} … ${end}`);
  }
  const filled = parts.map((part, i) => {
    const to = part.indexOf(end);
    if (to < 0) throw new Error(`${file} has a place for options without its end: ${end}`);
    return `${begin}\n${optionTable(tables[i]!)}\n${part.slice(to)}`;
  });
  return head + filled.join('');
}
