/* Block encoders against row encoders: every byte the same, nothing else written, whatever the room. */

import { describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { BatchBuilder, readRow, types, type Column } from '#data';
import { findFormat } from '#formats';
import { batchOf, fieldsOf, scalars } from './block-values.ts';
import { agreeOn, encodeOnce, expectedOf, intoMemory, memory, out } from './block-harness.ts';
import { decode, fields, optionsOf, type Set } from './samples.ts';

const region = memory.allocate(8 << 20)!;

/** By format, the options that change what is written. */
const settings: Readonly<Record<string, readonly Set[]>> = {
  json: [
    {},
    { 'encode.ignore-null-fields': 'true', 'timestamp-format.standard': 'ISO-8601' },
    { 'encode.decimal-as-plain-number': 'true', 'map-null-key.mode': 'LITERAL' },
  ],
  csv: [
    {},
    { 'field-delimiter': ';', 'null-literal': 'n/a', 'escape-character': '\\' },
    { 'field-delimiter': '\\t', 'quote-character': "'", 'write-bigdecimal-in-scientific-notation': 'false' },
    { 'disable-quote-character': 'true' },
    { 'quote-character': '~', 'escape-character': '~', 'field-delimiter': '|' },
    { 'quote-character': '$', 'escape-character': '1', 'field-delimiter': '-' },
    { 'quote-character': '\\u0001', 'field-delimiter': '\\u0002' },
  ],
};
const flat = [...scalars, types.array(types.DOUBLE), types.row(fields({ x: types.INT, y: types.STRING }))];
const nested = [
  ...scalars,
  types.array(types.INT),
  types.map(types.STRING, types.DOUBLE),
  types.NULL,
  types.dayTime(),
  types.yearMonth(),
];
const [batchRows, rounds] = [1000, { json: 90, csv: 40 }];

describe.each(['json', 'csv'] as const)('%s', (format) => {
  test('every byte as the row encoder writes it, columns here and there', () => {
    const rng = new Rng(11);
    const [from, depth] = format === 'json' ? [nested, 2] : [flat, 0];
    let rows = 0;
    let byReference = 0;
    for (let round = 0; round < rounds[format]; round++) {
      const columns = fieldsOf(rng, from, depth);
      const batch = batchOf(rng, columns, batchRows, round % 4 === 0);
      const laid = intoMemory(batch.columns, region);
      for (const set of settings[format]!) {
        const room = (): number => rng.pick([1 << 20, 1 << 16, 1 << 14, 3000, rng.below(2000)]);
        const tally = agreeOn(format, columns, [batch.columns, laid.columns], batchRows, set, room);
        rows += tally.block;
        byReference += tally.reference;
      }
      laid.check();
    }
    // Of both formats more than a million.
    expect(rows).toBeGreaterThan(510_000);
    expect(byReference / rows).toBeLessThan(0.05);
  });

  test('what it writes the decoder reads', () => {
    const rng = new Rng(6);
    const columns = fields({
      a: types.BIGINT,
      b: types.STRING,
      c: types.decimal(12, 4),
      d: types.timestamp(9),
      e: types.DATE,
      f: types.BOOLEAN,
      g: types.DOUBLE,
    });
    const set: Set = format === 'csv' ? { 'null-literal': 'nothing at all' } : {};
    const options = optionsOf(format, set);
    const batch = batchOf(rng, columns, 1000, false);
    const descriptor = findFormat(format);
    const terminator = Buffer.from('\n');
    const block = descriptor.blockEncoder!({ memory, fields: columns, options, terminator, rowsMax: 1000 })!;
    let read = 0;
    for (let row = 0; row < 1000; ) {
      const next = block.encode(batch.columns, undefined, row, 1000, out.address, out.address + (1 << 19));
      for (let i = row; i < next; i++) {
        const start = i === row ? out.address : block.ends[i - row - 1]!;
        const message = memory.bytes.slice(start, block.ends[i - row]! - 1);
        const columnTypes = columns.map((f) => f.type);
        expect(decode(format, columns, message, set)).toEqual([readRow(batch, columnTypes, i)]);
        read++;
      }
      row = Math.max(next, row + 1);
    }
    expect(read).toBeGreaterThan(900);
    block.release();
  });
});

test('text that is no UTF-8 becomes what the row encoder makes of it', () => {
  const rng = new Rng(12);
  const rows = 4000;
  const bytes = [
    0x61, 0x22, 0x2c, 0x5c, 0x80, 0xbf, 0xc1, 0xc3, 0xe0, 0xed, 0xa0, 0xef, 0xbb, 0xbf, 0xf0, 0x9f, 0xf4,
    0xff,
  ];
  const data = Uint8Array.from({ length: rows * 8 }, () => rng.pick(bytes));
  const starts = Int32Array.from({ length: rows }, (_, i) => i * 8);
  const lengths = Int32Array.from({ length: rows }, () => rng.below(9));
  const column: Column = { layout: 'bytes', valid: undefined, starts, lengths, data };
  for (const format of Object.keys(settings))
    for (const set of settings[format]!) agreeOn(format, fields({ a: types.STRING }), [[column]], rows, set);
});

test('columns whose texts do not fit at once are taken in parts', () => {
  const columns = fields({ a: types.STRING, b: types.STRING });
  const rng = new Rng(9);
  const builder = new BatchBuilder(columns.map((f) => f.type));
  for (let i = 0; i < 60; i++)
    builder.appendRow([
      rng.below(5) === 0 ? null : 'x'.repeat(rng.below(90_000)),
      `"${'é'.repeat(rng.below(9000))}`,
    ]);
  const batch = builder.build();
  for (const format of Object.keys(settings))
    expect(agreeOn(format, columns, [batch.columns], 60).block).toBeGreaterThan(55);
});

test('with less room the same rows come, only fewer', () => {
  const rng = new Rng(5);
  for (const format of Object.keys(settings)) {
    const columns = fields({ a: types.BIGINT, b: types.STRING, c: types.timestamp(3), d: types.STRING });
    const batch = batchOf(rng, columns, 20, false);
    const options = optionsOf(format);
    const descriptor = findFormat(format);
    const terminator = Buffer.from('\n');
    const expected = expectedOf(descriptor.encoder!(columns, options), batch.columns, 20, terminator);
    const block = descriptor.blockEncoder!({ memory, fields: columns, options, terminator, rowsMax: 20 })!;
    let before = 0;
    for (let room = 0; room <= expected.bytes.length + 200; room++) {
      const rows = encodeOnce(block, batch.columns, expected, { from: 0, to: 20 }, room);
      expect(rows).toBeGreaterThanOrEqual(before);
      before = rows;
    }
    expect(before).toBe(20);
    block.release();
  }
});
