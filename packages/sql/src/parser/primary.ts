/* Expressions without operators: literals, columns, calls, CASE, CAST, constructors, subqueries, a[i] and
 * f(x).b. */

import { UserError } from '#base';
import type { CaseExpression, Expression } from '../ast/expressions.ts';
import type { Identifier } from '../ast/names.ts';
import { bareFunctions } from '../keywords.ts';
import { parseCall } from './calls.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import {
  parseBytesLiteral,
  parseDateTimeLiteral,
  parseIntervalLiteral,
  parseStringLiteral,
} from './literals.ts';
import { spanOf } from './mistakes.ts';
import { parseName, parseNameAfterDot } from './names.ts';
import { atQuery, atQueryTail, parseQueryExpression, parseQueryFrom } from './queries.ts';
import { parseType } from './types.ts';

/** A primary and the element and field accesses behind it. */
export function parsePrimary(c: Cursor): Expression {
  const first = c.peek();
  let operand = parseAtom(c);
  for (;;) {
    if (c.accept('[')) {
      const index = parseExpression(c);
      c.expect(']');
      operand = { kind: 'element', operand, index, span: c.spanFrom(first) };
    } else if (c.at('.') && operand.kind !== 'star') {
      c.next();
      const field = parseNameAfterDot(c, 'a field name');
      operand = { kind: 'field', operand, field, span: c.spanFrom(first) };
    } else {
      return operand;
    }
    c.grow();
  }
}

function parseAtom(c: Cursor): Expression {
  const token = c.peek();
  switch (token.kind) {
    case 'number':
      c.next();
      return { kind: 'number', text: token.text, span: spanOf(token) };
    case 'string':
    case 'unicode-string':
      return parseStringLiteral(c);
    case 'binary':
      return parseBytesLiteral(c);
    case 'quoted':
      return parseColumnOrCall(c);
    case 'word':
      return parseWord(c);
    case 'operator':
      return token.symbol === '(' ? parseParenthesis(c) : failOnExpression(c);
    default:
      return failOnExpression(c);
  }
}

function failOnExpression(c: Cursor): never {
  return c.fail('an expression');
}

/** An expression that begins with a word: a special form where its sign follows, else a column or a call. */
function parseWord(c: Cursor): Expression {
  const token = c.peek();
  switch (token.symbol) {
    case 'TRUE':
    case 'FALSE':
      c.next();
      return { kind: 'boolean', value: token.symbol === 'TRUE', span: spanOf(token) };
    case 'NULL':
      c.next();
      return { kind: 'null', span: spanOf(token) };
    case 'UNKNOWN':
      if (!c.at('.', 1) && !c.at('(', 1)) return parseUnknown(c);
      break;
    case 'CASE':
      return parseCase(c);
    case 'CAST':
    case 'TRY_CAST':
      if (c.at('(', 1)) return parseCast(c);
      break;
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const literal = parseDateTimeLiteral(c);
      if (literal !== undefined) return literal;
      break;
    }
    case 'INTERVAL': {
      const literal = parseIntervalLiteral(c);
      if (literal !== undefined) return literal;
      break;
    }
    case 'EXISTS':
      if (c.at('(', 1)) return parseExists(c);
      break;
    case 'ROW':
      if (c.at('(', 1)) return parseRow(c);
      break;
    case 'ARRAY':
    case 'MAP':
    case 'MULTISET':
      if (c.at('[', 1) || c.at('(', 1)) return parseConstructor(c, token.symbol);
      break;
    default:
      break;
  }
  return parseColumnOrCall(c);
}

/** a, t.a, t.*, f(x), db.f(x), CURRENT_DATE. */
function parseColumnOrCall(c: Cursor): Expression {
  const first = c.peek();
  if (first.kind === 'word' && bareFunctions.has(first.symbol) && !c.at('(', 1) && !c.at('.', 1)) {
    return parseCall(c, [parseName(c)], { bare: true });
  }
  const modifier = first.symbol === 'FINAL' || first.symbol === 'RUNNING';
  if (modifier && c.peek(1).kind === 'word' && c.at('(', 2)) {
    c.next();
    return parseCall(c, [parseName(c)], { modifier: first.symbol });
  }
  if (!c.atName()) return failOnExpression(c);
  const path: Identifier[] = [parseName(c)];
  while (c.accept('.')) {
    if (c.accept('*')) return { kind: 'star', qualifier: path, span: c.spanFrom(first) };
    path.push(parseNameAfterDot(c));
  }
  if (c.at('(')) return parseCall(c, path, {});
  const span = c.spanFrom(first);
  return { kind: 'column', path, span };
}

