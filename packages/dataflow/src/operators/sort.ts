/* ORDER BY: by the rowtime first, rows wait until the watermark passes them and go out in order; or, in batch mode, all
 * rows wait for the end of input.
 *
 * Keeps: the rows that wait, in their order. Promises: rows equal in all keys keep their order of arrival; a row at or
 * before a time already sent only counts in `numLateRecordsDropped` (Flink's RowTimeSortOperator). */

import type { Batch } from '#data';
import type { SortSpec } from '#job';
import type { KeyedTable, Scalar, SortedTable, TimeStateColumn } from '#state';
import type { OperatorContext, Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

const rowsMax = 2048;

class SortOperator implements RunOperator {
  readonly #spec: SortSpec;
  readonly #context: OperatorContext;
  /** One key: all rows belong to it. */
  readonly #all: KeyedTable;
  readonly #rows: SortedTable;
  /** Rows up to this time went out. */
  readonly #sentMs: Scalar;
  readonly #slots = new Int32Array(rowsMax);

  constructor(spec: SortSpec, setup: RunSetup) {
    this.#spec = spec;
    this.#context = setup.context;
    this.#all = setup.store.keyed({ name: 'all', key: [] });
    this.#rows = setup.store.sorted(this.#all, { name: 'rows', row: setup.inputTypes[0]!, order: spec.keys });
    this.#sentMs = setup.store.scalar({ name: 'sentMs', initial: -Infinity, merge: 'max' });
    if (spec.mode === 'end') this.end = (_input, out) => this.#emitUntil(Infinity, out);
  }
  get #byTime(): boolean {
    return this.#spec.mode === 'rowtime';
  }
  #timeOf({ columns }: Batch, row: number): number {
    return (columns[this.#spec.keys[0]!.column] as { millis: Float64Array }).millis[row]!;
  }

  arms({ batch, from, to }: Run, times: Float64Array): void {
    for (let row = from; row < to; row++) {
      const time = this.#byTime ? this.#timeOf(batch, row) : Infinity;
      times[row - from] = time <= this.#sentMs.value ? Infinity : time;
    }
  }
  rows({ batch, from, to }: Run): number {
    const all = this.#all.upsertRow([], 0);
    for (let row = from; row < to; row++) {
      if (this.#byTime && this.#timeOf(batch, row) <= this.#sentMs.value) {
        this.#context.metrics.count('numLateRecordsDropped', 1);
        this.#context.lateRows?.(batch, row);
      } else this.#rows.append(all, batch.columns, row);
    }
    return to;
  }

  nextTimer(domain: Domain): number {
    if (domain === 'processing' || !this.#byTime || this.#all.size === 0) return Infinity;
    const first = this.#rows.first(0);
    return first < 0 ? Infinity : this.#time(first);
  }
  #time(slot: number): number {
    return (this.#rows.row[this.#spec.keys[0]!.column] as TimeStateColumn).millis[slot]!;
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    return this.#emitUntil(at, out);
  }
  end?: (input: number, out: RunOutput) => Progress;

  /** Emits rows in their order, by time those up to `time`. */
  #emitUntil(time: number, out: RunOutput): Progress {
    if (this.#all.size === 0) return 'done';
    for (;;) {
      const room = Math.min(out.room, rowsMax);
      let count = 0;
      for (let slot = this.#rows.first(0); slot >= 0 && count < room; slot = this.#rows.next(slot)) {
        if (this.#byTime && this.#time(slot) > time) break;
        this.#slots[count++] = slot;
      }
      if (count === 0) return room === 0 ? 'more' : 'done';
      if (this.#byTime) this.#sentMs.value = this.#time(this.#slots[count - 1]!);
      this.#rows.row.forEach((column, c) => {
        column.appendSlots(out.columns[c]!, this.#slots, count);
      });
      out.builder.endRows(count);
      for (let i = 0; i < count; i++) this.#rows.remove(this.#slots[i]!);
      if (out.full) return 'more';
    }
  }
}

registerRunOperator('sort', (spec, setup) => new SortOperator(spec, setup));
