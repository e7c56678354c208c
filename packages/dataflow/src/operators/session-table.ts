/* SESSION as a table function: each row once, with window_start, window_end and window_time of its session behind its
 * columns. Which session that is stands fast only when it ended, so rows wait until then.
 *
 *   rows ─▶ session ─▶ kept ── the session ended ──▶ its rows in their order of arrival, each of its own kind
 *
 * Keeps: the rows of open sessions. A row that takes another back waits beside it, for both lie in one session; where that
 * one went out already it is late. Flink: UnalignedWindowTableFunctionOperator. */

import type { SessionSpec } from '#job';
import type { Batch, ColumnBuilder, LogicalType } from '#data';
import { slotColumn, type OldKeyedTable, type SlotColumn, type StateReader, type StateWriter } from '#state';
import { roomy } from '../aggregates/accumulator.ts';
import type { Session } from './open-sessions.ts';
import { SessionOperator, type SessionContents } from './session-operator.ts';
import { registerOperator } from './table.ts';

/** A session holds the slots of its rows, in order of arrival. */
type Slots = number[];

class SessionRows implements SessionContents<Slots> {
  readonly width: number;
  readonly #cells: readonly SlotColumn[];
  #kinds = new Uint8Array(16);
  /** The how-manieth row it was: what orders the rows of sessions that merge. */
  #arrival = new Float64Array(16);
  readonly #free: number[] = [];
  #slots = 0;
  #arrived = 0;

  constructor(types: readonly LogicalType[]) {
    this.width = types.length;
    this.#cells = types.map(slotColumn);
  }

  open(): Slots {
    return [];
  }
  add(held: Slots, batch: Batch, row: number): void {
    const slot = this.#free.pop() ?? this.#slots++;
    this.#kinds = roomy(this.#kinds, slot + 1);
    this.#arrival = roomy(this.#arrival, slot + 1);
    this.#kinds[slot] = batch.kinds === undefined ? 0 : batch.kinds[row]!;
    this.#arrival[slot] = this.#arrived++;
    this.#cells.forEach((cells, i) => {
      cells.ensure(slot + 1);
      cells.set(slot, batch.columns[i]!, row);
    });
    held.push(slot);
  }
  merge(into: Slots, from: Slots): void {
    for (const slot of from) into.push(slot);
    into.sort((a, b) => this.#arrival[a]! - this.#arrival[b]!);
  }
  rows(held: Slots): number {
    return held.length;
  }
  append(
    to: readonly ColumnBuilder[],
    _keys: OldKeyedTable,
    { held }: Session<Slots>,
    index: number,
  ): number {
    const slot = held[index]!;
    this.#cells.forEach((cells, i) => {
      cells.appendTo(to[i]!, slot);
    });
    return this.#kinds[slot]!;
  }
  close(held: Slots): void {
    for (const slot of held) {
      for (const cells of this.#cells) cells.clear(slot);
      this.#free.push(slot);
    }
  }

  get bytes(): number {
    // Each slot stands in the list of a session, or of those that are free.
    let bytes = this.#kinds.length + this.#arrival.byteLength + 8 * this.#slots;
    for (const cells of this.#cells) bytes += cells.bytes;
    return bytes;
  }
  write(to: StateWriter, held: Slots): void {
    to.i32s(Int32Array.from(held), held.length);
  }
  read(from: StateReader): Slots {
    return [...from.i32s()];
  }
  save(to: StateWriter): void {
    const size = this.#slots;
    to.i32(size);
    to.f64(this.#arrived);
    to.i32s(Int32Array.from(this.#free), this.#free.length);
    to.bytes(roomy(this.#kinds, size).subarray(0, size));
    to.f64s(roomy(this.#arrival, size), size);
    for (const cells of this.#cells) {
      cells.ensure(size);
      cells.snapshot(to, size);
    }
  }
  load(from: StateReader): void {
    this.#slots = from.i32();
    this.#arrived = from.f64();
    for (const slot of from.i32s()) this.#free.push(slot);
    this.#kinds = from.bytes();
    this.#arrival = from.f64s();
    for (const cells of this.#cells) cells.restore(from);
  }
}

registerOperator<SessionSpec>(
  'session-table',
  (spec, setup) => new SessionOperator(spec, setup, new SessionRows(setup.inputTypes[0]!)),
);