/** UNKNOWN is the BOOLEAN that is NULL. */
function parseUnknown(c: Cursor): Expression {
  const span = spanOf(c.next());
  const bare = { parameters: [], elements: [], fields: [], interval: undefined, nullable: undefined, span };
  return {
    kind: 'cast',
    safe: false,
    operand: { kind: 'null', span },
    type: { name: 'BOOLEAN', ...bare },
    span,
  };
}

function parseCase(c: Cursor): Expression {
  const first = c.next();
  const subject = c.at('WHEN') ? undefined : parseExpression(c);
  const branches: CaseExpression['branches'][number][] = [];
  do {
    c.expect('WHEN');
    // CASE x WHEN 1, 2 THEN …: either of them.
    const whens = subject === undefined ? [parseExpression(c)] : c.list(parseExpression);
    c.expect('THEN');
    const then = parseExpression(c);
    branches.push(...whens.map((when) => ({ when, then })));
  } while (c.at('WHEN'));
  const otherwise = c.accept('ELSE') ? parseExpression(c) : undefined;
  if (!c.at('END')) c.fail(...(otherwise === undefined ? ['WHEN', 'ELSE'] : []), 'END');
  c.next();
  return { kind: 'case', subject, branches, otherwise, span: c.spanFrom(first) };
}

function parseCast(c: Cursor): Expression {
  const first = c.next();
  c.expect('(');
  const operand = parseExpression(c);
  c.expect('AS');
  const type = parseType(c);
  c.expect(')');
  return { kind: 'cast', safe: first.symbol === 'TRY_CAST', operand, type, span: c.spanFrom(first) };
}

function parseExists(c: Cursor): Expression {
  const first = c.next();
  c.expect('(');
  const query = parseQueryExpression(c);
  c.expect(')');
  return { kind: 'exists', query, span: c.spanFrom(first) };
}

function parseRow(c: Cursor): Expression {
  const first = c.next();
  c.expect('(');
  const items = c.at(')') ? [] : c.list(parseExpression);
  c.expect(')', ',');
  return { kind: 'row', explicit: true, items, span: c.spanFrom(first) };
}

/** ARRAY[…] and MAP[…]; what else Flink's grammar has here is refused by name. */
function parseConstructor(c: Cursor, word: 'ARRAY' | 'MAP' | 'MULTISET'): Expression {
  const first = c.next();
  if (word === 'MULTISET' || c.at('(')) {
    throw new UserError('SQL0004', {
      at: spanOf(first),
      message: `${word}${c.at('(') ? '(query)' : '[…]'} is not supported`,
      hint: word === 'MAP' ? "A map is written MAP['key', value, …]." : 'An array is written ARRAY[a, b, …].',
    });
  }
  c.expect('[');
  const items = c.at(']') ? [] : c.list(parseExpression);
  c.expect(']', ',');
  const span = c.spanFrom(first);
  if (word === 'ARRAY') return { kind: 'array', items, span };
  if (items.length % 2 !== 0) {
    throw new UserError('SQL0001', {
      at: span,
      message: `a MAP takes keys and values in turn, found ${items.length} items`,
    });
  }
  return { kind: 'map', items, span };
}

/** `(a)`, `(a, b)`, `(SELECT …)`; and `((SELECT …) UNION …)`, which shows only behind its first part. */
function parseParenthesis(c: Cursor): Expression {
  const first = c.next();
  if (atQuery(c)) {
    const query = parseQueryExpression(c);
    c.expect(')');
    return { kind: 'subquery', query, span: c.spanFrom(first) };
  }
  const inner = c.peek();
  const items = c.list(parseExpression);
  const [item] = items;
  if (item?.kind === 'subquery' && items.length === 1 && inner.symbol === '(' && atQueryTail(c)) {
    const query = parseQueryFrom(c, { kind: 'parenthesized', query: item.query, span: item.span }, inner);
    c.expect(')');
    return { kind: 'subquery', query, span: c.spanFrom(first) };
  }
  c.expect(')', ',');
  const span = c.spanFrom(first);
  return items.length === 1 && item !== undefined ? item : { kind: 'row', explicit: false, items, span };
}
