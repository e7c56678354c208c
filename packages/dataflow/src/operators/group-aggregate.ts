/* GROUP BY without a window: one result per key, corrected with every row.
 *
 *   row ─▶ slot of key ─▶ accumulate or retract ─▶ first: +I · changed: -U old, +U new · last row gone: -D
 *
 * Keeps: per key its accumulators and the number of rows behind them; with `table.exec.state.ttl`, when it was last written.
 * Promises: a result that did not change says nothing, unless a TTL is set (Flink's GroupAggFunction). */

import type { GroupAggregateSpec } from '#job';
import { compareValues, isAdd, type Batch, type Column, type Value } from '#data';
import { KeyedTable, type StateReader, type StateWriter } from '#state';
import { makeAccumulator } from '../aggregates/table.ts';
import type { Accumulator } from '../aggregates/accumulator.ts';
import { roomy } from '../aggregates/accumulator.ts';
import type { Output } from '../contracts/index.ts';
import { RowOperator } from './row-operator.ts';
import { registerOperator, type OperatorSetup } from './table.ts';

class GroupAggregateOperator extends RowOperator {
  readonly #spec: GroupAggregateSpec;
  readonly #table: KeyedTable;
  readonly #accumulators: readonly Accumulator[];
  readonly #batchKeys: Column[] = [];
  #rows = new Float64Array(16);
  #written = new Float64Array(16);
  #sweep = 0;
  #emitted = -1;

  constructor(spec: GroupAggregateSpec, setup: OperatorSetup) {
    super(setup.outputTypes);
    this.#spec = spec;
    this.#table = new KeyedTable(spec.keys.map((k) => setup.inputTypes[0]![k]!));
    this.#accumulators = spec.calls.map((call) => makeAccumulator({ call, retract: spec.retract }));
    setup.context.metrics.gauge('stateKeys', () => this.#table.size);
  }

  protected onRow(batch: Batch, row: number, now: number): void {
    const { keys, ttlMs } = this.#spec;
    for (let k = 0; k < keys.length; k++) this.#batchKeys[k] = batch.columns[keys[k]!]!;
    const kind = batch.kinds === undefined ? 0 : batch.kinds[row]!;
    const add = isAdd(kind);
    if (ttlMs > 0) this.#expire(now, row);
    const slot = add ? this.#table.slotOf(this.#batchKeys, row) : this.#table.find(this.#batchKeys, row);
    if (slot < 0) return;
    const first = add && this.#table.created;
    if (first) this.#open(slot);
    const before = first || this.#spec.finalOnly ? undefined : this.#values(slot);
    if (add) {
      for (const a of this.#accumulators) a.add(slot, batch.columns, row);
      this.#rows[slot]!++;
    } else {
      for (const a of this.#accumulators) a.retract(slot, batch.columns, row);
      this.#rows[slot]!--;
    }
    this.#written[slot] = now;
    if (this.#spec.finalOnly) {
      if (this.#rows[slot] === 0) this.#close(slot);
    } else this.#tell(slot, before);
  }

  #tell(slot: number, before: readonly Value[] | undefined): void {
    if (this.#rows[slot] === 0) {
      if (before !== undefined) this.#emit(slot, before, 3);
      this.#close(slot);
      return;
    }
    const after = this.#values(slot);
    if (before === undefined) return this.#emit(slot, after, 0);
    if (this.#spec.ttlMs === 0 && before.every((v, i) => sameResult(v, after[i]!))) return;
    if (this.#spec.updateBefore) this.#emit(slot, before, 1);
    this.#emit(slot, after, 2);
  }
  #open(slot: number): void {
    for (const a of this.#accumulators) {
      a.ensure(slot + 1);
      a.reset(slot);
    }
    this.#rows = roomy(this.#rows, slot + 1);
    this.#written = roomy(this.#written, slot + 1);
    this.#rows[slot] = 0;
  }
  #close(slot: number): void {
    this.#table.remove(slot);
    for (const a of this.#accumulators) a.reset(slot);
  }
  #values(slot: number): Value[] {
    return this.#accumulators.map((a) => a.value(slot));
  }
  #emit(slot: number, values: readonly Value[], kind: number): void {
    const { columns } = this.builder;
    this.#table.appendKey(columns, slot);
    const keys = this.#spec.keys.length;
    for (let i = 0; i < values.length; i++) columns[keys + i]!.append(values[i]!);
    this.builder.endRow(kind);
  }

  /** Drops keys not written for longer than the TTL, a few at a time; expired state is never read. */
  #expire(now: number, row: number): void {
    const { ttlMs } = this.#spec;
    for (let n = 0; n < Math.min(this.#table.extent, 4); n++) {
      this.#sweep = (this.#sweep + 1) % this.#table.extent;
      if (this.#table.isLive(this.#sweep) && now - this.#written[this.#sweep]! >= ttlMs)
        this.#close(this.#sweep);
    }
    const slot = this.#table.find(this.#batchKeys, row);
    if (slot >= 0 && now - this.#written[slot]! >= ttlMs) this.#close(slot);
  }

  override end(): void {
    if (!this.#spec.finalOnly) return;
    // An aggregate over everything has a row even when there was no input.
    if (this.#spec.keys.length === 0 && this.#table.size === 0) this.#open(this.#table.slotOf([], 0));
    this.#emitted = 0;
    this.busy = true;
  }
  protected override onWatermark(_watermark: number, out: Output): boolean {
    if (this.#emitted < 0) return true;
    for (; this.#emitted < this.#table.extent; this.#emitted++) {
      if (!this.#table.isLive(this.#emitted)) continue;
      if (this.builder.full && !this.flush(out)) return false;
      this.#emit(this.#emitted, this.#values(this.#emitted), 0);
    }
    return true;
  }

  override get stateBytes(): number {
    let bytes = this.#table.bytes + this.#rows.byteLength + this.#written.byteLength;
    for (const a of this.#accumulators) bytes += a.bytes;
    return bytes;
  }
  protected save(to: StateWriter): void {
    const size = this.#table.extent;
    this.#table.snapshot(to);
    to.f64s(roomy(this.#rows, size), size);
    to.f64s(roomy(this.#written, size), size);
    for (const a of this.#accumulators) {
      a.ensure(size);
      a.snapshot(to, size);
    }
  }
  protected load(from: StateReader): void {
    this.#table.restore(from);
    this.#rows = from.f64s();
    this.#written = from.f64s();
    for (const a of this.#accumulators) a.restore(from);
  }
}

/** Equal results: NaN equals NaN. */
function sameResult(a: Value, b: Value): boolean {
  return a === null || b === null ? a === b : compareValues(a, b) === 0;
}

registerOperator<GroupAggregateSpec>(
  'group-aggregate',
  (spec, setup) => new GroupAggregateOperator(spec, setup),
);
