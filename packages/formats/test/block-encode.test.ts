/* Block encoders against row encoders: every byte the same, nothing else written, whatever the room. */

import { describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { types } from '#data';
import { findFormat } from '#formats';
import { batchOf, fieldsOf, scalars } from './block-values.ts';
import { agreeOn, encodeOnce, expectedOf, intoMemory, memory } from './block-harness.ts';
import { fields, optionsOf, type Set } from './samples.ts';

const region = memory.allocate(8 << 20)!;

/** By format, the options that change what is written. */
const settings: Readonly<Record<string, readonly Set[]>> = {
  json: [
    {},
    { 'encode.ignore-null-fields': 'true', 'timestamp-format.standard': 'ISO-8601' },
    { 'encode.decimal-as-plain-number': 'true' },
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
const nested = [
  ...scalars,
  types.array(types.INT),
  types.map(types.STRING, types.DOUBLE),
  types.NULL,
  types.dayTime(),
  types.yearMonth(),
];
/** Rows of one batch that are looked at again and again: making values takes longer than writing them. */
const batchRows = 500;

describe.each(Object.keys(settings))('%s', (format) => {
  test('every byte as the row encoder writes it, columns here and there', () => {
    const rng = new Rng(11);
    let rows = 0;
    let byReference = 0;
    for (let round = 0; round < 150; round++) {
      const columns = fieldsOf(rng, format === 'json' ? nested : scalars, format === 'json' ? 2 : 0);
      const batch = batchOf(rng, columns, batchRows, round % 4 === 0);
      const laid = intoMemory(batch.columns, region);
      for (const set of settings[format]!) {
        const room = (): number => rng.pick([1 << 20, 1 << 14, 3000, rng.below(2000)]);
        for (const place of [batch.columns, laid.columns]) {
          const tally = agreeOn(format, columns, place, batchRows, set, room);
          rows += tally.block;
          byReference += tally.reference;
        }
      }
      laid.check();
    }
    expect(rows).toBeGreaterThan(400_000);
    expect(byReference / rows).toBeLessThan(0.05);
  });
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
