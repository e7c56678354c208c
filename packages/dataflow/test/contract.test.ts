/* The operator contract, point by point (DESIGN.md 5, contracts/operator.ts): what every operator must hold, shown on
 * those for which the point is hard. */

import { describe, expect, test } from 'vitest';
import { types, type LogicalType } from '#data';
import type { RankSpec } from '#job';
import {
  batchOf,
  bench,
  call,
  exported,
  moved,
  pushAll,
  resumeAll,
  said,
  TestOutput,
  type Bench,
} from './harness.ts';

const { INT, STRING, BIGINT } = types;
const TIME = types.timestamp(3);

/** One operator, a run long enough to fill outputs, and its types. */
interface Case {
  readonly name: string;
  readonly make: () => Bench;
  readonly lines: readonly string[];
}

const windowSpec = (sizeMs: number): unknown => ({
  keys: [0],
  calls: [call('COUNT')],
  retract: false,
  properties: ['start', 'end'],
  zone: undefined,
  window: { kind: 'rowtime', column: 1, shape: { kind: 'tumble', sizeMs, offsetMs: 0 } },
});
const windowBench = (sizeMs = 10): Bench =>
  bench('window-aggregate', windowSpec(sizeMs), [STRING, TIME], [STRING, BIGINT, TIME, TIME]);
const hopSpec = {
  keys: [0],
  calls: [call('COUNT')],
  retract: false,
  properties: ['end'],
  zone: undefined,
  window: { kind: 'rowtime', column: 1, shape: { kind: 'hop', sizeMs: 30, slideMs: 10, offsetMs: 0 } },
};
const sessionSpec = (time: number | undefined): unknown => ({
  keys: [0],
  calls: [call('COUNT')],
  retract: false,
  properties: ['start', 'end'],
  zone: undefined,
  gapMs: 5,
  time,
});
const sessionBench = (): Bench =>
  bench('session-aggregate', sessionSpec(1), [STRING, TIME], [STRING, BIGINT, TIME, TIME]);
const sessionTableBench = (): Bench =>
  bench(
    'session-table',
    { keys: [0], properties: ['start', 'end', 'rowtime'], zone: undefined, gapMs: 5, time: 1 },
    [STRING, TIME],
    [STRING, TIME, TIME, TIME, TIME],
  );
const proctimeBench = (): Bench =>
  bench(
    'window-aggregate',
    {
      keys: [0],
      calls: [call('COUNT')],
      retract: false,
      properties: ['start'],
      zone: undefined,
      window: { kind: 'proctime', shape: { kind: 'tumble', sizeMs: 10, offsetMs: 0 } },
    },
    [STRING],
    [STRING, BIGINT, TIME],
  );
const proctimeSessionBench = (): Bench =>
  bench('session-aggregate', sessionSpec(undefined), [STRING], [STRING, BIGINT, TIME, TIME]);
const sortBench = (): Bench =>
  bench(
    'sort',
    { keys: [{ column: 1, descending: false, nullsLast: false }], mode: 'rowtime' },
    [STRING, TIME],
    [STRING, TIME],
  );
const rankBench = (changes: Partial<RankSpec> = {}): Bench =>
  bench(
    'rank',
    {
      partition: [],
      keys: [{ column: 1, descending: true, nullsLast: true }],
      from: 1,
      to: 3,
      strategy: 'retract',
      rowKey: [],
      byPosition: false,
      numbered: false,
      updateBefore: true,
      ttlMs: 0,
      ...changes,
    } satisfies RankSpec,
    [STRING, INT],
    [STRING, INT],
  );
const countBench = (
  changes: Partial<{
    retract: boolean;
    ttlMs: number;
    finalOnly: boolean;
    updateBefore: boolean;
    keys: number[];
  }> = {},
): Bench =>
  bench(
    'group-aggregate',
    {
      keys: [0],
      calls: [call('COUNT')],
      retract: true,
      updateBefore: true,
      ttlMs: 0,
      finalOnly: false,
      ...changes,
    },
    [STRING],
    (changes.keys?.length === 0 ? [] : ([STRING] as LogicalType[])).concat([BIGINT]),
  );

const manyWindows = (n: number): string[] => [
  ...Array.from({ length: n }, (_, i) => `+ k${i % 7} ${i * 10}`),
  `@ ${n * 10}`,
  '+ late 5',
  `+ k0 ${n * 10 + 5}`,
  '@ idle',
  `+ k1 ${n * 10 + 9}`,
  '@ Infinity',
];

