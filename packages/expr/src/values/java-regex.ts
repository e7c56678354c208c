/* Java's regular expressions as JavaScript's. What has no counterpart (possessive quantifiers, atomic groups,
 * intersections of classes) is refused rather than misread. */

import { badArgument } from './data-errors.ts';
import { LRUCache } from './lru-cache.ts';

const classes: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7F',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1F\\x7F',
  XDigit: '0-9a-fA-F',
  Space: ' \\t\\n\\x0B\\f\\r',
  IsAlphabetic: '\\p{Alphabetic}',
  IsDigit: '\\p{Nd}',
  IsLetter: '\\p{L}',
  IsLowercase: '\\p{Lowercase}',
  IsUppercase: '\\p{Uppercase}',
  IsWhite_Space: '\\p{White_Space}',
  IsPunctuation: '\\p{P}',
  javaLowerCase: '\\p{Lowercase}',
  javaUpperCase: '\\p{Uppercase}',
  javaWhitespace: '\\s',
};

function unsupported(pattern: string, feature: string): never {
  return badArgument(
    'REGEXP',
    `'${pattern}' uses ${feature}, which JavaScript's regular expressions do not have`,
  );
}

/** Escapes outside and inside a class; `inside` wants the bare contents of a class. */
function escape(pattern: string, at: number, inside: boolean): { text: string; next: number } {
  const char = pattern[at + 1];
  const wrap = (text: string): string => (inside ? text : `[${text}]`);
  switch (char) {
    case undefined:
      throw new SyntaxError('a pattern ends in \\');
    case 'A':
      return { text: '(?<![\\s\\S])', next: at + 2 };
    case 'z':
      return { text: '(?![\\s\\S])', next: at + 2 };
    case 'Z':
      return { text: '(?=\\r?\\n?(?![\\s\\S]))', next: at + 2 };
    case 's':
      return { text: wrap(' \\t\\n\\x0B\\f\\r'), next: at + 2 };
    case 'S':
      return inside ? { text: '\\S', next: at + 2 } : { text: '[^ \\t\\n\\x0B\\f\\r]', next: at + 2 };
    case 'h':
      return { text: wrap(' \\t\\xA0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000'), next: at + 2 };
    case 'R':
      return { text: '(?:\\r\\n|[\\n\\x0B\\f\\r\\x85\\u2028\\u2029])', next: at + 2 };
    case 'a':
      return { text: '\\x07', next: at + 2 };
    case 'e':
      return { text: '\\x1B', next: at + 2 };
    case 'p':
    case 'P':
      return property(pattern, at, inside);
    case 'x':
    case 'u':
    case 'c':
    case 'k':
      return { text: `\\${char}`, next: at + 2 };
    default:
      if (/[a-zA-Z]/.test(char) && !'bBdDwWtnrfv'.includes(char))
        throw new SyntaxError(`unknown escape \\${char}`);
      // In Unicode mode only syntax characters may be escaped.
      return {
        text: /[\w^$\\.*+?()[\]{}|/]/.test(char) || (inside && char === '-') ? `\\${char}` : char,
        next: at + 2,
      };
  }
}

function property(pattern: string, at: number, inside: boolean): { text: string; next: number } {
  const negated = pattern[at + 1] === 'P';
  const braced = /^\{(\w+)(?:=(\w+))?\}/.exec(pattern.slice(at + 2));
  const name = braced === null ? pattern[at + 2]! : braced[1]!;
  const next = at + 2 + (braced === null ? 1 : braced[0].length);
  const known = classes[name];
  if (known === undefined) {
    const value = braced?.[2] === undefined ? name.replace(/^Is/, '') : `${name}=${braced[2]}`;
    return { text: `\\${negated ? 'P' : 'p'}{${value}}`, next };
  }
  if (inside && negated) unsupported(pattern, `\\P{${name}} inside a class`);
  return { text: inside ? known : `[${negated ? '^' : ''}${known}]`, next };
}

