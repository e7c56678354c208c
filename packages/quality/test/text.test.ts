import { describe, expect, test } from 'vitest';
import { isoMs, isoTimestamp, shownTimestamp } from '../src/dialect/iso-time.ts';
import { readsAsDate } from '../src/text/date-text.ts';
import { pythonRegex } from '../src/text/regex.ts';
import { strptime } from '../src/text/strptime.ts';

describe('strptime, as Python reads it', () => {
  test.each([
    [
      '%Y-%m-%d',
      ['2024-02-29', '2024-2-9', '0001-01-01'],
      ['2023-02-29', '2024-13-01', '24-01-01', '2024-01-01 ', '', '2024-00-10'],
    ],
    ['%d/%m/%y %H:%M', ['31/12/99 23:59', '1/2/03 4:5'], ['32/01/99 00:00', '01/01/99 24:00']],
    ['%b %d, %Y', ['Jan 05, 2024', 'jAN 5, 2024'], ['January 5, 2024', 'Jan 5 2024']],
    ['%I:%M %p', ['12:30 AM', '1:05 pm'], ['13:00 PM', '00:30 AM']],
    [
      '%Y-%m-%dT%H:%M:%S.%f%z',
      ['2024-01-01T00:00:00.5+01:00', '2024-01-01T00:00:00.123456Z'],
      ['2024-01-01T00:00:00.5', '2024-01-01T00:00:00.1234567Z'],
    ],
    ['%j of %Y', ['366 of 2024', '1 of 2024'], ['367 of 2024', '0 of 2024']],
    ['100%%', ['100%'], ['100']],
  ])('%s', (format, good, bad) => {
    const reads = strptime(format);
    expect(good.filter((text) => !reads(text))).toEqual([]);
    expect(bad.filter((text) => reads(text))).toEqual([]);
  });
  test('a directive that there is not', () => {
    expect(() => strptime('%Q')).toThrow(/no directive "%Q"/);
    expect(() => strptime('%Y %Y')).toThrow(/twice/);
  });
});
test('text that reads as a date without a format', () => {
  const good = [
    '2024-01-31',
    '20240131',
    '01/31/2024',
    '31.01.2024',
    'Jan 31, 2024',
    '31 January 2024 10:30 PM',
    '2024-01-31T10:00:00Z',
    '10:30',
    'Wed, 31 Jan 2024 10:00:00 GMT',
    '5',
  ];
  const bad = ['', 'abc', '2024-13-45', 'x 2024-01-01', '99/99/9999', '2024-01-31 25:00', 'hello 5 world'];
  expect(good.filter((text) => !readsAsDate(text))).toEqual([]);
  expect(bad.filter(readsAsDate)).toEqual([]);
});
test('patterns beyond RE2', () => {
  expect(pythonRegex('(?P<x>a)(?P=x)$').test('baa')).toBe(true);
  expect(pythonRegex('(?i)^(?!x)A').test('abc')).toBe(true);
  expect(() => pythonRegex('(')).toThrow(expect.objectContaining({ code: 'QLT1005' }));
});
test('times of suites', () => {
  expect(isoTimestamp('2024-01-31 12:00:00.500+02:00')).toBe('2024-01-31T10:00:00.5');
  expect(isoTimestamp('2024-02-30')).toBeUndefined();
  expect(isoMs('1970-01-01T00:00:01.25')).toBe(1250);
  expect(shownTimestamp('2024-01-01 00:00:00.5')).toBe('2024-01-01T00:00:00.500000');
  expect(shownTimestamp('2024-01-01 00:00:00')).toBe('2024-01-01T00:00:00');
});
