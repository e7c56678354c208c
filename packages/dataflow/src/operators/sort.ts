/* ORDER BY: by the rowtime first, rows wait until the watermark passes them and go out in order; or, in batch mode, all
 * rows wait for the end of input.
 *
 * Keeps: the rows that wait. Promises: rows equal in all keys keep their order of arrival; a row at or before a time
 * already sent only counts in `numLateRecordsDropped` (Flink's RowTimeSortOperator). */

import type { SortSpec } from '#job';
import {
  compareValues,
  readRow,
  type Batch,
  type Instant,
  type LogicalType,
  type Row,
  type Value,
} from '#data';
import { readValueBytes, rowHeapBytes, writeValueBytes, type StateReader, type StateWriter } from '#state';
import type { OperatorContext, Output } from '../contracts/index.ts';
import { RowOperator } from './row-operator.ts';
import { registerOperator, type OperatorSetup } from './table.ts';

class SortOperator extends RowOperator {
  readonly #spec: SortSpec;
  readonly #types: readonly LogicalType[];
  readonly #context: OperatorContext;
  #rows: Row[] = [];
  /** Of the rows that wait or go out, about. */
  #rowBytes = 0;
  /** Sorted rows going out, and how far. */
  #ready: Row[] = [];
  #next = 0;
  /** Rows up to this time went out. */
  #sentMs = -Infinity;
  #ended = false;

  constructor(spec: SortSpec, setup: OperatorSetup) {
    super(setup.outputTypes);
    this.#spec = spec;
    this.#types = setup.inputTypes[0]!;
    this.#context = setup.context;
  }
  #timeOf(row: Row): number {
    return (row[this.#spec.keys[0]!.column] as Instant).ms;
  }
  protected onRow(batch: Batch, row: number): void {
    const values = readRow(batch, this.#types, row);
    if (this.#spec.mode === 'rowtime' && this.#timeOf(values) <= this.#sentMs) {
      this.#context.metrics.count('numLateRecordsDropped', 1);
      this.#context.lateRows?.(batch, row);
      return;
    }
    this.#rows.push(values);
    this.#rowBytes += rowHeapBytes(values);
  }

  override end(): void {
    if (this.#spec.mode !== 'end') return;
    this.#ended = true;
    this.busy = true;
  }
  protected override onWatermark(watermark: number, out: Output): boolean {
    if (this.#next < this.#ready.length) return this.#emit(out);
    if (this.#spec.mode === 'end' && !this.#ended) return true;
    const due =
      this.#spec.mode === 'end' ? this.#rows : this.#rows.filter((r) => this.#timeOf(r) <= watermark);
    if (due.length === 0) return true;
    this.#rows = this.#spec.mode === 'end' ? [] : this.#rows.filter((r) => this.#timeOf(r) > watermark);
    this.#ready = [...due].sort((a, b) => this.#compare(a, b));
    this.#next = 0;
    if (this.#spec.mode === 'rowtime') this.#sentMs = this.#timeOf(this.#ready.at(-1)!);
    return this.#emit(out);
  }
  #emit(out: Output): boolean {
    while (this.#next < this.#ready.length) {
      if (this.builder.full && !this.flush(out)) return false;
      const row = this.#ready[this.#next++]!;
      this.#rowBytes -= rowHeapBytes(row);
      this.builder.appendRow(row);
    }
    this.#ready = [];
    this.#next = 0;
    return true;
  }
  #compare(a: Row, b: Row): number {
    for (const { column, descending, nullsLast } of this.#spec.keys) {
      const c = compareKey(a[column]!, b[column]!, descending, nullsLast);
      if (c !== 0) return c;
    }
    return 0;
  }

  override get stateBytes(): number {
    return this.#rowBytes;
  }
  protected save(to: StateWriter): void {
    to.f64(this.#sentMs);
    to.i32(this.#rows.length);
    for (const row of this.#rows)
      row.forEach((v, i) => {
        writeValueBytes(to, this.#types[i]!, v);
      });
  }
  protected load(from: StateReader): void {
    this.#sentMs = from.f64();
    this.#rows = Array.from({ length: from.i32() }, () => this.#types.map((t) => readValueBytes(from, t)));
    for (const row of this.#rows) this.#rowBytes += rowHeapBytes(row);
  }
}

function compareKey(a: Value, b: Value, descending: boolean, nullsLast: boolean): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === nullsLast ? 1 : -1;
  const c = compareValues(a, b);
  return descending ? -c : c;
}

registerOperator<SortSpec>('sort', (spec, setup) => new SortOperator(spec, setup));
