import { expect, test } from 'vitest';
import { bitmapOfIntegers, types, VariantObject, writeVariant, type Field, type Row } from '#data';
import { SimWorld } from '#testkit';
import { printRuntime } from '../../src/print/runtime.ts';
import { batchOf, sinkContext, type TestTable } from '../contexts.ts';
import { sinkContract } from '../contract/sink.ts';

const two: readonly Field[] = [
  { name: 'a', type: types.INT },
  { name: 'b', type: types.STRING },
];

function print(
  table: TestTable,
  rows: readonly Row[],
  kinds: readonly number[] = [],
  instances = 1,
  instance = 0,
): string[] {
  const { context, told } = sinkContext(new SimWorld(1), table, { instances, instance });
  const sink = printRuntime.createSink!(context);
  sink.write(
    batchOf(
      table.fields.map((f) => f.type),
      rows,
      kinds,
    ),
    0,
  );
  return told.lines;
}

sinkContract('print', async () => ({
  table: { fields: two },
  runtime: printRuntime,
  rows: Array.from({ length: 300 }, (_, i) => [i, `row ${i}`]),
  contents: async (told) =>
    told.lines.map((line) => {
      const match = /^\+I\[(\d+), (.*)\]$/.exec(line)!;
      return [Number(match[1]), match[2]!];
    }),
  close: async () => {},
}));

test('every kind of change has its mark, NULL is null', () => {
  expect(
    print(
      { fields: two },
      [
        [1, 'x'],
        [1, null],
        [2, 'y'],
        [null, ''],
      ],
      [0, 1, 2, 3],
    ),
  ).toEqual(['+I[1, x]', '-U[1, null]', '+U[2, y]', '-D[null, ]']);
});

test('identifier and instance stand in front', () => {
  const named = { fields: two, options: { 'print-identifier': 'out' } };
  expect(print(named, [[1, 'x']])).toEqual(['out> +I[1, x]']);
  expect(print(named, [[1, 'x']], [], 3, 1)).toEqual(['out:2> +I[1, x]']);
  expect(print({ fields: two }, [[1, 'x']], [], 3, 2)).toEqual(['3> +I[1, x]']);
});

test('values read as their Java objects do', () => {
  const at = Date.UTC(2024, 0, 1, 12);
  const cases: readonly [Field['type'], Row[number], string][] = [
    [types.BOOLEAN, true, 'true'],
    [types.BIGINT, 9223372036854775807n, '9223372036854775807'],
    [types.DOUBLE, 1e10, '1.0E10'],
    [types.FLOAT, Math.fround(0.1), '0.1'],
    [types.decimal(10, 2), 150n, '1.50'],
    [types.decimal(38, 10), 0n, '0E-10'],
    [
      types.VARIANT,
      writeVariant(
        new VariantObject([
          ['a', 1000],
          ['', null],
        ]),
        false,
      ),
      '{"":null,"a":1000.0}',
    ],
    [types.BITMAP, bitmapOfIntegers([3, -1]), '{3,4294967295}'],
    [types.structured('c', two), [1, null], '+I[1, null]'],
    [types.decimal(38, 10), -12n, '-1.2E-9'],
    [types.BYTES, Uint8Array.of(1, 255), '[1, -1]'],
    [types.DATE, 19723, '2024-01-01'],
    [types.time(), 43_200_000, '12:00'],
    [types.time(3), 43_201_500, '12:00:01.500'],
    [types.timestamp(3), { ms: at, ns: 0 }, '2024-01-01T12:00'],
    [types.timestamp(3), { ms: at + 1120, ns: 0 }, '2024-01-01T12:00:01.120'],
    [types.timestamp(9), { ms: at, ns: 1000 }, '2024-01-01T12:00:00.000001'],
    [types.timestampLtz(3), { ms: at, ns: 0 }, '2024-01-01T12:00:00Z'],
    [types.timestampLtz(9), { ms: at + 1, ns: 1 }, '2024-01-01T12:00:00.001000001Z'],
    [types.yearMonth(), 14, 'P1Y2M'],
    [types.dayTime(), 93_784_500n, 'PT26H3M4.5S'],
    [types.array(types.STRING), ['a', null], '[a, null]'],
    [
      types.map(types.STRING, types.INT),
      {
        entries: [
          ['k', 1],
          ['l', null],
        ],
      },
      '{k=1, l=null}',
    ],
    [
      types.row([
        { name: 'x', type: types.INT },
        { name: 'y', type: types.array(types.INT) },
      ]),
      [1, [2]],
      '+I[1, [2]]',
    ],
  ];
  for (const [type, value, text] of cases) {
    expect(print({ fields: [{ name: 'v', type }] }, [[value]])).toEqual([`+I[${text}]`]);
  }
});
