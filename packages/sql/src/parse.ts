/* Text in, syntax tree out: the entrances of the parser. */

import { type Span, UserError } from '#base';
import type { Expression } from './ast/expressions.ts';
import type { DataType } from './ast/names.ts';
import type { Query } from './ast/queries.ts';
import type { Statement } from './ast/statements.ts';
import { Cursor } from './parser/cursor.ts';
import { parseExpression as expression } from './parser/expressions.ts';
import { parseQueryExpression } from './parser/queries.ts';
import { parseAnyStatement } from './parser/statements.ts';
import { parseType } from './parser/types.ts';
import { splitStatement } from './split.ts';

/** One statement of a script; `text` is its part of the script, without the semicolon. */
export interface ScriptStatement {
  readonly statement: Statement;
  readonly text: string;
  readonly span: Span;
}

/** A statement of a script that did not parse. */
export interface BrokenStatement {
  readonly error: UserError;
  readonly text: string;
  readonly span: Span;
}

/** All statements of a script. Empty ones are skipped; the last may lack its semicolon. Throws UserError. */
export function parseScript(text: string): ScriptStatement[] {
  const c = new Cursor(text);
  const statements: ScriptStatement[] = [];
  for (;;) {
    if (!atStatement(c)) return statements;
    statements.push(parseNext(c));
  }
}

/** As `parseScript`, but a statement that does not parse ends at its semicolon, and what follows is read. Throws
 *  UserError only for a text that is too long. */
export function parseEachStatement(text: string): (ScriptStatement | BrokenStatement)[] {
  const c = new Cursor(text);
  const statements: (ScriptStatement | BrokenStatement)[] = [];
  while (atStatement(c)) {
    const first = c.peek();
    try {
      statements.push(parseNext(c));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const end = splitStatement(text, first.start)?.end ?? text.length;
      c.goOnBehind(end);
      const span = { ...first, end: text.slice(0, end).replace(/;$/, '').length };
      statements.push({ error, text: text.slice(span.start, span.end), span });
    }
  }
  return statements;
}

function atStatement(c: Cursor): boolean {
  while (c.accept(';'));
  return c.peek().kind !== 'end';
}
function parseNext(c: Cursor): ScriptStatement {
  const first = c.peek();
  const statement = parseAnyStatement(c);
  const span = c.spanFrom(first);
  if (c.peek().kind !== 'end' && !c.at(';')) failBehind(c, statement);
  return { statement, text: c.text.slice(span.start, span.end), span };
}

/** Exactly one statement, with or without a semicolon. Throws UserError. */
export function parseStatement(text: string): Statement {
  const [first, second] = parseScript(text);
  if (first === undefined) throw new UserError('SQL0001', { message: 'found no statement, expected one' });
  if (second === undefined) return first.statement;
  throw new UserError('SQL0001', { at: second.span, message: 'found a second statement, expected only one' });
}

/** Exactly one query, with or without a semicolon. Throws UserError. */
export function parseQuery(text: string): Query {
  return whole(text, (c) => {
    const query = parseQueryExpression(c);
    c.accept(';');
    return query;
  });
}

/** Exactly one expression. Throws UserError. */
export function parseExpression(text: string): Expression {
  return whole(text, expression);
}

/** Exactly one type. Throws UserError. */
export function parseDataType(text: string): DataType {
  return whole(text, parseType);
}

function whole<T>(text: string, parse: (c: Cursor) => T): T {
  const c = new Cursor(text);
  const result = parse(c);
  if (c.peek().kind !== 'end') c.fail('the end of the text');
  return result;
}

/** What may follow depends on where the statement broke off; the clauses help to recognise a misspelt one. */
function failBehind(c: Cursor, statement: Statement): never {
  switch (statement.kind) {
    case 'select-statement':
    case 'insert':
    case 'create-view':
    case 'create-table-as':
      return c.fail(...expectedBehind(statement.query), ';');
    case 'create-table':
      return c.fail(...(statement.options.length === 0 ? ['WITH'] : []), 'LIKE', ';');
    default:
      return c.fail(';');
  }
}

/** The clauses that a query has not had yet, in order; those before the last one it has cannot follow. */
function expectedBehind(query: Query): readonly string[] {
  const { body } = query;
  if (query.limit !== undefined || query.offset !== undefined) return [];
  if (query.orderBy.length > 0) return [',', 'LIMIT'];
  if (body.kind !== 'select') return ['UNION', 'ORDER BY', 'LIMIT'];
  const rest = ['HAVING', 'UNION', 'ORDER BY', 'LIMIT'];
  if (body.having !== undefined) return rest.slice(1);
  if (body.groupBy !== undefined) return [',', ...rest];
  if (body.where !== undefined) return ['AND', 'GROUP BY', ...rest.slice(1)];
  if (body.from !== undefined) return ['JOIN', 'WHERE', 'GROUP BY', ...rest.slice(1)];
  return [',', 'FROM'];
}
