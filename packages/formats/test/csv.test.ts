/* The csv format. Expected values were read off Apache Flink 2.2.1. */

import { describe, expect, test } from 'vitest';
import { instant, types, type Row } from '#data';
import { findFormat } from '#formats';
import { decode, encode, fields, optionsOf, type Set } from './samples.ts';

const two = fields({ a: types.STRING, b: types.STRING });
const intText = fields({ a: types.INT, b: types.STRING });
const read = (columns: typeof two, text: string, set?: Set): Row => decode('csv', columns, text, set)[0]!;
const bad = /malformed csv record/;

describe('cells', () => {
  test('one record a message; what follows its line is not looked at', () => {
    for (const text of ['1,x', '1,x\n', '1,x\r\n', '1,x\n2,y', '1,x\r2', '1,x,'])
      expect(read(intText, text)).toEqual([1, 'x']);
  });
  test('the number of cells must fit; fewer are NULL where errors are ignored', () => {
    for (const text of ['1', '1,x,y', '1,x,,', '', '\n', '\n1,x'])
      expect(() => read(intText, text), text).toThrow(bad);
    expect(read(intText, '1', { 'ignore-parse-errors': 'true' })).toEqual([1, null]);
    expect(read(intText, 'q,x', { 'ignore-parse-errors': 'true' })).toEqual([null, 'x']);
    expect(() => read(intText, '1,x,y', { 'ignore-parse-errors': 'true' })).toThrow(bad);
  });
  test('quotes', () => {
    expect(read(two, '"a,b","c""d"')).toEqual(['a,b', 'c"d']);
    expect(read(two, '"a\nb",x')).toEqual(['a\nb', 'x']);
    expect(read(two, 'a"b, "ab" ')).toEqual(['a"b', ' "ab" ']);
    expect(read(two, '"a" ,x "')).toEqual(['a', 'x "']);
    for (const text of ['"a"b,x', '"ab']) expect(() => read(two, text), text).toThrow(bad);
    expect(read(two, `"a",'b'`, { 'disable-quote-character': 'true' })).toEqual(['"a"', `'b'`]);
    expect(read(two, `"a",'b,c'`, { 'quote-character': `'` })).toEqual(['"a"', 'b,c']);
    expect(() => read(two, 'a,b', { 'quote-character': `'`, 'disable-quote-character': 'true' })).toThrow(
      /cannot be set together/,
    );
  });
  test('escapes', () => {
    const set = { 'escape-character': '\\' };
    expect(read(two, 'a\\,b,"c\\"d\\nq\\\\z"', set)).toEqual(['a,b', 'c"d\nq\\z']);
    expect(read(two, 'a\\tb\\rc\\bd\\fe,\\0\\"\\,', set)).toEqual(['a\tb\rcbdfe', '\0",']);
    expect(() => read(two, 'a,b\\', set)).toThrow(bad);
  });
  test('delimiters, null literal, comments', () => {
    expect(read(two, 'a;b', { 'field-delimiter': ';' })).toEqual(['a', 'b']);
    expect(read(two, 'a\tb', { 'field-delimiter': '\\t' })).toEqual(['a', 'b']);
    expect(() => read(two, 'a', { 'field-delimiter': 'xy' })).toThrow(/one character/);
    expect(read(two, 'null,"null"', { 'null-literal': 'null' })).toEqual([null, null]);
    expect(read(intText, '#c\n #d\n1,x', { 'allow-comments': 'true' })).toEqual([1, 'x']);
    expect(() => read(intText, '#c', { 'allow-comments': 'true' })).toThrow(bad);
    expect(read(two, '  a, b', { 'allow-comments': 'true' })).toEqual(['a', ' b']);
    expect(read(two, '\ta,b', { 'allow-comments': 'true' })).toEqual(['\ta', 'b']);
    expect(read(two, '  a,b')).toEqual(['  a', 'b']);
  });
  test('an empty line of a file is a record with one cell, unless comments are skipped', () => {
    const blank = (columns: typeof two, set: Set = {}): Row[] => {
      const rows: Row[] = [];
      findFormat('csv').decoder!(columns, optionsOf('csv', set)).decodeBlank!((row) => rows.push(row));
      return rows;
    };
    const one = fields({ a: types.STRING });
    expect(blank(one)).toEqual([['']]);
    expect(blank(one, { 'null-literal': '' })).toEqual([[null]]);
    expect(blank(one, { 'allow-comments': 'true' })).toEqual([]);
    expect(() => blank(two)).toThrow(bad);
    expect(blank(two, { 'ignore-parse-errors': 'true' })).toEqual([['', null]]);
  });
  test('a NULL row is written as nothing, and read so', () => {
    const columns = fields({ a: types.row(fields({ x: types.INT, y: types.STRING })), b: types.INT });
    const text = encode('csv', columns, [null, 1]);
    expect(text).toBe(',1');
    expect(read(columns, text)).toEqual([null, 1]);
  });
  test('a backslash asks for quotes where no other character escapes', () => {
    const one = fields({ a: types.STRING });
    expect(encode('csv', one, ['x\\y'])).toBe('"x\\y"');
    expect(encode('csv', one, ['x\\y'], { 'escape-character': '~' })).toBe('x\\y');
    expect(encode('csv', one, ['x~y'], { 'escape-character': '~' })).toBe('"x~~y"');
  });
  test('any character quotes and escapes, also one with a meaning in JavaScript', () => {
    const set = { 'quote-character': '$', 'escape-character': '&' };
    expect(encode('csv', fields({ a: types.STRING }), ['a$b&'], set)).toBe('$a$$b&&$');
  });
  test('text that is not UTF-8 is malformed', () => {
    expect(() => decode('csv', two, Buffer.from('ff2c31', 'hex'))).toThrow(bad);
  });
});

