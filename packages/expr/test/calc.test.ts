/* Compiled filters and projections over batches: what goes out, what is shared, where the representation changes. */

import { describe, expect, test } from 'vitest';
import { BatchBuilder, notNull, readRow, types, type Batch, type LogicalType, type Row } from '#data';
import {
  bindCall,
  compileCalc,
  compileWatermark,
  instantiateCalc,
  literal,
  planCalc,
  type Expr,
} from '#expr';
import { testContext } from './contexts.ts';

const context = testContext();
const int = (value: number): Expr => literal(value, types.INT);
const column = (index: number, type: LogicalType): Expr => ({ kind: 'column', index, type });

function batchOf(rowTypes: readonly LogicalType[], rows: readonly Row[], kinds?: readonly number[]): Batch {
  const builder = new BatchBuilder(rowTypes);
  for (const [i, row] of rows.entries()) builder.appendRow(row, kinds?.[i] ?? 0);
  return builder.build();
}

function rowsOf(batch: Batch, rowTypes: readonly LogicalType[]): Row[] {
  return Array.from({ length: batch.rows }, (_, i) => readRow(batch, rowTypes, i));
}

/** Runs a program to the end of the batch, as its caller does. */
function runAll(program: ReturnType<typeof compileCalc>, batch: Batch): Batch[] {
  const out: Batch[] = [];
  for (let at = 0; at < batch.rows; ) {
    const { batch: part, next } = program.run(batch, at, context);
    out.push(part);
    at = next;
  }
  return out;
}

describe('a filter and a projection', () => {
  const bid = [types.BIGINT, types.BIGINT, types.STRING];
  const [auction, price, channel] = bid.map((t, i) => column(i, t)) as [Expr, Expr, Expr];
  const rows: Row[] = [
    [1n, 50n, 'a'],
    [2n, 150n, 'b'],
    [3n, null, 'c'],
    [4n, 200n, null],
  ];
  const program = compileCalc({
    inputTypes: bid,
    where: bindCall('>', [price, int(100)]),
    project: [auction, bindCall('*', [price, int(2)]), channel],
  });

  test('keeps the rows where the condition is TRUE', () => {
    const out = program.run(batchOf(bid, rows), 0, context);
    expect(rowsOf(out.batch, bid)).toEqual([
      [2n, 300n, 'b'],
      [4n, 400n, null],
    ]);
    expect(out.next).toBe(4);
  });
  test('is one readable loop', () => {
    expect(program.source).toMatchInlineSnapshot(`
      "function calc(s, from, to, sel, o, f, state) {
        const c0 = s[0].values;
        const c0n = validOf(s[0], to);
        const o1 = o[1].values, o1v = o[1].valid;
        let row = from, n = 0;
        try {
          rows: for (; row < to; row++) {
            const v1 = c0[row] > 100;
            if (!((c0n[row] !== 0) && v1)) continue;
            const v2 = c0[row] * 2 + 0;
            if ((c0n[row] !== 0) && (v2 > 9007199254740991 || v2 < -9007199254740991)) break rows;
            o1v[n] = (c0n[row] === 0) ? 0 : 1;
            o1[n] = v2;
            sel[n] = row;
            n++;
          }
        } finally {
          state.rows = n;
          state.next = row;
        }
      }"
    `);
  });
  test('carries kinds and marks to the rows that stay', () => {
    const builder = new BatchBuilder(bid);
    builder.mark(5);
    rows.forEach((row, i) => {
      builder.appendRow(row, i);
      builder.mark(10 * i + 10);
    });
    const out = program.run(builder.build(), 0, context).batch;
    expect([...out.kinds!.subarray(0, 2)]).toEqual([1, 3]);
    expect([...out.marks.at.subarray(0, out.marks.count)]).toEqual([0, 1, 2]);
    expect([...out.marks.watermark.subarray(0, out.marks.count)]).toEqual([10, 30, 40]);
  });
  test('shares what it passes on when every row stays', () => {
    const batch = batchOf(bid, rows);
    const out = compileCalc({ inputTypes: bid, where: undefined, project: [channel, auction] }).run(
      batch,
      0,
      context,
    ).batch;
    expect(out.columns[0]).toBe(batch.columns[2]);
    expect(out.columns[1]).toBe(batch.columns[0]);
  });
});

