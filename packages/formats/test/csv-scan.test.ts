/* The CSV scanner against the reference: which rung takes what, and odd cells in every column under every option. */

import { describe, expect, test } from 'vitest';
import { notNull, types, type Field, type LogicalType } from '#data';
import { oddCells } from './odd-cells.ts';
import { fields, type Set } from './samples.ts';
import { agree, readingOf, scannerOf } from './scan-harness.ts';

const bytes = (records: readonly string[]): Uint8Array[] => records.map((r) => Buffer.from(r));
const pair = fields({ n: types.BIGINT, t: types.STRING });
const rungs = (records: readonly string[], set: Set = {}, columns = pair, record = columns) =>
  agree(readingOf('csv', columns, set, record), bytes(records));

describe('which rung takes what', () => {
  const fused = (n: number) => ({ fused: n, generic: 0, reference: 0 });
  const generic = (n: number) => ({ fused: 0, generic: n, reference: 0 });
  const reference = (n: number) => ({ fused: 0, generic: 0, reference: n });

  test('plain cells are fused', () => {
    const plain = ['1,a', '-2,', '007,it is "quoted"', '123456789012345,é漢😀', `8,${'long '.repeat(50)}`];
    expect(rungs(plain)).toEqual(fused(5));
  });
  test('so are cells in quotes that need no undoing', () => {
    expect(rungs(['"1","a"', '2,"b,\n\r;c"', '"3",d', '4,""'])).toEqual(fused(4));
  });
  test('and NULL as its literal, in quotes or not', () => {
    expect(rungs([',a', '1,', '"",""'], { 'null-literal': '' })).toEqual(fused(3));
    expect(rungs(['NULL,NULL', '1,"NULL"', 'NULL,NULLA'], { 'null-literal': 'NULL' })).toEqual(fused(3));
    expect(rungs(['0,0', '00,00', '0'], { 'null-literal': '0' })).toEqual(fused(2));
  });
  test('doubled quotes, white space, signs and a delimiter at the end are generic', () => {
    const odd = ['1,"a""b"', ' 2 ,x', '+3,x', '4,"x"  ', '5,x,', '"6" ,y'];
    expect(rungs(odd)).toEqual(generic(6));
  });
  test('escapes are generic', () => {
    expect(rungs(['1,a\\,b', '2,"\\""', '3,\\n\\r\\t\\0\\é\\\\'], { 'escape-character': '\\' })).toEqual(
      generic(3),
    );
  });
  test('too few cells are generic where errors are ignored, else malformed', () => {
    expect(rungs(['1', '"2"'], { 'ignore-parse-errors': 'true' })).toEqual(generic(2));
    expect(rungs(['1', '2'])).toEqual(reference(0));
  });
  test('what is no value, comments, a byte order mark and what lies behind a line end are for the reference', () => {
    const set = { 'ignore-parse-errors': 'true', 'allow-comments': 'true' };
    expect(rungs(['x,1', '#\n1,a', ' 1,a', '\ufeff1,a', '1,a\nb', '1,a\r'], set).reference).toBe(6);
  });
  test('only some of the cells are read', () => {
    const record = fields({ a: types.array(types.INT), n: types.BIGINT, b: types.BYTES, t: types.STRING });
    expect(rungs(['1;2,7,zz,text', '"a,b",8,"",'], {}, pair, record)).toEqual(fused(2));
    const [n] = pair;
    expect(rungs(['1;2,7,zz,text', '"a,b",8,"",'], {}, [n!], record)).toEqual(fused(2));
    expect(rungs(['1;2,7,zz,text', '"a,b",8,"",'], {}, [], record)).toEqual(fused(2));
    expect(rungs(['7,a'], {}, [pair[1]!, n!], pair)).toEqual(fused(1));
  });
});

test('types and characters that the scanner does not take', () => {
  const none = (type: LogicalType, set: Set = {}): unknown =>
    scannerOf(readingOf('csv', fields({ a: type }), set), 16);
  expect(
    [types.array(types.INT), types.BYTES, types.row(fields({ x: types.INT }))].map((type) => none(type)),
  ).toEqual([undefined, undefined, undefined]);
  for (const set of [
    { 'field-delimiter': '.' },
    { 'field-delimiter': '1' },
    { 'field-delimiter': ' ' },
    { 'field-delimiter': '\\n' },
    { 'field-delimiter': '"' },
    { 'quote-character': '-' },
    { 'escape-character': '"' },
  ])
    expect(none(types.INT, set), JSON.stringify(set)).toBeUndefined();
});

const everything = fields({
  b: types.BOOLEAN,
  t: types.TINYINT,
  s: types.SMALLINT,
  i: types.INT,
  l: types.BIGINT,
  f: types.FLOAT,
  d: types.DOUBLE,
  m: types.decimal(10, 2),
  w: types.decimal(30, 5),
  x: types.STRING,
  day: types.DATE,
  time: types.time(3),
  ts: types.timestamp(3),
  ts9: types.timestamp(9),
  z: types.timestampLtz(6),
  need: notNull(types.INT),
  last: types.STRING,
});
const good = [
  'true',
  '1',
  '2',
  '3',
  '4',
  '0.5',
  '1.5',
  '2.50',
  '3.5',
  'x',
  '2024-01-01',
  '12:00:00',
  '2024-01-01 00:00:00',
  '2024-01-01 00:00:00.123456789',
  '2024-01-01 00:00:00Z',
  '1',
  'end',
];

describe('odd cells in every column', () => {
  const sets: Record<string, Set> = {
    plainly: {},
    'ignoring errors': { 'ignore-parse-errors': 'true' },
    'with an empty NULL': { 'null-literal': '', 'ignore-parse-errors': 'true' },
    'with a NULL that is a number': { 'null-literal': '1' },
    'with escapes and comments': { 'escape-character': '\\', 'allow-comments': 'true' },
    'with other characters': { 'field-delimiter': '\\t', 'quote-character': "'" },
    'without quotes': { 'disable-quote-character': 'true', 'field-delimiter': '|' },
  };
  for (const [name, set] of Object.entries(sets)) {
    const delimiter = set['field-delimiter']?.replace('\\t', '\t') ?? ',';
    const records = (column: number): Uint8Array[] =>
      oddCells.map((cell) => Buffer.from(good.with(column, cell).join(delimiter)));
    test(name, () => {
      for (let column = 0; column < everything.length; column++)
        agree(readingOf('csv', everything, set), records(column));
    });
    test(`${name}, as the only cell`, () => {
      everything.forEach((field: Field) => {
        agree(readingOf('csv', [field], set), bytes(oddCells));
      });
    });
  }
});

test('text that is not UTF-8 is malformed, in whichever cell it stands', () => {
  const odds = ['ff', 'c3', 'c328', 'c080', 'e09fbf', 'eda080', 'f4908080', '80', 'e282'];
  const evens = ['c3a9', 'df80', 'e0a080', 'efbfbf', 'f48fbfbf'];
  for (const [before, after] of [
    ['1,', ',z'],
    ['1,"', '",z'],
    ['1,y,', ''],
    ['1,y,"a""', '"'],
  ] as const) {
    const records = [...odds, ...evens].map((hex) =>
      Buffer.concat([Buffer.from(before), Buffer.from(hex, 'hex'), Buffer.from(after)]),
    );
    const columns = fields({ n: types.INT, t: types.STRING, u: types.STRING });
    for (const read of [columns, columns.slice(0, 1)]) {
      const { fused, generic } = agree(readingOf('csv', read, {}, columns), records);
      expect(fused + generic).toBe(evens.length);
    }
  }
});
