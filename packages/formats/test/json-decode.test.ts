/* The json format's decoding. Expected values were read off Apache Flink 2.2.1; where we differ on purpose
 * the test's name says so. */

import { describe, expect, test } from 'vitest';
import { instant, notNull, types, type LogicalType } from '#data';
import { cell, decode, fields, type Set } from './samples.ts';

const json = (value: string): string => `{"a":${value}}`;
const read = (type: LogicalType, value: string, set?: Set): unknown => cell('json', type, json(value), set);
const bad = /malformed json record/;

describe('structure', () => {
  const two = fields({ a: types.INT, b: types.STRING });
  test('what follows the object is not looked at', () => {
    expect(decode('json', two, '{"a":1,"b":"x"} garbage')).toEqual([[1, 'x']]);
  });
  test('an array of objects is one row each, all or nothing', () => {
    expect(decode('json', two, '[{"a":1},{"a":2}]')).toEqual([
      [1, null],
      [2, null],
    ]);
    expect(() => decode('json', two, '[{"a":1},{"a":"q"}]')).toThrow(bad);
    expect(decode('json', two, '[]')).toEqual([]);
  });
  test('an empty message is no row; a blank one is malformed', () => {
    expect(decode('json', two, '')).toEqual([]);
    for (const text of [' ', 'null', '1', '"x"']) expect(() => decode('json', two, text)).toThrow(bad);
  });
  test('a field that occurs twice has its last value', () => {
    expect(decode('json', two, '{"a":1,"b":"x","a":2}')).toEqual([[2, 'x']]);
  });
  test('broken structure anywhere is malformed, also in what is not read', () => {
    const tails = [
      '01',
      '+1',
      '1.',
      '.5',
      '-',
      '-01',
      '1e',
      '1e5x',
      '1x',
      'truex',
      'tru',
      'nul',
      '"\\u12G4"',
      `"\\'"`,
      `'x'`,
      'NaN',
      '[1,2}',
      '[1 2]',
      '[1,]',
      '{"x":1,}',
      '{"x"}',
      '{x:1}',
      '{"x":}',
      '',
      '"x',
      '/**/1',
      '1\0',
      '{"x":1 "y":2}',
      '[,1]',
      '{,"x":1}',
      '\u00a01',
    ];
    for (const tail of tails) expect(() => decode('json', two, `{"c":${tail},"a":1}`), tail).toThrow(bad);
    for (const text of [
      '{"a":1',
      '{"a":1,',
      '{"a"',
      '{',
      '{"a":1]',
      '{a:1}',
      "{'a':1}",
      '{,"a":1}',
      '{"a":1,}',
    ]) {
      expect(() => decode('json', two, text), text).toThrow(bad);
    }
  });
  test('white space, control characters in strings, escaped names and a byte order mark are fine', () => {
    expect(decode('json', two, '\ufeff { "\\u0061" :\t1 ,\n"b":"x\ny"\r} ')).toEqual([[1, 'x\ny']]);
  });
  test('invalid UTF-8 is malformed, also in strings and names that are not read', () => {
    for (const hex of ['ff', 'c3', 'f8908080', 'eda080', 'c080']) {
      const value = Buffer.concat([Buffer.from('{"c":"'), Buffer.from(hex, 'hex'), Buffer.from('","a":1}')]);
      expect(() => decode('json', two, value), hex).toThrow(bad);
      const name = Buffer.concat([Buffer.from('{"'), Buffer.from(hex, 'hex'), Buffer.from('":1}')]);
      expect(() => decode('json', two, name), hex).toThrow(bad);
    }
  });
  test('nesting has a bound', () => {
    expect(decode('json', two, `{"c":${'['.repeat(900)}${']'.repeat(900)},"a":1}`)).toEqual([[1, null]]);
    expect(() => decode('json', two, `{"c":${'['.repeat(2000)}${']'.repeat(2000)},"a":1}`)).toThrow(
      /nested deeper/,
    );
  });
  test('the error says why and where', () => {
    expect(() => decode('json', two, '{"a":1,"b":tru}')).toThrow(
      `malformed json record: expected 'true' (byte 11)`,
    );
    expect(() => decode('json', two, '{"a":"x"}')).toThrow(`field 'a': 'x' is no INT (byte 6)`);
  });
});

