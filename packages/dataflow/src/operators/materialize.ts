/* Rows before a sink whose key is not the query's: several rows may claim one sink key, and the last one standing counts.
 *
 *   add ─▶ appended (or put in place of the row with the same input key) ─▶ +I, or +U when the key had rows
 *   take back ─▶ removed: none left -D · it was the last: +U of the one before · else nothing
 *
 * Keeps: per sink key its rows in order of arrival. Flink: SinkUpsertMaterializer. */

import type { MaterializeSpec } from '#job';
import { compareValues, isAdd, readRow, type Batch, type Column, type LogicalType, type Row } from '#data';
import {
  OldKeyedTable,
  readValueBytes,
  rowHeapBytes,
  writeValueBytes,
  type StateReader,
  type StateWriter,
} from '#state';
import { RowOperator } from './row-operator.ts';
import { registerOperator, type OperatorSetup } from './table.ts';

class MaterializeOperator extends RowOperator {
  readonly #spec: MaterializeSpec;
  readonly #types: readonly LogicalType[];
  readonly #table: OldKeyedTable;
  readonly #compare: readonly number[];
  readonly #batchKeys: Column[] = [];
  readonly #rows: Row[][] = [];
  readonly #written: number[] = [];
  /** Of all rows, about. */
  #rowBytes = 0;

  constructor(spec: MaterializeSpec, setup: OperatorSetup) {
    super(setup.outputTypes);
    this.#spec = spec;
    this.#types = setup.inputTypes[0]!;
    this.#table = new OldKeyedTable(spec.keys.map((k) => this.#types[k]!));
    this.#compare = spec.inputKey ?? this.#types.map((_, i) => i);
    setup.context.metrics.gauge('stateKeys', () => this.#table.size);
  }

  protected onRow(batch: Batch, row: number, now: number): void {
    const { keys, ttlMs } = this.#spec;
    for (let k = 0; k < keys.length; k++) this.#batchKeys[k] = batch.columns[keys[k]!]!;
    const kind = batch.kinds === undefined ? 0 : batch.kinds[row]!;
    const values = readRow(batch, this.#types, row);
    const known = this.#table.find(this.#batchKeys, row);
    if (known >= 0 && ttlMs > 0 && now - this.#written[known]! >= ttlMs) this.#drop(known);
    if (isAdd(kind)) this.#add(row, values, now);
    else this.#retract(row, values, now);
  }
  #add(row: number, values: Row, now: number): void {
    const slot = this.#table.slotOf(this.#batchKeys, row);
    if (this.#table.created) this.#rows[slot] = [];
    const list = this.#rows[slot]!;
    this.#written[slot] = now;
    const at = this.#spec.inputKey === undefined ? -1 : this.#find(list, values);
    const kind = list.length === 0 ? 0 : 2;
    if (at >= 0) {
      this.#rowBytes -= rowHeapBytes(list[at]!);
      list[at] = values;
    } else list.push(values);
    this.#rowBytes += rowHeapBytes(values);
    this.builder.appendRow(values, kind);
  }
  #retract(row: number, values: Row, now: number): void {
    const slot = this.#table.find(this.#batchKeys, row);
    if (slot < 0) return;
    const list = this.#rows[slot]!;
    const at = this.#find(list, values);
    if (at < 0) return;
    const [removed] = list.splice(at, 1);
    this.#rowBytes -= rowHeapBytes(removed!);
    this.#written[slot] = now;
    if (list.length === 0) {
      this.builder.appendRow(removed!, 3);
      this.#drop(slot);
    } else if (at === list.length) this.builder.appendRow(list.at(-1)!, 2);
  }
  #find(list: readonly Row[], values: Row): number {
    return list.findIndex((r) =>
      this.#compare.every((c) => {
        const a = r[c]!;
        const b = values[c]!;
        return a === null || b === null ? a === b : compareValues(a, b) === 0;
      }),
    );
  }
  #drop(slot: number): void {
    this.#table.remove(slot);
    for (const row of this.#rows[slot]!) this.#rowBytes -= rowHeapBytes(row);
    this.#rows[slot] = [];
  }

  override get stateBytes(): number {
    return this.#table.bytes + 8 * this.#written.length + this.#rowBytes;
  }
  protected save(to: StateWriter): void {
    this.#table.snapshot(to);
    for (let slot = 0; slot < this.#table.extent; slot++) {
      const list = this.#table.isLive(slot) ? this.#rows[slot]! : [];
      to.f64(this.#written[slot] ?? 0);
      to.i32(list.length);
      for (const row of list)
        row.forEach((v, i) => {
          writeValueBytes(to, this.#types[i]!, v);
        });
    }
  }
  protected load(from: StateReader): void {
    this.#table.restore(from);
    for (let slot = 0; slot < this.#table.extent; slot++) {
      this.#written[slot] = from.f64();
      this.#rows[slot] = Array.from({ length: from.i32() }, () =>
        this.#types.map((t) => readValueBytes(from, t)),
      );
      for (const row of this.#rows[slot]!) this.#rowBytes += rowHeapBytes(row);
    }
  }
}

registerOperator<MaterializeSpec>('materialize', (spec, setup) => new MaterializeOperator(spec, setup));