const cases: readonly Case[] = [
  { name: 'window-aggregate', make: windowBench, lines: manyWindows(9000) },
  {
    name: 'window-aggregate over slices that windows share',
    make: () => bench('window-aggregate', hopSpec, [STRING, TIME], [STRING, BIGINT, TIME]),
    lines: manyWindows(3000),
  },
  { name: 'session-aggregate', make: sessionBench, lines: manyWindows(9000) },
  { name: 'session-table', make: sessionTableBench, lines: manyWindows(9000) },
  { name: 'sort by rowtime', make: sortBench, lines: manyWindows(9000) },
  {
    name: 'window-table',
    make: () =>
      bench(
        'window-table',
        {
          shape: { kind: 'hop', sizeMs: 40, slideMs: 10, offsetMs: 0 },
          time: 1,
          properties: ['start', 'end', 'rowtime'],
          zone: undefined,
        },
        [STRING, TIME],
        [STRING, TIME, TIME, TIME, TIME],
      ),
    lines: manyWindows(3000),
  },
  {
    name: 'group-aggregate',
    make: countBench,
    lines: Array.from({ length: 9000 }, (_, i) => `${i % 3 === 2 ? '-' : '+'} k${Math.floor(i / 3) % 50}`),
  },
  {
    name: 'rank of rows that come and go',
    make: rankBench,
    lines: Array.from(
      { length: 9000 },
      (_, i) => `${i % 3 === 2 ? '-' : '+'} k${Math.floor(i / 3) % 50} ${Math.floor(i / 3) % 11}`,
    ),
  },
  {
    name: 'rank by position, where a row moves all others',
    make: () => rankBench({ strategy: 'append', from: 2, to: 5000, byPosition: true }),
    lines: [...Array.from({ length: 100 }, (_, i) => `+ k${i} ${i}`), '@ 7', '+ last 1000', '@ idle'],
  },
  {
    name: 'expand',
    make: () =>
      bench(
        'expand',
        {
          sets: [
            { id: 0, nulls: [] },
            { id: 1, nulls: [1] },
            { id: 3, nulls: [0, 1] },
          ],
        },
        [STRING, INT],
        [STRING, INT, BIGINT],
      ),
    lines: Array.from({ length: 3000 }, (_, i) => `${i % 3 === 2 ? '-' : '+'} k${i % 50} ${i}`),
  },
  {
    name: 'replicate',
    make: () => bench('replicate', {}, [STRING, BIGINT], [STRING]),
    lines: Array.from({ length: 900 }, (_, i) => `${i % 3 === 2 ? '-' : '+'} k${i % 50} ${(i % 23) - 3}`),
  },
  {
    name: 'unnest',
    make: () =>
      bench(
        'unnest',
        { column: 0, ordinality: false, left: true, type: types.array(INT) },
        [types.array(INT)],
        [types.array(INT), INT],
      ),
    lines: [],
  },
];

/** Feeds the lines in batches of `size` and ends; returns all that came out. */
function runCase(made: Bench, lines: readonly string[], out: TestOutput, size: number): string[] {
  for (let at = 0; at < lines.length; at += size)
    pushAll(made.operator, batchOf(made.inputTypes, lines.slice(at, at + size)), out);
  made.operator.end(0, out);
  resumeAll(made.operator, out);
  return said(out, made.outputTypes).filter((line) => !line.startsWith('@'));
}

