/* The partitions of an OVER window: accumulators, the rows of a bounded frame, and the steps that rows make through them.
 *
 *   row ─▶ [the oldest leaves a full frame of rows] ─▶ comes in ─▶ steps ─▶ kernels ─▶ the result behind its step
 *
 * Keeps: by partition its accumulators and how many rows are in them; of a bounded frame the rows. */

import { columnBuilder, type Batch, type Column, type ColumnBuilder } from '#data';
import type { OverAggregateSpec } from '#job';
import type { F64Cells, KeyedTable, OwnedTable } from '#state';
import type { RunOutput } from '../frame/run-output.ts';
import { AggregateSet } from '../kernels/aggregate-set.ts';
import { op } from '../kernels/kernel.ts';
import { readable } from '../kernels/readable.ts';
import type { RunSetup } from './table.ts';

const stepsMax = 4096;

export class OverPartitions {
  readonly table: KeyedTable;
  /** The time of the last rows that went out. */
  readonly lastMs: F64Cells;
  /** Until when the frame is kept: see over-waiting.ts. */
  readonly keptUntil: F64Cells;
  readonly #rows: F64Cells;
  /** Undefined: the frame begins with the partition. */
  readonly #frame: OwnedTable | undefined;
  readonly #times: F64Cells | undefined;
  readonly #framed: number;
  readonly #aggregates: AggregateSet;
  readonly #builders: readonly ColumnBuilder[];
  readonly #slots = new Int32Array(stepsMax);
  readonly #ops = new Uint8Array(stepsMax);
  readonly #changed = new Uint8Array(stepsMax);
  #steps = 0;
  /** Steps of the rows that go out, and the images behind them. */
  readonly #outSteps = new Int32Array(stepsMax);
  readonly #picks = new Int32Array(stepsMax);
  #outRows = 0;

  constructor(spec: OverAggregateSpec, setup: RunSetup) {
    const types = setup.inputTypes[0]!;
    const { unit, preceding } = spec.frame;
    const bounded = preceding !== Infinity;
    this.table = setup.store.keyed({
      name: 'partitions',
      key: spec.partition.map((c) => types[c]!),
      cells: { rows: 'f64', lastMs: 'f64', keptUntil: 'f64' },
      // A bounded range forgets by time.
      ttl: { ms: unit === 'range' && bounded ? 0 : spec.ttlMs, renewedBy: 'create-write' },
    });
    this.#rows = this.table.f64('rows');
    this.lastMs = this.table.f64('lastMs');
    this.keptUntil = this.table.f64('keptUntil');
    this.#aggregates = new AggregateSet(setup.store, this.table, spec.calls, bounded);
    this.#framed = unit === 'rows' ? preceding + 1 : Infinity;
    if (bounded) {
      this.#frame = setup.store.owned(this.table, { name: 'frame', row: types, cells: { at: 'f64' } });
      this.#times = this.#frame.f64('at');
    }
    this.#builders = types.map((type) => columnBuilder(type, true));
    setup.context.metrics.gauge('stateKeys', () => this.table.size);
  }
  /** No row ever leaves a frame. */
  get onlyGrows(): boolean {
    return this.#frame === undefined;
  }
  /** No room for the steps of another row. */
  get full(): boolean {
    return this.#steps + 2 > stepsMax;
  }
  get rowsToEmit(): number {
    return this.#outRows;
  }

  /** Rows `from` … `from + count - 1` of a batch come in and go out, where the frame begins with the partition. */
  passAll(slots: Int32Array, { columns }: Batch, from: number, count: number, out: RunOutput): void {
    const rows = this.#rows.values;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      this.#ops[i] = rows[slot] === 0 ? op.opens : 0;
      rows[slot]!++;
      this.#outSteps[i] = from + i;
      this.#picks[i] = i * 2 + 1;
    }
    this.#aggregates.add(slots, this.#ops, columns, from, count, this.#changed);
    this.#put(columns, count, out);
  }
  /** A row comes in, and goes out with the results behind that. */
  pass(slot: number, columns: readonly Column[], row: number): void {
    if (this.#frame !== undefined && this.#frame.count(slot) >= this.#framed) this.#leave(slot);
    this.#outSteps[this.#outRows] = this.#steps;
    this.#picks[this.#outRows++] = this.#steps * 2 + 1;
    this.enter(slot, columns, row, 0);
  }
  /** A row comes in. */
  enter(slot: number, columns: readonly Column[], row: number, at: number): void {
    if (this.full) this.#apply(false);
    const rows = this.#rows.values[slot]!;
    this.#step(slot, rows === 0 ? op.opens : 0, columns, row);
    this.#rows.values[slot] = rows + 1;
    if (this.#frame === undefined) return;
    const kept = this.#frame.append(slot, columns, row);
    this.#times!.values[kept] = at;
  }
  /** Rows before `time` leave. */
  leaveBefore(slot: number, time: number): void {
    if (this.#frame === undefined) return;
    for (;;) {
      const first = this.#frame.first(slot);
      if (first < 0 || this.#times!.values[first]! >= time) return;
      if (this.full) this.#apply(false);
      this.#leave(slot);
    }
  }
  #leave(slot: number): void {
    const frame = this.#frame!;
    const oldest = frame.first(slot);
    const { columns, row } = readable(frame, oldest);
    this.#step(slot, op.retract, columns, row);
    this.#rows.values[slot]!--;
    frame.remove(oldest);
  }
  #step(slot: number, what: number, columns: readonly Column[], row: number): void {
    this.#slots[this.#steps] = slot;
    this.#ops[this.#steps++] = what;
    for (let c = 0; c < columns.length; c++) this.#builders[c]!.appendFrom(columns[c]!, row);
  }
  #apply(withImages: boolean): readonly Column[] {
    const columns = this.#builders.map((b) => b.build());
    const changed = withImages ? this.#changed : undefined;
    this.#aggregates.add(this.#slots, this.#ops, columns, 0, this.#steps, changed);
    this.#steps = 0;
    return columns;
  }
  /** What was taken in counts, and nothing of it goes out yet. */
  settle(): void {
    if (this.#steps > 0) this.#apply(false);
  }
  /** The rows that passed go out. */
  emit(out: RunOutput): void {
    const count = this.#outRows;
    if (count === 0) return;
    this.#put(this.#apply(true), count, out);
    this.#outRows = 0;
  }
  #put(columns: readonly Column[], count: number, out: RunOutput): void {
    columns.forEach((column, c) => {
      out.columns[c]!.appendRows(column, this.#outSteps, count);
    });
    this.#aggregates.kernels.forEach((kernel, i) => {
      kernel.images.appendTo(out.columns[columns.length + i]!, this.#picks, count);
    });
    out.builder.endRows(count);
  }
  /** The results of these partitions as they stand, behind the columns of the rows. */
  appendResults(out: RunOutput, slots: Int32Array, count: number): void {
    this.#aggregates.appendResults(out.columns, this.#builders.length, slots, count);
  }
}