describe('missing fields, nulls and errors that are ignored', () => {
  const two = fields({ a: types.INT, b: types.INT });
  test('missing is NULL unless fail-on-missing-field', () => {
    expect(decode('json', two, '{"b":1}')).toEqual([[null, 1]]);
    expect(() => decode('json', two, '{"b":1}', { 'fail-on-missing-field': 'true' })).toThrow(
      `field 'a' is missing`,
    );
    expect(decode('json', two, '{"b":1,"a":null}', { 'fail-on-missing-field': 'true' })).toEqual([[null, 1]]);
  });
  test('NULL in a NOT NULL column is malformed', () => {
    const strict = fields({ a: notNull(types.INT) });
    expect(() => decode('json', strict, '{"a":null}')).toThrow(`field 'a' is NULL`);
    expect(() => decode('json', strict, '{}')).toThrow(`field 'a' is missing`);
  });
  test('ignore-parse-errors reads what does not fit as NULL; broken structure still throws', () => {
    const set = { 'ignore-parse-errors': 'true' };
    expect(decode('json', two, '{"a":"zz","b":2}', set)).toEqual([[null, 2]]);
    expect(decode('json', two, '{"a":{"x":1},"b":2}', set)).toEqual([[null, 2]]);
    expect(cell('json', types.array(types.INT), '{"a":[1,"x",3]}', set)).toEqual([1, null, 3]);
    expect(() => decode('json', two, '{"a":1,"b":}', set)).toThrow(bad);
  });
  test('both at once are refused', () => {
    expect(() =>
      decode('json', two, '{}', { 'ignore-parse-errors': 'true', 'fail-on-missing-field': 'true' }),
    ).toThrow(/cannot be true together/);
  });
});