describe('narrow and wide', () => {
  const big = notNull(types.BIGINT);
  const doubled = compileCalc({
    inputTypes: [big],
    where: undefined,
    project: [bindCall('+', [column(0, big), column(0, big)])],
  });

  test('a result beyond 2^53 ends the narrow batch; the next goes on in bigint', () => {
    const batch = batchOf([big], [[1n], [2n], [2n ** 52n], [3n]]);
    const parts = runAll(doubled, batch);
    expect(parts.map((p) => p.rows)).toEqual([2, 2]);
    expect(parts.flatMap((p) => rowsOf(p, [big]))).toEqual([[2n], [4n], [2n ** 53n], [6n]]);
    expect(parts[1]!.columns[0]).toMatchObject({ layout: 'exact', wide: true });
  });
  test('a wide input is computed in bigint, and wraps as a Java long', () => {
    const parts = runAll(doubled, batchOf([big], [[1n], [2n ** 63n - 1n]]));
    expect(parts.flatMap((p) => rowsOf(p, [big]))).toEqual([[2n], [-2n]]);
  });
  test('marks stay where they are across the change', () => {
    const builder = new BatchBuilder([big]);
    builder.mark(1);
    builder.appendRow([1n]);
    builder.mark(2);
    builder.appendRow([2n ** 52n]);
    builder.mark(3);
    const parts = runAll(doubled, builder.build());
    expect(parts.map((p) => [...p.marks.watermark.subarray(0, p.marks.count)])).toEqual([[1, 2], [3]]);
    expect(parts.map((p) => [...p.marks.at.subarray(0, p.marks.count)])).toEqual([[0, 1], [1]]);
  });
});

describe('rows that fail', () => {
  const pair = [types.INT, types.INT];
  const quotient = bindCall('/', [column(0, types.INT), column(1, types.INT)]);

  test('the rows before go out first, then the call fails', () => {
    const program = compileCalc({ inputTypes: pair, where: undefined, project: [quotient] });
    const batch = batchOf(pair, [
      [6, 3],
      [4, null],
      [1, 0],
      [2, 1],
    ]);
    const out = program.run(batch, 0, context);
    expect(rowsOf(out.batch, [types.INT])).toEqual([[2], [null]]);
    expect(out.next).toBe(2);
    expect(() => program.run(batch, out.next, context)).toThrow('division by zero: 1 / 0');
  });
  test('a condition that decides keeps the other side from failing', () => {
    const where = bindCall('AND', [
      bindCall('<>', [column(1, types.INT), int(0)]),
      bindCall('>', [quotient, int(1)]),
    ]);
    const program = compileCalc({ inputTypes: pair, where, project: [column(0, types.INT)] });
    expect(
      rowsOf(
        program.run(
          batchOf(pair, [
            [6, 3],
            [1, 0],
          ]),
          0,
          context,
        ).batch,
        [types.INT],
      ),
    ).toEqual([[6]]);
  });
});

test('a field of a row is read and passed on as a column of its own', () => {
  const inner = types.row([
    { name: 'a', type: types.INT },
    { name: 's', type: types.STRING },
  ]);
  const field = (index: number, type: LogicalType): Expr => ({
    kind: 'field',
    operand: column(0, inner),
    index,
    type,
  });
  const program = compileCalc({
    inputTypes: [inner],
    where: undefined,
    project: [field(1, types.STRING), bindCall('+', [field(0, types.INT), int(1)])],
  });
  const out = program.run(batchOf([inner], [[[1, 'x']], [null], [[null, 'y']]]), 0, context).batch;
  expect(rowsOf(out, [types.STRING, types.INT])).toEqual([
    ['x', 2],
    [null, null],
    ['y', null],
  ]);
});

