/* The json format's encoding, byte for byte as Apache Flink 2.2.1 writes it. */

import { expect, test } from 'vitest';
import { instant, types, type LogicalType, type Value } from '#data';
import { encode, fields, type Set } from './samples.ts';

const write = (type: LogicalType, value: Value, set?: Set): string => {
  const text = encode('json', fields({ a: type }), [value], set);
  expect(text.startsWith('{"a":') && text.endsWith('}')).toBe(true);
  return text.slice(5, -1);
};

test('numbers in the form of Java', () => {
  expect(
    [-0, 100, 1e21, 1e7, 9999999, 0.001, 0.0001, 1.1e-6, Number.NaN, 5e-324].map((v) =>
      write(types.DOUBLE, v),
    ),
  ).toEqual([
    '-0.0',
    '100.0',
    '1.0E21',
    '1.0E7',
    '9999999.0',
    '0.001',
    '1.0E-4',
    '1.1E-6',
    '"NaN"',
    '4.9E-324',
  ]);
  expect([0.1, 1e10, 3.4e38, -Infinity].map((v) => write(types.FLOAT, Math.fround(v)))).toEqual([
    '0.1',
    '1.0E10',
    '3.4E38',
    '"-Infinity"',
  ]);
  expect(write(types.BIGINT, 2n ** 63n - 1n)).toBe('9223372036854775807');
});

test('decimals in the shortest form, or plain', () => {
  const plain = { 'encode.decimal-as-plain-number': 'true' };
  const cases: [LogicalType, bigint, string, string][] = [
    [types.decimal(10, 2), 10000n, '1E+2', '100.00'],
    [types.decimal(20, 0), 1000000n, '1E+6', '1000000'],
    [types.decimal(38, 18), 1000000000n, '1E-9', '0.000000001000000000'],
    [types.decimal(10, 2), 0n, '0', '0.00'],
    [types.decimal(10, 2), -150n, '-1.5', '-1.50'],
    [types.decimal(38, 30), 120000000000000000000000n, '1.2E-7', '0.000000120000000000000000000000'],
    [types.decimal(38, 30), 1200000000000000000000000n, '0.0000012', '0.000001200000000000000000000000'],
  ];
  for (const [type, value, short, long] of cases) {
    expect(write(type, value)).toBe(short);
    expect(write(type, value, plain)).toBe(long);
  }
});

test('strings: short escapes, upper-case hex, pairs for characters beyond U+FFFF', () => {
  expect(write(types.STRING, '"\\/\b\f\n\r\t\0\u001f\u007f\u2028é😀<>&\'')).toBe(
    '"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001F\u007f\u2028é\\uD83D\\uDE00<>&\'"',
  );
  expect(encode('json', fields({ 'a"b': types.INT, é: types.INT }), [1, null])).toBe('{"a\\"b":1,"é":null}');
});

test('a byte order mark is a character of its string', () => {
  expect(write(types.STRING, '\ufeffa')).toBe('"\ufeffa"');
  expect(write(types.STRING, '\ufeff"')).toBe('"\ufeff\\""');
});

test('time', () => {
  const noon = Date.UTC(2024, 0, 1, 12);
  const iso = { 'timestamp-format.standard': 'ISO-8601' };
  expect(write(types.timestamp(3), instant(noon))).toBe('"2024-01-01 12:00:00"');
  expect(write(types.timestamp(9), instant(noon + 123, 456789))).toBe('"2024-01-01 12:00:00.123456789"');
  expect(write(types.timestamp(3), instant(noon + 120), iso)).toBe('"2024-01-01T12:00:00.12"');
  expect(write(types.timestampLtz(3), instant(noon + 120))).toBe('"2024-01-01 12:00:00.12Z"');
  expect(write(types.timestampLtz(3), instant(noon), iso)).toBe('"2024-01-01T12:00:00Z"');
  expect(write(types.timestamp(3), instant(-1))).toBe('"1969-12-31 23:59:59.999"');
  expect(write(types.DATE, -719104)).toBe('"0001-02-28"');
  expect(write(types.time(0), 43262000)).toBe('"12:01:02"');
});

test('nested types and nulls', () => {
  const row = fields({ a: types.INT, b: types.INT, c: types.row(fields({ x: types.INT, y: types.INT })) });
  expect(encode('json', row, [null, null, null])).toBe('{"a":null,"b":null,"c":null}');
  expect(encode('json', row, [1, null, [null, 2]], { 'encode.ignore-null-fields': 'true' })).toBe(
    '{"a":1,"c":{"y":2}}',
  );
  expect(write(types.array(types.INT), [1, null, 3])).toBe('[1,null,3]');
  expect(
    write(types.map(types.STRING, types.INT), {
      entries: [
        ['', 4],
        ['x"', null],
      ],
    }),
  ).toBe('{"":4,"x\\"":null}');
  expect(write(types.BYTES, Uint8Array.of(1, 2))).toBe('"AQI="');
  expect(write(types.BOOLEAN, true)).toBe('true');
});

test('a NULL key of a map fails, is dropped, or has a name', () => {
  const type = types.map(types.STRING, types.INT);
  const value = {
    entries: [
      [null, 1],
      ['x', 2],
    ],
  } as const;
  expect(() => write(type, value)).toThrow(/NULL key/);
  expect(write(type, value, { 'map-null-key.mode': 'DROP' })).toBe('{"x":2}');
  expect(write(type, value, { 'map-null-key.mode': 'LITERAL', 'map-null-key.literal': 'none' })).toBe(
    '{"none":1,"x":2}',
  );
});

test('of a key that a map has twice the last value is written, in the first place', () => {
  const map = types.map(types.STRING, types.INT);
  const entries = [
    ['x', 1],
    ['y', 2],
    ['x', 3],
  ] as const;
  expect(write(map, { entries })).toBe('{"x":3,"y":2}');
});
