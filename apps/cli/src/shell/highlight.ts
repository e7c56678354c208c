/* Colours of what is typed: keywords, strings, numbers, comments. */

import { isReserved, keywords } from '#sql';
import { cyan, dim, green, magenta } from '../terminal.ts';

const tokens =
  /(--.*$|\/\*[\s\S]*?(?:\*\/|$))|('(?:[^']|'')*'?)|(`[^`]*`?)|(\b\d+(?:\.\d+)?\b)|([A-Za-z_][\w$]*)/g;
const known = new Set(keywords.map((k) => k.toUpperCase()));

export function highlight(text: string): string {
  return text.replace(
    tokens,
    (
      all,
      comment: string | undefined,
      quoted: string | undefined,
      name: string | undefined,
      number: string | undefined,
      word: string | undefined,
    ) => {
      if (comment !== undefined) return dim(all);
      if (quoted !== undefined) return green(all);
      if (name !== undefined) return all;
      if (number !== undefined) return magenta(all);
      const upper = word!.toUpperCase();
      return isReserved(upper) && known.has(upper) ? cyan(all) : all;
    },
  );
}
