/* What stands in FROM: tables, queries, table functions, UNNEST, and their joins. A comma is the loosest
 * join. */

import { UserError } from '#base';
import type { Identifier } from '../ast/names.ts';
import type { JoinRef, TableAlias, TableRef } from '../ast/queries.ts';
import type { Token } from '../tokens.ts';
import { parseFunctionCall } from './calls.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import { parseHints } from './hints.ts';
import { parseMatchRecognize } from './match-recognize.ts';
import { spanOf } from './mistakes.ts';
import { parseAlias, parseNames, parsePath } from './names.ts';
import { atQuery, atQueryTail, parseQueryExpression, parseQueryFrom } from './queries.ts';

export function parseFrom(c: Cursor): TableRef {
  const first = c.peek();
  let left = parseJoins(c);
  while (c.accept(',')) {
    const right = parseJoins(c);
    left = {
      kind: 'join',
      type: 'CROSS',
      natural: false,
      left,
      right,
      on: undefined,
      using: [],
      span: c.spanFrom(first),
    };
    c.grow();
  }
  return left;
}

function parseJoins(c: Cursor): TableRef {
  const first = c.peek();
  let left = parseTableWithMatch(c);
  for (;;) {
    const longer = parseJoin(c, first, left);
    if (longer === undefined) return left;
    left = longer;
    c.grow();
  }
}

function parseJoin(c: Cursor, first: Token, left: TableRef): JoinRef | undefined {
  const natural = c.accept('NATURAL');
  const type = parseJoinType(c);
  if (type === undefined) return natural ? c.fail('JOIN', 'INNER', 'LEFT', 'RIGHT', 'FULL') : undefined;
  const right = parseTableWithMatch(c);
  const plain = { kind: 'join', type, natural, left, right } as const;
  if (type === 'CROSS' || natural) return { ...plain, on: undefined, using: [], span: c.spanFrom(first) };
  if (c.accept('ON')) {
    const on = parseExpression(c);
    return { ...plain, on, using: [], span: c.spanFrom(first) };
  }
  if (!c.accept('USING')) return c.fail('ON', 'USING');
  const using = parseNames(c);
  return { ...plain, on: undefined, using, span: c.spanFrom(first) };
}

function parseJoinType(c: Cursor): JoinRef['type'] | undefined {
  if (c.accept('JOIN')) return 'INNER';
  const word = c.peek().symbol;
  switch (word) {
    case 'INNER':
    case 'CROSS':
      c.next();
      break;
    case 'LEFT':
    case 'RIGHT':
    case 'FULL':
      c.next();
      c.accept('OUTER');
      break;
    default:
      return undefined;
  }
  c.expect('JOIN');
  return word;
}

function parseTableWithMatch(c: Cursor): TableRef {
  const first = c.peek();
  const table = parseTable(c);
  if (c.atAll('MATCH_RECOGNIZE', '(')) return parseMatchRecognize(c, first, table);
  const unsupported = c.acceptOne('TABLESAMPLE', 'PIVOT', 'UNPIVOT');
  if (unsupported !== undefined) {
    throw new UserError('SQL0004', { at: spanOf(c.previous()), message: `${unsupported} is not supported` });
  }
  return table;
}

function parseTable(c: Cursor): TableRef {
  const first = c.peek();
  if (first.symbol === 'LATERAL' && !c.at('.', 1)) {
    const begins = c.at('(', 1) || c.at('TABLE', 1) || (c.atName(1) && c.at('(', 2));
    if (begins) c.next();
    if (begins && !c.at('(')) return parseTableFunction(c, first, true);
    if (begins) return parseDerived(c, first, true);
  }
  if (c.at('TABLE') && c.at('(', 1)) return parseTableFunction(c, first, false);
  if (c.at('(')) return atQuery(c, 1) ? parseDerived(c, first, false) : parseParenthesis(c, first);
  if (first.symbol === 'UNNEST' && c.at('(', 1)) return parseUnnest(c, first);
  if (first.kind === 'string') return parseFile(c, first);
  if (!c.atName()) c.fail('a table name', '(', 'TABLE(…)', 'LATERAL', 'UNNEST');
  const name = parsePath(c, 'a table name');
  if (c.at('(')) return parseBareFunction(c, first, name, false);
  const hints = parseHints(c);
  const asOf = c.acceptAll('FOR', 'SYSTEM_TIME', 'AS', 'OF') ? parseExpression(c) : undefined;
  const alias = parseTableAlias(c);
  return { kind: 'named-table', name, hints, asOf, alias, span: c.spanFrom(first) };
}

/** FROM 'data/*.csv': no table of Flink's; whoever executes it finds out what the file is. */
function parseFile(c: Cursor, first: Token): TableRef {
  const { text } = c.next();
  const name = [{ text, quoted: true, file: true, span: spanOf(first) } as const];
  const hints = parseHints(c);
  const alias = parseTableAlias(c);
  return { kind: 'named-table', name, hints, asOf: undefined, alias, span: c.spanFrom(first) };
}

/** TABLE(f(x)), or f(x) behind LATERAL. */
function parseTableFunction(c: Cursor, first: Token, lateral: boolean): TableRef {
  if (c.at('UNNEST')) return parseUnnest(c, first);
  if (!c.accept('TABLE')) return parseBareFunction(c, first, parsePath(c, 'a function name'), lateral);
  c.expect('(');
  const name = parsePath(c, 'the name of a table function');
  const call = parseFunctionCall(c, name, { ofTables: true });
  c.expect(')');
  const alias = parseTableAlias(c);
  return { kind: 'table-function', lateral, call, alias, span: c.spanFrom(first) };
}

function parseBareFunction(c: Cursor, first: Token, name: readonly Identifier[], lateral: boolean): TableRef {
  const call = parseFunctionCall(c, name, { ofTables: true });
  const alias = parseTableAlias(c);
  return { kind: 'table-function', lateral, call, alias, span: c.spanFrom(first) };
}

function parseUnnest(c: Cursor, first: Token): TableRef {
  c.next();
  c.expect('(');
  const expression = parseExpression(c);
  c.expect(')');
  const ordinality = c.acceptAll('WITH', 'ORDINALITY');
  const alias = parseTableAlias(c);
  return { kind: 'unnest', expression, ordinality, alias, span: c.spanFrom(first) };
}

function parseDerived(c: Cursor, first: Token, lateral: boolean): TableRef {
  c.expect('(');
  const query = parseQueryExpression(c);
  c.expect(')');
  const alias = parseTableAlias(c);
  return { kind: 'derived-table', lateral, query, alias, span: c.spanFrom(first) };
}

/** `(a JOIN b ON …)`, or `((SELECT …) UNION …)`, which shows only behind its first part. */
function parseParenthesis(c: Cursor, first: Token): TableRef {
  c.next();
  c.down();
  const start = c.peek();
  const inner = parseFrom(c);
  c.up();
  if (inner.kind === 'derived-table' && inner.alias === undefined && !inner.lateral) {
    let query = inner.query;
    if (atQueryTail(c)) query = parseQueryFrom(c, { kind: 'parenthesized', query, span: inner.span }, start);
    c.expect(')');
    const alias = parseTableAlias(c);
    return { kind: 'derived-table', lateral: false, query, alias, span: c.spanFrom(first) };
  }
  c.expect(')', 'JOIN', ',');
  return inner;
}

/** [AS] name [(columns)]. */
export function parseTableAlias(c: Cursor): TableAlias | undefined {
  const name = parseAlias(c);
  if (name === undefined) return undefined;
  return { name, columns: c.at('(') ? parseNames(c) : [] };
}