describe('scalars', () => {
  const refused = (type: LogicalType, values: readonly string[]): void => {
    for (const value of values) expect(() => read(type, value), value).toThrow(bad);
  };
  test('INT takes numbers, their whole part, and strings of digits', () => {
    expect(
      ['1', '1.9', '-1.9', '1e3', '-0', '"12"', '" +12 "', '-2147483648'].map((v) => read(types.INT, v)),
    ).toEqual([1, 1, -1, 1000, 0, 12, 12, -2147483648]);
    refused(types.INT, ['1e30', '3000000000', '2147483647.9', '"1.5"', 'true', '{}', '[]', '""']);
  });
  test('BIGINT comes from the digits, never from a double (Flink reads 9007199254740993.7 as …994)', () => {
    expect(
      [
        '9223372036854775807',
        '-9223372036854775808',
        '1.5e18',
        '9007199254740993.7',
        '"9007199254740993"',
        '1e-5',
        '9223372036854775807.5',
      ].map((v) => read(types.BIGINT, v)),
    ).toEqual([
      2n ** 63n - 1n,
      -(2n ** 63n),
      1500000000000000000n,
      9007199254740993n,
      9007199254740993n,
      0n,
      2n ** 63n - 1n,
    ]);
    refused(types.BIGINT, ['9223372036854775808', '1e19', '1e999999999', '"x"']);
  });
  test('TINYINT and SMALLINT refuse fractions', () => {
    expect(read(types.TINYINT, '"127"')).toBe(127);
    refused(types.TINYINT, ['128', '1.5']);
    refused(types.SMALLINT, ['40000', '1.0']);
  });
  test('DOUBLE and FLOAT read what Java reads, rounded once', () => {
    expect(
      ['1', '"1.5"', '"NaN"', '"-Infinity"', '"1d"', '"0x1p3"', '1e400', '" 1e5 "'].map((v) =>
        read(types.DOUBLE, v),
      ),
    ).toEqual([1, 1.5, Number.NaN, -Infinity, 1, 8, Infinity, 100000]);
    expect(read(types.FLOAT, '16777217')).toBe(16777216);
    expect(read(types.FLOAT, '1.00000017881393432617187499')).toBe(Math.fround(1.0000001));
    expect(read(types.FLOAT, '1.00000017881393432617187501')).toBe(Math.fround(1.0000002));
    refused(types.DOUBLE, ['true', '"x"', '""', 'NaN']);
  });
  test('BOOLEAN is true for "true" in any case and false for everything else', () => {
    expect(
      ['true', 'false', '"TRUE"', '" true "', '1', '"yes"', '{}'].map((v) => read(types.BOOLEAN, v)),
    ).toEqual([true, false, true, true, false, false, false]);
  });
  test('DECIMAL is exact, rounds half up, and is NULL when it overflows', () => {
    const money = types.decimal(10, 2);
    expect(
      [
        '1.005',
        '-1.005',
        '"1e2"',
        '" 1.5 "',
        '1e-400',
        '"1."',
        '".5"',
        '"+1"',
        '1e400',
        '100000000',
        '99999999.995',
      ].map((v) => read(money, v)),
    ).toEqual([101n, -101n, 10000n, 150n, 0n, 100n, 50n, 100n, null, null, null]);
    expect(read(types.decimal(38, 10), '1234567890123456789012345678.0123456789')).toBe(
      12345678901234567890123456780123456789n,
    );
    refused(money, ['"x"', 'true', '{}', '""', '"1d"', '"1e99999999999"']);
  });
  test('STRING takes any value; numbers keep their digits, containers are printed anew', () => {
    expect(['1.50', '1E+5', 'true', '"x"', '-0'].map((v) => read(types.STRING, v))).toEqual([
      '1.50',
      '1E+5',
      'true',
      'x',
      '-0',
    ]);
    expect(
      read(types.STRING, '{"x": [1, 2.50, "é\\u00e9\\n", null, true, 1e5, 0.1e-7], "x" : {}, "y":[ ]}'),
    ).toBe('{"x":{},"y":[]}');
    expect(
      read(types.STRING, '[1, 2.50, "é\\u00e9\\n\\u0001\\/", null, 1e5, 100000000000000000000, 0.1e-7]'),
    ).toBe('[1,2.5,"éé\\n\\u0001/",null,100000.0,100000000000000000000,1.0E-8]');
    expect(read(types.STRING, '1.50', { 'decode.json-parser.enabled': 'false' })).toBe('1.5');
  });
  test('numbers in a container keep their decimals where the row has a DECIMAL', () => {
    const row = decode(
      'json',
      fields({ a: types.STRING, d: types.decimal(10, 2) }),
      '{"a":[2.50,1e5,1.10e2,0.00000001],"d":1}',
    );
    expect(row).toEqual([['[2.5,1E+5,1.1E+2,1E-8]', 100n]]);
  });
  test('escapes; half a surrogate pair is a question mark', () => {
    expect(read(types.STRING, '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"')).toBe('"\\/\b\f\n\r\té😀');
    expect(read(types.STRING, '"\\ud83d"')).toBe('?');
  });
  test('BYTES is padded base64', () => {
    expect(read(types.BYTES, '"AQI="')).toEqual(Uint8Array.of(1, 2));
    expect(read(types.BYTES, '""')).toEqual(new Uint8Array(0));
    refused(types.BYTES, ['"AQI"', '"AQ I="', '"-_-_"', '"****"', '12']);
  });
});

