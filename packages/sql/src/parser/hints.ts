/* Hints, that is comments which begin with a plus sign: BROADCAST(t) behind SELECT, OPTIONS('k' = 'v')
 * behind a table. */

import type { Hint } from '../ast/queries.ts';
import type { Cursor } from './cursor.ts';
import { atString, parseName, parsePath, parseString } from './names.ts';

/** The hints that stand here, if any. */
export function parseHints(c: Cursor): readonly Hint[] {
  if (!c.accept('/*+')) return [];
  const hints: Hint[] = [];
  while (!c.at('*/')) {
    hints.push(parseHint(c));
    c.accept(',');
  }
  c.expect('*/');
  return hints;
}

function parseHint(c: Cursor): Hint {
  const first = c.peek();
  const name = parseName(c, 'the name of a hint').text.toUpperCase();
  const pairs = c.at('(') && !c.acceptAll('(', ')') ? c.parenthesized(parsePair) : [];
  return { name, pairs, span: c.spanFrom(first) };
}

/** 'key' = 'value', a = 'value', a word, a table's name, a number. */
function parsePair(c: Cursor): Hint['pairs'][number] {
  const key = parseKey(c);
  if (!c.accept('=')) return { key, value: undefined };
  return { key, value: c.peek().kind === 'number' ? c.next().text : parseString(c) };
}

function parseKey(c: Cursor): string {
  if (c.peek().kind === 'number') return c.next().text;
  if (atString(c)) return parseString(c);
  return parsePath(c, 'a key or a table name')
    .map((part) => part.text)
    .join('.');
}
