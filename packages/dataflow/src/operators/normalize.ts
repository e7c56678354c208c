/* An upsert stream made whole: the last row of each key is kept, so that updates carry what they replace and deletes the
 * whole row.
 *
 *   +I +U k ─▶ unknown: +I · other row: -U old, +U new · same row: nothing        -D k ─▶ -D old row, or nothing
 *
 * Keeps: the last row per key. Flink: ChangelogNormalize. */

import { hashRows, isAdd } from '#data';
import type { NormalizeSpec } from '#job';
import type { KeyedTable, U8Cells } from '#state';
import type { Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

const rowsMax = 2048;

class NormalizeOperator implements RunOperator {
  readonly #spec: NormalizeSpec;
  readonly #table: KeyedTable;
  /** 1 where a row of the key is there: a slot may be made by a row that only asks. */
  readonly #known: U8Cells;
  readonly #hashes = new Int32Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  readonly #created = new Uint8Array(rowsMax);

  constructor(spec: NormalizeSpec, setup: RunSetup) {
    const [types] = setup.inputTypes;
    this.#spec = spec;
    this.#table = setup.store.keyed({
      name: 'rows',
      key: spec.keys.map((k) => types![k]!),
      row: types!,
      cells: { known: 'u8' },
      ttl: { ms: spec.ttlMs, renewedBy: 'create-write' },
    });
    this.#known = this.#table.u8('known');
    setup.context.metrics.gauge('stateKeys', () => this.#table.size);
  }

  rows({ batch, from, to }: Run, out: RunOutput): number {
    // A row gives two at most.
    const count = Math.min(to - from, rowsMax, out.room >> 1);
    const keys = this.#spec.keys.map((k) => batch.columns[k]!);
    hashRows(keys, from, from + count, this.#hashes);
    this.#table.upsert(keys, this.#hashes, from, count, this.#slots, this.#created);
    const { kinds } = batch;
    let taken = 0;
    for (; taken < count && !out.full; taken++) {
      const kind = kinds === undefined ? 0 : kinds[from + taken]!;
      const slot = this.#slots[taken]!;
      if (kind !== 1) {
        // A -U says what was: an upsert stream says what is.
        if (isAdd(kind)) this.#put(slot, batch.columns, from + taken, out);
        else this.#delete(slot, out);
      }
      out.through();
    }
    for (let i = 0; i < count; i++) {
      const slot = this.#slots[i]!;
      if (this.#table.isLive(slot) && this.#known.values[slot] === 0) this.#table.remove(slot);
    }
    return from + taken;
  }
  #put(slot: number, columns: Run['batch']['columns'], row: number, out: RunOutput): void {
    const known = this.#known.values[slot] === 1;
    if (known) {
      if (this.#spec.ttlMs === 0 && this.#table.row.every((c, i) => c.equals(slot, columns[i]!, row))) return;
      if (this.#spec.updateBefore) this.#emit(slot, 1, out);
    }
    this.#table.writeOne(slot);
    this.#known.values[slot] = 1;
    this.#table.setRow(slot, columns, row);
    for (let c = 0; c < columns.length; c++) out.columns[c]!.appendFrom(columns[c]!, row);
    out.endRow(known ? 2 : 0);
  }
  #delete(slot: number, out: RunOutput): void {
    if (this.#known.values[slot] === 0) return;
    this.#emit(slot, 3, out);
    this.#table.writeOne(slot);
    this.#known.values[slot] = 0;
  }
  #emit(slot: number, kind: number, out: RunOutput): void {
    const { row } = this.#table;
    for (let c = 0; c < row.length; c++) row[c]!.appendTo(out.columns[c]!, slot);
    out.endRow(kind);
  }
}

registerRunOperator('normalize', (spec, setup) => new NormalizeOperator(spec, setup));
