/* WITH ('key' = 'value', …), and lists of keys. */

import type { ObjectName, OptionEntry } from '../ast/statements.ts';
import type { Cursor } from './cursor.ts';
import { parsePath, parseString } from './names.ts';

/** WITH (…), or nothing. */
export function parseWithOptions(c: Cursor): OptionEntry[] {
  return c.accept('WITH') ? parseOptions(c) : [];
}

/** ('key' = 'value', …); the list may be empty. */
export function parseOptions(c: Cursor): OptionEntry[] {
  return c.acceptAll('(', ')') ? [] : c.parenthesized(parseOption);
}

function parseOption(c: Cursor): OptionEntry {
  const first = c.peek();
  const key = parseString(c, "an option's key in single quotes");
  c.expect('=');
  const value = parseString(c, "the option's value in single quotes");
  return { key, value, span: c.spanFrom(first) };
}

/** ('key', …); the list may be empty. */
export function parseOptionKeys(c: Cursor): string[] {
  return c.acceptAll('(', ')')
    ? []
    : c.parenthesized(() => parseString(c, "an option's key in single quotes"));
}

export function parseTableName(c: Cursor): ObjectName {
  return parsePath(c, 'a table name');
}

export function parseIfNotExists(c: Cursor): boolean {
  if (!c.accept('IF')) return false;
  c.expectAll('NOT', 'EXISTS');
  return true;
}

export function parseIfExists(c: Cursor): boolean {
  if (!c.accept('IF')) return false;
  c.expect('EXISTS');
  return true;
}