describe('resumable output', () => {
  test.each(cases.filter((c) => c.lines.length > 0))(
    '$name: an output that is full after each emit gives what an unbounded one gives',
    ({ make, lines }) => {
      const free = make();
      const expected = runCase(free, lines, new TestOutput(), lines.length);
      const tight = make();
      expect(runCase(tight, lines, new TestOutput(1), lines.length)).toEqual(expected);
      expect(expected.length).toBeGreaterThan(0);
      expect(tight.late.length).toBe(free.late.length);
    },
  );

  test.each(cases.filter((c) => c.lines.length > 0))(
    '$name: batch borders carry no meaning (I2)',
    ({ make, lines }) => {
      const some = lines.slice(-700);
      const whole = runCase(make(), some, new TestOutput(), some.length);
      expect(runCase(make(), some, new TestOutput(1), 1)).toEqual(whole);
      expect(runCase(make(), some, new TestOutput(), 13)).toEqual(whole);
    },
  );

  test('one row whose watermark closes thousands of windows: push returns short, resume goes on until done', () => {
    const { operator, inputTypes } = windowBench();
    const out = new TestOutput(1);
    pushAll(
      operator,
      batchOf(
        inputTypes,
        Array.from({ length: 9000 }, (_, i) => `+ a ${i * 10}`),
      ),
      out,
    );
    const closing = batchOf(inputTypes, ['@ 100000', '+ b 100005', '+ b 100006']);
    out.drain();
    expect(operator.push(0, closing, 0, out)).toBe(0);
    expect(operator.busy).toBe(true);
    let resumed = 0;
    for (let progress = 'more'; progress === 'more'; resumed++) {
      out.drain();
      progress = operator.resume(out);
    }
    expect(resumed).toBeGreaterThan(1);
    expect(operator.busy).toBe(false);
    out.drain();
    expect(operator.push(0, closing, 0, out)).toBe(2);
    expect(out.emitted.reduce((n, b) => n + b.rows, 0)).toBe(9000);
  });

  test('one row that moves thousands of others: it counts as taken when all is out', () => {
    const { operator, inputTypes, outputTypes } = rankBench({
      strategy: 'append',
      from: 2,
      to: 9000,
      byPosition: true,
    });
    pushAll(
      operator,
      batchOf(
        inputTypes,
        Array.from({ length: 9000 }, (_, i) => `+ k${i} ${-i}`),
      ),
      new TestOutput(),
    );
    const out = new TestOutput(1);
    const rows = batchOf(inputTypes, ['+ first 1', '@ 5', '+ last -9999']);
    expect(operator.push(0, rows, 0, out)).toBe(0);
    pushAll(operator, rows, out);
    expect(out.emitted.length).toBeGreaterThan(3);
    expect(out.emitted.every((b) => b.rows < 4100)).toBe(true);
    const lines = said(out, outputTypes);
    expect(lines.slice(0, 2)).toEqual(['-U k1 -1', '+U k0 0']);
    expect(lines.slice(-3)).toEqual(['-U k8999 -8999', '+U k8998 -8998', '@ 5']);
    expect(lines.length).toBe(2 * 8999 + 1);
  });

  test('a mark in front of a row that fills the output stands in front of all that the row gives, once', () => {
    for (const batches of [1, 2, Infinity]) {
      const made = rankBench({ strategy: 'append', to: 9000, byPosition: true });
      const { operator, inputTypes, outputTypes } = made;
      const rows = Array.from({ length: 5000 }, (_, i) => `+ k${i} ${-i}`);
      pushAll(operator, batchOf(inputTypes, rows), new TestOutput());
      const out = new TestOutput(batches);
      pushAll(operator, batchOf(inputTypes, ['+ last -9999', '@ 5', '+ first 1', '@ 6']), out);
      const lines = said(out, outputTypes);
      expect(lines.flatMap((line, i) => (line.startsWith('@') ? [`${line} at ${i}`] : []))).toEqual([
        '@ 5 at 1',
        `@ 6 at ${lines.length - 1}`,
      ]);
    }
  });

  test('a mark behind the watermark of its run fires what came since', () => {
    const { operator, inputTypes, outputTypes } = sortBench();
    const out = new TestOutput();
    pushAll(operator, batchOf(inputTypes, ['+ z 90', '@ 20', '+ a 15', '@ 12', '+ late 14', '@ 30']), out);
    expect(said(out, outputTypes)).toEqual(['@ 20', '+ a 15', '@ 30']);
  });

  test('idleness fires nothing: a row that the watermark passed waits for the next one', () => {
    const { operator, inputTypes, outputTypes } = sortBench();
    const out = new TestOutput();
    pushAll(operator, batchOf(inputTypes, ['@ 20', '+ a 15', '@ idle', '+ b 14', '@ 30']), out);
    expect(said(out, outputTypes)).toEqual(['@ 20', '@ idle', '+ b 14', '+ a 15', '@ 30']);
  });

  test('the watermark goes out behind the rows that it freed', () => {
    const { operator, inputTypes, outputTypes } = windowBench();
    const out = new TestOutput(1);
    pushAll(operator, batchOf(inputTypes, ['+ a 1', '+ b 12', '@ 9', '+ c 31', '@ 30']), out);
    expect(said(out, outputTypes)).toEqual(['+ a 1 0 10', '@ 9', '+ b 1 10 20', '@ 30']);
  });
});

