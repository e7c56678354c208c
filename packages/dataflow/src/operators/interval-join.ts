/* The join of two inputs that only insert, of rows whose times lie near to one another.
 *
 *   row ─▶ key ─▶ kept rows of the other side within its reach ─▶ one row a pair ─▶ it is kept while a partner may come
 *                 those whose time is over go; an outer one that met nobody goes out with NULLs
 *
 * Keeps: the rows of both sides by join key, in the order of their time, and for each key and side when its rows are next
 * looked at: once the one that began the wait may go. Rows of an inner side whose key is NULL are not kept.
 * Promises: marks go out by so much lower as a row may wait, so no row goes out late; a row whose every partner would be
 * gone meets nobody. A key's rows come by time, those of one time in their order of arrival.
 * Flink: TimeIntervalJoin, KeyedCoProcessOperatorWithWatermarkDelay; which holds what lies before 1970 for late, and judges a
 * row that is later than all of its reach by when another key was last looked at: here its own watermark alone decides. */

import { hashRows, type Column } from '#data';
import type { IntervalJoinSpec } from '#job';
import type { KeyedTable, StateColumn } from '#state';
import type { Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { IntervalSide } from './interval-side.ts';
import { JoinPairs, type Candidates } from './join-pairs.ts';
import { nullKeys } from './null-keys.ts';
import { registerRunOperator, type RunSetup } from './table.ts';
import { timeAt } from './window-time.ts';

/** Rows of one call, and rows that go out at a time. */
const rowsMax = 2048;
const none = -1;

/** The rows of the run at hand. */
interface RunRows {
  /** The slots of their keys. */
  readonly slots: Int32Array;
  readonly times: Float64Array;
  /** 1: the key meets nobody. */
  readonly barred: Uint8Array;
}

/** The kept rows of one side within the reach of rows of the other. */
class Reach implements Candidates {
  readonly row: readonly StateColumn[];
  readonly #others: IntervalSide;
  readonly #before: number;
  readonly #after: number;
  readonly #run: RunRows;

  constructor({ spec }: IntervalSide, others: IntervalSide, run: RunRows) {
    this.row = others.rows.row;
    this.#others = others;
    this.#before = spec.before;
    this.#after = spec.after;
    this.#run = run;
  }
  first(i: number): number {
    const { slots, times, barred } = this.#run;
    if (barred[i] === 1) return none;
    return this.#within(i, this.#others.rows.seek(slots[i]!, times[i]! - this.#before));
  }
  next(i: number, slot: number): number {
    return this.#within(i, this.#others.rows.next(slot));
  }
  #within(i: number, slot: number): number {
    return slot >= 0 && this.#others.timeOf(slot) <= this.#run.times[i]! + this.#after ? slot : none;
  }
}

