/* Names, strings in quotes, and the small things that every part of the grammar uses. */

import { type Span, UserError } from '#base';
import type { Identifier } from '../ast/names.ts';
import { isAlias } from '../keywords.ts';
import type { Token } from '../tokens.ts';
import type { Cursor } from './cursor.ts';
import { spanOf } from './mistakes.ts';

/** A name; `what` says of what, for the message when there is none. */
export function parseName(c: Cursor, what = 'a name'): Identifier {
  if (!c.atName()) c.fail(what);
  return toIdentifier(c.next());
}

/** a, a.b, a.b.c. */
export function parsePath(c: Cursor, what = 'a name'): Identifier[] {
  const path = [parseName(c, what)];
  while (c.at('.')) {
    c.next();
    path.push(parseNameAfterDot(c, what));
  }
  return path;
}

/** Any word that touches the dot is a name; one behind a space must not be reserved, for it may begin a
 *  clause. */
export function parseNameAfterDot(c: Cursor, what = 'a name'): Identifier {
  const token = c.peek();
  if (token.kind === 'word' && token.start === c.previous().end) return toIdentifier(c.next());
  return parseName(c, what);
}

/** `(a, b)`. */
export function parseNames(c: Cursor, what = 'a column name'): Identifier[] {
  return c.parenthesized(() => parseName(c, what));
}

/** [AS] alias, or undefined. */
export function parseAlias(c: Cursor): Identifier | undefined {
  if (c.accept('AS')) return parseName(c, 'an alias');
  const token = c.peek();
  if (token.kind === 'quoted' || (token.kind === 'word' && isAlias(token.symbol)))
    return toIdentifier(c.next());
  return undefined;
}

function toIdentifier(token: Token): Identifier {
  return { text: token.text, quoted: token.kind === 'quoted', span: spanOf(token) };
}

export function atString(c: Cursor, ahead = 0): boolean {
  const kind = c.peek(ahead).kind;
  return kind === 'string' || kind === 'unicode-string';
}

/** The characters of one string literal; `what` is what it stands for. */
export function parseString(c: Cursor, what = 'a string in single quotes'): string {
  if (!atString(c)) c.fail(what);
  const token = c.next();
  return token.kind === 'string' ? token.text : resolveEscapes(c, token);
}

/** COMMENT 'text', or undefined. */
export function parseComment(c: Cursor): string | undefined {
  return c.at('COMMENT') && atString(c, 1) ? (c.next(), parseString(c)) : undefined;
}

/** A whole number without sign. */
export function parseCount(c: Cursor, what = 'a whole number'): number {
  const token = c.peek();
  if (token.kind !== 'number' || !/^\d{1,9}$/.test(token.text)) c.fail(what);
  c.next();
  return Number(token.text);
}

/** U&'\0041' and U&'!0041' UESCAPE '!': \ and four hexadecimal digits, or \+ and six, are a character, \\ is the escape itself. */
function resolveEscapes(c: Cursor, token: Token): string {
  let escape = '\\';
  if (c.accept('UESCAPE')) {
    const given = c.peek();
    if (given.kind !== 'string') c.fail("a character in quotes, such as '!'");
    c.next();
    escape = given.text;
    if (!/^[^0-9A-Fa-f+'"\s]$/.test(escape))
      throw badEscape(given, `"${escape}" cannot be an escape character`);
  }
  let value = '';
  for (let at = 0; at < token.text.length; ) {
    const mark = token.text.indexOf(escape, at);
    if (mark < 0) return value + token.text.slice(at);
    value += token.text.slice(at, mark);
    const rest = token.text.slice(mark + 1, mark + 8);
    const code = /^(?:([0-9A-Fa-f]{4})|\+([0-9A-Fa-f]{6}))/.exec(rest);
    const point = Number.parseInt(code?.[1] ?? code?.[2] ?? '', 16);
    if (rest.startsWith(escape)) {
      value += escape;
      at = mark + 2;
    } else if (code !== null && point <= 0x10ffff) {
      value += String.fromCodePoint(point);
      at = mark + 1 + code[0].length;
    } else {
      throw badEscape(token, `"${escape}${rest}" is no character of a U&'…' string`);
    }
  }
  return value;
}

function badEscape(at: Span, message: string): UserError {
  return new UserError('SQL0002', {
    at: spanOf(at),
    message,
    hint: 'An escape is followed by four hex digits, by + and six, or by itself.',
  });
}
