/* The join of two inputs that only insert and carry their windows: rows of one window meet by key once it closes.
 *
 *   rows ─▶ by the end of their window, then by key ── watermark ≥ end − 1 ms ──▶ every left row × the right ones ─▶ all go
 *
 * Keeps: the rows of both sides of windows that have not closed. Those whose key is NULL meet nobody; they are kept where
 * they go out for that.
 * Promises: a window goes out once (I4); a row for a closed window only counts in `numLateRecordsDropped`. Windows go out
 * by end, keys in their order of arrival, and of a key left rows in theirs, each with its right ones; then, of an outer right
 * side, the rows that met nobody. Flink: WindowJoinOperator. */

import { hashRows, type Batch } from '#data';
import type { WindowJoinSpec } from '#job';
import type { KeyedTable, OwnedTable, Slices, StateScope, U8Cells } from '#state';
import type { OperatorContext, Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { nullKeys } from './null-keys.ts';
import { registerRunOperator, type RunSetup } from './table.ts';
import { TimeQueue } from './time-queue.ts';
import { KeptPairs } from './kept-pairs.ts';
import { timeAt, windowClock, type WindowClock } from './window-time.ts';

/** What waits of one window. */
interface Waiting {
  readonly keys: KeyedTable;
  /** 1: a NULL in the key, which meets nobody. */
  readonly barred: U8Cells;
  readonly sides: readonly [OwnedTable, OwnedTable];
  /** By right row, where those that met nobody go out: 1 as soon as it met one. */
  readonly met: U8Cells | undefined;
}
/** Rows of one call, and rows that go out at a time. */
const rowsMax = 2048;
const none = -1;

class WindowJoinOperator implements RunOperator {
  readonly readsWatermarks = true;
  readonly #spec: WindowJoinSpec;
  readonly #clock: WindowClock;
  readonly #context: OperatorContext;
  readonly #windows: Slices<Waiting>;
  readonly #pairs: KeptPairs | undefined;
  /** Per side: rows that meet nobody are kept, for they go out. */
  readonly #keepsBarred: readonly [boolean, boolean];
  /** Ends of windows that have not closed: derived from the state. */
  #queue = new TimeQueue<number>();
  /** By row of the run: the end of its window, Infinity for a late row. */
  readonly #ends = new Float64Array(rowsMax);
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  /** 1: the key meets nobody. */
  readonly #barred = new Uint8Array(rowsMax);
  readonly #keys = new Int32Array(rowsMax);
  /** What goes out: a slot of each side, -1 for NULLs. */
  readonly #lefts = new Int32Array(rowsMax);
  readonly #rights = new Int32Array(rowsMax);
  #out = 0;
  #room = 0;
  /** A window under way. */
  #firing: { readonly waiting: Waiting; readonly end: number; readonly walk: Iterator<void> } | undefined;

  constructor(spec: WindowJoinSpec, { store, inputTypes, evaluation, context }: RunSetup) {
    this.#spec = spec;
    this.#clock = windowClock(spec.zone);
    this.#context = context;
    const { type } = spec;
    const [left, right] = [inputTypes[0]!, inputTypes[1]!];
    const rightOuter = type === 'right' || type === 'full';
    this.#keepsBarred = [type === 'left' || type === 'full' || type === 'anti', rightOuter];
    this.#windows = store.slices('windows', (scope: StateScope): Waiting => {
      const keys = scope.keyed({
        name: 'keys',
        key: spec.leftKeys.map((k) => left[k]!),
        cells: { barred: 'u8' },
      });
      const rights = scope.owned(keys, { name: 'right', row: right, cells: rightOuter ? { met: 'u8' } : {} });
      return {
        keys,
        barred: keys.u8('barred'),
        sides: [scope.owned(keys, { name: 'left', row: left }), rights],
        met: rightOuter ? rights.u8('met') : undefined,
      };
    });
    if (spec.condition !== undefined) this.#pairs = new KeptPairs(spec.condition, left, right, evaluation);
    context.metrics.gauge('stateKeys', () => this.#windows.keys);
  }

  arms({ input, batch, from, to, watermarks }: Run, times: Float64Array): void {
    const ends = batch.columns[this.#endColumn(input)]!;
    for (let row = from; row < to; row++) {
      const fires = this.#clock.firesAt(timeAt(ends, row));
      times[row - from] = fires <= watermarks[row]! ? Infinity : fires;
    }
  }
  #endColumn(input: number): number {
    return input === 0 ? this.#spec.leftEnd : this.#spec.rightEnd;
  }

  rows(run: Run): number {
    const { batch, from, input } = run;
    const count = Math.min(run.to - from, rowsMax);
    this.#findEnds(run, count);
    const { leftKeys, rightKeys } = this.#spec;
    const keys = (input === 0 ? leftKeys : rightKeys).map((k) => batch.columns[k]!);
    hashRows(keys, from, from + count, this.#hashes);
    // Rows of one window come together: they are taken as far as they go.
    for (let first = 0, i = 1; i <= count; i++) {
      if (i < count && this.#ends[i] === this.#ends[first]) continue;
      if (this.#ends[first] !== Infinity) this.#add(run, keys, first, i - first);
      first = i;
    }
    return from + count;
  }
  #findEnds({ batch, from, input, watermarks }: Run, count: number): void {
    const ends = batch.columns[this.#endColumn(input)]!;
    let late = 0;
    for (let i = 0; i < count; i++) {
      const end = timeAt(ends, from + i);
      const isLate = this.#clock.firesAt(end) <= watermarks[from + i]!;
      this.#ends[i] = isLate ? Infinity : end;
      if (!isLate) continue;
      late++;
      this.#context.lateRows?.(batch, from + i, input);
    }
    if (late > 0) this.#context.metrics.count('numLateRecordsDropped', late);
  }
  /** Rows of one window; `at` is where they begin in the run. */
  #add({ batch, from, input }: Run, keys: Batch['columns'], at: number, count: number): void {
    const waiting = this.#waiting(this.#ends[at]!);
    const hashes = at === 0 ? this.#hashes : this.#hashes.subarray(at);
    waiting.keys.upsert(keys, hashes, from + at, count, this.#slots, this.#created);
    waiting.keys.write(this.#slots, count);
    nullKeys(keys, this.#spec.filterNulls, from + at, count, this.#barred);
    const side = waiting.sides[input]!;
    for (let i = 0; i < count; i++) {
      const row = from + at + i;
      const isBarred = this.#barred[i] === 1;
      if (isBarred && !this.#keepsBarred[input]!) continue;
      if (isBarred) waiting.barred.values[this.#slots[i]!] = 1;
      side.append(this.#slots[i]!, batch.columns, row);
    }
  }
  #waiting(end: number): Waiting {
    const known = this.#windows.get(end);
    if (known !== undefined) return known;
    this.#queue.put(end, end);
    return this.#windows.at(end);
  }

  nextTimer(domain: Domain): number {
    const { next } = this.#queue;
    return domain === 'processing' || next === Infinity ? Infinity : this.#clock.firesAt(next);
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    for (;;) {
      if (this.#firing === undefined) {
        const { next } = this.#queue;
        if (next === Infinity || this.#clock.firesAt(next) > at) return 'done';
        this.#queue.takeNext();
        const waiting = this.#windows.get(next)!;
        this.#firing = { waiting, end: next, walk: this.#walk(waiting, out.now) };
      }
      const { waiting, end, walk } = this.#firing;
      this.#out = 0;
      this.#room = Math.min(out.room, rowsMax);
      if (this.#room === 0) return 'more';
      const { done } = walk.next();
      this.#emit(waiting, out);
      if (!done) continue;
      this.#windows.drop(end);
      this.#firing = undefined;
    }
  }
  /** Puts what a window gives, row by row; stops where there is no room, and goes on from there. */
  *#walk(waiting: Waiting, now: number): Iterator<void> {
    const { keys, barred } = waiting;
    for (const walk = keys.walk(); ; ) {
      const count = walk.next(this.#keys);
      if (count === 0) return;
      for (let i = 0; i < count; i++) {
        const key = this.#keys[i]!;
        this.#pairs?.begin(now);
        yield* this.#walkKey(waiting, key, barred.values[key] === 1);
      }
      // The next step may put other keys into these slots.
      if (this.#out > 0) yield;
    }
  }
  *#walkKey({ sides: [lefts, rights], met }: Waiting, key: number, isBarred: boolean): Iterable<void> {
    const { type } = this.#spec;
    const leftOnly = type === 'semi' || type === 'anti';
    const leftOuter = type === 'left' || type === 'full';
    for (let l = lefts.first(key); l >= 0; l = lefts.next(l)) {
      let found = false;
      for (let r = isBarred ? none : rights.first(key); r >= 0; r = rights.next(r)) {
        if (this.#pairs !== undefined && !this.#pairs.holds(lefts, rights, key, l, r)) continue;
        found = true;
        if (leftOnly) break;
        if (met !== undefined) met.values[r] = 1;
        if (this.#out === this.#room) yield;
        this.#put(l, r);
      }
      const goesAlone = leftOnly ? found === (type === 'semi') : leftOuter && !found;
      if (!goesAlone) continue;
      if (this.#out === this.#room) yield;
      this.#put(l, none);
    }
    if (met === undefined) return;
    for (let r = rights.first(key); r >= 0; r = rights.next(r)) {
      if (met.values[r] === 1) continue;
      if (this.#out === this.#room) yield;
      this.#put(none, r);
    }
  }
  #put(left: number, right: number): void {
    this.#lefts[this.#out] = left;
    this.#rights[this.#out++] = right;
  }
  #emit({ sides: [lefts, rights] }: Waiting, out: RunOutput): void {
    const count = this.#out;
    if (count === 0) return;
    const { type } = this.#spec;
    lefts.row.forEach((column, c) => {
      column.appendSlotsOrNulls(out.columns[c]!, this.#lefts, count);
    });
    if (type !== 'semi' && type !== 'anti')
      rights.row.forEach((column, c) => {
        column.appendSlotsOrNulls(out.columns[lefts.row.length + c]!, this.#rights, count);
      });
    out.builder.endRows(count);
  }

  restored(): void {
    this.#queue = new TimeQueue();
    for (const end of this.#windows.ends()) this.#queue.put(end, end);
  }
}

registerRunOperator('window-join', (spec, setup) => new WindowJoinOperator(spec, setup));
