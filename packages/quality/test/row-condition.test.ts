import { describe, expect, test } from 'vitest';
import { duckdbDialect } from '../src/dialect/duckdb.ts';
import { testSql } from '../src/dialect/test-sql.ts';
import { readRowCondition } from '../src/suite/row-condition.ts';
import type { TableColumn } from '../src/table/column.ts';

const columns: TableColumn[] = [
  { name: 'a', type: 'INTEGER', family: 'integer' },
  { name: 's', type: 'VARCHAR', family: 'text' },
  { name: 'odd name', type: 'DATE', family: 'date' },
  { name: 'ok', type: 'BOOLEAN', family: 'boolean' },
];
const sql = (condition: unknown, parser?: string): string =>
  testSql(readRowCondition(condition, parser), columns, duckdbDialect);

describe('row_condition', () => {
  test.each([
    [undefined, 'TRUE'],
    ['col("a") > 3', '"a" > 3'],
    ["col('s') == 'it\\'s'", `"s" = 'it''s'`],
    ['col("a").notnull()', 'NOT ("a" IS NULL)'],
    ['a.isnull() or not s == "x"', '("a" IS NULL OR NOT ("s" = \'x\'))'],
    ['a > -1.5e1 and (s != "x" | a <= 2)', `("a" > -15 AND ("s" <> 'x' OR "a" <= 2))`],
    ['`odd name` >= "2024-01-31"', `"odd name" >= DATE '2024-01-31'`],
    ['s in ["x", "y"] and a not in (1, 2)', `("s" IN ('x', 'y') AND NOT ("a" IN (1, 2)))`],
    ['ok & ~(a == 1)', '("ok" = TRUE AND NOT ("a" = 1))'],
    ['col("odd name") == date("2024-01-31")', `"odd name" = DATE '2024-01-31'`],
    ['s == "; DROP TABLE x; --"', `"s" = '; DROP TABLE x; --'`],
  ])('%s', (condition, expected) => {
    expect(sql(condition)).toBe(expected);
  });
  test('objects', () => {
    const a = { name: 'a' };
    const and = {
      type: 'and',
      conditions: [
        { type: 'comparison', column: a, operator: 'IN', parameter: [1, 2] },
        {
          type: 'or',
          conditions: [
            { type: 'nullity', column: { name: 's' }, is_null: true },
            { type: 'nullity', column: a, is_null: false },
          ],
        },
        { type: 'pass_through', pass_through_filter: 'a < 9' },
      ],
    };
    expect(sql(and)).toBe('("a" IN (1, 2) AND ("s" IS NULL OR NOT ("a" IS NULL)) AND "a" < 9)');
  });
  test.each([
    ['col("a") >', /expected a number or quoted text/],
    ['a = b', /expected a number or quoted text/],
    ['a > 1 2', /unexpected "2"/],
    ['(a > 1', /not closed/],
    ['a.upper() == 1', /there is no .upper/],
    ['a > 1 $', /cannot be read at/],
    [{ type: 'comparison', column: { name: 'a' }, operator: '==', parameter: null }, /nullity/],
    [{ type: 'xor' }, /expected comparison/],
    [5, /expected text or an object/],
  ])('refuses %j', (condition, message) => {
    expect(() => sql(condition)).toThrow(message);
  });
  test('a column that is not there, and values that do not compare', () => {
    expect(() => sql('b == 1')).toThrow(expect.objectContaining({ code: 'QLT2001' }));
    expect(() => sql('a > "x"')).toThrow(expect.objectContaining({ code: 'QLT2002' }));
    expect(sql('a == "x"')).toBe('FALSE');
    expect(() => sql('a > 1', 'perl')).toThrow(expect.objectContaining({ code: 'QLT1011' }));
  });
});
