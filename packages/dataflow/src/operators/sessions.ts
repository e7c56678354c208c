/* The open sessions of each key: a row takes part from its time until the gap later, and what touches is one session.
 *
 *   row at t ─▶ [t, t + gap) ─▶ merged with every open session of its key that it touches ─▶ one session
 *
 * Keeps: the keys that have an open session, and their sessions by start; a timer each, at an end that it had: one that
 * has grown since is set again when it comes up. Promises: a session is taken out once; the least end first, those that
 * end together in their order of opening. Times are local: see window-time.ts. Flink: MergingWindowSet. */

import { hashRows, type Column, type LogicalType } from '#data';
import type { F64Cells, KeyedTable, Scalar, SortedTable, StateStore, Timers } from '#state';
import type { WindowClock } from './window-time.ts';

/** Rows of one call. */
const rowsMax = 4096;
/** Sessions that go out together, but for those of one end. */
const dueMax = 512;

export class Sessions {
  readonly keys: KeyedTable;
  readonly sessions: SortedTable;
  readonly #clock: WindowClock;
  readonly #gapMs: number;
  readonly #starts: F64Cells;
  readonly #ends: F64Cells;
  /** The how-manieth session it was. */
  readonly #opened: F64Cells;
  readonly #count: Scalar;
  readonly #timers: Timers;
  /** What `keys.upsert` gave for the run at hand. */
  readonly keySlots = new Int32Array(rowsMax);
  readonly #hashes = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  #due = new Int32Array(1024);

  constructor(
    store: StateStore,
    keyTypes: readonly LogicalType[],
    gapMs: number,
    clock: WindowClock,
    domain: 'event' | 'processing',
  ) {
    this.#gapMs = gapMs;
    this.#clock = clock;
    this.keys = store.keyed({ name: 'keys', key: keyTypes });
    this.sessions = store.sorted(this.keys, {
      name: 'sessions',
      row: [],
      cells: { start: 'f64', end: 'f64', opened: 'f64' },
      order: [{ column: 'start' }],
    });
    this.#starts = this.sessions.f64('start');
    this.#ends = this.sessions.f64('end');
    this.#opened = this.sessions.f64('opened');
    this.#count = store.scalar({ name: 'opened', initial: 0, merge: 'max' });
    this.#timers = store.timers(this.sessions, { name: 'ends', domain });
  }
  get starts(): Float64Array {
    return this.#starts.values;
  }
  get ends(): Float64Array {
    return this.#ends.values;
  }
  /** When the next session may have ended: a time that its end had. */
  get nextTimer(): number {
    const { next } = this.#timers;
    return next === Infinity ? Infinity : this.#clock.firesAt(next);
  }
  /** When a row at `start`, which opens a session, would see it end. */
  firesAt(start: number): number {
    return this.#clock.firesAt(start + this.#gapMs);
  }

  /** Finds the keys of a run's rows, up to `rowsMax` of them; returns how many. */
  beginRun(keys: readonly Column[], from: number, to: number): number {
    const count = Math.min(to - from, rowsMax);
    hashRows(keys, from, from + count, this.#hashes);
    this.keys.upsert(keys, this.#hashes, from, count, this.keySlots, this.#created);
    return count;
  }
  /** The session that a row at `start` belongs to, opened if it touches none and `opens` says that it may; -1 if not.
   *  Calls `merge` for each other session that it touches, which is then gone. */
  join(key: number, start: number, opens: boolean, merge: (into: number, from: number) => void): number {
    const end = start + this.#gapMs;
    const first = this.#touched(this.sessions.last(key), start, end);
    if (first < 0) return opens ? this.#open(key, start, end) : -1;
    const other = this.#touched(this.sessions.previous(first), start, end);
    const session = other < 0 ? first : this.#merge(first, start, end, merge);
    if (end > this.#ends.values[session]!) this.#ends.values[session] = end;
    if (start < this.#starts.values[session]!)
      this.sessions.reorder(session, () => {
        this.#starts.values[session] = start;
      });
    this.sessions.writeOne(session);
    return session;
  }
  /** The last session from `at` back that touches [start, end], or -1. They lie apart, so none before one that ends too
   *  early does. */
  #touched(at: number, start: number, end: number): number {
    let session = at;
    while (session >= 0 && this.#starts.values[session]! > end) session = this.sessions.previous(session);
    return session >= 0 && this.#ends.values[session]! >= start ? session : -1;
  }
  #open(key: number, start: number, end: number): number {
    const opened = this.#count.value++;
    const session = this.sessions.append(key, [], 0, { start, end, opened });
    this.#timers.set(session, end);
    return session;
  }
  /** Merges all that [start, end] touches into the one that was opened first. */
  #merge(last: number, start: number, end: number, merge: (into: number, from: number) => void): number {
    const touched: number[] = [];
    for (let at = last; at >= 0; at = this.#touched(this.sessions.previous(at), start, end)) touched.push(at);
    touched.sort((a, b) => this.#opened.values[a]! - this.#opened.values[b]!);
    const [into, ...others] = touched;
    for (const other of others) {
      const otherStart = this.#starts.values[other]!;
      const otherEnd = this.#ends.values[other]!;
      merge(into!, other);
      this.sessions.remove(other);
      if (otherEnd > this.#ends.values[into!]!) this.#ends.values[into!] = otherEnd;
      if (otherStart < this.#starts.values[into!]!)
        this.sessions.reorder(into!, () => {
          this.#starts.values[into!] = otherStart;
        });
    }
    return into!;
  }
  /** Keys of the run without a session go. */
  endRun(count: number): void {
    for (let i = 0; i < count; i++) this.dropKey(this.keySlots[i]!);
  }
  dropKey(key: number): void {
    if (this.keys.isLive(key) && this.sessions.count(key) === 0) this.keys.remove(key);
  }

  /** Sessions that ended by `at`, up to about as many as a page, least end first, and of one end in their order of
   *  opening; they are to be removed. None when nothing is due any more. */
  takeDue(at: number): Int32Array {
    let count = 0;
    while (count < dueMax) {
      const { next } = this.#timers;
      if (next === Infinity || this.#clock.firesAt(next) > at) break;
      count = this.#takeEnd(next, count);
    }
    return this.#due.subarray(0, count);
  }
  /** All that end at `end`, behind the first `from` of `#due`; returns how many there are then. */
  #takeEnd(end: number, from: number): number {
    let taken = from + this.#timers.due(end, this.#due, from);
    while (taken === this.#due.length) {
      const longer = new Int32Array(taken * 2);
      longer.set(this.#due);
      this.#due = longer;
      taken += this.#timers.due(end, longer, taken);
    }
    let ended = from;
    for (let i = from; i < taken; i++) {
      const session = this.#due[i]!;
      if (this.#ends.values[session]! > end) this.#timers.set(session, this.#ends.values[session]!);
      else this.#due[ended++] = session;
    }
    this.#sortByOpening(from, ended);
    return ended;
  }
  /** Few end together as a rule, and they mostly stand in order: then they are moved one by one. */
  #sortByOpening(from: number, to: number): void {
    const due = this.#due;
    const opened = this.#opened.values;
    if (to - from > 64) {
      due.subarray(from, to).sort((a, b) => opened[a]! - opened[b]!);
      return;
    }
    for (let i = from + 1; i < to; i++) {
      const session = due[i]!;
      let at = i;
      for (; at > from && opened[due[at - 1]!]! > opened[session]!; at--) due[at] = due[at - 1]!;
      due[at] = session;
    }
  }
}
