/* Tables of options, put into a page between marks; the rest of the page is written by hand. */

import type { OptionSpec } from '#catalog';
import { markedPage, markedText } from './marked-page.ts';

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
export const pageWithOptions = (file: string, tables: readonly (readonly OptionSpec[])[]): string =>
  markedPage(file, 'options', tables.map(optionTable));

/** The same of a text of the file. */
export const textWithOptions = (
  text: string,
  file: string,
  tables: readonly (readonly OptionSpec[])[],
): string => markedText(text, file, 'options', tables.map(optionTable));