describe('timers are state', () => {
  test('event time: a window that was open at the snapshot fires after the restore, once', () => {
    const first = windowBench();
    pushAll(first.operator, batchOf(first.inputTypes, ['+ a 1', '+ a 2', '+ b 11', '@ 8']), new TestOutput());
    const second = windowBench();
    const operator = moved(first.operator, second.operator);
    const out = new TestOutput();
    pushAll(operator, batchOf(second.inputTypes, ['+ a 3', '@ 9', '+ late 4', '@ 19']), out);
    expect(said(out, second.outputTypes)).toEqual(['+ a 3 0 10', '@ 9', '+ b 1 10 20', '@ 19']);
    expect(second.late).toEqual([1]);
  });

  test('event time: what fired before the snapshot is late after the restore', () => {
    const first = windowBench();
    pushAll(first.operator, batchOf(first.inputTypes, ['+ a 1', '@ 9']), new TestOutput());
    const second = windowBench();
    const out = new TestOutput();
    pushAll(moved(first.operator, second.operator), batchOf(second.inputTypes, ['+ a 1', '@ 50']), out);
    expect(said(out, second.outputTypes)).toEqual(['@ 50']);
    expect(second.counters.get('numLateRecordsDropped')).toBe(1);
  });

  test.each([
    ['window', proctimeBench, 9, '+ a 2 0'],
    ['session', proctimeSessionBench, 6, '+ a 2 1 7'],
  ] as const)(
    'processing time, %s: armed by rows, kept in the snapshot, fired when due',
    (_, make, due, result) => {
      const first = make();
      const out = new TestOutput();
      out.now = 1;
      expect(first.operator.nextTimer).toBe(Infinity);
      first.operator.push(0, batchOf(first.inputTypes, ['+ a']), 0, out);
      out.now = 2;
      first.operator.push(0, batchOf(first.inputTypes, ['+ a']), 0, out);
      const second = make();
      const operator = moved(first.operator, second.operator);
      const later = new TestOutput();
      // A session's timer may stand where its end was before it grew: then it fires nothing and is set anew.
      while (operator.nextTimer < due) {
        later.now = operator.nextTimer;
        operator.fire(later);
      }
      expect(operator.nextTimer).toBe(due);
      expect(later.emitted).toEqual([]);
      later.now = due;
      expect(operator.fire(later)).toBe('done');
      expect(said(later, second.outputTypes)).toEqual([result]);
      expect(operator.nextTimer).toBe(Infinity);
    },
  );

  test('processing time: a timer whose output fills goes on by resume', () => {
    const { operator, inputTypes } = proctimeBench();
    const out = new TestOutput(1);
    out.now = 1;
    pushAll(
      operator,
      batchOf(
        inputTypes,
        Array.from({ length: 9000 }, (_, i) => `+ k${i}`),
      ),
      out,
    );
    out.drain();
    out.now = 20;
    expect(operator.fire(out)).toBe('more');
    expect(operator.busy).toBe(true);
    resumeAll(operator, out);
    expect(out.emitted.reduce((n, b) => n + b.rows, 0)).toBe(9000);
    expect(operator.nextTimer).toBe(Infinity);
  });
});

test('rows of sessions that merge in another store stand as they came', () => {
  const first = sessionTableBench();
  const lines = ['+ a 10', '+ a 18', '+ a 11', '+ a 19'];
  pushAll(first.operator, batchOf(first.inputTypes, lines), new TestOutput());
  const out = new TestOutput();
  const operator = exported(first.operator, sessionTableBench().operator);
  pushAll(operator, batchOf(first.inputTypes, ['+ a 15', '@ 99']), out);
  expect(said(out, first.outputTypes)).toEqual([
    ...[...lines, '+ a 15'].map((line) => `${line} 10 24 23`),
    '@ 99',
  ]);
});

describe('end of input', () => {
  const batchCount = (keys: number[]): Bench => countBench({ finalOnly: true, retract: false, keys });
  test('results that wait for the end come out through resume', () => {
    const { operator, inputTypes } = batchCount([0]);
    const out = new TestOutput(1);
    pushAll(
      operator,
      batchOf(
        inputTypes,
        Array.from({ length: 9000 }, (_, i) => `+ k${i}`),
      ),
      out,
    );
    expect(out.emitted).toEqual([]);
    operator.end(0, out);
    expect(operator.busy).toBe(true);
    resumeAll(operator, out);
    expect(out.emitted.reduce((n, b) => n + b.rows, 0)).toBe(9000);
  });
  test('an aggregate over everything has a row even when there was no input', () => {
    const { operator, outputTypes } = batchCount([]);
    const out = new TestOutput();
    operator.end(0, out);
    resumeAll(operator, out);
    expect(said(out, outputTypes)).toEqual(['+ 0']);
  });
});

describe('counters and gauges', () => {
  test('keys held are a gauge, late rows a counter and shown one by one', () => {
    const made = windowBench();
    pushAll(
      made.operator,
      batchOf(made.inputTypes, ['+ a 1', '+ b 2', '+ a 11', '@ 9', '+ x 3', '+ y 12']),
      new TestOutput(),
    );
    expect(made.gauges.get('stateKeys')!()).toBe(2);
    expect(made.counters.get('numLateRecordsDropped')).toBe(1);
    expect(made.late).toEqual([3]);
  });
  test('a slice goes with its last window, whatever the window has besides', () => {
    const made = bench('window-aggregate', hopSpec, [STRING, TIME], [STRING, BIGINT, TIME]);
    pushAll(made.operator, batchOf(made.inputTypes, ['+ a 1', '@ 100']), new TestOutput());
    expect(made.gauges.get('stateKeys')!()).toBe(0);
  });
});

