/* Windows over out-of-order rows equal a recomputation that follows the watermark row by row: a row, then its watermark. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instant, type Row, type Value } from '#data';
import { cuts, Drive, netKeys, rowKeys, runs, type Cut } from './drive.ts';

const start = Date.UTC(2024, 0, 1);
/** Seconds of event time; rows come at most so much out of order that some are late. */
interface Click {
  readonly k: string;
  readonly v: number;
  readonly second: number;
}
const clicks: fc.Arbitrary<readonly Click[]> = fc
  .array(
    fc.record({
      k: fc.constantFrom('a', 'b', 'c'),
      v: fc.integer({ min: -5, max: 5 }),
      ahead: fc.integer({ min: -25, max: 20 }),
    }),
    { maxLength: 40 },
  )
  .map(
    (rows) =>
      rows.reduce<{ now: number; out: Click[] }>(
        ({ now, out }, r) => {
          const second = Math.max(0, now + r.ahead);
          out.push({ k: r.k, v: r.v, second });
          return { now: Math.max(now, second), out };
        },
        { now: 30, out: [] },
      ).out,
  );
const delays = fc.constantFrom(0, 5, 12);

const ddl = (delay: number): string =>
  `CREATE TABLE t (k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '${delay}' SECOND) WITH ('connector' = 'test')`;

interface Window {
  readonly from: number;
  readonly to: number;
}

/** Each window's rows: those whose window had not fired when they came. */
function windowed(
  rows: readonly Click[],
  delay: number,
  windowsOf: (second: number) => readonly Window[],
): Map<string, { readonly window: Window; readonly rows: Click[] }> {
  const open = new Map<string, { readonly window: Window; readonly rows: Click[] }>();
  let watermark = -Infinity;
  for (const row of rows) {
    for (const window of windowsOf(row.second)) {
      if (window.to * 1000 - 1 <= watermark) continue;
      const key = `${window.from}/${window.to}/${row.k}`;
      const held = open.get(key) ?? { window, rows: [] };
      open.set(key, held);
      held.rows.push(row);
    }
    watermark = Math.max(watermark, (row.second - delay) * 1000);
  }
  return open;
}
const at = (second: number): Value => instant(start + second * 1000);
const totals = (windows: ReturnType<typeof windowed>): Row[] =>
  [...windows.values()].map(({ window, rows }) => [
    rows[0]!.k,
    at(window.from),
    at(window.to),
    BigInt(rows.length),
    rows.reduce((a, r) => a + r.v, 0),
    BigInt(new Set(rows.map((r) => r.v)).size),
  ]);

async function check(
  sql: string,
  rows: readonly Click[],
  delay: number,
  cut: Cut,
  expected: readonly Row[],
  look: (rows: readonly Row[]) => void = () => {},
): Promise<void> {
  const drive = await Drive.open(ddl(delay), cut);
  let last: readonly { readonly kind: number; readonly row: Row }[] = [];
  await drive.query(
    sql,
    function* feed() {
      drive.push(
        't',
        ['k', 'v', 'ts'],
        rows.map((r) => ({ kind: 0, row: [r.k, r.v, at(r.second)] })),
      );
      yield;
      drive.end('t');
      yield;
    },
    (changes) => {
      last = changes;
    },
  );
  expect(last.every((c) => c.kind === 0)).toBe(true);
  expect(netKeys(last)).toEqual(rowKeys(expected));
  look(last.map((c) => c.row));
}
const grouped = (call: string): string =>
  `SELECT k, window_start, window_end, COUNT(*), SUM(v), COUNT(DISTINCT v) FROM TABLE(${call}) GROUP BY k, window_start, window_end`;
const between = (step: number, size: number, second: number): Window[] => {
  const windows: Window[] = [];
  for (let from = Math.floor(second / step) * step; from > second - size; from -= step)
    windows.push({ from, to: from + size });
  return windows;
};