describe('time', () => {
  const noon = Date.UTC(2024, 0, 1, 12);
  test('TIMESTAMP in SQL form, cut to its precision', () => {
    const at = (precision: number, text: string): unknown => read(types.timestamp(precision), `"${text}"`);
    expect(at(3, '2024-01-01 12:00:00')).toEqual(instant(noon));
    expect(at(3, '2024-01-01 12:00:00.')).toEqual(instant(noon));
    expect(at(9, '2024-01-01 12:00:00.123456789')).toEqual(instant(noon + 123, 456789));
    expect(at(3, '2024-01-01 12:00:00.123456789')).toEqual(instant(noon + 123));
    expect(at(6, '1969-12-31 23:59:59.9999999')).toEqual(instant(-1, 999000));
    for (const text of [
      '2024-01-01 12:00',
      '2024-01-01T12:00:00',
      '2024-1-1 12:00:00',
      '2024-01-01 12:00:60',
      '2024-01-01 12:00:00Z',
      '12024-01-01 12:00:00',
      '+2024-01-01 12:00:00',
      '-0000-01-01 12:00:00',
      '2024-01-01',
      '2024-01-01 12:00:00.1234567891',
      '2024-04-32 12:00:00',
    ]) {
      expect(() => at(3, text), text).toThrow(bad);
    }
  });
  test('a day beyond the month is its last day, 24:00 is the next midnight, years may have a sign', () => {
    const at = (text: string): unknown => read(types.timestamp(3), `"${text}"`);
    expect(at('2024-02-30 12:00:00')).toEqual(instant(Date.UTC(2024, 1, 29, 12)));
    expect(at('2023-02-29 12:00:00')).toEqual(instant(Date.UTC(2023, 1, 28, 12)));
    expect(at('2024-01-01 24:00:00')).toEqual(instant(Date.UTC(2024, 0, 2)));
    expect(at('+12024-01-01 12:00:00')).toEqual(instant(Date.UTC(12024, 0, 1, 12)));
    expect(at('-0001-01-01 12:00:00')).toEqual(instant(Date.parse('-000001-01-01T12:00:00Z')));
  });
  test('ISO-8601', () => {
    const iso = { 'timestamp-format.standard': 'ISO-8601' };
    const at = (text: string): unknown => read(types.timestamp(3), `"${text}"`, iso);
    expect(at('2024-01-01T12:00:00.1')).toEqual(instant(noon + 100));
    expect(at('2024-01-01t12:00')).toEqual(instant(noon));
    for (const text of [
      '2024-01-01 12:00:00',
      '2024-01-01T12:00:00Z',
      '2024-02-30T12:00:00',
      '2024-01-01T24:00:00',
    ]) {
      expect(() => at(text), text).toThrow(bad);
    }
    expect(read(types.timestampLtz(3), '"2024-02-30T12:00Z"', iso)).toEqual(
      instant(Date.UTC(2024, 1, 29, 12)),
    );
    expect(() => read(types.timestampLtz(3), '"2024-01-01T12:00:00"', iso)).toThrow(bad);
  });
  test('TIMESTAMP_LTZ asks for a Z', () => {
    expect(read(types.timestampLtz(3), '"2024-01-01 12:00:00.12Z"')).toEqual(instant(noon + 120));
    for (const text of ['2024-01-01 12:00:00', '2024-01-01 12:00:00z', '2024-01-01 12:00:00+01:00']) {
      expect(() => read(types.timestampLtz(3), `"${text}"`), text).toThrow(bad);
    }
  });
  test('DATE and TIME', () => {
    expect(read(types.DATE, '"2024-02-29"')).toBe(19782);
    expect(read(types.DATE, '"0001-02-28"')).toBe(-719104);
    for (const text of ['2024-2-9', '2024-02-30', ' 2024-02-20', '2024-02-20T00:00:00']) {
      expect(() => read(types.DATE, `"${text}"`), text).toThrow(bad);
    }
    expect(read(types.time(0), '"12:01:02.345"')).toBe(43262000);
    expect(read(types.time(3), '"12:01:02.345"')).toBe(43262345);
    expect(read(types.time(0), '"24:00:00"')).toBe(0);
    expect(() => read(types.time(0), '"12:01"')).toThrow(bad);
  });
});

describe('nested types', () => {
  test('ROW by name, ARRAY, MAP with string keys, MULTISET', () => {
    expect(read(types.row(fields({ x: types.INT, y: types.STRING })), '{"y":"q","z":[{}]}')).toEqual([
      null,
      'q',
    ]);
    expect(read(types.array(types.row(fields({ x: types.INT }))), '[{"x":1},null,{}]')).toEqual([
      [1],
      null,
      [null],
    ]);
    expect(read(types.map(types.STRING, types.INT), '{"x":1,"y":null,"x":3,"":4}')).toEqual({
      entries: [
        ['x', 3],
        ['y', null],
        ['', 4],
      ],
    });
    expect(read(types.multiset(types.STRING), '{"x":2}')).toEqual({ entries: [['x', 2]] });
    expect(() => read(types.map(types.INT, types.INT), '{}')).toThrow(/only strings as keys/);
    expect(() => read(types.array(types.INT), '5')).toThrow(bad);
    expect(() => read(types.row(fields({ x: types.INT })), '"s"')).toThrow(bad);
  });
});