describe('state that is taken back or expires', () => {
  test('taking a row back restores the earlier count', () => {
    const { operator, inputTypes, outputTypes } = countBench();
    const out = new TestOutput();
    pushAll(operator, batchOf(inputTypes, ['+ home', '+ home', '- home', '- home', '- home']), out);
    expect(said(out, outputTypes)).toEqual([
      '+ home 1',
      '-U home 1',
      '+U home 2',
      '-U home 2',
      '+U home 1',
      '- home 1',
    ]);
  });
  test('a group that died within a run begins with nothing, whatever was taken back before', () => {
    const calls = [
      call('SUM', [1], [INT], INT),
      call('SUM', [2], [BIGINT]),
      { ...call('COUNT', [1], [INT]), distinct: true },
      call('MIN', [1], [INT], INT),
      call('LAST_VALUE', [1], [INT], INT),
    ];
    const { operator, inputTypes, outputTypes } = bench(
      'group-aggregate',
      { keys: [0], calls, retract: true, updateBefore: true, ttlMs: 0, finalOnly: false },
      [STRING, INT, BIGINT],
      [STRING, INT, BIGINT, BIGINT, INT, INT],
    );
    const out = new TestOutput();
    pushAll(operator, batchOf(inputTypes, ['+ a 5 5', '- a 3 3', '+ a 7 7']), out);
    expect(said(out, outputTypes)).toEqual(['+ a 5 5 1 5 5', '- a 5 5 1 5 5', '+ a 7 7 1 7 7']);
    const same = new TestOutput();
    pushAll(operator, batchOf(inputTypes, ['+ b 5 5', '- b 3 3', '+ b 5 5']), same);
    expect(said(same, outputTypes)).toEqual(['+ b 5 5 1 5 5', '- b 5 5 1 5 5', '+ b 5 5 1 5 5']);
  });
  test('a key not written for the TTL starts anew, also when the snapshot lies between', () => {
    const first = countBench({ ttlMs: 100 });
    const out = new TestOutput();
    pushAll(first.operator, batchOf(first.inputTypes, ['+ a', '+ b']), out);
    out.now = 60;
    pushAll(first.operator, batchOf(first.inputTypes, ['+ b']), out);
    const second = countBench({ ttlMs: 100 });
    const operator = moved(first.operator, second.operator);
    const later = new TestOutput();
    later.now = 110;
    pushAll(operator, batchOf(second.inputTypes, ['+ a', '+ b']), later);
    expect(said(later, second.outputTypes)).toEqual(['+ a 1', '-U b 2', '+U b 3']);
  });
  test('a partition not written for the TTL ranks anew, also when the snapshot lies between', () => {
    const spec = { partition: [0], to: 1, ttlMs: 100 };
    const first = rankBench(spec);
    const out = new TestOutput();
    pushAll(first.operator, batchOf(first.inputTypes, ['+ a 5', '+ b 5']), out);
    out.now = 60;
    pushAll(first.operator, batchOf(first.inputTypes, ['+ b 4']), out);
    const second = rankBench(spec);
    const operator = moved(first.operator, second.operator);
    const later = new TestOutput();
    later.now = 110;
    pushAll(operator, batchOf(second.inputTypes, ['+ a 1', '+ b 1', '- b 5']), later);
    expect(said(later, second.outputTypes)).toEqual(['+ a 1', '- b 5', '+ b 4']);
    expect(second.gauges.get('stateKeys')!()).toBe(3);
  });
  test.each(['append', 'update'] as const)('%s: a rank keeps the first rows and no more', (strategy) => {
    const { operator, inputTypes, gauges } = rankBench({
      strategy,
      rowKey: strategy === 'update' ? [0] : [],
    });
    const few = batchOf(
      inputTypes,
      Array.from({ length: 3000 }, (_, i) => `+ k${i % 700} ${i}`),
    );
    pushAll(operator, few, new TestOutput());
    const bytes = operator.stateBytes;
    for (let n = 0; n < 5; n++) pushAll(operator, few, new TestOutput());
    expect(gauges.get('stateKeys')!()).toBe(3);
    expect(operator.stateBytes).toBeLessThan(1.5 * bytes);
  });
});
