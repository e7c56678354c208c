/* One pass over the sorted rows of a partition: the results of all calls at each row, over the rows from the first one on.
 *
 * Keeps: nothing; the accumulators of a pass lie in a table of one slot and are as new behind it. */

import { columnBuilder, type Column, type LogicalType } from '#data';
import type { OverSortedSpec } from '#job';
import { MemoryStore, type KeyedTable, type SortedTable } from '#state';
import { AggregateSet } from '../kernels/aggregate-set.ts';
import { op } from '../kernels/kernel.ts';
import type { RunSetup } from './table.ts';

/** Of a partition, by position. */
export interface Results {
  /** Rows in their order. */
  readonly slots: Int32Array;
  /** The position of the first row that is equal to it in the sort keys. */
  readonly firsts: Int32Array;
  /** Where in `columns` its results stand: by range at the last of its equals. */
  readonly shown: Int32Array;
  /** One a call. */
  readonly columns: readonly Column[];
}

export class PartitionPass {
  readonly #spec: OverSortedSpec;
  readonly #types: readonly LogicalType[];
  readonly #rows: SortedTable;
  readonly #table: KeyedTable;
  readonly #aggregates: AggregateSet;
  readonly #read: ReadonlySet<number>;

  constructor(spec: OverSortedSpec, setup: RunSetup, rows: SortedTable) {
    this.#spec = spec;
    this.#types = setup.inputTypes[0]!;
    this.#rows = rows;
    // As new behind each pass: no part of the operator's state.
    const scratch = new MemoryStore();
    this.#table = scratch.keyed({ name: 'pass', key: [] });
    this.#aggregates = new AggregateSet(scratch, this.#table, spec.calls, false);
    this.#read = new Set(spec.calls.flatMap((c) => c.args));
  }
  results(partition: number): Results {
    const count = this.#rows.count(partition);
    const slots = new Int32Array(count);
    let at = this.#rows.first(partition);
    for (let i = 0; i < count; i++, at = this.#rows.next(at)) slots[i] = at;
    const { firsts, lasts } = this.#equals(slots);
    const shown = this.#spec.unit === 'range' ? lasts : Int32Array.from(slots.keys());
    return { slots, firsts, shown, columns: this.#pass(slots) };
  }
  /** The first and the last position of the rows that are equal to each. */
  #equals(slots: Int32Array): { readonly firsts: Int32Array; readonly lasts: Int32Array } {
    const count = slots.length;
    const firsts = Int32Array.from(slots.keys());
    const lasts = Int32Array.from(slots.keys());
    for (let i = 1; i < count; i++) if (this.#equal(slots[i - 1]!, slots[i]!)) firsts[i] = firsts[i - 1]!;
    for (let i = count - 2; i >= 0; i--) if (firsts[i + 1] === firsts[i]) lasts[i] = lasts[i + 1]!;
    return { firsts, lasts };
  }
  #equal(a: number, b: number): boolean {
    return this.#spec.keys.every(({ column }) => {
      const values = this.#rows.row[column]!;
      return values.equalsSlot(a, values, b);
    });
  }
  #pass(slots: Int32Array): readonly Column[] {
    const count = slots.length;
    const one = new Int32Array(Math.max(1, count)).fill(this.#table.upsertRow([], 0));
    const ops = new Uint8Array(count);
    if (count > 0) ops[0] = op.opens;
    const columns = this.#types.map((type, c) => this.#gathered(type, c, slots));
    this.#aggregates.add(one, ops, columns, 0, count, new Uint8Array(count));
    const picks = Int32Array.from(slots.keys(), (i) => i * 2 + 1);
    const results = this.#aggregates.kernels.map((kernel, i) => {
      const builder = columnBuilder(this.#spec.calls[i]!.type);
      kernel.images.appendTo(builder, picks, count);
      return builder.build();
    });
    this.#aggregates.reset(one, 1);
    return results;
  }
  /** A column of the rows; empty where no call reads it. */
  #gathered(type: LogicalType, index: number, slots: Int32Array): Column {
    const builder = columnBuilder(type);
    if (this.#read.has(index)) this.#rows.row[index]!.appendSlots(builder, slots, slots.length);
    return builder.build();
  }
}
