/* Rows before a sink whose key is not the query's: several rows may claim one sink key, and the last one standing counts.
 *
 *   add ─▶ behind the others (or in the place of the row with the same input key) ─▶ +I, or +U when the key had rows
 *   take back ─▶ found by its hash and removed: none left -D · it was the last: +U of the one before · else nothing
 *
 * Keeps: per sink key its rows in order of arrival. Flink: SinkUpsertMaterializer. */

import { hashRows, isAdd, type Column } from '#data';
import type { MaterializeSpec } from '#job';
import type { KeyedTable, OwnedTable } from '#state';
import type { Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

const rowsMax = 2048;

class MaterializeOperator implements RunOperator {
  readonly #spec: MaterializeSpec;
  readonly #keys: KeyedTable;
  readonly #rows: OwnedTable;
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);
  /** Rows of the batch that go out next. */
  readonly #picks = new Int32Array(rowsMax);
  readonly #kinds = new Uint8Array(rowsMax);
  #pending = 0;

  constructor(spec: MaterializeSpec, setup: RunSetup) {
    const [types] = setup.inputTypes;
    this.#spec = spec;
    this.#keys = setup.store.keyed({
      name: 'keys',
      key: spec.keys.map((k) => types![k]!),
      ttl: { ms: spec.ttlMs, renewedBy: 'create-write' },
    });
    this.#rows = setup.store.owned(this.#keys, { name: 'rows', row: types!, find: spec.inputKey ?? 'row' });
    setup.context.metrics.gauge('stateKeys', () => this.#keys.size);
  }

  rows({ batch, from, to }: Run, out: RunOutput): number {
    const count = Math.min(to - from, rowsMax, out.room);
    const keys = this.#spec.keys.map((k) => batch.columns[k]!);
    hashRows(keys, from, from + count, this.#hashes);
    this.#keys.upsert(keys, this.#hashes, from, count, this.#slots, this.#created);
    this.#keys.write(this.#slots, count);
    const { columns, kinds } = batch;
    this.#rows.prepare(columns, from, count);
    this.#pending = 0;
    let taken = 0;
    for (; taken < count && !out.full; taken++) {
      const row = from + taken;
      const key = this.#slots[taken]!;
      if (kinds === undefined || isAdd(kinds[row]!)) this.#add(key, columns, row);
      else this.#takeBack(key, columns, row, out);
      out.ends[taken] = out.builder.rows + this.#pending;
    }
    this.#flush(columns, out);
    out.endKnown = taken;
    for (let i = 0; i < count; i++) {
      const key = this.#slots[i]!;
      if (this.#keys.isLive(key) && this.#rows.count(key) === 0) this.#keys.remove(key);
    }
    return from + taken;
  }
  #add(key: number, columns: readonly Column[], row: number): void {
    const kind = this.#rows.count(key) === 0 ? 0 : 2;
    if (this.#spec.inputKey === undefined) this.#rows.append(key, columns, row);
    else {
      const slot = this.#rows.upsertRow(key, columns, row);
      if (!this.#rows.created) this.#rows.replace(slot, columns, row, false);
    }
    this.#put(row, kind);
  }
  /** A row of the batch goes out: with its neighbours, column by column. */
  #put(row: number, kind: number): void {
    this.#picks[this.#pending] = row;
    this.#kinds[this.#pending++] = kind;
  }
  #flush(columns: readonly Column[], out: RunOutput): void {
    const count = this.#pending;
    if (count === 0) return;
    for (let c = 0; c < columns.length; c++) out.columns[c]!.shareRows(columns[c]!, this.#picks, count);
    out.builder.endRows(count, this.#kinds);
    this.#pending = 0;
  }
  #takeBack(key: number, columns: readonly Column[], row: number, out: RunOutput): void {
    const slot = this.#rows.findRow(key, columns, row);
    if (slot < 0) return;
    const wasLast = this.#rows.next(slot) < 0;
    if (this.#rows.count(key) === 1) {
      // What goes out is the row as it was kept, which by its key alone may be another.
      if (this.#spec.inputKey === undefined) this.#put(row, 3);
      else this.#emit(slot, 3, columns, out);
    } else if (wasLast) this.#emit(this.#rows.previous(slot), 2, columns, out);
    this.#rows.remove(slot);
  }
  #emit(slot: number, kind: number, columns: readonly Column[], out: RunOutput): void {
    this.#flush(columns, out);
    const { row } = this.#rows;
    for (let c = 0; c < row.length; c++) row[c]!.appendTo(out.columns[c]!, slot);
    out.endRow(kind);
  }
}

registerRunOperator('materialize', (spec, setup) => new MaterializeOperator(spec, setup));