describe('types', () => {
  test('numbers are trimmed, decimals and strings are not', () => {
    expect(read(fields({ a: types.INT, b: types.BIGINT }), ' +5 ,-9223372036854775808')).toEqual([
      5,
      -(2n ** 63n),
    ]);
    expect(read(fields({ a: types.DOUBLE, b: types.FLOAT }), '1e3, 2.5f')).toEqual([1000, 2.5]);
    expect(read(fields({ a: types.decimal(10, 2), b: types.decimal(4, 2) }), '1.005,100')).toEqual([
      101n,
      null,
    ]);
    expect(() => read(fields({ a: types.decimal(10, 2) }), ' 1.5')).toThrow(bad);
    expect(() => read(intText, '5.0,x')).toThrow(bad);
    expect(read(fields({ a: types.BOOLEAN, b: types.BOOLEAN }), ' TRUE ,yes')).toEqual([true, false]);
  });
  test('time', () => {
    expect(read(fields({ a: types.DATE, b: types.DATE }), '2024-2-9,2024-02-30')).toEqual([19762, 19783]);
    for (const text of ['2024-02-32', '24-02-12', ' 2024-02-09'])
      expect(() => read(fields({ a: types.DATE }), text)).toThrow(bad);
    expect(read(fields({ a: types.time(0), b: types.time(3) }), '12:01,12:01:02.345678')).toEqual([
      43260000, 43262345,
    ]);
    expect(
      read(
        fields({ a: types.timestamp(3), b: types.timestampLtz(3) }),
        ' 2024-02-30 12:00:00 ,2024-01-01 12:00:00Z',
      ),
    ).toEqual([instant(Date.UTC(2024, 1, 29, 12)), instant(Date.UTC(2024, 0, 1, 12))]);
  });
  test('arrays and rows are one cell', () => {
    const list = fields({ a: types.STRING, b: types.array(types.STRING) });
    expect(read(list, 'a, x ;;y;')).toEqual(['a', [' x ', '', 'y', '']]);
    expect(read(list, 'a,')).toEqual(['a', []]);
    expect(read(list, 'a,x:n', { 'array-element-delimiter': ':', 'null-literal': 'n' })).toEqual([
      'a',
      ['x', null],
    ]);
    // As in Flink, of an array only elements can be the null literal.
    expect(read(list, 'a,n', { 'null-literal': 'n' })).toEqual(['a', [null]]);
    expect(read(list, 'a,', { 'null-literal': '' })).toEqual(['a', []]);
    const row = fields({ b: types.row(intText) });
    expect(read(row, 'n', { 'null-literal': 'n' })).toEqual([null]);
    expect(read(row, '1;q;z')).toEqual([[1, 'q']]);
    expect(() => read(row, '1')).toThrow(bad);
    expect(() => read(fields({ a: types.map(types.STRING, types.INT) }), 'x')).toThrow(/no form for MAP/);
    expect(() => read(fields({ a: types.array(types.array(types.INT)) }), 'x')).toThrow(/cannot nest/);
  });
  test('a projection picks its cells from the whole record', () => {
    const decoder = findFormat('csv').decoder!(
      fields({ c: types.INT }),
      optionsOf('csv'),
      fields({ a: types.STRING, b: types.STRING, c: types.INT }),
    );
    const rows: Row[] = [];
    const text = Buffer.from('x,y,7');
    decoder.decode(text, 0, text.length, (row) => rows.push(row));
    expect(rows).toEqual([[7]]);
  });
});

