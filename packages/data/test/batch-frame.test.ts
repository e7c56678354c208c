/* Rows of a batch survive in a frame: every type, NULLs, wide and narrow numbers, marks, kinds, any rows in any order,
 * and rows that are slices of more. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BatchBuilder,
  BatchFrame,
  noMarks,
  readRow,
  types,
  viewBatch,
  type Batch,
  type Column,
  type Value,
} from '#data';
import { keptTypes, textOf } from '../../state/test/arbitraries.ts';

const columnTypes = keptTypes.map((k) => k.type);
const row = fc.tuple(...keptTypes.map((k) => k.values)) as fc.Arbitrary<Value[]>;

const contents = (batch: Batch) => ({
  rows: Array.from({ length: batch.rows }, (_, i) => readRow(batch, columnTypes, i).map(textOf)),
  kinds: batch.kinds && [...batch.kinds.subarray(0, batch.rows)],
  marks: [...batch.marks.at.subarray(0, batch.marks.count)],
  watermarks: [...batch.marks.watermark.subarray(0, batch.marks.count)],
});

describe('a frame', () => {
  test('comes back with every row, kind and mark', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(row, fc.nat(3), fc.option(fc.double())), { maxLength: 20 }), (list) => {
        const builder = new BatchBuilder(columnTypes);
        for (const [values, kind, mark] of list) {
          builder.appendRow(values, kind);
          if (mark !== null) builder.mark(mark);
        }
        const batch = builder.build();
        const frame = new BatchFrame();
        // A frame is written again and again.
        frame.write(batch, undefined, batch.rows, noMarks);
        frame.write(batch, undefined, batch.rows, batch.marks);
        expect(contents(frame.view())).toEqual(contents(batch));
        expect(contents(viewBatch(frame.words.slice()))).toEqual(contents(batch));
      }),
      { numRuns: 150 },
    );
  });
  test('takes any rows in any order', () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (list, picks) => {
          const builder = new BatchBuilder(columnTypes);
          list.forEach((values, i) => {
            builder.appendRow(values, i % 4);
          });
          const batch = builder.build();
          const rows = Int32Array.from(picks, (pick) => pick % list.length);
          const frame = new BatchFrame();
          frame.write(batch, rows, rows.length, noMarks);
          const taken = frame.view();
          expect(contents(taken).rows).toEqual([...rows].map((r) => contents(batch).rows[r]));
          expect([...(taken.kinds ?? rows.map(() => 0))].slice(0, rows.length)).toEqual(
            [...rows].map((r) => batch.kinds?.[r] ?? 0),
          );
        },
      ),
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
    const frame = new BatchFrame();
    frame.write(few, undefined, 2, noMarks);
    expect(frame.words.length).toBeLessThan(500);
    expect(readRow(frame.view(), columnTypes, 1)).toEqual(readRow(whole, columnTypes, 1));
  });
  test('leaves behind what lies at a row that is NULL', () => {
    const text: Column = {
      layout: 'bytes',
      valid: Uint8Array.of(0, 1),
      starts: Int32Array.of(0, 9000),
      lengths: Int32Array.of(9000, 1),
      data: new Uint8Array(9001).fill(97),
    };
    const frame = new BatchFrame();
    frame.write({ columns: [text], kinds: undefined }, undefined, 2, noMarks);
    expect(frame.words.length).toBeLessThan(40);
    expect([0, 1].map((row) => readRow(frame.view(), [types.STRING], row))).toEqual([[null], ['a']]);
  });
  test('that is cut short is refused', () => {
    const builder = new BatchBuilder(columnTypes);
    builder.appendRow(keptTypes.map(() => null));
    const frame = new BatchFrame();
    frame.write(builder.build(), undefined, 1, noMarks);
    expect(() => viewBatch(frame.words.slice(0, -1))).toThrow(/whole/);
  });
});
