/* Expressions with operators, by precedence climbing. The levels are Calcite's, so that every text that Flink
 * takes means the same here. */

import type {
  BinaryOperator,
  Expression,
  IsExpression,
  LikeExpression,
  QuantifiedComparison,
} from '../ast/expressions.ts';
import type { Query } from '../ast/queries.ts';
import { isReserved } from '../keywords.ts';
import type { Token } from '../tokens.ts';
import type { Cursor } from './cursor.ts';
import { levels } from './levels.ts';
import { parsePrimary } from './primary.ts';
import { atQuery, atQueryTail, parseQueryExpression, parseQueryFrom } from './queries.ts';

const binaryOperators: Readonly<Record<string, readonly [operator: BinaryOperator, level: number]>> = {
  OR: ['OR', levels.or],
  AND: ['AND', levels.and],
  '=': ['=', levels.comparison],
  '<>': ['<>', levels.comparison],
  '!=': ['<>', levels.comparison],
  '<': ['<', levels.comparison],
  '<=': ['<=', levels.comparison],
  '>': ['>', levels.comparison],
  '>=': ['>=', levels.comparison],
  '+': ['+', levels.sum],
  '-': ['-', levels.sum],
  '*': ['*', levels.product],
  '/': ['/', levels.product],
  '%': ['%', levels.product],
  '||': ['||', levels.product],
};

/** One expression; `min` is the loosest operator that it may contain at its top. */
export function parseExpressionAt(c: Cursor, min = 0): Expression {
  const first = c.peek();
  c.down();
  const outer = c.measure();
  let left = parsePrefix(c, first);
  c.grow();
  for (;;) {
    const longer = parseInfix(c, first, left, min);
    if (longer === undefined) break;
    c.grow();
    left = longer;
  }
  c.measured(outer);
  c.up();
  return left;
}

function parsePrefix(c: Cursor, first: Token): Expression {
  switch (first.symbol) {
    case 'NOT': {
      c.next();
      const operand = parseExpressionAt(c, levels.not);
      return { kind: 'unary', operator: 'NOT', operand, span: c.spanFrom(first) };
    }
    case '+':
    case '-': {
      c.next();
      const operand = parseExpressionAt(c, levels.sign);
      return { kind: 'unary', operator: first.symbol, operand, span: c.spanFrom(first) };
    }
    default:
      return parsePrimary(c);
  }
}

/** `left` and the operator that follows with its other operands; undefined when none binds at `min` or
 *  tighter. */
function parseInfix(c: Cursor, first: Token, left: Expression, min: number): Expression | undefined {
  const token = c.peek();
  const binary = binaryOperators[token.symbol];
  if (binary !== undefined) return parseBinary(c, first, left, min, binary);
  if (token.kind !== 'word') return undefined;
  switch (token.symbol) {
    case 'IS':
      return parseIs(c, first, left, min);
    case 'NOT':
      if (min > levels.range || !isRangeWord(c.peek(1).symbol)) return undefined;
      c.next();
      return parseRange(c, first, left, true);
    case 'IN':
    case 'BETWEEN':
    case 'LIKE':
    case 'SIMILAR':
      if (min > levels.range) return undefined;
      return token.symbol === 'SIMILAR' && !c.at('TO', 1) ? undefined : parseRange(c, first, left, false);
    case 'OVERLAPS':
    case 'CONTAINS':
      if (min > levels.comparison || !beginsExpression(c.peek(1))) return undefined;
      c.next();
      return parseOperand(c, first, left, token.symbol, levels.comparison);
    case 'MEMBER':
      if (min > levels.comparison || !c.acceptAll('MEMBER', 'OF')) return undefined;
      return parseOperand(c, first, left, 'MEMBER OF', levels.comparison);
    default:
      return undefined;
  }
}

function parseBinary(
  c: Cursor,
  first: Token,
  left: Expression,
  min: number,
  [operator, level]: readonly [BinaryOperator, number],
): Expression | undefined {
  if (level === levels.comparison && c.at('(', 2)) {
    const quantifier = c.peek(1).symbol;
    if (quantifier === 'ANY' || quantifier === 'SOME' || quantifier === 'ALL') {
      if (min > levels.range) return undefined;
      c.next();
      c.next();
      const list = parseListOrQuery(c);
      return {
        kind: 'quantified',
        operator: operator as QuantifiedComparison['operator'],
        quantifier: quantifier === 'ALL' ? 'ALL' : 'ANY',
        operand: left,
        list,
        span: c.spanFrom(first),
      };
    }
  }
  if (level < min) return undefined;
  c.next();
  return parseOperand(c, first, left, operator, level);
}