function characterClass(pattern: string, start: number): { text: string; next: number } {
  let text = '[';
  let at = start + 1;
  if (pattern[at] === '^') {
    text += '^';
    at++;
  }
  for (let first = true; at < pattern.length; first = false) {
    const char = pattern[at]!;
    if (char === ']' && !first) return { text: `${text}]`, next: at + 1 };
    if (pattern.startsWith('&&', at)) unsupported(pattern, 'intersections of classes');
    if (char === '[') {
      const inner = characterClass(pattern, at);
      if (inner.text.startsWith('[^')) unsupported(pattern, 'negated classes inside a class');
      text += inner.text.slice(1, -1);
      at = inner.next;
    } else if (char === '\\') {
      const escaped = escape(pattern, at, true);
      text += escaped.text;
      at = escaped.next;
    } else {
      text += char === ']' ? '\\]' : /[()|{}/]/.test(char) ? `\\${char}` : char;
      at++;
    }
  }
  throw new SyntaxError('a class is not closed');
}

function translatePattern(java: string): { source: string; flags: string } {
  let source = '';
  let flags = 'u';
  let at = 0;
  const global = /^\(\?([ims]+)\)/.exec(java);
  if (global !== null) {
    flags += [...new Set(global[1])].join('');
    at = global[0].length;
  }
  while (at < java.length) {
    const char = java[at]!;
    if (java.startsWith('\\Q', at)) {
      const end = java.indexOf('\\E', at);
      const literal = java.slice(at + 2, end < 0 ? undefined : end);
      source += literal.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');
      at = end < 0 ? java.length : end + 2;
    } else if (char === '\\') {
      const escaped = escape(java, at, false);
      source += escaped.text;
      at = escaped.next;
    } else if (char === '[') {
      const group = characterClass(java, at);
      source += group.text;
      at = group.next;
    } else if (/[*+?}]/.test(char) && java[at + 1] === '+') unsupported(java, 'possessive quantifiers');
    else if (java.startsWith('(?>', at)) unsupported(java, 'atomic groups');
    else {
      source +=
        char === '}' || char === ']'
          ? closing(source, char)
          : char === '{' && !/^\{\d+(,\d*)?\}/.test(java.slice(at))
            ? '\\{'
            : char;
      at++;
    }
  }
  return { source, flags };
}

/** A closing brace ends a quantifier or stands for itself. */
const closing = (before: string, char: string): string =>
  char === '}' && /\{\d+(,\d*)?$/.test(before) ? '}' : `\\${char}`;

const cache = new LRUCache<string, RegExp | undefined>(256);

/** The pattern as a global JavaScript one, or undefined when it is none (or has no counterpart). */
export function javaRegex(pattern: string): RegExp | undefined {
  if (cache.has(pattern)) return cache.get(pattern);
  let regex: RegExp | undefined;
  try {
    const { source, flags } = translatePattern(pattern);
    regex = new RegExp(source, `${flags}g`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  cache.set(pattern, regex);
  return regex;
}

/** Whether the pattern occurs in the text. */
export function matches(regex: RegExp, text: string): boolean {
  regex.lastIndex = 0;
  return regex.test(text);
}

/** String.split of Java: empty pieces at the end are dropped. */
export function javaSplit(text: string, pattern: string, limit = 0): string[] {
  const regex = javaRegex(pattern);
  if (regex === undefined) return [text];
  const pieces: string[] = [];
  let last = 0;
  for (const match of text.matchAll(regex)) {
    if (limit > 0 && pieces.length === limit - 1) break;
    if (match[0] === '' && (match.index === 0 || match.index === text.length)) continue;
    pieces.push(text.slice(last, match.index));
    last = match.index + match[0].length;
  }
  pieces.push(text.slice(last));
  if (limit === 0) while (pieces.length > 1 && pieces.at(-1) === '') pieces.pop();
  return pieces;
}
