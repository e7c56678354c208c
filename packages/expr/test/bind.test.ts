/* Binding: names, overloads, casts, result types, and what errors say. */

import { describe, expect, test } from 'vitest';
import { UserError } from '#base';
import { notNull, typeText, types, type LogicalType } from '#data';
import {
  avgResult,
  bindCall,
  canCastImplicitly,
  castTo,
  commonType,
  decimalResult,
  foldConstants,
  functionDocs,
  isConstant,
  literal,
  roundResult,
  sumResult,
  textLiteral,
  type Expr,
} from '#expr';
import { testContext } from './contexts.ts';

const int = (value: number): Expr => literal(value, types.INT);
const column = (type: LogicalType): Expr => ({ kind: 'column', index: 0, type });

function failure(make: () => unknown): UserError {
  try {
    make();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing failed');
}

describe('errors', () => {
  test('an unknown function, with the nearest name', () => {
    const error = failure(() => bindCall('UPER', [textLiteral('a')]));
    expect([error.code, error.message, error.hint]).toEqual([
      'SQL3001',
      'no function "UPER"',
      'Did you mean "UPPER"?',
    ]);
  });
  test('a wrong number of arguments, with what it takes', () => {
    const error = failure(() => bindCall('LPAD', [textLiteral('a')]));
    expect([error.code, error.message, error.hint]).toEqual([
      'SQL3002',
      'LPAD takes 3 arguments, not 1',
      'Use LPAD(STRING, INT, STRING).',
    ]);
  });
  test('arguments of wrong types, with theirs and what it takes', () => {
    const error = failure(() => bindCall('=', [int(1), textLiteral('a')]));
    expect([error.code, error.message, error.hint]).toEqual([
      'SQL3003',
      '= does not take (INT, CHAR(1))',
      'Use a = b.',
    ]);
  });
  test('a cast that there is not, with what helps', () => {
    const error = failure(() => castTo(int(1), types.timestamp(3)));
    expect([error.code, error.message]).toEqual(['SQL3004', 'cannot cast INT to TIMESTAMP(3)']);
    expect(error.hint).toContain('TO_TIMESTAMP_LTZ');
  });
});

describe('result types', () => {
  const typeOf = (expr: Expr): string => typeText(expr.type);
  test.each([
    ['INT + BIGINT', () => bindCall('+', [column(types.INT), column(notNull(types.BIGINT))]), 'BIGINT'],
    [
      'INT + DECIMAL',
      () => bindCall('+', [column(notNull(types.INT)), column(notNull(types.decimal(3, 2)))]),
      'DECIMAL(13, 2) NOT NULL',
    ],
    [
      'MOD has the type of its divisor',
      () => bindCall('MOD', [column(types.BIGINT), column(types.INT)]),
      'INT',
    ],
    ['FLOAT + DOUBLE', () => bindCall('+', [column(types.FLOAT), column(types.DOUBLE)]), 'FLOAT'],
    [
      'CASE without ELSE',
      () => bindCall('CASE', [literal(true, types.BOOLEAN), textLiteral('abc')]),
      'CHAR(3)',
    ],
    ['COALESCE that ends NOT NULL', () => bindCall('COALESCE', [column(types.INT), int(0)]), 'INT NOT NULL'],
    ['IS NULL', () => bindCall('IS NULL', [column(types.INT)]), 'BOOLEAN NOT NULL'],
    ['TO_TIMESTAMP', () => bindCall('TO_TIMESTAMP', [textLiteral('x')]), 'TIMESTAMP(3)'],
    [
      'ROUND(DECIMAL, 1)',
      () => bindCall('ROUND', [column(notNull(types.decimal(10, 3))), int(1)]),
      'DECIMAL(9, 1) NOT NULL',
    ],
  ])('%s', (_name, make, expected) => {
    expect(typeOf(make())).toBe(expected);
  });
  test('names in any case, aliases, and negated predicates', () => {
    expect(bindCall('ceiling', [int(1)])).toMatchObject({ fn: 'CEIL' });
    expect(bindCall('not like', [textLiteral('a'), textLiteral('b')])).toMatchObject({
      fn: 'NOT',
      args: [{ fn: 'LIKE' }],
    });
    expect(bindCall('IS NOT JSON ARRAY', [textLiteral('a')])).toMatchObject({
      fn: 'NOT',
      args: [{ fn: 'IS JSON ARRAY' }],
    });
  });
  test('decimals, as SQL Server and Flink derive them', () => {
    const text = (p1: number, s1: number, p2: number, s2: number, op: '+' | '*' | '/' | '%'): string =>
      typeText(decimalResult(op, { precision: p1, scale: s1 }, { precision: p2, scale: s2 }));
    expect(text(10, 2, 10, 3, '+')).toBe('DECIMAL(12, 3) NOT NULL');
    expect(text(38, 10, 38, 10, '*')).toBe('DECIMAL(38, 6) NOT NULL');
    expect(text(10, 2, 10, 0, '/')).toBe('DECIMAL(21, 13) NOT NULL');
    expect(text(5, 1, 3, 0, '%')).toBe('DECIMAL(4, 1) NOT NULL');
    expect(typeText(sumResult(types.decimal(10, 2)))).toBe('DECIMAL(38, 2)');
    expect(typeText(avgResult(types.decimal(10, 2)))).toBe('DECIMAL(38, 6)');
    expect(typeText(roundResult({ precision: 4, scale: 2 }, 1))).toBe('DECIMAL(4, 1) NOT NULL');
  });
  test('the least restrictive type', () => {
    const common = (...all: LogicalType[]): string | undefined => {
      const type = commonType(all);
      return type && typeText(type);
    };
    expect(common(types.INT, types.decimal(2, 1))).toBe('DECIMAL(11, 1)');
    expect(common(notNull(types.char(1)), notNull(types.char(3)))).toBe('VARCHAR(3) NOT NULL');
    expect(common(notNull(types.INT), types.NULL)).toBe('INT');
    expect(common(types.timestamp(3), types.timestampLtz(6))).toBe('TIMESTAMP_LTZ(6)');
    expect(common(types.array(types.INT), types.array(notNull(types.BIGINT)))).toBe('ARRAY<BIGINT>');
    expect(common(types.DATE, types.timestamp(3))).toBeUndefined();
    expect(common(types.INT, types.STRING)).toBeUndefined();
    expect(canCastImplicitly(types.INT, types.BIGINT)).toBe(true);
    expect(canCastImplicitly(types.BIGINT, types.INT)).toBe(false);
  });
});

describe('constant folding', () => {
  const context = testContext();
  test('what is constant becomes a literal, what reads a column stays', () => {
    const folded = foldConstants(
      bindCall('+', [column(types.INT), bindCall('*', [int(2), int(3)])]),
      context,
    );
    expect(folded).toMatchObject({ fn: '+', args: [{ kind: 'column' }, { kind: 'literal', value: 6 }] });
  });
  test('what fails is left to fail at run time', () => {
    expect(foldConstants(bindCall('/', [int(1), int(0)]), context)).toMatchObject({ kind: 'call', fn: '/' });
  });
  test('chance and the clock are not folded', () => {
    expect(isConstant(bindCall('RAND', []))).toBe(false);
    expect(isConstant(bindCall('CURRENT_TIMESTAMP', []))).toBe(false);
    expect(isConstant(bindCall('UPPER', [textLiteral('a')]))).toBe(true);
  });
});

test('the documentation lists every family and example', () => {
  const text = functionDocs();
  expect(text).toContain('## Text');
  expect(text).toContain("| `UPPER(STRING)` | The text in capitals. | `UPPER('ab')` → `'AB'` |");
  expect(text).toContain('## Not here');
});
