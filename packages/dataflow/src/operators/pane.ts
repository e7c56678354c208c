/* One slice of time with the accumulators of its keys. */

import type { Column, ColumnBuilder, LogicalType } from '#data';
import type { AggregateCall } from '#expr';
import { OldKeyedTable, type StateReader, type StateWriter } from '#state';
import { roomy, type Accumulator } from '../aggregates/accumulator.ts';
import { makeAccumulator } from '../aggregates/table.ts';

export interface PaneSpec {
  readonly keyTypes: readonly LogicalType[];
  readonly calls: readonly AggregateCall[];
  readonly retract: boolean;
}

export class Pane {
  readonly table: OldKeyedTable;
  readonly #accumulators: readonly Accumulator[];
  /** Rows behind each slot: 0 after retractions means that the key is not there. */
  #rows = new Float64Array(16);

  constructor(spec: PaneSpec) {
    this.table = new OldKeyedTable(spec.keyTypes);
    this.#accumulators = spec.calls.map((call) => makeAccumulator({ call, retract: spec.retract }));
  }
  add(keys: readonly Column[], columns: readonly Column[], row: number): void {
    const slot = this.#slot(this.table.slotOf(keys, row));
    for (const a of this.#accumulators) a.add(slot, columns, row);
    this.#rows[slot]!++;
  }
  retract(keys: readonly Column[], columns: readonly Column[], row: number): void {
    const slot = this.#slot(this.table.slotOf(keys, row));
    for (const a of this.#accumulators) a.retract(slot, columns, row);
    this.#rows[slot]!--;
  }
  #slot(slot: number): number {
    if (!this.table.created) return slot;
    for (const a of this.#accumulators) {
      a.ensure(slot + 1);
      a.reset(slot);
    }
    this.#rows = roomy(this.#rows, slot + 1);
    this.#rows[slot] = 0;
    return slot;
  }
  /** Adds all that another pane of the same spec holds. */
  merge(other: Pane): void {
    for (let from = 0; from < other.table.extent; from++) {
      if (!other.table.isLive(from)) continue;
      const slot = this.#slot(this.table.slotOfEntry(other.table, from));
      this.#accumulators.forEach((a, i) => {
        a.merge(slot, other.#accumulators[i]!, from);
      });
      this.#rows[slot]! += other.#rows[from]!;
    }
  }
  /** Whether a slot has a result. */
  has(slot: number): boolean {
    return this.table.isLive(slot) && this.#rows[slot]! !== 0;
  }
  append(builders: readonly ColumnBuilder[], slot: number): void {
    this.table.appendKey(builders, slot);
    const at = this.table.keys.length;
    for (let i = 0; i < this.#accumulators.length; i++)
      builders[at + i]!.append(this.#accumulators[i]!.value(slot));
  }
  get bytes(): number {
    let bytes = this.table.bytes + this.#rows.byteLength;
    for (const a of this.#accumulators) bytes += a.bytes;
    return bytes;
  }
  snapshot(to: StateWriter): void {
    const size = this.table.extent;
    this.table.snapshot(to);
    to.f64s(roomy(this.#rows, size), size);
    for (const a of this.#accumulators) {
      a.ensure(size);
      a.snapshot(to, size);
    }
  }
  restore(from: StateReader): void {
    this.table.restore(from);
    this.#rows = from.f64s();
    for (const a of this.#accumulators) a.restore(from);
  }
}
