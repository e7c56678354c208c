/* The first rows of each partition of a window, once it closes; or of each partition at the end of the input (batch).
 *
 *   row with its window ─▶ into its partition's order, which is cut at `to` ─ watermark ≥ end − 1 ms ─▶ the rows that rank
 *
 * Keeps: of each partition of an open window the first `to` rows; rows equal in the sort keys in order of arrival. Promises:
 * a window goes out once; a row for one that closed only counts in `numLateRecordsDropped`.
 * Flink: WindowRankOperatorBuilder, RowTimeWindowDeduplicateOperatorBuilder. */

import { hashRows, type Column } from '#data';
import type { WindowRankSpec } from '#job';
import type { KeyedTable, SortedTable, Timers } from '#state';
import type { OperatorContext, Progress } from '../contracts/operator.ts';
import type { Domain, Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { registerRunOperator, type RunSetup } from './table.ts';
import { timeAt, windowClock, type WindowClock } from './window-time.ts';

const rowsMax = 2048;
const none = -1;

class WindowRankOperator implements RunOperator {
  readonly readsWatermarks = true;
  readonly #spec: WindowRankSpec;
  readonly #context: OperatorContext;
  readonly #clock: WindowClock;
  readonly #partitions: KeyedTable;
  readonly #rows: SortedTable;
  readonly #timers: Timers;
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  /** Partitions that are going out, and how far they are. */
  readonly #due = new Int32Array(rowsMax);
  #dueCount = 0;
  #at = 0;
  #position = 0;
  /** At the end: the last partition that was looked up. */
  #after = none;

  constructor(spec: WindowRankSpec, setup: RunSetup) {
    const [types] = setup.inputTypes;
    this.#spec = spec;
    this.#context = setup.context;
    this.#clock = windowClock(spec.zone);
    this.#partitions = setup.store.keyed({
      name: 'partitions',
      key: spec.partition.map((c) => types![c]!),
      resident: spec.end === undefined,
    });
    this.#rows = setup.store.sorted(this.#partitions, { name: 'rows', row: types!, order: spec.keys });
    this.#timers = setup.store.timers(this.#partitions, { name: 'ends', domain: 'event' });
    setup.context.metrics.gauge('stateKeys', () => this.#partitions.size);
    if (spec.end === undefined) this.end = (_input, out) => this.#emitAll(out);
  }
  /** The watermark that closes the window of a row; Infinity: the end of the input does. */
  #firesAt(columns: readonly Column[], row: number): number {
    const { end } = this.#spec;
    return end === undefined ? Infinity : this.#clock.firesAt(timeAt(columns[end]!, row));
  }
  arms({ batch, from, to, watermarks }: Run, times: Float64Array): void {
    for (let row = from; row < to; row++) {
      const at = this.#firesAt(batch.columns, row);
      times[row - from] = at <= watermarks[row]! ? Infinity : at;
    }
  }
  rows({ batch, from, to, watermarks }: Run): number {
    const count = Math.min(to - from, rowsMax);
    const { columns } = batch;
    const keys = this.#spec.partition.map((c) => columns[c]!);
    hashRows(keys, from, from + count, this.#hashes);
    this.#partitions.upsert(keys, this.#hashes, from, count, this.#slots, this.#created);
    this.#partitions.write(this.#slots, count);
    for (let i = 0; i < count; i++) {
      const row = from + i;
      const at = this.#firesAt(columns, row);
      if (at !== Infinity && at <= watermarks[row]!) {
        this.#context.metrics.count('numLateRecordsDropped', 1);
        this.#context.lateRows?.(batch, row);
        continue;
      }
      const slot = this.#slots[i]!;
      if (this.#rows.count(slot) === 0 && at !== Infinity) this.#timers.set(slot, at);
      this.#insert(slot, columns, row);
    }
    for (let i = 0; i < count; i++) this.#dropIfEmpty(this.#slots[i]!);
    return from + count;
  }
  /** That of a late row. */
  #dropIfEmpty(slot: number): void {
    if (this.#partitions.isLive(slot) && this.#rows.count(slot) === 0) this.#partitions.remove(slot);
  }
  #insert(slot: number, columns: readonly Column[], row: number): void {
    const { to, latestOfEquals } = this.#spec;
    if (this.#rows.count(slot) >= to) {
      const last = this.#rows.last(slot);
      const order = this.#rows.compareRow(last, columns, row);
      if (order < 0 || (order === 0 && !latestOfEquals)) return;
      this.#rows.remove(last);
    }
    this.#rows.append(slot, columns, row);
  }

  nextTimer(domain: Domain): number {
    return domain === 'event' ? this.#timers.next : Infinity;
  }
  fire(_domain: Domain, at: number, out: RunOutput): Progress {
    for (;;) {
      if (!this.#emitDue(out)) return 'more';
      this.#dueCount = this.#timers.due(at, this.#due);
      if (this.#dueCount === 0) return 'done';
    }
  }
  end?: (input: number, out: RunOutput) => Progress;
  #emitAll(out: RunOutput): Progress {
    for (;;) {
      if (!this.#emitDue(out)) return 'more';
      this.#dueCount = this.#partitions.scan(this.#after, this.#due);
      if (this.#dueCount === 0) return 'done';
      this.#after = this.#due[this.#dueCount - 1]!;
    }
  }
  /** Emits the partitions that are due, and forgets them. False when the output filled. */
  #emitDue(out: RunOutput): boolean {
    while (this.#at < this.#dueCount) {
      const partition = this.#due[this.#at]!;
      if (!this.#emit(partition, out)) return false;
      this.#partitions.remove(partition);
      this.#at++;
      this.#position = 0;
    }
    this.#at = this.#dueCount = 0;
    return true;
  }
  #emit(partition: number, out: RunOutput): boolean {
    const { from, numbered } = this.#spec;
    const { row } = this.#rows;
    const count = this.#rows.count(partition);
    this.#position = Math.max(this.#position, from - 1);
    for (; this.#position < count; this.#position++) {
      if (out.full) return false;
      const slot = this.#rows.nth(partition, this.#position);
      for (let c = 0; c < row.length; c++) row[c]!.appendTo(out.columns[c]!, slot);
      if (numbered) out.columns[row.length]!.append(BigInt(this.#position + 1));
      out.endRow(0);
    }
    return true;
  }
}

registerRunOperator('window-rank', (spec, setup) => new WindowRankOperator(spec, setup));
