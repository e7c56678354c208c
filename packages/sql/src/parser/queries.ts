/* Query expressions: WITH, set operations, VALUES, ORDER BY, LIMIT. INTERSECT binds tighter than UNION and
 * EXCEPT. */

import { type Span, UserError } from '#base';
import type { Expression } from '../ast/expressions.ts';
import type { CommonTable, Query, QueryBody, SetOperation } from '../ast/queries.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import { spanOf } from './mistakes.ts';
import { parseName, parseNames, parsePath } from './names.ts';
import { parseSelect } from './select.ts';
import { parseOrderBy } from './windows.ts';

/** Whether a query begins `ahead` tokens from here; one in parentheses does not count. */
export function atQuery(c: Cursor, ahead = 0): boolean {
  const { symbol } = c.peek(ahead);
  return (
    symbol === 'SELECT' ||
    symbol === 'WITH' ||
    symbol === 'VALUES' ||
    (symbol === 'TABLE' && !c.at('(', ahead + 1))
  );
}

/** Whether what was just read is the first part of a longer query. */
export function atQueryTail(c: Cursor): boolean {
  return setLevel(c) > 0 || tailWords.has(c.peek().symbol);
}

const tailWords = new Set(['ORDER', 'LIMIT', 'OFFSET', 'FETCH']);

/** A whole query, up to what cannot belong to it. */
export function parseQueryExpression(c: Cursor): Query {
  const first = c.peek();
  c.down();
  const outer = c.measure();
  const common = parseWith(c);
  const query = parseTail(c, first, common, parseBody(c, first, 1));
  c.grow();
  c.measured(outer);
  c.up();
  return query;
}

/** The query whose first part, `left`, has been read already and began at `first`. */
export function parseQueryFrom(c: Cursor, left: QueryBody, first: Span): Query {
  return parseTail(c, first, [], parseSetOperations(c, first, left, 1));
}

function parseWith(c: Cursor): CommonTable[] {
  if (!c.accept('WITH')) return [];
  if (c.at('RECURSIVE') && c.atName(1)) {
    throw new UserError('SQL0004', {
      at: spanOf(c.peek()),
      message: 'WITH RECURSIVE is not supported, in Flink neither',
    });
  }
  return c.list(() => {
    const name = parseName(c, 'the name of a common table');
    const columns = c.at('(') ? parseNames(c) : [];
    c.expectAll('AS', '(');
    const query = parseQueryExpression(c);
    c.expect(')');
    return { name, columns, query };
  });
}

function parseBody(c: Cursor, first: Span, min: number): QueryBody {
  return parseSetOperations(c, first, parseBodyPart(c), min);
}

function parseSetOperations(c: Cursor, first: Span, part: QueryBody, min: number): QueryBody {
  let left = part;
  for (let level = setLevel(c); level >= min; level = setLevel(c)) {
    const word = c.next().symbol;
    const operator: SetOperation['operator'] =
      word === 'UNION' ? word : word === 'INTERSECT' ? word : 'EXCEPT';
    const all = c.acceptOne('ALL', 'DISTINCT') === 'ALL';
    const right = parseBody(c, c.peek(), level + 1);
    left = { kind: 'set-operation', operator, all, left, right, span: c.spanFrom(first) };
    c.grow();
  }
  return left;
}

/** How tightly the set operator that comes next binds; 0 when there is none. */
function setLevel(c: Cursor): number {
  switch (c.peek().symbol) {
    case 'UNION':
    case 'EXCEPT':
    case 'MINUS':
      return 1;
    case 'INTERSECT':
      return 2;
    default:
      return 0;
  }
}

function parseBodyPart(c: Cursor): QueryBody {
  const first = c.peek();
  switch (first.symbol) {
    case 'SELECT':
      return parseSelect(c);
    case 'VALUES':
      return parseValues(c);
    case 'TABLE':
      c.next();
      return { kind: 'table-body', name: parsePath(c, 'a table name'), span: c.spanFrom(first) };
    case '(': {
      c.next();
      const query = parseQueryExpression(c);
      c.expect(')');
      return { kind: 'parenthesized', query, span: c.spanFrom(first) };
    }
    default:
      return c.fail('SELECT', 'VALUES', 'WITH', '(');
  }
}

/** VALUES (1, 'a'), ROW(2, 'b'), 3: a row in parentheses or with ROW, or a single value. */
function parseValues(c: Cursor): QueryBody {
  const first = c.next();
  const rows = c.list(() => {
    const value = parseExpression(c);
    return value.kind === 'row' ? value.items : [value];
  });
  return { kind: 'values', rows, span: c.spanFrom(first) };
}

function parseTail(c: Cursor, first: Span, common: readonly CommonTable[], body: QueryBody): Query {
  const orderBy = parseOrderBy(c);
  let limit: Expression | undefined;
  let offset: Expression | undefined;
  for (;;) {
    if (c.at('LIMIT') && limit === undefined) limit = parseLimit(c);
    else if (c.at('FETCH') && limit === undefined) limit = parseFetch(c);
    else if (c.at('OFFSET') && offset === undefined) offset = parseOffset(c);
    else break;
  }
  return { kind: 'query', with: common, body, orderBy, limit, offset, span: c.spanFrom(first) };
}

/** LIMIT ALL is no limit. */
function parseLimit(c: Cursor): Expression | undefined {
  c.next();
  if (c.accept('ALL')) return undefined;
  const count = parseNumber(c);
  if (c.at(',')) {
    throw new UserError('SQL0001', {
      at: spanOf(c.peek()),
      message: 'LIMIT takes one number in Flink SQL',
      hint: `Write LIMIT ${c.peek(1).text} OFFSET ${c.previous().text}.`,
    });
  }
  return count;
}

/** FETCH {FIRST | NEXT} n {ROW | ROWS} ONLY. */
function parseFetch(c: Cursor): Expression {
  c.next();
  c.expectOne('FIRST', 'NEXT');
  const count = parseNumber(c);
  c.expectOne('ROW', 'ROWS');
  c.expect('ONLY');
  return count;
}

function parseOffset(c: Cursor): Expression {
  c.next();
  const count = parseNumber(c);
  c.acceptOne('ROW', 'ROWS');
  return count;
}

function parseNumber(c: Cursor): Expression {
  const token = c.peek();
  if (token.kind !== 'number') c.fail('a number');
  c.next();
  return { kind: 'number', text: token.text, span: spanOf(token) };
}
