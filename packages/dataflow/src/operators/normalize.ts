/* An upsert stream made whole: the last row of each key is kept, so that updates carry what they replace and deletes the
 * whole row.
 *
 *   +I +U k ─▶ unknown: +I · other row: -U old, +U new · same row: nothing        -D k ─▶ -D old row, or nothing
 *
 * Keeps: the last row per key. Flink: ChangelogNormalize. */

import type { NormalizeSpec } from '#job';
import { isAdd, type Batch, type Column } from '#data';
import { OldKeyedTable, slotColumn, type SlotColumn, type StateReader, type StateWriter } from '#state';
import { roomy } from '../aggregates/accumulator.ts';
import { RowOperator } from './row-operator.ts';
import { registerOperator, type OperatorSetup } from './table.ts';

class NormalizeOperator extends RowOperator {
  readonly #spec: NormalizeSpec;
  readonly #table: OldKeyedTable;
  readonly #row: readonly SlotColumn[];
  readonly #batchKeys: Column[] = [];
  #written = new Float64Array(16);

  constructor(spec: NormalizeSpec, setup: OperatorSetup) {
    super(setup.outputTypes);
    this.#spec = spec;
    this.#table = new OldKeyedTable(spec.keys.map((k) => setup.inputTypes[0]![k]!));
    this.#row = setup.inputTypes[0]!.map(slotColumn);
    setup.context.metrics.gauge('stateKeys', () => this.#table.size);
  }

  protected onRow(batch: Batch, row: number, now: number): void {
    const { keys, updateBefore, ttlMs } = this.#spec;
    for (let k = 0; k < keys.length; k++) this.#batchKeys[k] = batch.columns[keys[k]!]!;
    const kind = batch.kinds === undefined ? 0 : batch.kinds[row]!;
    if (kind === 1) return; // an upsert stream says what is, not what was
    const known = this.#table.find(this.#batchKeys, row);
    if (known >= 0 && ttlMs > 0 && now - this.#written[known]! >= ttlMs) this.#drop(known);
    if (!isAdd(kind)) return this.#delete(row);
    const slot = this.#table.slotOf(this.#batchKeys, row);
    const first = this.#table.created;
    this.#written = roomy(this.#written, slot + 1);
    this.#written[slot] = now;
    if (first) for (const c of this.#row) c.ensure(slot + 1);
    else if (ttlMs === 0 && this.#row.every((c, i) => c.equals(slot, batch.columns[i]!, row))) return;
    else if (updateBefore) this.#emit(slot, 1);
    this.#row.forEach((c, i) => {
      c.set(slot, batch.columns[i]!, row);
    });
    this.#emit(slot, first ? 0 : 2);
  }
  #delete(row: number): void {
    const slot = this.#table.find(this.#batchKeys, row);
    if (slot < 0) return;
    this.#emit(slot, 3);
    this.#drop(slot);
  }
  #drop(slot: number): void {
    this.#table.remove(slot);
    for (const c of this.#row) c.clear(slot);
  }
  #emit(slot: number, kind: number): void {
    this.#row.forEach((c, i) => {
      c.appendTo(this.builder.columns[i]!, slot);
    });
    this.builder.endRow(kind);
  }

  override get stateBytes(): number {
    let bytes = this.#table.bytes + this.#written.byteLength;
    for (const c of this.#row) bytes += c.bytes;
    return bytes;
  }
  protected save(to: StateWriter): void {
    const size = this.#table.extent;
    this.#table.snapshot(to);
    to.f64s(roomy(this.#written, size), size);
    for (const c of this.#row) {
      c.ensure(size);
      c.snapshot(to, size);
    }
  }
  protected load(from: StateReader): void {
    this.#table.restore(from);
    this.#written = from.f64s();
    for (const c of this.#row) c.restore(from);
  }
}

registerOperator<NormalizeSpec>('normalize', (spec, setup) => new NormalizeOperator(spec, setup));
