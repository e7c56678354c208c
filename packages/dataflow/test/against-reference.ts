/* Operators against their slow references (#testkit, reference/): random changelogs with marks in batches of 1 to 600 rows,
 * few keys and many, outputs that are always full, and a restore in between: as it lies, or row by row into another store.
 * What one sees is what the other sees: in order, but for rows of equal timers. */

import { describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { readRow, type Batch, type LogicalType } from '#data';
import { rowText, type Reference } from '#testkit';
import { Feed, type Course, type Event, type Shape } from './feed.ts';
import { exported, moved, pushAll, TestOutput, type Bench } from './harness.ts';

export interface Case {
  readonly name: string;
  readonly courses: readonly Course[];
  readonly make: () => Bench;
  readonly reference: () => Reference;
  /** Rows that one mark frees: the column of their timer's time, and of what is in order among equal times. */
  readonly freed?: { readonly time: number; readonly ordered: readonly number[] };
  readonly shape?: Partial<Shape>;
  readonly runs?: number;
  /** Marks without rows between them become one on the way: only rows are compared. */
  readonly mergesMarks?: boolean;
  /** By how much its marks lag behind those that it takes, ms. */
  readonly lagMs?: number;
}

const runsMany = Number(process.env['MILLRACE_RUNS'] ?? 1);
const batchesPerRun = 10;

/* What came out, as lines. */

const markText = (watermark: number): string => `@ ${Number.isNaN(watermark) ? 'idle' : watermark}`;
const isMark = (line: string): boolean => line.startsWith('@');

interface Line {
  readonly text: string;
  /** Rows of equal timers: the time, and what is in order among them. */
  readonly time: string;
  readonly group: string;
}
const lineOf = (kind: number, row: readonly Parameters<typeof rowText>[0][number][], c: Case): Line => {
  const { time = -1, ordered = [] } = c.freed ?? {};
  return {
    text: `${kind} ${rowText(row)}`.replaceAll(/(long ){100,}/g, 'long'),
    time: time < 0 ? '' : rowText([row[time]!]),
    group: ordered.map((o) => rowText([row[o]!])).join(' '),
  };
};
const mark = (watermark: number): Line => ({ text: markText(watermark), time: '', group: '' });

function linesOf(batches: readonly Batch[], columnTypes: readonly LogicalType[], c: Case): Line[] {
  const lines: Line[] = [];
  for (const batch of batches) {
    let m = 0;
    for (let row = 0; row <= batch.rows; row++) {
      for (; m < batch.marks.count && batch.marks.at[m]! <= row; m++)
        lines.push(mark(batch.marks.watermark[m]!));
      if (row < batch.rows)
        lines.push(
          lineOf(batch.kinds === undefined ? 0 : batch.kinds[row]!, readRow(batch, columnTypes, row), c),
        );
    }
  }
  return lines;
}
/** One text for all outputs that mean the same: of marks without rows between them the last holds, idleness beside it;
 *  rows of equal timers in any order, but for what is in order among them. */
function normal(all: readonly Line[], c: Case): string[] {
  const lines = c.mergesMarks === true ? all.filter(({ text }) => !isMark(text)) : all;
  const out: string[] = [];
  let marks: string[] = [];
  for (let i = 0; i < lines.length; ) {
    if (isMark(lines[i]!.text)) {
      const { text } = lines[i++]!;
      const watermark = marks.findLast((m) => m !== '@ idle');
      marks = text !== '@ idle' || watermark === undefined ? [text] : [watermark, text];
      continue;
    }
    out.push(...marks);
    marks = [];
    let end = i + 1;
    if (c.freed !== undefined)
      while (end < lines.length && !isMark(lines[end]!.text) && lines[end]!.time === lines[i]!.time) end++;
    const equal = lines.slice(i, end);
    const ordered = c.freed !== undefined && c.freed.ordered.length > 0;
    if (equal.length > 1)
      equal.sort((a, b) => (ordered ? compare(a.group, b.group) : compare(a.text, b.text)));
    out.push(...equal.map((l) => l.text));
    i = end;
  }
  out.push(...marks);
  return out;
}
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/* One run. */

/** Feeds the reference; the watermark of an operator of two inputs is the least of them. */
class Expected {
  readonly lines: Line[] = [];
  readonly reference: Reference;
  readonly #case: Case;
  readonly #watermarks: number[];
  #current = -Infinity;

  constructor(c: Case) {
    this.#case = c;
    this.reference = c.reference();
    this.#watermarks = c.courses.map(() => -Infinity);
  }
  push(input: number, events: readonly Event[]): void {
    for (const event of events) {
      if (event.kind === 'mark') this.#mark(input, event.watermark);
      else {
        this.reference.row(input, event.row, event.kind);
        this.#take();
      }
    }
  }
  #mark(input: number, watermark: number): void {
    if (Number.isNaN(watermark)) {
      this.lines.push(mark(watermark));
      return;
    }
    this.#watermarks[input] = Math.max(this.#watermarks[input]!, watermark);
    const least = Math.min(...this.#watermarks);
    const rises = least > this.#current;
    this.#current = Math.max(this.#current, least);
    if (!rises && this.#watermarks.length > 1) return;
    this.reference.mark(this.#current);
    this.#take();
    this.lines.push(mark(this.#current - (this.#case.lagMs ?? 0)));
  }
  #take(): void {
    for (const { kind, row } of this.reference.take()) this.lines.push(lineOf(kind, row, this.#case));
  }
}

function shapeOf(rng: Rng, c: Case): Shape {
  const keys = rng.pick([1, 3, 3, 40]);
  return {
    keys,
    batchMax: 600,
    rowsPerMark: rng.pick([2, 6, 30, 400]),
    liveMax: 6 * Math.min(keys, 20),
    heavy: rng.below(6) === 0,
    pace: rng.pick([1, 3, 20]),
    forgets: false,
    idles: c.courses.length === 1 && rng.below(3) === 0,
    ...c.shape,
  };
}

/** Returns how many rows went in. */
function runOnce(c: Case, seed: number): number {
  const rng = new Rng(seed);
  const shape = shapeOf(rng, c);
  const feeds = c.courses.map((course) => new Feed(rng, course, shape));
  const out = new TestOutput(rng.pick([1, 2, Infinity]));
  const expected = new Expected(c);
  let made = c.make();
  let late = 0;
  let rows = 0;
  for (let n = 0; n < batchesPerRun; n++) {
    const input = rng.below(feeds.length);
    const { batch, events } = feeds[input]!.next();
    rows += batch.rows;
    expected.push(input, events);
    pushAll(made.operator, batch, out, input);
    if (rng.below(4) !== 0) continue;
    const next = c.make();
    if (rng.below(2) === 0) moved(made.operator, next.operator);
    else exported(made.operator, next.operator);
    late += made.counters.get('numLateRecordsDropped') ?? 0;
    made = next;
  }
  made.operator.beforeBarrier?.(out);
  late += made.counters.get('numLateRecordsDropped') ?? 0;
  compareLines(normal(linesOf(out.emitted, made.outputTypes, c), c), normal(expected.lines, c));
  expect(late).toBe(expected.reference.late);
  return rows;
}
/** The first difference, with what stands around it: whole outputs are too long to read. */
function compareLines(actual: readonly string[], expected: readonly string[]): void {
  const first = expected.findIndex((line, i) => line !== actual[i]);
  const at = first >= 0 ? first : expected.length;
  if (first < 0 && actual.length === expected.length) return;
  expect({ at, lines: actual.slice(Math.max(0, at - 3), at + 5) }).toEqual({
    at,
    lines: expected.slice(Math.max(0, at - 3), at + 5),
  });
}

/** Runs the cases, each with several seeds. `first` keeps the seeds of files apart. */
export function holdAgainstReference(cases: readonly Case[], first: number): void {
  describe('an operator emits what its reference does', () => {
    test.each(cases.map((c, i) => ({ ...c, i: first + i })))(
      '$name',
      (c) => {
        const runs = Math.ceil((c.runs ?? 6) * runsMany);
        for (let run = 0; run < runs; run++) {
          const seed = c.i * 100_003 + run;
          try {
            runOnce(c, seed);
          } catch (error) {
            throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
          }
        }
      },
      60_000 * Math.max(1, runsMany),
    );
  });
}
