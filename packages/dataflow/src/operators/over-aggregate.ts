/* OVER windows on a time attribute: each row goes out once with the results over the rows before it.
 *
 *   arrival   rows that come in order, by processing time: out at once (here)
 *   waiting   by event time, or by a range of processing time: rows wait for their time (over-waiting.ts)
 *
 * Keeps: see over-partitions.ts; with `table.exec.state.ttl` a partition that nothing came to for so long begins anew.
 * Promises: only inserts. Flink: ProcTimeUnboundedPrecedingFunction, ProcTimeRowsBoundedPrecedingFunction. */

import { hashRows } from '#data';
import type { OverAggregateSpec } from '#job';
import type { Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { OverPartitions } from './over-partitions.ts';
import { OverWaitingOperator } from './over-waiting.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

const rowsMax = 2048;

class OverArrivalOperator implements RunOperator {
  readonly #spec: OverAggregateSpec;
  readonly #partitions: OverPartitions;
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);

  constructor(spec: OverAggregateSpec, setup: RunSetup) {
    this.#spec = spec;
    this.#partitions = new OverPartitions(spec, setup);
  }
  rows({ batch, from, to }: Run, out: RunOutput): number {
    const partitions = this.#partitions;
    const count = Math.min(to - from, rowsMax, out.room);
    const keys = this.#spec.partition.map((c) => batch.columns[c]!);
    hashRows(keys, from, from + count, this.#hashes);
    partitions.table.upsert(keys, this.#hashes, from, count, this.#slots, this.#created);
    partitions.table.write(this.#slots, count);
    const base = out.builder.rows;
    if (partitions.onlyGrows) {
      for (let i = 0; i < count; i++) out.ends[i] = base + i + 1;
      out.endKnown = count;
      partitions.passAll(this.#slots, batch, from, count, out);
      return from + count;
    }
    let taken = 0;
    for (; taken < count && !partitions.full; taken++) {
      partitions.pass(this.#slots[taken]!, batch.columns, from + taken);
      out.ends[taken] = base + taken + 1;
    }
    out.endKnown = taken;
    partitions.emit(out);
    return from + taken;
  }
}

registerRunOperator('over-aggregate', (spec, setup) => {
  const { unit, preceding } = spec.frame;
  const waits = spec.time !== undefined || (unit === 'range' && preceding !== Infinity);
  return waits ? new OverWaitingOperator(spec, setup) : new OverArrivalOperator(spec, setup);
});
