/* Regular expressions in Java's syntax, remembered by their text. */

import { badArgument } from './data-errors.ts';
import { LRUCache } from '#base';
import { JavaRegex } from './regex/compile.ts';
import { TooManySteps } from './regex/match.ts';
import { parseJavaPattern, UnsupportedPattern } from './regex/parse.ts';

const cache = new LRUCache<string, JavaRegex | undefined>(256);

/** The pattern, or undefined when it is none to Java. Throws UserError where Java has what we have not. */
export function javaRegex(pattern: string): JavaRegex | undefined {
  if (cache.has(pattern)) return cache.get(pattern);
  let regex: JavaRegex | undefined;
  try {
    regex = new JavaRegex(parseJavaPattern(pattern));
  } catch (error) {
    if (error instanceof UnsupportedPattern)
      badArgument('REGEXP', `'${pattern}' has ${error.construct}, which is not supported`);
    if (!(error instanceof SyntaxError)) throw error;
  }
  cache.set(pattern, regex);
  return regex;
}

/** What `search` gives; throws UserError for a search that takes too long. */
export function searched<T>(name: string, pattern: string, search: () => T): T {
  try {
    return search();
  } catch (error) {
    if (error instanceof TooManySteps)
      return badArgument(name, `'${pattern}' takes too long on a text: ${error.message}`);
    throw error;
  }
}

/** String.split of Java: empty pieces at the end are dropped, and one before a match of nothing at the start. */
export function javaSplit(text: string, pattern: string, limit = 0): string[] {
  const regex = javaRegex(pattern);
  if (regex === undefined) return badArgument('split', `'${pattern}' is no regular expression`);
  const pieces: string[] = [];
  let last = 0;
  for (const { index, end } of regex.all(text)) {
    if (limit > 0 && pieces.length === limit - 1) break;
    if (last === 0 && index === 0 && end === 0) continue;
    pieces.push(text.slice(last, index));
    last = end;
  }
  if (last === 0 && pieces.length === 0) return [text];
  pieces.push(text.slice(last));
  if (limit === 0) while (pieces.length > 0 && pieces.at(-1) === '') pieces.pop();
  return pieces;
}
