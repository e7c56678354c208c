/* Drives an operator on runs through the operator contract: merges the watermarks of its inputs, cuts batches into runs,
 * fires timers at the row whose mark reaches them, puts marks behind what their row gave, and stops where the output is full.
 *
 *   row 0 … row a ─ mark that reaches no timer ─ … row b ─ mark that does
 *   └───────────────────── one run ─────────────────────┘  └▶ fire ─▶ the next run
 *
 * Taking a mark twice is harmless, for watermarks never go back; so a push that stopped short may begin at its row anew. */

import { assert } from '#base';
import type { Batch, LogicalType, Marks } from '#data';
import type { PersistentStore, Scalar, StateReader, StateWriter } from '#state';
import type { Operator, Output, Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import { InputWatermarks } from './input-watermarks.ts';
import { RunOutput } from './run-output.ts';

/** Rows looked at for timers at a time, at least. */
const aheadMin = 64;

/** The first mark at or behind row `from`. */
export function firstMark(marks: Marks, from: number): number {
  let low = 0;
  let high = marks.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (marks.at[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class RunFrame implements Operator {
  readonly pending = 0;
  readonly #operator: RunOperator;
  readonly #store: PersistentStore;
  readonly #output: RunOutput;
  readonly #lagMs: number;
  readonly #inputs: InputWatermarks;
  readonly #ended: Scalar;
  /** Timers that fill the output, one domain after the other. */
  #firing: { readonly domain: Domain; readonly at: number } | undefined;
  /** Inputs whose end is still to be told to the operator. */
  #ending: number[] = [];
  /** Marks that go out once the timers are through. */
  readonly #after: number[] = [];
  #unfinished = false;
  /** Rows since the store last heard of the end of a run. */
  #taken = 0;
  #watermarks = new Float64Array(0);
  #times = new Float64Array(0);
  #ahead = aheadMin;

  constructor(
    operator: RunOperator,
    parts: {
      readonly inputs: number;
      readonly outputTypes: readonly LogicalType[];
      readonly store: PersistentStore;
    },
  ) {
    this.#operator = operator;
    this.#lagMs = operator.marksLagMs ?? 0;
    this.#store = parts.store;
    this.#output = new RunOutput(parts.outputTypes);
    this.#inputs = new InputWatermarks(parts.inputs, parts.store);
    this.#ended = parts.store.scalar({ name: '$ended', initial: 0, merge: 'min' });
  }
  get prefers(): number | undefined {
    return this.#operator.prefers;
  }
  get busy(): boolean {
    return this.#firing !== undefined || this.#ending.length > 0;
  }
  get nextTimer(): number {
    return this.#unfinished ? Infinity : (this.#operator.nextTimer?.('processing') ?? Infinity);
  }

  push(input: number, batch: Batch, from: number, out: Output): number {
    const { marks, rows } = batch;
    this.#begin(out.now);
    // Marks in front of an unfinished row were taken with the rows before it.
    let m = firstMark(marks, this.#unfinished ? from + 1 : from);
    for (let row = from; ; ) {
      for (; m < marks.count && marks.at[m]! <= row; m++)
        if (!this.#mark(input, marks.watermark[m]!, out)) return row;
      if (row === rows) break;
      if (this.#output.full && !this.#flush(out)) {
        this.#endRun();
        return row;
      }
      const to = this.#cut(input, batch, row, m, out.now);
      const next = this.#take({ input, batch, from: row, to, now: out.now, watermarks: this.#watermarks });
      // A run holds no mark that reaches a timer: one in front of an unfinished row goes ahead of what that gave so far.
      m = this.#passMarks(input, marks, m, row, next < to ? next : next - 1);
      row = next;
      if (next < to && !this.#flush(out)) return row;
    }
    this.#endRun();
    this.#flush(out);
    return rows;
  }
  #begin(now: number): void {
    this.#output.now = now;
    this.#store.beginRun(now);
  }
  /** Nothing works on slots of the rows that were taken: the store may let go of them. */
  #endRun(): void {
    if (this.#unfinished || this.busy) return;
    this.#store.endRun(this.#taken);
    this.#taken = 0;
  }
  #take(run: Run): number {
    this.#output.beginRun(run.to - run.from);
    const before = this.#output.builder.rows;
    const next = this.#operator.rows(run, this.#output);
    assert(next >= run.from && next <= run.to, 'an operator takes rows forward, and no further than its run');
    this.#unfinished = next < run.to;
    const taken = next - run.from;
    this.#taken += taken;
    const { endKnown, ends } = this.#output;
    assert(
      endKnown >= taken || this.#output.builder.rows === before,
      'an operator that emits says which row gave what',
    );
    if (endKnown < taken) ends.fill(before, endKnown, taken);
    return next;
  }
  /** Marks in front of row `last` and of those before it, which reach no timer: behind what their row gave. Returns the
   *  first mark not passed. */
  #passMarks(input: number, marks: Marks, first: number, from: number, last: number): number {
    const { ends, builder } = this.#output;
    let m = first;
    for (; m < marks.count && marks.at[m]! <= last; m++) {
      const at = ends[marks.at[m]! - 1 - from]!;
      const passed = this.#inputs.note(input, marks.watermark[m]!);
      for (let p = 0; p < passed.length; p++) builder.markAt(at, passed[p]! - this.#lagMs);
    }
    return m;
  }
  /** Where the run from `row` ends: behind the last row in front of a mark that reaches a timer. */
  #cut(input: number, batch: Batch, row: number, first: number, now: number): number {
    const operator = this.#operator;
    if (operator.fire === undefined) {
      if (operator.readsWatermarks) this.#fillWatermarks(input, batch, row, batch.rows, first);
      return batch.rows;
    }
    // No further than twice the last run: each row is looked at about once, however often batches are cut.
    const ahead = Math.min(batch.rows, row + this.#ahead);
    if (operator.readsWatermarks) this.#fillWatermarks(input, batch, row, ahead, first);
    if (operator.arms !== undefined) {
      if (this.#times.length < ahead - row) this.#times = new Float64Array(batch.rows);
      operator.arms({ input, batch, from: row, to: ahead, now, watermarks: this.#watermarks }, this.#times);
    }
    const to = this.#cutAt(input, batch, row, ahead, first);
    this.#ahead = Math.max(aheadMin, (to - row) * 2);
    return to;
  }
  #cutAt(input: number, batch: Batch, row: number, ahead: number, first: number): number {
    const { marks } = batch;
    const armed = this.#operator.arms !== undefined;
    const times = this.#times;
    let least = this.#operator.nextTimer!('event');
    let seen = row;
    let reached = -Infinity;
    for (let m = first; m < marks.count; m++) {
      const at = marks.at[m]!;
      if (at >= ahead) break;
      if (armed) for (; seen < at; seen++) if (times[seen - row]! < least) least = times[seen - row]!;
      const watermark = marks.watermark[m]!;
      if (Number.isNaN(watermark)) return at;
      reached = Math.max(reached, this.#inputs.would(input, watermark));
      if (reached >= least) return at;
    }
    return ahead;
  }
  #fillWatermarks(input: number, batch: Batch, row: number, rows: number, first: number): void {
    const { marks } = batch;
    if (this.#watermarks.length < rows) this.#watermarks = new Float64Array(Math.max(1024, batch.rows));
    const watermarks = this.#watermarks;
    let current = this.#inputs.current;
    let at = row;
    for (let m = first; m < marks.count && marks.at[m]! < rows; m++) {
      const to = marks.at[m]!;
      if (at < to) watermarks.fill(current, at, to);
      at = to;
      const then = this.#inputs.would(input, marks.watermark[m]!);
      if (then > current) current = then;
    }
    watermarks.fill(current, at, rows);
  }

  /** Takes a mark, and fires what it reaches; the mark goes out behind that. False when the output filled. */
  #mark(input: number, watermark: number, out: Output): boolean {
    const passed = this.#inputs.note(input, watermark);
    const marks = passed.filter((mark) => !this.#holds(mark));
    // Idleness alone fires nothing. Nothing is ever due at Infinity, which is no time.
    const next = passed.every(Number.isNaN) ? Infinity : (this.#operator.nextTimer?.('event') ?? Infinity);
    if (this.#holdsBack && passed.some(Number.isNaN)) {
      this.#after.push(...marks);
      return this.#release(out);
    }
    if (next === Infinity || next > this.#inputs.current) {
      for (const mark of marks) this.#output.builder.mark(mark - this.#lagMs);
      return true;
    }
    this.#after.push(...marks);
    this.#firing = { domain: 'event', at: this.#inputs.current };
    return this.#goOn(out);
  }
  get #holdsBack(): boolean {
    return this.#operator.holdsBack === true && this.#operator.nextTimer!('event') < Infinity;
  }
  /** All that it holds back goes out. False when the output filled. */
  #release(out: Output): boolean {
    this.#firing = { domain: 'event', at: Infinity };
    return this.#goOn(out);
  }
  /** Results of the end come before the last watermark. */
  #holds(mark: number): boolean {
    return mark === Infinity && this.#operator.end !== undefined && this.#ended.value === 0;
  }
  /** Goes on with timers and ends. False when the output filled, or the store has so much to write that it is waited for. */
  #goOn(out: Output): boolean {
    while (this.#firing !== undefined) {
      const { domain, at } = this.#firing;
      if (this.#operator.fire!(domain, at, this.#output) === 'done') this.#firing = undefined;
      else if (!this.#flush(out) || this.#store.disk?.isBehind === true) return false;
    }
    for (const mark of this.#after.splice(0)) this.#output.builder.mark(mark - this.#lagMs);
    while (this.#ending.length > 0) {
      if (this.#operator.end!(this.#ending[0]!, this.#output) === 'done') this.#endTold();
      else if (!this.#flush(out)) return false;
    }
    return true;
  }
  #endTold(): void {
    this.#ending.shift();
    if (this.#ending.length > 0 || !this.#inputs.allEnded) return;
    this.#ended.value = 1;
    if (this.#inputs.current === Infinity) this.#output.builder.mark(Infinity);
  }

  /** Emits what was built. False when the output is full afterwards. */
  #flush(out: Output): boolean {
    const { builder } = this.#output;
    if (!builder.empty) out.emit(builder.build());
    return !out.full;
  }
  resume(out: Output): Progress {
    this.#begin(out.now);
    if (this.#output.full && !this.#flush(out)) return 'more';
    if (!this.#goOn(out)) return 'more';
    this.#endRun();
    this.#flush(out);
    return this.busy ? 'more' : 'done';
  }
  fire(out: Output): Progress {
    this.#begin(out.now);
    this.#firing = { domain: 'processing', at: out.now };
    if (!this.#goOn(out)) return 'more';
    this.#endRun();
    this.#flush(out);
    return 'done';
  }
  end(input: number, _out: Output): void {
    this.#inputs.end(input);
    if (this.#operator.end !== undefined && this.#ended.value === 0) this.#ending.push(input);
  }
  beforeBarrier(out: Output): Progress {
    if (!this.#holdsBack) return 'done';
    this.#begin(out.now);
    if (this.#release(out)) {
      this.#endRun();
      this.#flush(out);
    }
    return 'more';
  }
  get store(): PersistentStore {
    return this.#store;
  }
  get stateBytes(): number {
    return this.#store.bytes;
  }
  snapshot(to: StateWriter): void {
    this.#store.snapshot(to);
  }
  restore(from: StateReader): void {
    this.#store.restore(from);
    this.restored();
  }
  restored(): void {
    this.#inputs.restored();
    this.#operator.restored?.(this.#inputs.current);
  }
  close(): void {
    this.#operator.close?.();
  }
}
