/* Statements of Flink's that are recognised, kept as text, and refused by name when they are reached. */

import type { Span } from '#base';
import type { UnsupportedStatement } from '../ast/statements.ts';
import type { Cursor } from './cursor.ts';
import { lexicalError } from './mistakes.ts';

/** The statement called `name` that began at `first`, up to its semicolon, unread. */
export function parseUnsupported(c: Cursor, first: Span, name: string): UnsupportedStatement {
  skipStatement(c);
  const span = c.spanFrom(first);
  return { kind: 'unsupported', name, text: c.text.slice(span.start, span.end), span };
}

/** Passes over the rest of a statement; what the lexer refused is still an error. */
export function skipStatement(c: Cursor): void {
  while (c.peek().kind !== 'end' && !c.at(';')) {
    const lexical = lexicalError(c.peek());
    if (lexical !== undefined) throw lexical;
    c.next();
  }
}
