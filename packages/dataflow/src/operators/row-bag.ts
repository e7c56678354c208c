/* Rows held, repeats included: each occurrence of a row has a number, by which others refer to it.
 *
 *   row ─▶ table of distinct rows ─▶ oldest occurrence ─▶ next ─▶ … ─▶ back to the oldest       (a ring per row)
 *
 * A row's cells are kept once, in flat columns. The oldest occurrence of a row is found by its hash and any occurrence is
 * removed in constant time, so a row taken back costs the same however many are equal to it or rank as it does. */

import type { Column, ColumnBuilder, LogicalType } from '#data';
import { OldKeyedTable, type SlotColumn, type StateReader, type StateWriter } from '#state';
import { roomy } from '../aggregates/accumulator.ts';

export class RowBag {
  readonly #table: OldKeyedTable;
  /** By slot of the row. */
  #oldest = new Int32Array(16);
  /** By occurrence: the row's slot, when it came, and its neighbours in the ring. */
  #slots = new Int32Array(16);
  #arrivals = new Float64Array(16);
  #next = new Int32Array(16);
  #previous = new Int32Array(16);
  #free: number[] = [];
  #extent = 0;
  #arrived = 0;

  constructor(types: readonly LogicalType[]) {
    this.#table = new OldKeyedTable(types);
  }
  get size(): number {
    return this.#extent - this.#free.length;
  }
  /** The cells, by `slotOf` an occurrence. */
  get columns(): readonly SlotColumn[] {
    return this.#table.keys;
  }
  slotOf(occurrence: number): number {
    return this.#slots[occurrence]!;
  }
  /** A number that grows from one `add` to the next. */
  arrivalOf(occurrence: number): number {
    return this.#arrivals[occurrence]!;
  }

  /** Keeps a copy of the row; `arrival` puts it in the place of one that came earlier. */
  add(columns: readonly Column[], row: number, arrival = this.#arrived++): number {
    const slot = this.#table.slotOf(columns, row);
    const added = this.#free.pop() ?? this.#extent++;
    this.#makeRoom();
    this.#slots[added] = slot;
    this.#arrivals[added] = arrival;
    if (this.#table.created) this.#oldest[slot] = this.#next[added] = this.#previous[added] = added;
    else this.#linkBefore(this.#oldest[slot]!, added);
    return added;
  }
  /** The occurrence of this row that was added first, or -1. */
  find(columns: readonly Column[], row: number): number {
    const slot = this.#table.find(columns, row);
    return slot < 0 ? -1 : this.#oldest[slot]!;
  }
  remove(occurrence: number): void {
    const slot = this.#slots[occurrence]!;
    const next = this.#next[occurrence]!;
    if (next === occurrence) this.#table.remove(slot);
    else {
      const previous = this.#previous[occurrence]!;
      this.#next[previous] = next;
      this.#previous[next] = previous;
      if (this.#oldest[slot] === occurrence) this.#oldest[slot] = next;
    }
    this.#free.push(occurrence);
  }
  appendTo(builders: readonly ColumnBuilder[], occurrence: number): void {
    this.#table.appendKey(builders, this.#slots[occurrence]!);
  }

  /** In front of the oldest is behind the newest. */
  #linkBefore(oldest: number, added: number): void {
    const newest = this.#previous[oldest]!;
    this.#next[newest] = added;
    this.#previous[added] = newest;
    this.#next[added] = oldest;
    this.#previous[oldest] = added;
  }
  #makeRoom(): void {
    this.#oldest = roomy(this.#oldest, this.#table.extent);
    this.#slots = roomy(this.#slots, this.#extent);
    this.#arrivals = roomy(this.#arrivals, this.#extent);
    this.#next = roomy(this.#next, this.#extent);
    this.#previous = roomy(this.#previous, this.#extent);
  }

  get bytes(): number {
    return (
      this.#table.bytes +
      this.#oldest.byteLength +
      3 * this.#slots.byteLength +
      this.#arrivals.byteLength +
      8 * this.#free.length
    );
  }
  snapshot(to: StateWriter): void {
    this.#table.snapshot(to);
    to.i32(this.#extent);
    to.f64(this.#arrived);
    to.i32s(this.#oldest, this.#table.extent);
    to.i32s(this.#slots, this.#extent);
    to.f64s(this.#arrivals, this.#extent);
    to.i32s(this.#next, this.#extent);
    to.i32s(this.#previous, this.#extent);
    to.i32s(Int32Array.from(this.#free), this.#free.length);
  }
  restore(from: StateReader): void {
    this.#table.restore(from);
    this.#extent = from.i32();
    this.#arrived = from.f64();
    this.#oldest = from.i32s();
    this.#slots = from.i32s();
    this.#arrivals = from.f64s();
    this.#next = from.i32s();
    this.#previous = from.i32s();
    this.#free = [...from.i32s()];
  }
}
