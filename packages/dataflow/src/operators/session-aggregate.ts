/* Aggregates over SESSION windows: one row per session of a key.
 *
 *   rows ─▶ session ─▶ accumulate, merging those of sessions that a row joins ── the session ended ──▶ one row
 *
 * Keeps: accumulators per open session. Promises: a session whose rows were all taken back gives nothing. */

import type { SessionAggregateSpec } from '#job';
import { isAdd, type Batch, type ColumnBuilder } from '#data';
import type { OldKeyedTable, StateReader, StateWriter } from '#state';
import { makeAccumulator } from '../aggregates/table.ts';
import type { Accumulator } from '../aggregates/accumulator.ts';
import type { Session } from './open-sessions.ts';
import { SessionOperator, type SessionContents } from './session-operator.ts';
import { registerOperator } from './table.ts';

/** Where a session's accumulators are, and how many rows they stand for. */
interface Counted {
  readonly slot: number;
  rows: number;
}

class SessionAccumulators implements SessionContents<Counted> {
  readonly width: number;
  readonly #keyCount: number;
  readonly #accumulators: readonly Accumulator[];
  readonly #free: number[] = [];
  #slots = 0;

  constructor({ keys, calls, retract }: SessionAggregateSpec) {
    this.width = keys.length + calls.length;
    this.#keyCount = keys.length;
    this.#accumulators = calls.map((call) => makeAccumulator({ call, retract }));
  }

  open(): Counted {
    const slot = this.#free.pop() ?? this.#slots++;
    for (const a of this.#accumulators) {
      a.ensure(slot + 1);
      a.reset(slot);
    }
    return { slot, rows: 0 };
  }
  add(held: Counted, batch: Batch, row: number): void {
    const add = batch.kinds === undefined || isAdd(batch.kinds[row]!);
    for (const a of this.#accumulators) {
      if (add) a.add(held.slot, batch.columns, row);
      else a.retract(held.slot, batch.columns, row);
    }
    held.rows += add ? 1 : -1;
  }
  merge(into: Counted, from: Counted): void {
    for (const a of this.#accumulators) a.merge(into.slot, a, from.slot);
    into.rows += from.rows;
    this.close(from);
  }
  rows(held: Counted): number {
    return held.rows === 0 ? 0 : 1;
  }
  append(to: readonly ColumnBuilder[], keys: OldKeyedTable, session: Session<Counted>): number {
    keys.appendKey(to, session.key);
    this.#accumulators.forEach((a, i) => {
      to[this.#keyCount + i]!.append(a.value(session.held.slot));
    });
    return 0;
  }
  close({ slot }: Counted): void {
    for (const a of this.#accumulators) a.reset(slot);
    this.#free.push(slot);
  }

  get bytes(): number {
    let bytes = 8 * this.#free.length;
    for (const a of this.#accumulators) bytes += a.bytes;
    return bytes;
  }
  write(to: StateWriter, { slot, rows }: Counted): void {
    to.i32(slot);
    to.f64(rows);
  }
  read(from: StateReader): Counted {
    return { slot: from.i32(), rows: from.f64() };
  }
  save(to: StateWriter): void {
    to.i32(this.#slots);
    to.i32s(Int32Array.from(this.#free), this.#free.length);
    for (const a of this.#accumulators) {
      a.ensure(this.#slots);
      a.snapshot(to, this.#slots);
    }
  }
  load(from: StateReader): void {
    this.#slots = from.i32();
    for (const slot of from.i32s()) this.#free.push(slot);
    for (const a of this.#accumulators) a.restore(from);
  }
}

registerOperator<SessionAggregateSpec>(
  'session-aggregate',
  (spec, setup) => new SessionOperator(spec, setup, new SessionAccumulators(spec)),
);