class IntervalJoinOperator implements RunOperator {
  readonly readsWatermarks = true;
  readonly marksLagMs: number;
  readonly #spec: IntervalJoinSpec;
  readonly #keys: KeyedTable;
  readonly #sides: readonly [IntervalSide, IntervalSide];
  /** By the input whose rows come. */
  readonly #reaches: readonly [Reach, Reach];
  /** Nobody meets anybody. */
  readonly #isEmpty: boolean;
  readonly #pairs: JoinPairs | undefined;
  readonly #hashes = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  readonly #run: RunRows = {
    slots: new Int32Array(rowsMax),
    times: new Float64Array(rowsMax),
    barred: new Uint8Array(rowsMax),
  };
  /** What goes out: a row of the batch, a slot of the other side, either -1 for NULLs. */
  readonly #mine = new Int32Array(rowsMax);
  readonly #theirs = new Int32Array(rowsMax);
  #out = 0;
  #padded = false;
  /** Slots of the other side that are gone once what they gave is out. */
  readonly #gone: number[] = [];
  /** An unfinished row: the next kept row that it may meet, and whether it met any. */
  #cursor: { readonly next: number; readonly met: boolean } | undefined;
  /** Keys of a side whose rows are looked at. */
  readonly #due = new Int32Array(rowsMax);
  #dueSide = 0;
  #dueCount = 0;
  #dueAt = 0;

  constructor(spec: IntervalJoinSpec, { store, inputTypes, evaluation, context }: RunSetup) {
    this.#spec = spec;
    const { type, times, lowerMs, upperMs, lagMs } = spec;
    const [left, right] = [inputTypes[0]!, inputTypes[1]!];
    this.#keys = store.keyed({ name: 'keys', key: spec.leftKeys.map((k) => left[k]!) });
    // The left time lies in [right + lower, right + upper]: what is later for one side is earlier for the other.
    const ofLeft = { before: upperMs, after: -lowerMs, lagMs, time: times?.left };
    const ofRight = { before: -lowerMs, after: upperMs, lagMs, time: times?.right };
    const [leftOuter, rightOuter] = [type === 'left' || type === 'full', type === 'right' || type === 'full'];
    this.#sides = [
      new IntervalSide({ name: 'left', types: left, ...ofLeft, isOuter: leftOuter }, this.#keys, store),
      new IntervalSide({ name: 'right', types: right, ...ofRight, isOuter: rightOuter }, this.#keys, store),
    ];
    const [l, r] = this.#sides;
    this.#reaches = [new Reach(l, r, this.#run), new Reach(r, l, this.#run)];
    this.#isEmpty = lowerMs > upperMs;
    this.marksLagMs = times === undefined || this.#isEmpty ? 0 : Math.max(-lowerMs, upperMs);
    if (spec.condition !== undefined) this.#pairs = new JoinPairs(spec.condition, left, right, evaluation);
    context.metrics.gauge('stateKeys', () => this.#keys.size);
  }
  get #isProctime(): boolean {
    return this.#spec.times === undefined;
  }

  arms({ input, batch, from, to, watermarks }: Run, times: Float64Array): void {
    const side = this.#sides[input]!;
    const { time: column } = side.spec;
    for (let row = from; row < to; row++) {
      const time = column === undefined ? NaN : timeAt(batch.columns[column]!, row);
      const arms = !this.#isEmpty && side.keeps(time, watermarks[row]!);
      times[row - from] = arms ? side.timerOf(time) : Infinity;
    }
  }
  rows(run: Run, out: RunOutput): number {
    const { batch, from, input } = run;
    const count = Math.min(run.to - from, rowsMax);
    this.#find(run, count);
    this.#pairs?.begin(run.now);
    const base = out.builder.rows;
    const room = Math.min(out.room, rowsMax);
    this.#out = 0;
    this.#padded = false;
    let i = 0;
    for (; i < count; i++) {
      if (!this.#row(run, count, i, room)) break;
      out.ends[i] = base + this.#out;
    }
    out.endKnown = i;
    this.#emit(batch.columns, input, out);
    const { rows } = this.#sides[1 - input]!;
    for (const slot of this.#gone.splice(0)) rows.discard(slot);
    if (this.#cursor === undefined) for (let k = 0; k < count; k++) this.#dropIfIdle(this.#run.slots[k]!);
    return from + i;
  }
  /** Keys and times of the run's rows. */
  #find({ batch, from, input, now }: Run, count: number): void {
    const { leftKeys, rightKeys, filterNulls } = this.#spec;
    const { slots, times, barred } = this.#run;
    const keys = (input === 0 ? leftKeys : rightKeys).map((k) => batch.columns[k]!);
    hashRows(keys, from, from + count, this.#hashes);
    this.#keys.upsert(keys, this.#hashes, from, count, slots, this.#created);
    this.#keys.write(slots, count);
    nullKeys(keys, filterNulls, from, count, barred);
    const { time } = this.#sides[input]!.spec;
    for (let i = 0; i < count; i++)
      times[i] = time === undefined ? now : timeAt(batch.columns[time]!, from + i);
  }
  /** Takes row i of the run. False when there was no room for all of what it gives. */
  #row({ batch, from, input, now, watermarks }: Run, count: number, i: number, room: number): boolean {
    const own = this.#sides[input]!;
    const other = this.#sides[1 - input]!;
    const key = this.#run.slots[i]!;
    const time = this.#run.times[i]!;
    const isBarred = this.#run.barred[i] === 1;
    const watermark = this.#isProctime ? now : watermarks[from + i]!;
    const expired = other.expiredAt(watermark);
    let met = this.#cursor?.met ?? false;
    let next = none;
    if (!this.#isEmpty && expired < time + own.spec.after) {
      const reach = this.#reaches[input]!;
      const rows = { batch, from, count };
      for (let at = this.#cursor?.next ?? reach.first(i); at >= 0; at = reach.next(i, at)) {
        next = at;
        if (this.#out === room) return this.#stop(next, met, now);
        if (this.#pairs !== undefined && !this.#pairs.holds(input, reach, rows, i, at)) continue;
        met = true;
        other.meets(at);
        this.#put(from + i, at);
      }
      if (!this.#letGo(other, key, expired, room)) return this.#stop(none, met, now);
    }
    const keeps = !this.#isEmpty && own.keeps(time, watermark);
    if (keeps && (own.spec.isOuter || !isBarred)) own.add(key, batch.columns, from + i, time, met);
    else if (!keeps && !met && own.spec.isOuter) {
      if (this.#out === room) return this.#stop(none, met, now);
      this.#put(from + i, none);
    }
    this.#cursor = undefined;
    return true;
  }
  #stop(next: number, met: boolean, now: number): false {
    this.#cursor = { next, met };
    this.#pairs?.begin(now);
    return false;
  }
  /** Lets rows go whose time is over. False when there was no room for those that go out. */
  #letGo(side: IntervalSide, key: number, expired: number, room: number): boolean {
    for (let at = side.firstUntil(key, expired); at >= 0; at = side.firstUntil(key, expired)) {
      if (side.isAlone(at)) {
        if (this.#out === room) return false;
        this.#put(none, at);
      }
      side.rows.detach(at);
      this.#gone.push(at);
    }
    return true;
  }
  #put(mine: number, theirs: number): void {
    const n = this.#out++;
    this.#mine[n] = mine;
    this.#theirs[n] = theirs;
    if (mine < 0 || theirs < 0) this.#padded = true;
  }
  #emit(columns: readonly Column[], input: number, out: RunOutput): void {
    const count = this.#out;
    if (count === 0) return;
    const others = this.#sides[1 - input]!.rows.row;
    const [mineAt, theirsAt] = input === 0 ? [0, columns.length] : [others.length, 0];
    columns.forEach((column, c) => {
      const to = out.columns[mineAt + c]!;
      if (this.#padded) to.appendRowsOrNulls(column, this.#mine, count);
      else to.shareRows(column, this.#mine, count);
    });
    others.forEach((column, c) => {
      const to = out.columns[theirsAt + c]!;
      if (this.#padded) column.appendSlotsOrNulls(to, this.#theirs, count);
      else column.appendSlots(to, this.#theirs, count);
    });
    out.builder.endRows(count);
  }
  #dropIfIdle(key: number): void {
    const [left, right] = this.#sides;
    if (this.#keys.isLive(key) && left.isIdle(key) && right.isIdle(key)) this.#keys.remove(key);
  }

  nextTimer(domain: Domain): number {
    if ((domain === 'processing') !== this.#isProctime) return Infinity;
    return Math.min(this.#sides[0].timers.next, this.#sides[1].timers.next);
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    for (;;) {
      while (this.#dueAt < this.#dueCount) {
        if (!this.#look(this.#dueSide, this.#due[this.#dueAt]!, at, out)) return 'more';
        this.#dueAt++;
      }
      const [left, right] = this.#sides;
      this.#dueSide = left.timers.next < right.timers.next ? 0 : 1;
      const { timers } = this.#sides[this.#dueSide]!;
      if (timers.next === Infinity || timers.next > at) return 'done';
      this.#dueCount = timers.due(timers.next, this.#due);
      this.#dueAt = 0;
    }
  }
  /** Lets those rows of a key go whose time is over. False when the output filled. */
  #look(side: number, key: number, at: number, out: RunOutput): boolean {
    const own = this.#sides[side]!;
    const expired = own.expiredAt(at);
    for (let slot = own.firstUntil(key, expired); slot >= 0; slot = own.firstUntil(key, expired)) {
      const room = Math.min(out.room, rowsMax);
      if (room === 0) return false;
      this.#out = 0;
      for (; slot >= 0 && this.#out < room; slot = own.firstUntil(key, expired)) {
        if (own.isAlone(slot)) this.#theirs[this.#out++] = slot;
        own.rows.detach(slot);
        this.#gone.push(slot);
      }
      this.#emitAlone(side, out);
      for (const gone of this.#gone.splice(0)) own.rows.discard(gone);
    }
    own.rearm(key);
    this.#dropIfIdle(key);
    return true;
  }
  /** Rows of a side that met nobody. */
  #emitAlone(side: number, out: RunOutput): void {
    const count = this.#out;
    if (count === 0) return;
    const { row } = this.#sides[side]!.rows;
    const at = side === 0 ? 0 : this.#sides[0].rows.row.length;
    out.columns.forEach((to, c) => {
      if (c >= at && c < at + row.length) row[c - at]!.appendSlots(to, this.#theirs, count);
      else for (let i = 0; i < count; i++) to.appendNull();
    });
    out.builder.endRows(count);
  }
}

registerRunOperator('interval-join', (spec, setup) => new IntervalJoinOperator(spec, setup));
