/* Numbers, dates and zones as text and back. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { types } from '#data';
import {
  castFunction,
  civilFromDays,
  dayMs,
  daysFromCivil,
  divideDecimal,
  formatDouble,
  formatFloat,
  formatTimestamp,
  formatValue,
  lastInstantOf,
  localToInstant,
  parseDouble,
  parseTimestamp,
  zoneOffsetMs,
} from '#expr';
import { datePattern, formatMoment } from '../src/values/java-format.ts';
import { steadyFormat } from '../src/values/steady-format.ts';

describe('floating numbers as Java writes them', () => {
  test.each([
    [1, '1.0'],
    [100, '100.0'],
    [1e7, '1.0E7'],
    [12345678, '1.2345678E7'],
    [1e-3, '0.001'],
    [9.99e-4, '9.99E-4'],
    [1.5e-5, '1.5E-5'],
    [1e23, '1.0E23'],
    [-0, '-0.0'],
    [Number.NaN, 'NaN'],
    [-Infinity, '-Infinity'],
    [5e-324, '4.9E-324'],
    [123456.789, '123456.789'],
  ])('%d', (value, text) => {
    expect(formatDouble(value)).toBe(text);
  });
  test('a float has the shortest text that is that float', () => {
    expect(formatFloat(Math.fround(0.1))).toBe('0.1');
    expect(formatFloat(Math.fround(16777216))).toBe('1.6777216E7');
    expect(formatFloat(Math.fround(3.4028234663852886e38))).toBe('3.4028235E38');
    expect(formatFloat(2 ** -149)).toBe('1.4E-45');
  });
  test('every double reads back', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(parseDouble(formatDouble(value))).toBe(value);
      }),
    );
  });
});

describe('dates', () => {
  test('agree with the calendar of JavaScript', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (days) => {
        const { year, month, day } = civilFromDays(days);
        const date = new Date(days * dayMs);
        expect([year, month, day]).toEqual([
          date.getUTCFullYear(),
          date.getUTCMonth() + 1,
          date.getUTCDate(),
        ]);
        expect(daysFromCivil(year, month, day)).toBe(days);
      }),
    );
  });
  test('timestamps read back', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -62_167_219_200, max: 253_402_300_799 }),
        fc.nat(999_999),
        (seconds, ns) => {
          const value = { ms: seconds * 1000 + 7, ns };
          expect(parseTimestamp(formatTimestamp(value, 9), 9)).toEqual(value);
        },
      ),
    );
  });
  test('no day beyond its month', () => {
    expect(parseTimestamp('2023-02-29')).toBeUndefined();
    expect(parseTimestamp('2024-02-29 24:00:00')).toBeUndefined();
  });
});

describe('zones', () => {
  test('offsets by name and by number', () => {
    expect(zoneOffsetMs('America/New_York', Date.UTC(2024, 0, 1))).toBe(-5 * 3_600_000);
    expect(zoneOffsetMs('America/New_York', Date.UTC(2024, 6, 1))).toBe(-4 * 3_600_000);
    expect(zoneOffsetMs('+08:00', 0)).toBe(8 * 3_600_000);
    expect(() => zoneOffsetMs('Mars/Base', 0)).toThrow('no time zone "Mars/Base"');
  });
  test('a local time in a gap moves on, in an overlap it is the earlier', () => {
    expect(localToInstant('America/New_York', Date.UTC(2024, 2, 10, 2, 30))).toBe(
      Date.UTC(2024, 2, 10, 7, 30),
    );
    expect(localToInstant('America/New_York', Date.UTC(2024, 10, 3, 1, 30))).toBe(
      Date.UTC(2024, 10, 3, 5, 30),
    );
  });
  test('a local time is over at the end of a gap, in an overlap the second time', () => {
    const over = (zone: string, ...local: Parameters<typeof Date.UTC>): string =>
      new Date(lastInstantOf(zone, Date.UTC(...local))).toISOString();
    expect(over('Europe/Berlin', 2024, 2, 31, 1, 59)).toBe('2024-03-31T00:59:00.000Z');
    expect(over('Europe/Berlin', 2024, 2, 31, 2, 0)).toBe('2024-03-31T01:00:00.000Z');
    expect(over('Europe/Berlin', 2024, 2, 31, 2, 59)).toBe('2024-03-31T01:00:00.000Z');
    expect(over('Europe/Berlin', 2024, 2, 31, 3, 0)).toBe('2024-03-31T01:00:00.000Z');
    expect(over('Europe/Berlin', 2024, 9, 27, 1, 59)).toBe('2024-10-26T23:59:00.000Z');
    expect(over('Europe/Berlin', 2024, 9, 27, 2, 0)).toBe('2024-10-27T01:00:00.000Z');
    expect(over('Europe/Berlin', 2024, 9, 27, 3, 0)).toBe('2024-10-27T02:00:00.000Z');
    expect(over('Australia/Lord_Howe', 2024, 3, 7, 1, 45)).toBe('2024-04-06T15:15:00.000Z');
    expect(over('+08:00', 2024, 0, 1, 8)).toBe('2024-01-01T00:00:00.000Z');
  });
  test('every instant of a zone comes back from its local time, overlaps aside', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60_000 }),
        fc.constantFrom('Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
        (halfDays, zone) => {
          const instant = halfDays * 12 * 3_600_000 + 6 * 3_600_000;
          expect(localToInstant(zone, instant + zoneOffsetMs(zone, instant))).toBe(instant);
        },
      ),
    );
  });
});

test('an array of nothing but NULL is cast to any array', () => {
  const cast = castFunction(types.array(types.NULL), types.array(types.INT));
  expect(cast([null, null] as never, {} as never)).toEqual([null, null]);
});

test('values as CAST writes them', () => {
  const row = types.row([
    { name: 'a', type: types.INT },
    { name: 'b', type: types.STRING },
  ]);
  expect(formatValue([1, null], row, 'UTC')).toBe('(1, NULL)');
  expect(
    formatValue({ entries: [['a', [1n, null]]] }, types.map(types.STRING, types.array(types.BIGINT)), 'UTC'),
  ).toBe('{a=[1, NULL]}');
  expect(formatValue({ ms: 0, ns: 0 }, types.timestampLtz(3), 'Asia/Tokyo')).toBe('1970-01-01 09:00:00.000');
  expect(formatValue(-93_784_500n, types.dayTime(), 'UTC')).toBe('-1 02:03:04.500');
});

test('division keeps 38 digits, then the scale of its type, each half up', () => {
  expect(divideDecimal(2n, 0, 3n, 0, 11, 6)).toBe(666667n);
  expect(divideDecimal(-1n, 0, 8n, 0, 10, 2)).toBe(-13n);
  expect(divideDecimal(10n ** 37n, 0, 1n, 10, 38, 6)).toBeNull();
});

test('a format that keeps its last text gives what one that keeps nothing gives', () => {
  const rng = new Rng(23);
  const letters = 'GyuYMLdDEecaBHhkKmsSnANQqwWFg';
  const steps = [
    0, 1, 500, 999, 1000, 59_999, 60_000, 3_599_999, 3_600_000, 43_200_000, 86_399_999, 86_400_000,
  ];
  for (let round = 0; round < 600; round++) {
    const fields = Array.from({ length: 1 + rng.below(3) }, () => rng.pick([...letters]));
    const tokens = datePattern(fields.join(' '));
    const format = steadyFormat(tokens);
    // To and fro around days, hours and 1970.
    let ms = rng.pick([0, -1, -86_400_000, Date.UTC(2024, 1, 29), Date.UTC(2024, 11, 31, 23, 59, 59, 999)]);
    for (let i = 0; i < 40; i++) {
      const moment = { ms, ns: rng.pick([0, 1, 999_999]) };
      expect([fields, ms, format(moment)]).toEqual([fields, ms, formatMoment(tokens, moment)]);
      ms += rng.pick([1, 1, 1, -1]) * rng.pick(steps);
    }
  }
});
