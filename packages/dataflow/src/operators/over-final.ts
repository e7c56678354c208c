/* OVER windows in batch mode: all rows of a partition wait for the end of the input, then each goes out with the results over
 * any rows around it.
 *
 *   row ─▶ its partition's order ── end ──▶ frames (partition-frames.ts) ─▶ rows with their results
 *
 * Keeps: all rows. Promises: partitions in order of arrival, rows in the order of the window. */

import { hashRows, type Column } from '#data';
import type { OverFinalSpec } from '#job';
import type { KeyedTable, OwnedTable } from '#state';
import type { Progress } from '../contracts/operator.ts';
import type { Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { PartitionFrames } from './partition-frames.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

const rowsMax = 2048;
const none = -1;

class OverFinalOperator implements RunOperator {
  readonly #spec: OverFinalSpec;
  readonly #partitions: KeyedTable;
  readonly #rows: OwnedTable;
  readonly #frames: PartitionFrames;
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  /** The partition that goes out, its rows and results, and how far it is. */
  #partition = none;
  #order: Int32Array = new Int32Array(0);
  #results: readonly Column[] = [];
  #next = 0;

  constructor(spec: OverFinalSpec, setup: RunSetup) {
    const types = setup.inputTypes[0]!;
    this.#spec = spec;
    this.#partitions = setup.store.keyed({
      name: 'partitions',
      key: spec.partition.map((c) => types[c]!),
      resident: true,
    });
    const rows = { name: 'rows', row: types };
    this.#rows =
      spec.keys.length === 0
        ? setup.store.owned(this.#partitions, rows)
        : setup.store.sorted(this.#partitions, { ...rows, order: spec.keys });
    this.#frames = new PartitionFrames(spec, setup, this.#rows);
    setup.context.metrics.gauge('stateKeys', () => this.#rows.size);
  }
  rows({ batch, from, to }: Run): number {
    const count = Math.min(to - from, rowsMax);
    const keys = this.#spec.partition.map((c) => batch.columns[c]!);
    hashRows(keys, from, from + count, this.#hashes);
    this.#partitions.upsert(keys, this.#hashes, from, count, this.#slots, this.#created);
    for (let i = 0; i < count; i++) this.#rows.append(this.#slots[i]!, batch.columns, from + i);
    return from + count;
  }
  end(_input: number, out: RunOutput): Progress {
    for (;;) {
      if (!this.#emit(out)) return 'more';
      const next = this.#slots.subarray(0, 1);
      if (this.#partitions.scan(this.#partition, next) === 0) return 'done';
      this.#partition = next[0]!;
      this.#order = this.#frames.order(this.#partition);
      this.#results = this.#frames.results(this.#order);
      this.#next = 0;
    }
  }
  /** Emits what is left of the partition at hand. False when the output filled. */
  #emit(out: RunOutput): boolean {
    const { row } = this.#rows;
    while (this.#next < this.#order.length) {
      if (out.full) return false;
      const count = Math.min(out.room, this.#order.length - this.#next);
      const slots = this.#order.subarray(this.#next, this.#next + count);
      row.forEach((column, c) => {
        column.appendSlots(out.columns[c]!, slots, count);
      });
      const picks = Int32Array.from({ length: count }, (_, i) => this.#next + i);
      this.#results.forEach((column, i) => {
        out.columns[row.length + i]!.appendRows(column, picks, count);
      });
      out.builder.endRows(count);
      this.#next += count;
    }
    return true;
  }
}

registerRunOperator('over-final', (spec, setup) => new OverFinalOperator(spec, setup));