test('chance is taken once a row for its place, and each row is evaluated once', () => {
  const random = bindCall('RAND', [int(1)]);
  const program = compileCalc({
    inputTypes: [types.INT],
    where: undefined,
    project: [
      bindCall('CAST', [random], { returning: types.STRING }),
      bindCall('+', [column(0, types.INT), int(1)]),
    ],
  });
  const out = program.run(batchOf([types.INT], [[1], [2]]), 0, testContext()).batch;
  expect(rowsOf(out, [types.STRING, types.INT])).toEqual([
    ['0.7308781907032909', 2],
    ['0.41008081149220166', 3],
  ]);
});

test('a failing cast is NULL under the legacy behaviour', () => {
  const cast = bindCall('CAST', [column(0, types.STRING)], { returning: types.INT });
  const program = compileCalc({ inputTypes: [types.STRING], where: undefined, project: [cast] });
  const out = program.run(
    batchOf([types.STRING], [['7'], ['x']]),
    0,
    testContext({ legacyCast: true }),
  ).batch;
  expect(rowsOf(out, [types.INT])).toEqual([[7], [null]]);
});

test('a plan survives structuredClone', () => {
  const plan = planCalc({
    inputTypes: [types.STRING],
    where: undefined,
    project: [bindCall('UPPER', [column(0, types.STRING)])],
  });
  const out = instantiateCalc(structuredClone(plan)).run(
    batchOf([types.STRING], [['a'], [null], ['é']]),
    0,
    context,
  ).batch;
  expect(rowsOf(out, [types.STRING])).toEqual([['A'], [null], ['É']]);
});

test('a program whose arrays are used again gives each batch alone, behind a row that fails too', () => {
  const text = column(0, types.STRING);
  const program = instantiateCalc(
    planCalc({
      inputTypes: [types.STRING],
      where: undefined,
      project: [
        bindCall('REVERSE', [text]),
        bindCall('CAST', [text], { returning: types.INT }),
        bindCall('CONCAT', [text, literal('!', types.STRING)]),
      ],
    }),
    true,
  );
  const out = [types.STRING, types.INT, types.STRING];
  const run = (from: number, ...texts: readonly string[]): Row[] => {
    const batch = batchOf(
      [types.STRING],
      texts.map((t) => [t]),
    );
    return rowsOf(program.run(batch, from, context).batch, out);
  };
  expect(run(0, '12', '34', 'x')).toEqual([
    ['21', 12, '12!'],
    ['43', 34, '34!'],
  ]);
  expect(() => run(2, '12', '34', 'x')).toThrow(/cast/i);
  for (const n of [1, 2, 3, 4]) expect(run(0, `${n}5`)).toEqual([[`5${n}`, n * 10 + 5, `${n}5!`]]);
});

test('row times are milliseconds, NaN for NULL', () => {
  const rowtime = types.timestamp(3);
  const times = compileWatermark([rowtime], column(0, rowtime), context);
  const out = new Float64Array(3);
  times(batchOf([rowtime], [[{ ms: 5, ns: 0 }], [null], [{ ms: 7, ns: 0 }]]), 0, 3, out);
  expect([...out]).toEqual([5, Number.NaN, 7]);
});

describe('several pieces of one text', () => {
  const texts = ['a/b/c/d', '', '/', 'x', null, '//y', 'é/ü/z/', 'no separator', '1/2/3/4/5/6/7'];
  const piece = (n: number): Expr =>
    bindCall('SPLIT_INDEX', [column(0, types.STRING), literal('/', types.STRING), int(n)]);
  test.each([[[1, 2, 3]], [[3, 1, 2]], [[0, 4, 2, 2]], [[5, 0, 6]], [[2, 9]]])(
    'SPLIT_INDEX at %j: each as if it were alone',
    (indexes) => {
      const out = [types.STRING, ...indexes.map(() => types.STRING)];
      const batch = batchOf(
        [types.STRING],
        texts.map((t) => [t]),
      );
      const program = compileCalc({
        inputTypes: [types.STRING],
        where: undefined,
        project: [column(0, types.STRING), ...indexes.map(piece)],
      });
      const rows = runAll(program, batch).flatMap((b) => rowsOf(b, out));
      expect(rows).toEqual(
        texts.map((t) => [
          t,
          ...indexes.map((n) => (t === null || t === '' ? null : (t.split('/')[n] ?? null))),
        ]),
      );
    },
  );
});
