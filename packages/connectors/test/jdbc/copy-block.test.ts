/* COPY's text by the block: every byte as the row writer's, and buffers that send what they would send row by row. */

import { expect, test } from 'vitest';
import { ByteWriter, Rng } from '#base';
import { BatchBuilder, types, type LogicalType } from '#data';
import { batchOf, scalars, valueOf } from '../../../formats/test/block-values.ts';
import { AppendBuffer, UpsertBuffer } from '../../src/jdbc/buffer.ts';
import { copyBlock } from '../../src/jdbc/copy-block.ts';
import { rowWriter } from '../../src/jdbc/copy-text.ts';

const bounds = { rowsMax: 1 << 16, bytesMax: 8 << 20 };

function textOf(columnTypes: readonly LogicalType[], batch: ReturnType<typeof batchOf>): string {
  const write = rowWriter(columnTypes);
  const to = new ByteWriter();
  for (let row = 0; row < batch.rows; row++) {
    write(batch.columns, row, to);
    to.byte(10);
  }
  return Buffer.from(to.finish()).toString('latin1');
}

test('every byte as the row writer writes it', () => {
  const rng = new Rng(8);
  const all = [...scalars, types.array(types.STRING)];
  let byBlock = 0;
  for (let round = 0; round < 60; round++) {
    const columnTypes = Array.from({ length: rng.between(1, 6) }, () => rng.pick(all));
    const batch = batchOf(
      rng,
      columnTypes.map((type) => ({ name: 'c', type })),
      1500,
      round % 4 === 0,
    );
    const buffer = new AppendBuffer(columnTypes);
    buffer.open();
    expect(buffer.add(batch, 0, bounds)).toBe(1500);
    const sent = buffer.take();
    expect(sent.rows).toBe(1500);
    expect(Buffer.from(sent.lines).toString('latin1')).toBe(textOf(columnTypes, batch));
    buffer.release();
    const block = copyBlock(columnTypes, '\n')!;
    for (let row = 0; row < 1500; ) {
      const next = block.lay(batch.columns, row, 1500, Infinity);
      byBlock += next - row;
      row = Math.max(next, row + 1);
    }
    block.release();
  }
  expect(byBlock).toBeGreaterThan(80_000);
});

test('a buffer ends within its bounds', () => {
  const columnTypes = [types.BIGINT, types.STRING];
  const batch = batchOf(
    new Rng(1),
    columnTypes.map((type) => ({ name: 'c', type })),
    1000,
    false,
  );
  const text = textOf(columnTypes, batch);
  const buffer = new AppendBuffer(columnTypes);
  buffer.open();
  expect(buffer.add(batch, 0, { rowsMax: 10, bytesMax: 1 << 20 })).toBe(10);
  expect(buffer.add(batch, 10, { rowsMax: 1 << 16, bytesMax: 5000 })).toBeGreaterThan(20);
  const { lines, rows } = buffer.take();
  const sent = Buffer.from(lines).toString('latin1');
  expect(text.startsWith(sent)).toBe(true);
  expect(sent.split('\n').length - 1).toBe(rows);
  expect(sent.lastIndexOf('\n', sent.length - 2) + 1).toBeLessThan(5000);
  expect(sent.length).toBeGreaterThanOrEqual(5000);
  buffer.release();
});

test('of a key the last change is sent', () => {
  const rng = new Rng(2);
  const columnTypes = [types.STRING, types.BIGINT, types.DATE, types.DOUBLE];
  for (let round = 0; round < 20; round++) {
    const builder = new BatchBuilder(columnTypes);
    const last = new Map<string, string>();
    const deletes = new Set<string>();
    for (let row = 0; row < 1500; row++) {
      const key = [`k\t${rng.below(300)}`, BigInt(rng.below(2))] as const;
      const kind = rng.below(4);
      const values = [...key, valueOf(rng, types.DATE, false), valueOf(rng, types.DOUBLE, false)];
      builder.appendRow(values, kind);
      if (kind === 1) continue;
      const one = batchOfRow(columnTypes, kind === 3 ? [...key, null, null] : values);
      last.delete(key.join());
      last.set(key.join(), textOf(columnTypes, one).replace(/\n$/, kind === 3 ? '\tt\n' : '\tf\n'));
      if (kind === 3) deletes.add(key.join());
      else deletes.delete(key.join());
    }
    const buffer = new UpsertBuffer(columnTypes, [0, 1]);
    buffer.open();
    const batch = builder.build();
    for (let from = 0; from < batch.rows; ) from = buffer.add(batch, from, bounds);
    const sent = buffer.take();
    expect(Buffer.from(sent.lines).toString('latin1')).toBe([...last.values()].join(''));
    expect([sent.rows, sent.deletes]).toEqual([last.size, deletes.size]);
    buffer.release();
  }
});

function batchOfRow(columnTypes: readonly LogicalType[], row: Parameters<BatchBuilder['appendRow']>[0]) {
  const builder = new BatchBuilder(columnTypes);
  builder.appendRow(row);
  return builder.build();
}
