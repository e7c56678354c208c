/* OVER windows on any order, over rows that may change: the results of a row are corrected whenever one before it comes or goes.
 *
 *   change ─▶ into its partition's order, or out of it ─▶ results of the partition before and after, one pass each
 *          ─▶ by position from its first equal on: the row itself; -U, +U of those whose results are others now
 *
 * Keeps: all rows, in their order; with `table.exec.state.ttl` a partition that did not change for so long begins anew. A
 * change costs a pass over its partition. Promises: what is taken back was given before.
 * Flink: NonTimeRowsUnboundedPrecedingFunction, NonTimeRangeUnboundedPrecedingFunction. */

import { compareValues, hashRows, isAdd, readValue, type Column, type LogicalType } from '#data';
import type { OverSortedSpec } from '#job';
import type { KeyedTable, SortedTable } from '#state';
import type { Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { PartitionPass, type Results } from './partition-pass.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

const rowsMax = 2048;
const none = -1;

/** A row that came to, or left, a position of its partition. */
interface Step {
  readonly partition: number;
  /** Slots in order without the row and with it. */
  readonly without: Results;
  readonly with: Results;
  /** Its position with the others. */
  readonly at: number;
  readonly comes: boolean;
  readonly kind: number;
  /** The position that is emitted next. */
  next: number;
}

class OverSortedOperator implements RunOperator {
  readonly #spec: OverSortedSpec;
  readonly #partitions: KeyedTable;
  readonly #rows: SortedTable;
  readonly #pass: PartitionPass;
  readonly #types: readonly LogicalType[];
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  #step: Step | undefined;

  constructor(spec: OverSortedSpec, setup: RunSetup) {
    const types = setup.inputTypes[0]!;
    this.#spec = spec;
    this.#types = spec.calls.map((c) => c.type);
    this.#partitions = setup.store.keyed({
      name: 'partitions',
      key: spec.partition.map((c) => types[c]!),
      ttl: { ms: spec.ttlMs, renewedBy: 'create-write' },
    });
    this.#rows = setup.store.sorted(this.#partitions, {
      name: 'rows',
      row: types,
      order: spec.keys,
      find: 'row',
    });
    this.#pass = new PartitionPass(spec, setup, this.#rows);
    setup.context.metrics.gauge('stateKeys', () => this.#rows.size);
  }
  rows({ batch, from, to }: Run, out: RunOutput): number {
    const count = Math.min(to - from, rowsMax);
    const keys = this.#spec.partition.map((c) => batch.columns[c]!);
    hashRows(keys, from, from + count, this.#hashes);
    this.#partitions.upsert(keys, this.#hashes, from, count, this.#slots, this.#created);
    this.#partitions.write(this.#slots, count);
    let taken = 0;
    for (; taken < count; taken++) {
      // An unfinished row was taken already: what it gives goes on.
      if (this.#step === undefined) {
        if (out.full) break;
        const kind = batch.kinds === undefined ? 0 : batch.kinds[from + taken]!;
        this.#change(this.#slots[taken]!, batch.columns, from + taken, kind);
      }
      if (this.#step !== undefined && !this.#emit(this.#step, out)) break;
      out.through();
    }
    for (let i = 0; i < count; i++) this.#dropIfEmpty(this.#slots[i]!);
    return from + taken;
  }
  #dropIfEmpty(partition: number): void {
    if (this.#step?.partition === partition || !this.#partitions.isLive(partition)) return;
    if (this.#rows.count(partition) === 0) this.#partitions.remove(partition);
  }
  #change(partition: number, columns: readonly Column[], row: number, kind: number): void {
    const comes = isAdd(kind);
    const slot = comes ? none : this.#rows.findRow(partition, columns, row);
    if (!comes && slot < 0) return;
    const before = this.#pass.results(partition);
    const changed = comes ? this.#rows.append(partition, columns, row) : slot;
    const at = this.#rows.rank(changed);
    if (!comes) this.#rows.detach(changed);
    const after = this.#pass.results(partition);
    const whole = comes ? after : before;
    this.#step = {
      partition,
      without: comes ? before : after,
      with: whole,
      at,
      comes,
      kind,
      next: whole.firsts[at]!,
    };
  }
  /** False when the output filled. */
  #emit(step: Step, out: RunOutput): boolean {
    const { slots } = step.with;
    for (; step.next < slots.length; step.next++) {
      if (out.room < 2) return false;
      if (step.next === step.at) this.#put(slots[step.at]!, step.with, step.at, ownKind(step), out);
      else this.#correct(step, step.next, out);
    }
    if (!step.comes) this.#rows.discard(slots[step.at]!);
    this.#step = undefined;
    return true;
  }
  #correct(step: Step, position: number, out: RunOutput): void {
    const other = position < step.at ? position : position - 1;
    const slot = step.with.slots[position]!;
    if (this.#same(step.with, position, step.without, other)) return;
    const [was, is] = step.comes ? [step.without, step.with] : [step.with, step.without];
    const [wasAt, isAt] = step.comes ? [other, position] : [position, other];
    if (this.#spec.updateBefore) this.#put(slot, was, wasAt, 1, out);
    this.#put(slot, is, isAt, 2, out);
  }
  #same(a: Results, at: number, b: Results, bt: number): boolean {
    const [left, right] = [a.shown[at]!, b.shown[bt]!];
    return this.#types.every((type, i) => {
      const x = readValue(a.columns[i]!, type, left);
      const y = readValue(b.columns[i]!, type, right);
      return x === null || y === null ? x === y : compareValues(x, y) === 0;
    });
  }
  #put(slot: number, results: Results, position: number, kind: number, out: RunOutput): void {
    const { row } = this.#rows;
    for (let c = 0; c < row.length; c++) row[c]!.appendTo(out.columns[c]!, slot);
    results.columns.forEach((column, i) => {
      out.columns[row.length + i]!.appendFrom(column, results.shown[position]!);
    });
    out.endRow(kind);
  }
}

/** -U becomes -D: its +U may stand in another place. */
const ownKind = ({ comes, kind }: Step): number => (comes ? kind : 3);

registerRunOperator('over-sorted', (spec, setup) => new OverSortedOperator(spec, setup));