/** The right operand of a left-associative operator: whatever binds tighter. */
function parseOperand(
  c: Cursor,
  first: Token,
  left: Expression,
  operator: BinaryOperator,
  level: number,
): Expression {
  const right = parseExpressionAt(c, level + 1);
  return { kind: 'binary', operator, left, right, span: c.spanFrom(first) };
}

function parseIs(c: Cursor, first: Token, operand: Expression, min: number): Expression | undefined {
  const negated = c.at('NOT', 1);
  if (c.at('DISTINCT', negated ? 2 : 1)) {
    if (min > levels.comparison) return undefined;
    c.next();
    if (negated) c.next();
    c.next();
    c.expect('FROM');
    const other = parseExpressionAt(c, levels.comparison + 1);
    return { kind: 'is', test: 'DISTINCT FROM', negated, operand, other, span: c.spanFrom(first) };
  }
  if (min > levels.is) return undefined;
  c.next();
  if (negated) c.next();
  const test = parseIsTest(c);
  return { kind: 'is', test, negated, operand, other: undefined, span: c.spanFrom(first) };
}

function parseIsTest(c: Cursor): IsExpression['test'] {
  const test = c.acceptOne('NULL', 'TRUE', 'FALSE', 'UNKNOWN', 'JSON');
  if (test === undefined) return c.fail('NULL', 'TRUE', 'FALSE', 'UNKNOWN', 'JSON', 'DISTINCT FROM');
  if (test !== 'JSON') return test;
  const shape = c.acceptOne('VALUE', 'OBJECT', 'ARRAY', 'SCALAR');
  return shape === undefined ? 'JSON' : `JSON ${shape}`;
}

function isRangeWord(symbol: string): boolean {
  return symbol === 'IN' || symbol === 'BETWEEN' || symbol === 'LIKE' || symbol === 'SIMILAR';
}

function parseRange(c: Cursor, first: Token, operand: Expression, negated: boolean): Expression {
  const word = c.next().symbol;
  if (word === 'IN') {
    const list = parseListOrQuery(c);
    return { kind: 'in', negated, operand, list, span: c.spanFrom(first) };
  }
  if (word === 'BETWEEN') {
    const symmetric = c.at('SYMMETRIC') && beginsExpression(c.peek(1)) && c.accept('SYMMETRIC');
    if (!symmetric && c.at('ASYMMETRIC') && beginsExpression(c.peek(1))) c.next();
    const low = parseExpressionAt(c, levels.not);
    c.expect('AND');
    const high = parseExpressionAt(c, levels.range + 1);
    return { kind: 'between', negated, symmetric, operand, low, high, span: c.spanFrom(first) };
  }
  let operator: LikeExpression['operator'] = 'LIKE';
  if (word === 'SIMILAR') {
    c.expect('TO');
    operator = 'SIMILAR TO';
  }
  // A predicate as a pattern makes no sense, but Calcite groups a LIKE b LIKE c from the right.
  const pattern = parseExpressionAt(c, levels.range);
  const escape = c.accept('ESCAPE') ? parseExpressionAt(c, levels.range + 1) : undefined;
  return { kind: 'like', operator, negated, operand, pattern, escape, span: c.spanFrom(first) };
}

/** What stands behind IN, ANY or ALL: `(1, 2)` or `(SELECT …)`. */
function parseListOrQuery(c: Cursor): readonly Expression[] | Query {
  c.expect('(');
  if (atQuery(c)) {
    const query = parseQueryExpression(c);
    c.expect(')');
    return query;
  }
  const first = c.peek();
  const items = c.list(parseExpression);
  const [item] = items;
  if (item?.kind === 'subquery' && items.length === 1 && first.symbol === '(' && atQueryTail(c)) {
    const query = parseQueryFrom(c, { kind: 'parenthesized', query: item.query, span: item.span }, first);
    c.expect(')');
    return query;
  }
  c.expect(')', ',');
  return items;
}

/** Any expression. */
export function parseExpression(c: Cursor): Expression {
  return parseExpressionAt(c, 0);
}

/** Whether an expression can begin with `token`, so that the word before it is an operator and not an alias.
 *  */
export function beginsExpression(token: Token): boolean {
  switch (token.kind) {
    case 'word':
      return !isReserved(token.symbol) || expressionWords.has(token.symbol);
    case 'operator':
      return token.symbol === '(' || token.symbol === '+' || token.symbol === '-';
    case 'end':
      return false;
    default:
      return true;
  }
}

const expressionWords = new Set(['CASE', 'FALSE', 'NOT', 'NULL', 'TRUE']);
