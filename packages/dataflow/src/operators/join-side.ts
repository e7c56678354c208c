/* One input of a regular join: its rows by join key, and for each the number of rows of the other side that it met, where
 * somebody asks for it. */

import { assert } from '#base';
import { hashRows, type Column, type LogicalType } from '#data';
import type { F64Cells, KeyedTable, OwnedTable, StateColumn, StateScope } from '#state';
import type { Candidates } from './join-pairs.ts';

export interface JoinSideSpec {
  readonly name: 'left' | 'right';
  readonly types: readonly LogicalType[];
  readonly keys: readonly number[];
  /** For each key, whether NULL meets nothing. */
  readonly filterNulls: readonly boolean[];
  readonly uniqueKey: readonly number[] | undefined;
  /** Rows only come: none is looked for again. */
  readonly insertOnly: boolean;
  readonly ttlMs: number;
  /** Its rows are padded, or tell by themselves whether they met another: how many is counted. */
  readonly counted: boolean;
}

/** Rows of a run, `from` the first, and the slots of their keys. */
export interface KeyedRows {
  readonly keys: Int32Array;
  readonly columns: readonly Column[];
  readonly from: number;
}
/** The most rows of a run, and of what goes out at a time. */
export const rowsMax = 2048;

export class JoinSide {
  readonly rows: OwnedTable;
  /** By slot of `rows`; undefined where nobody asks. */
  readonly matches: F64Cells | undefined;
  readonly isUnique: boolean;
  readonly #spec: JoinSideSpec;
  readonly #table: KeyedTable;
  /** Rows of the run that are still to be kept, and how many rows each met. */
  readonly #picks = new Int32Array(rowsMax);
  readonly #matched = new Float64Array(rowsMax);
  readonly #slots = new Int32Array(rowsMax);
  #pending = 0;

  constructor(spec: JoinSideSpec, keys: KeyedTable, scope: StateScope) {
    assert(!spec.insertOnly || spec.uniqueKey === undefined, 'rows that only come are never replaced');
    this.#spec = spec;
    this.#table = keys;
    this.isUnique = spec.uniqueKey !== undefined;
    this.rows = scope.owned(keys, {
      name: spec.name,
      row: spec.types,
      cells: spec.counted ? { matches: 'f64' } : {},
      ...(spec.insertOnly ? {} : { find: spec.uniqueKey ?? 'row' }),
      ttl: { ms: spec.ttlMs, renewedBy: 'create-write' },
    });
    this.matches = spec.counted ? this.rows.f64('matches') : undefined;
  }
  /** The slots of the keys of rows `from` … ; -1 where a NULL in the key meets nothing. */
  findKeys(
    columns: readonly Column[],
    from: number,
    count: number,
    hashes: Int32Array,
    slots: Int32Array,
    created: Uint8Array,
  ): void {
    const keys = this.#spec.keys.map((k) => columns[k]!);
    hashRows(keys, from, from + count, hashes);
    this.#table.upsert(keys, hashes, from, count, slots, created);
    this.#table.write(slots, count);
    keys.forEach(({ valid }, k) => {
      if (valid === undefined || !this.#spec.filterNulls[k]) return;
      for (let i = 0; i < count; i++) if (valid[from + i] === 0) slots[i] = -1;
    });
  }
  /** Whether a row without -U takes the place of its former self. */
  replaces(key: number, columns: readonly Column[], row: number): boolean {
    if (!this.isUnique) return false;
    const slot = this.rows.findRow(key, columns, row);
    return slot >= 0 && this.rows.fresh(slot);
  }
  /** Keeps row i, which met `matches` rows of the other side: at once where it may take another's place, else once the run
   *  is through, for none of it meets rows of its own side. */
  add(run: KeyedRows, i: number, matches: number): void {
    if (!this.isUnique) {
      this.#matched[this.#pending] = matches;
      this.#picks[this.#pending++] = i;
      return;
    }
    const { keys, columns, from } = run;
    const slot = this.rows.upsertRow(keys[i]!, columns, from + i);
    if (!this.rows.created) this.rows.replace(slot, columns, from + i, false);
    if (this.matches !== undefined) this.matches.values[slot] = matches;
  }
  /** The rows that were added are kept. */
  finish({ keys, columns, from }: KeyedRows): void {
    const count = this.#pending;
    if (count === 0) return;
    this.rows.appendRows(keys, columns, from, this.#picks, count, this.#slots);
    if (this.matches !== undefined)
      for (let n = 0; n < count; n++) this.matches.values[this.#slots[this.#picks[n]!]!] = this.#matched[n]!;
    this.#pending = 0;
  }
  takeBack(run: KeyedRows, i: number): void {
    assert(!this.#spec.insertOnly, 'a row that only comes is taken back');
    this.finish(run);
    const slot = this.rows.findRow(run.keys[i]!, run.columns, run.from + i);
    if (slot >= 0) this.rows.remove(slot);
  }
}

/** The rows of a side that rows of the other may meet: those of their key which have not outlived their time. */
export class Partners implements Candidates {
  readonly row: readonly StateColumn[];
  readonly #rows: OwnedTable;
  readonly #keys: Int32Array;

  /** `keys`: the slots of the run's keys, -1 where a key meets nobody. */
  constructor({ rows }: JoinSide, keys: Int32Array) {
    this.#rows = rows;
    this.row = rows.row;
    this.#keys = keys;
  }
  first(i: number): number {
    const key = this.#keys[i]!;
    return key < 0 ? key : this.#fresh(this.#rows.first(key));
  }
  next(_i: number, slot: number): number {
    return this.#fresh(this.#rows.next(slot));
  }
  #fresh(slot: number): number {
    let at = slot;
    while (at >= 0 && !this.#rows.fresh(at)) at = this.#rows.next(at);
    return at;
  }
}
