/* The rows of a table in the order that a process table function asks for: by the rowtime first, each partition by itself. Rows wait until the
 * watermark passes them.
 *
 *   partition ─▶ rows by time, then by the other keys ── watermark ≥ the time of the first ──▶ rows up to the watermark, and then that
 *
 * Keeps: the rows that wait, and what change each is. Promises: rows equal in all keys keep their order of arrival; a row at or before the
 * watermark only counts in `numLateRecordsDropped`. */

import type { Batch, Column } from '#data';
import type { OrderedRowsSpec } from '#job';
import type { KeyedTable, SortedTable, StateColumn, TimeStateColumn, Timers, U8Cells } from '#state';
import type { OperatorContext, Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { registerRunOperator, type RunSetup } from './table.ts';
import { timeAt } from './window-time.ts';

class OrderedRowsOperator implements RunOperator {
  readonly readsWatermarks = true;
  readonly #spec: OrderedRowsSpec;
  readonly #time: number;
  readonly #context: OperatorContext;
  readonly #partitions: KeyedTable;
  readonly #rows: SortedTable;
  readonly #changes: U8Cells;
  /** Of each partition: the time of its first row. */
  readonly #due: Timers;
  readonly #slot = new Int32Array(1);

  constructor(spec: OrderedRowsSpec, { store, inputTypes, context }: RunSetup) {
    const [types] = inputTypes;
    this.#spec = spec;
    this.#time = spec.keys[0]!.column;
    this.#context = context;
    this.#partitions = store.keyed({ name: 'partitions', key: spec.partition.map((c) => types![c]!) });
    this.#rows = store.sorted(this.#partitions, {
      name: 'rows',
      row: types!,
      cells: { change: 'u8' },
      order: spec.keys,
    });
    this.#changes = this.#rows.u8('change');
    this.#due = store.timers(this.#partitions, { name: 'due', domain: 'event' });
    context.metrics.gauge('stateKeys', () => this.#partitions.size);
  }
  #isLate({ columns }: Batch, row: number, watermarks: Float64Array): boolean {
    return timeAt(columns[this.#time]!, row) <= watermarks[row]!;
  }

  arms({ batch, from, to, watermarks }: Run, times: Float64Array): void {
    for (let row = from; row < to; row++)
      times[row - from] = this.#isLate(batch, row, watermarks)
        ? Infinity
        : timeAt(batch.columns[this.#time]!, row);
  }
  rows({ batch, from, to, watermarks }: Run): number {
    const { columns, kinds } = batch;
    const keys = this.#spec.partition.map((c): Column => columns[c]!);
    for (let row = from; row < to; row++) {
      if (this.#isLate(batch, row, watermarks)) {
        this.#context.metrics.count('numLateRecordsDropped', 1);
        this.#context.lateRows?.(batch, row);
        continue;
      }
      const partition = this.#partitions.upsertRow(keys, row);
      const slot = this.#rows.append(partition, columns, row);
      this.#changes.values[slot] = kinds?.[row] ?? 0;
      this.#settle(partition);
    }
    return to;
  }
  /** A partition waits for its first row; without rows it is none. */
  #settle(partition: number): void {
    const first = this.#rows.first(partition);
    if (first < 0) this.#partitions.remove(partition);
    else this.#due.set(partition, this.#timeOf(first));
  }
  #timeOf(slot: number): number {
    return (this.#rows.row[this.#time] as TimeStateColumn).millis[slot]!;
  }

  nextTimer(domain: Domain): number {
    return domain === 'event' ? this.#due.next : Infinity;
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    while (this.#due.next <= at && this.#due.next < Infinity) {
      if (out.full) return 'more';
      const time = this.#due.next;
      this.#due.due(time, this.#slot);
      this.#emit(this.#slot[0]!, time, out);
    }
    return 'done';
  }
  /** Those of the partition of that time, its first, as far as there is room. */
  #emit(partition: number, time: number, out: RunOutput): void {
    for (let slot = this.#rows.first(partition); slot >= 0; slot = this.#rows.first(partition)) {
      if (out.full || this.#timeOf(slot) > time) break;
      this.#rows.row.forEach((column: StateColumn, c) => {
        column.appendTo(out.columns[c]!, slot);
      });
      out.endRow(this.#changes.values[slot]!);
      this.#rows.remove(slot);
    }
    this.#settle(partition);
  }
}

registerRunOperator('ordered-rows', (spec, setup) => new OrderedRowsOperator(spec, setup));