test('TUMBLE', async () => {
  await fc.assert(
    fc.asyncProperty(clicks, delays, cuts, (rows, delay, cut) =>
      check(
        grouped(`TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)`),
        rows,
        delay,
        cut,
        totals(windowed(rows, delay, (s) => between(10, 10, s))),
      ),
    ),
    runs(40),
  );
});
test.each([
  [5, 10],
  [4, 20],
  [10, 10],
] as const)('HOP by %i over %i', async (slide, size) => {
  await fc.assert(
    fc.asyncProperty(clicks, delays, cuts, (rows, delay, cut) =>
      check(
        grouped(`HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '${slide}' SECOND, INTERVAL '${size}' SECOND)`),
        rows,
        delay,
        cut,
        totals(windowed(rows, delay, (s) => between(slide, size, s))),
      ),
    ),
    runs(30),
  );
});
test.each([
  [4, 10],
  [3, 20],
] as const)(
  'HOP of the older syntax, by %i over %i, which the slide does not divide',
  async (slide, size) => {
    const lengths = `INTERVAL '${slide}' SECOND, INTERVAL '${size}' SECOND`;
    const sql = `SELECT k, HOP_START(ts, ${lengths}), HOP_END(ts, ${lengths}), COUNT(*), SUM(v), COUNT(DISTINCT v) FROM t GROUP BY k, HOP(ts, ${lengths})`;
    await fc.assert(
      fc.asyncProperty(clicks, delays, cuts, (rows, delay, cut) =>
        check(sql, rows, delay, cut, totals(windowed(rows, delay, (s) => between(slide, size, s)))),
      ),
      runs(30),
    );
  },
);
test('CUMULATE', async () => {
  const windowsOf = (second: number): Window[] => {
    const from = Math.floor(second / 12) * 12;
    return [4, 8, 12].map((length) => ({ from, to: from + length })).filter((w) => w.to > second);
  };
  await fc.assert(
    fc.asyncProperty(clicks, delays, cuts, (rows, delay, cut) =>
      check(
        grouped(`CUMULATE(TABLE t, DESCRIPTOR(ts), INTERVAL '4' SECOND, INTERVAL '12' SECOND)`),
        rows,
        delay,
        cut,
        totals(windowed(rows, delay, windowsOf)),
      ),
    ),
    runs(40),
  );
});

interface Session {
  from: number;
  to: number;
  rows: Click[];
}
/** Sessions merge while open; one fires when the watermark reaches its end less 1 ms, and takes no more rows. */
function sessions(
  all: readonly Click[],
  delay: number,
  gap: number,
  keyOf: (row: Click) => string = (row) => row.k,
): Session[] {
  const done: Session[] = [];
  const open = new Map<string, Session[]>();
  let watermark = -Infinity;
  for (const row of all) {
    const own = open.get(keyOf(row)) ?? [];
    const fresh: Session = { from: row.second, to: row.second + gap, rows: [row] };
    const touched = own.filter((s) => s.from <= fresh.to && s.to >= fresh.from);
    if (touched.length === 0 && fresh.to * 1000 - 1 <= watermark) continue;
    const merged = [...touched, fresh].reduce((a, b) => ({
      from: Math.min(a.from, b.from),
      to: Math.max(a.to, b.to),
      rows: [...a.rows, ...b.rows],
    }));
    open.set(keyOf(row), [...own.filter((s) => !touched.includes(s)), merged]);
    watermark = Math.max(watermark, (row.second - delay) * 1000);
    for (const [k, list] of open) {
      done.push(...list.filter((s) => s.to * 1000 - 1 <= watermark));
      open.set(
        k,
        list.filter((s) => s.to * 1000 - 1 > watermark),
      );
    }
  }
  return [...done, ...[...open.values()].flat()];
}
test('SESSION', async () => {
  await fc.assert(
    fc.asyncProperty(clicks, delays, cuts, fc.constantFrom(3, 7), (rows, delay, cut, gap) =>
      check(
        grouped(`SESSION(TABLE t PARTITION BY k, DESCRIPTOR(ts), INTERVAL '${gap}' SECOND)`),
        rows,
        delay,
        cut,
        sessions(rows, delay, gap).map(({ from, to, rows: held }) => [
          held[0]!.k,
          at(from),
          at(to),
          BigInt(held.length),
          held.reduce((a, r) => a + r.v, 0),
          BigInt(new Set(held.map((r) => r.v)).size),
        ]),
      ),
    ),
    runs(80),
  );
});
test.each([
  ['by a key', 'PARTITION BY k', (row: Click) => row.k],
  ['by two keys', 'PARTITION BY (k, v)', (row: Click) => `${row.k} ${row.v}`],
  ['of all rows', '', () => ''],
] as const)(
  'SESSION as a table, %s: each row once, in its session, in order of arrival',
  async (_, by, keyOf) => {
    const rowsOf = (s: Session): Row[] =>
      s.rows.map((r) => [r.k, r.v, at(r.second), at(s.from), at(s.to), instant(start + s.to * 1000 - 1)]);
    await fc.assert(
      fc.asyncProperty(clicks, delays, cuts, fc.constantFrom(3, 7), async (rows, delay, cut, gap) => {
        const sql = `SELECT k, v, ts, window_start, window_end, window_time FROM TABLE(SESSION(TABLE t ${by}, DESCRIPTOR(ts), INTERVAL '${gap}' SECOND))`;
        // Merged by what touches what; within a session the rows stand as they came.
        const expected = sessions(rows, delay, gap, keyOf).map((s) => ({
          ...s,
          rows: rows.filter((r) => s.rows.includes(r)),
        }));
        const texts = (list: readonly Row[]): unknown[] => list.map((r) => rowKeys([r])[0]);
        await check(sql, rows, delay, cut, expected.flatMap(rowsOf), (seen) => {
          for (const s of expected) {
            const own = texts(rowsOf(s));
            expect(texts(seen).filter((r) => own.includes(r))).toEqual(own);
          }
        });
      }),
      runs(40),
    );
  },
);
test('SESSION grouped by another key than it is partitioned by', async () => {
  const sql = `SELECT v, window_start, window_end, COUNT(*), SUM(v) FROM TABLE(SESSION(TABLE t PARTITION BY k, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY v, window_start, window_end`;
  const recompute = (rows: readonly Click[], delay: number): Row[] => {
    const groups = new Map<string, { readonly v: number; readonly s: Session; n: number }>();
    for (const s of sessions(rows, delay, 5)) {
      for (const { v } of s.rows) {
        const key = `${v} ${s.from} ${s.to}`;
        const group = groups.get(key) ?? { v, s, n: 0 };
        groups.set(key, group);
        group.n++;
      }
    }
    return [...groups.values()].map(({ v, s, n }) => [v, at(s.from), at(s.to), BigInt(n), v * n]);
  };
  await fc.assert(
    fc.asyncProperty(clicks, delays, cuts, (rows, delay, cut) =>
      check(sql, rows, delay, cut, recompute(rows, delay)),
    ),
    runs(60),
  );
});

