import { describe, expect, test } from 'vitest';
import {
  columnBuilder,
  readValue,
  types,
  type BytesColumn,
  type Column,
  type ColumnBuilder,
  type Value,
} from '../src/index.ts';

test('bytes that outgrow the buffer are kept', () => {
  const builder = columnBuilder(types.BYTES);
  const long = new Uint8Array(5000).fill(7);
  builder.append(Uint8Array.of(1, 2));
  builder.append(long);
  const column = builder.build();
  expect(readValue(column, types.BYTES, 0)).toEqual(Uint8Array.of(1, 2));
  expect(readValue(column, types.BYTES, 1)).toEqual(long);
});

test.each([false, true])(
  'texts that come again are kept once, and anew in each column; in turns: %s',
  (inTurns) => {
    const builder = columnBuilder(types.STRING, inTurns);
    for (let column = 0; column < 4; column++) {
      const values = ['one', 'one', `${column}`, 'one', null, '', '', 'one'];
      for (const value of values) builder.append(value);
      expect(builder.bytes).toBe(10);
      const built = builder.build();
      expect(values.map((_, row) => readValue(built, types.STRING, row))).toEqual(values);
    }
    builder.append('');
    builder.append('two');
    builder.append('two');
    const built = builder.build();
    expect([0, 1, 2].map((row) => readValue(built, types.STRING, row))).toEqual(['', 'two', 'two']);
  },
);

describe('rows that are shared', () => {
  const texts = (...values: readonly (string | null)[]): Column => {
    const builder = columnBuilder(types.STRING);
    for (const value of values) builder.append(value);
    return builder.build();
  };
  const read = (column: Column, count: number): Value[] =>
    Array.from({ length: count }, (_, row) => readValue(column, types.STRING, row));
  const bytesOf = (column: Column): Uint8Array => (column as BytesColumn).data;
  const rows = Int32Array.of(2, 0, 0, 1);

  test('lie where they lay', () => {
    const builder = columnBuilder(types.STRING);
    const from = texts('a', null, 'long enough');
    builder.shareRows(from, rows, 3);
    builder.shareRows(from, rows.subarray(3), 1);
    const column = builder.build();
    expect(read(column, 4)).toEqual(['long enough', 'a', 'a', null]);
    expect(bytesOf(column)).toBe(bytesOf(from));
  });
  test('are copied when others come: appended, NULL, or of another column', () => {
    const from = texts('a', null, 'long enough');
    const others: readonly ((builder: ColumnBuilder) => void)[] = [
      (b) => b.append('more'),
      (b) => b.appendNull(),
      (b) => b.appendFrom(texts('x', 'more'), 1),
      (b) => b.appendRows(texts('x', 'more'), Int32Array.of(1), 1),
      (b) => b.shareRows(texts('x', 'more'), Int32Array.of(1), 1),
      (b) => b.appendBytes(Buffer.from('more'), 0, 4),
      (b) => b.appendRowsOrNulls(texts('more'), Int32Array.of(0), 1),
    ];
    for (const [i, other] of others.entries()) {
      const builder = columnBuilder(types.STRING);
      builder.shareRows(from, rows, 4);
      other(builder);
      builder.shareRows(from, rows, 1);
      const column = builder.build();
      expect(bytesOf(column)).not.toBe(bytesOf(from));
      const more = i === 1 ? null : 'more';
      expect(read(column, 6)).toEqual(['long enough', 'a', 'a', null, more, 'long enough']);
    }
  });
  test('are behind others as they are', () => {
    const builder = columnBuilder(types.STRING);
    builder.append('first');
    builder.shareRows(texts('a', 'b'), Int32Array.of(1, 0), 2);
    expect(read(builder.build(), 3)).toEqual(['first', 'b', 'a']);
  });
  test('do not take the arrays of a builder that takes turns', () => {
    const builder = columnBuilder(types.STRING, true);
    const from = texts('a', 'b');
    for (let turn = 0; turn < 4; turn++) {
      builder.append(`own ${turn}`);
      const own = builder.build();
      builder.shareRows(from, Int32Array.of(1), 1);
      const shared = builder.build();
      expect([...read(own, 1), ...read(shared, 1), ...read(from, 2)]).toEqual([`own ${turn}`, 'b', 'a', 'b']);
    }
  });
  test('count for the size of a batch once each', () => {
    const builder = columnBuilder(types.STRING);
    builder.shareRows(texts('a', 'b', 'long enough'), rows, 4);
    expect(builder.bytes).toBe(11 + 1 + 1);
  });
});