describe('encoding', () => {
  const write = (a: string, b: string, set?: Set): string => encode('csv', two, [a, b], set);
  test('quotes go around long text and text with low characters', () => {
    expect(write('a,b', 'c"d')).toBe('"a,b","c""d"');
    expect(write('a b', 'é')).toBe('"a b",é');
    expect(write('', 'x-y')).toBe(',x-y');
    expect(write('*', '0:<=>?@')).toBe('"*",0:<=>?@');
    expect(write('[\\]', '{|}~')).toBe('"[\\]",{|}~');
    expect(write('a'.repeat(24), 'a'.repeat(25))).toBe(`${'a'.repeat(24)},"${'a'.repeat(25)}"`);
    expect(write('a\\b', 'c"d', { 'escape-character': '\\' })).toBe('"a\\\\b","c""d"');
    expect(write('"a,c"', `'b'`, { 'disable-quote-character': 'true', 'field-delimiter': ';' })).toBe(
      `"a,c";'b'`,
    );
    expect(write('abc', 'a1', { 'field-delimiter': ';' })).toBe('abc;"a1"');
    expect(write('abc', 'é', { 'field-delimiter': '|' })).toBe('"abc"|é');
  });
  test('types', () => {
    expect(
      encode('csv', fields({ a: types.decimal(10, 2), b: types.array(types.decimal(10, 2)) }), [
        150n,
        [10000n],
      ]),
    ).toBe('1.5,"1E+2"');
    expect(
      encode('csv', fields({ a: types.decimal(10, 2) }), [10000n], {
        'write-bigdecimal-in-scientific-notation': 'false',
      }),
    ).toBe('100.00');
    expect(
      encode('csv', fields({ a: types.array(types.INT), b: types.row(intText) }), [
        [1, 2],
        [5, 'q'],
      ]),
    ).toBe('1;2,5;q');
    expect(encode('csv', fields({ a: types.DATE, b: types.time(3) }), [19782, 43262340])).toBe(
      '2024-02-29,12:01:02.34',
    );
    expect(encode('csv', fields({ a: types.timestamp(3) }), [instant(Date.UTC(2024, 0, 1))])).toBe(
      '"2024-01-01 00:00:00"',
    );
    expect(
      encode('csv', fields({ a: types.INT, b: types.STRING }), [null, null], { 'null-literal': 'n/a' }),
    ).toBe('n/a,n/a');
    expect(encode('csv', fields({ a: types.DOUBLE, b: types.BYTES }), [1e10, Uint8Array.of(1, 2)])).toBe(
      '1.0E10,AQI=',
    );
  });
});

describe('records in a file', () => {
  /** All records of a text that arrives in chunks of `step` bytes. */
  function split(format: string, text: string, step: number, set: Set = {}): string[] {
    const framing = findFormat(format).framing!(optionsOf(format, set));
    const data = Buffer.from(text);
    const records: string[] = [];
    let start = 0;
    for (let end = Math.min(step, data.length); start < data.length; ) {
      const final = end === data.length;
      if (framing.find(data, start, end, final)) {
        records.push(data.toString('utf8', start, framing.recordEnd));
        start = framing.nextStart;
      } else end = Math.min(end + step, data.length);
    }
    return records;
  }
  test('a quoted line end is no record end, a comment an empty record, wherever the chunks end', () => {
    for (let step = 1; step < 12; step++) {
      expect(split('csv', 'a,"b\n""c",d\r\n"x"\n\ny', step)).toEqual(['a,"b\n""c",d', '"x"', '', 'y']);
      expect(split('csv', 'a\\\nb,c\nd', step, { 'escape-character': '\\' })).toEqual(['a\\\nb,c', 'd']);
      const set = { 'allow-comments': 'true' };
      expect(split('csv', '#it\'s "\na,b\n #c\r\n\n#end', step, set)).toEqual(['', 'a,b', '', '', '']);
      expect(split('csv', ' a\n  \r\n \n\t\nb', step, set)).toEqual([' a', '', '', '\t', 'b']);
      expect(split('json', '{"a":1}\r\n\n{"a":2}', step)).toEqual(['{"a":1}', '', '{"a":2}']);
    }
  });
});
