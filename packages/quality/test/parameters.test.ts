import { describe, expect, test } from 'vitest';
import { withParameters } from '../src/suite/parameters.ts';

const now = Date.UTC(2024, 0, 31, 12);
const value = (text: string, parameters: Record<string, string | number> = {}): unknown =>
  withParameters({ $PARAMETER: text }, new Map(Object.entries(parameters)), now);

describe('suite parameters', () => {
  test.each([
    ['now() - timedelta(days=1)', '2024-01-30T12:00:00.000'],
    ['now() - timedelta(hours=36, minutes=30)', '2024-01-29T23:30:00.000'],
    ['datetime(2024, 2, 3) + timedelta(weeks=1)', '2024-02-10T00:00:00.000'],
    ['2 + 3 * 4 - 1', 13],
    ['(2 + 3) * -4 / 8', -2.5],
    ['2 ** 3 ** 2', 512],
    ['-7 // 2', -4],
    ['7 % 4', 3],
    ['abs(-3.5) + round(2.4)', 5.5],
    ['timedelta(days=1) / 2', 43200],
    ['"2024-01-01" + timedelta(days=1)', '2024-01-02T00:00:00.000'],
  ])('%s', (text, expected) => {
    expect(value(text)).toBe(expected);
  });
  test('names, and names in expressions', () => {
    expect(value('max_total', { max_total: 10 })).toBe(10);
    expect(value('max_total * 1.5', { max_total: 10 })).toBe(15);
    expect(value('orders.last_run:id', { 'orders.last_run:id': 'x' })).toBe('x');
  });
  test('in any depth of the arguments', () => {
    const given = {
      value_set: [{ $PARAMETER: 'a' }, 2],
      nested: { min: { $EVALUATION_PARAMETER: 'a + 1' } },
    };
    expect(withParameters(given, new Map([['a', 5]]), now)).toEqual({
      value_set: [5, 2],
      nested: { min: 6 },
    });
  });
  test.each([
    ['now( - 1', /cannot be added|not closed|unexpected/],
    ['unknown', /there is no "unknown"/],
    ['unknown(1)', /there is no function/],
    ['1 +', /ends too early/],
    ['now() * 2', /expected a number/],
    ['now() + now()', /cannot be added/],
    ['timedelta(fortnights=1)', /no fortnights/],
    ['1 # 2', /cannot be read/],
    ['__import__("os")', /there is no function/],
  ])('refuses %s', (text, message) => {
    expect(() => value(text)).toThrow(message);
    expect(() => value(text)).toThrow(expect.objectContaining({ code: 'QLT1012' }));
  });
});
