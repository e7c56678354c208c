/* The open sessions of each key: a row takes part from its time until the gap later, and what touches is one session.
 *
 *   row at t ─▶ [t, t + gap) ─▶ merged with every open session of its key that it touches ─▶ one session
 *
 * Keeps: the keys that have an open session, their sessions, and for each what its holder keeps of its rows.
 * Promises: a session is taken out once; the least end first, those that end together in their order of opening.
 * Times are local: see window-time.ts. Flink: MergingWindowSet. */

import type { Column, LogicalType } from '#data';
import { OldKeyedTable, type StateReader, type StateWriter } from '#state';
import { TimeQueue } from './time-queue.ts';

export interface Session<T> {
  start: number;
  end: number;
  readonly order: number;
  /** Slot of its key. */
  readonly key: number;
  readonly held: T;
  /** Merged into another. */
  gone: boolean;
}

/** What is kept of a session's rows. */
export interface SessionHolder<T> {
  /** For a session that opens. */
  open(): T;
  /** Puts what `from` holds into `into`; `from` is not asked for again. */
  merge(into: T, from: T): void;
  write(to: StateWriter, held: T): void;
  read(from: StateReader): T;
}

/** An open session and its place in the queue. */
const sessionBytes = 160;

export class OpenSessions<T> {
  readonly keys: OldKeyedTable;
  readonly #holder: SessionHolder<T>;
  /** By slot of the key. */
  readonly #open: Session<T>[][] = [];
  /** Every session once, at its end when it was put there: one that has grown since is put back when it comes up. */
  readonly #queue = new TimeQueue<Session<T>>();
  #opened = 0;
  /** Sessions in the queue, merged ones included: they stay until their end comes up. */
  #size = 0;

  constructor(keyTypes: readonly LogicalType[], holder: SessionHolder<T>) {
    this.keys = new OldKeyedTable(keyTypes);
    this.#holder = holder;
  }

  /** No session ends before, and maybe none at this time; Infinity when none is open. */
  get nextEnd(): number {
    return this.#queue.next;
  }

  /** The session that [start, end) of the key in these cells belongs to. Where it touches none, one is opened, or
   *  undefined comes back when `ended` says that this one is over already. */
  join(
    cells: readonly Column[],
    row: number,
    start: number,
    end: number,
    ended: (end: number) => boolean,
  ): Session<T> | undefined {
    const key = this.keys.slotOf(cells, row);
    if (this.keys.created) this.#open[key] = [];
    const open = this.#open[key]!;
    let session: Session<T> | undefined;
    let merged = false;
    for (const other of open) {
      if (other.start > end || other.end < start) continue;
      if (session === undefined) session = other;
      else {
        this.#merge(session, other);
        merged = true;
      }
    }
    if (merged) this.#open[key] = open.filter((s) => !s.gone);
    if (session === undefined) {
      if (!ended(end)) return this.#begin(key, start, end);
      this.#forget(key);
      return undefined;
    }
    if (start < session.start) session.start = start;
    if (end > session.end) session.end = end;
    return session;
  }
  #begin(key: number, start: number, end: number): Session<T> {
    const session = { start, end, order: this.#opened++, key, held: this.#holder.open(), gone: false };
    this.#put(session);
    return session;
  }
  #put(session: Session<T>): void {
    this.#size++;
    this.#open[session.key]!.push(session);
    this.#queue.put(session.end, session);
  }
  #merge(into: Session<T>, from: Session<T>): void {
    this.#holder.merge(into.held, from.held);
    into.start = Math.min(into.start, from.start);
    into.end = Math.max(into.end, from.end);
    from.gone = true;
  }

  /** Takes out the sessions that end at `nextEnd`; each is to be closed. */
  takeNext(): Session<T>[] {
    const at = this.#queue.next;
    const ended: Session<T>[] = [];
    for (const session of this.#queue.takeNext()) {
      if (session.end > at && !session.gone) {
        this.#queue.put(session.end, session);
        continue;
      }
      this.#size--;
      if (!session.gone) ended.push(session);
    }
    for (const { key } of ended) this.#open[key] = this.#open[key]!.filter((s) => s.end !== at);
    return ended.sort((a, b) => a.order - b.order);
  }
  /** Nothing more is asked of a session that was taken out: its key goes with the last one. */
  close(session: Session<T>): void {
    this.#forget(session.key);
  }
  #forget(key: number): void {
    if (this.#open[key]!.length === 0) this.keys.remove(key);
  }

  get bytes(): number {
    return this.keys.bytes + this.#size * sessionBytes;
  }
  snapshot(to: StateWriter): void {
    this.keys.snapshot(to);
    to.f64(this.#opened);
    for (let key = 0; key < this.keys.extent; key++) {
      const open = this.keys.isLive(key) ? this.#open[key]! : [];
      to.i32(open.length);
      for (const { start, end, order, held } of open) {
        for (const n of [start, end, order]) to.f64(n);
        this.#holder.write(to, held);
      }
    }
  }
  restore(from: StateReader): void {
    this.keys.restore(from);
    this.#opened = from.f64();
    for (let key = 0; key < this.keys.extent; key++) {
      this.#open[key] = [];
      for (let n = from.i32(); n > 0; n--) {
        const [start, end, order] = [from.f64(), from.f64(), from.f64()];
        this.#put({ start, end, order, key, held: this.#holder.read(from), gone: false });
      }
    }
  }
}