test("a window over a window's time", async () => {
  const sql = `SELECT k, window_start, window_end, COUNT(*), SUM(s), COUNT(DISTINCT s) FROM TABLE(TUMBLE(
    (SELECT k, window_time AS wt, SUM(v) AS s FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY k, window_start, window_end, window_time),
    DESCRIPTOR(wt), INTERVAL '20' SECOND)) GROUP BY k, window_start, window_end`;
  // Small windows are emitted in order of time and before their watermark: none is late for the large one.
  const recompute = (rows: readonly Click[], delay: number): Row[] => {
    const small = [...windowed(rows, delay, (s) => between(5, 5, s)).values()].map(
      ({ window, rows: r }): Click => ({
        k: r[0]!.k,
        second: window.from,
        v: r.reduce((a, x) => a + x.v, 0),
      }),
    );
    return totals(windowed(small, 1e9, (s) => between(20, 20, s)));
  };
  await fc.assert(
    fc.asyncProperty(clicks, delays, cuts, (rows, delay, cut) =>
      check(sql, rows, delay, { ...cut, parallelism: 1 }, recompute(rows, delay)),
    ),
    runs(40),
  );
});

test('ORDER BY the rowtime: in order, late ones left out', async () => {
  await fc.assert(
    fc.asyncProperty(clicks, delays, cuts, async (rows, delay, cut) => {
      const expected: Click[] = [];
      let waiting: Click[] = [];
      let watermark = -Infinity;
      let sent = -Infinity;
      const release = (): void => {
        const due = waiting.filter((r) => r.second * 1000 <= watermark).sort((a, b) => a.second - b.second);
        waiting = waiting.filter((r) => r.second * 1000 > watermark);
        expected.push(...due);
        if (due.length > 0) sent = due.at(-1)!.second;
      };
      for (const row of rows) {
        if (row.second > sent) waiting.push(row);
        // A timer set at or behind the watermark fires when the watermark moves next, as in Flink.
        if ((row.second - delay) * 1000 <= watermark) continue;
        watermark = (row.second - delay) * 1000;
        release();
      }
      watermark = Infinity;
      release();
      const drive = await Drive.open(ddl(delay), cut);
      let seen: readonly Row[] = [];
      await drive.query(
        'SELECT k, v, ts FROM t ORDER BY ts',
        function* feed() {
          drive.push(
            't',
            ['k', 'v', 'ts'],
            rows.map((r) => ({ kind: 0, row: [r.k, r.v, at(r.second)] })),
          );
          drive.end('t');
          yield;
        },
        (changes) => {
          seen = changes.map((c) => c.row);
        },
      );
      expect(seen).toEqual(expected.map((r) => [r.k, r.v, at(r.second)]));
    }),
    runs(40),
  );
});
