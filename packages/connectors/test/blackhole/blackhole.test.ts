import { expect, test } from 'vitest';
import { types, type Field, type Row } from '#data';
import { SimWorld } from '#testkit';
import { blackholeRuntime } from '../../src/blackhole/runtime.ts';
import { batchOf, sinkContext } from '../contexts.ts';
import { sinkContract } from '../contract/sink.ts';

const fields: readonly Field[] = [
  { name: 'n', type: types.BIGINT },
  { name: 't', type: types.STRING },
  { name: 'at', type: types.timestamp(9) },
  { name: 'row', type: types.row([{ name: 'x', type: types.INT }]) },
  { name: 'list', type: types.array(types.decimal(38, 2)) },
  { name: 'map', type: types.map(types.STRING, types.DOUBLE) },
];
const row = (i: number): Row => [
  2n ** 62n + BigInt(i),
  `text ${i}`,
  { ms: i, ns: 5 },
  i % 3 === 0 ? null : [i],
  [2n ** 100n, BigInt(i)],
  { entries: [['k', i / 2]] },
];
const rows = Array.from({ length: 300 }, (_, i) => row(i));

sinkContract('blackhole', async () => ({
  table: { fields },
  runtime: blackholeRuntime,
  rows,
  close: async () => {},
}));

function checksum(input: readonly Row[], size: number): number {
  const { context, told } = sinkContext(new SimWorld(1), { fields });
  const sink = blackholeRuntime.createSink!(context);
  for (let i = 0; i < input.length; i += size)
    sink.write(
      batchOf(
        fields.map((f) => f.type),
        input.slice(i, i + size),
      ),
      0,
    );
  return told.counters['checksum']!;
}

test('the checksum depends on the rows, not on their order or their batches', () => {
  expect(checksum(rows, 300)).toBe(checksum(rows.toReversed(), 7));
  expect(checksum(rows, 300)).not.toBe(checksum(rows.with(7, row(1000)), 300));
});
