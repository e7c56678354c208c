/* A batch survives as bytes: every type, NULLs, wide and narrow numbers, marks, kinds, and rows that are slices of more. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BatchBuilder,
  decodeBatch,
  encodeBatch,
  noMarks,
  readRow,
  types,
  type Batch,
  type Column,
  type Value,
} from '#data';
import { keptTypes, textOf } from '../../state/test/arbitraries.ts';

const columnTypes = keptTypes.map((k) => k.type);
const row = fc.tuple(...keptTypes.map((k) => k.values)) as fc.Arbitrary<Value[]>;

const contents = (batch: Batch): unknown => ({
  rows: Array.from({ length: batch.rows }, (_, i) => readRow(batch, columnTypes, i).map(textOf)),
  kinds: batch.kinds && [...batch.kinds.subarray(0, batch.rows)],
  marks: [...batch.marks.at.subarray(0, batch.marks.count)],
  watermarks: [...batch.marks.watermark.subarray(0, batch.marks.count)],
});

describe('a batch as bytes', () => {
  test('comes back with every row, kind and mark', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(row, fc.nat(3), fc.option(fc.double())), { maxLength: 20 }), (list) => {
        const builder = new BatchBuilder(columnTypes);
        for (const [values, kind, mark] of list) {
          builder.appendRow(values, kind);
          if (mark !== null) builder.mark(mark);
        }
        const batch = builder.build();
        const bytes = encodeBatch(batch);
        // Bytes that lie anywhere in a larger buffer.
        const odd = new Uint8Array(bytes.length + 3);
        odd.set(bytes, 3);
        expect(contents(decodeBatch(odd.subarray(3)))).toEqual(contents(batch));
      }),
      { numRuns: 150 },
    );
  });
  test('holds no more than its rows refer to', () => {
    const builder = new BatchBuilder(columnTypes);
    for (let i = 0; i < 500; i++)
      builder.appendRow(keptTypes.map((k) => (k.name === 'STRING' ? 'x'.repeat(1000) : null)));
    const whole = builder.build();
    const columns = whole.columns.map((c) =>
      c.layout === 'bytes' ? { ...c, starts: c.starts.slice(7), lengths: c.lengths.slice(7) } : c,
    );
    const few: Batch = { ...whole, rows: 2, columns };
    expect(encodeBatch(few).length).toBeLessThan(4000);
    expect(readRow(decodeBatch(encodeBatch(few)), columnTypes, 1)).toEqual(readRow(whole, columnTypes, 1));
  });
  test('leaves behind what lies at a row that is NULL', () => {
    const text: Column = {
      layout: 'bytes',
      valid: Uint8Array.of(0, 1),
      starts: Int32Array.of(0, 9000),
      lengths: Int32Array.of(9000, 1),
      data: new Uint8Array(9001).fill(97),
    };
    const bytes = encodeBatch({ rows: 2, columns: [text], kinds: undefined, marks: noMarks });
    expect(bytes.length).toBeLessThan(300);
    expect([0, 1].map((row) => readRow(decodeBatch(bytes), [types.STRING], row))).toEqual([[null], ['a']]);
  });
  test('that is cut short is refused', () => {
    const builder = new BatchBuilder(columnTypes);
    builder.appendRow(keptTypes.map(() => null));
    const bytes = encodeBatch(builder.build());
    expect(() => decodeBatch(bytes.subarray(0, bytes.length - 8))).toThrow(/whole/);
  });
});
