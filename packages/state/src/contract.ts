/* The contract of a state store: what operators work on. Stores differ in where rows lie (memory, disk, a slow list in
 * tests), never in what they answer.
 *
 * Slots are numbers of a table's rows, good until the row is removed; they never leave the table. Arrays that a table
 * hands to kernels (`values`, views) are good until the table grows: they are read anew after each upsert or append.
 * Removing a slot removes what it owns, and its timers. An operator removes at the end of a run, so that the slots which
 * the run works on stay what they are. */

import type { Column, ColumnBuilder, LogicalType } from '#data';
import type { F64Cells, I32Cells, U8Cells } from './columns/cells.ts';
import type { StateReader, StateWriter } from './bytes.ts';
import type { StateColumn } from './columns/state-column.ts';
import type { KeyGroups } from './key-groups.ts';
import type { SavedRest, SavedRow } from './saved-row.ts';
import type { TableShape } from './shape.ts';
import type { CellType, KeyedSpec, OwnedSpec, ScalarSpec, TimersSpec } from './spec.ts';

/** Rows by slot: a row and cells, declared by name and type. */
export interface Table {
  readonly name: string;
  /** Slots in use. */
  readonly size: number;
  /** Slots ever used: every slot in use is below. */
  readonly extent: number;
  isLive(slot: number): boolean;
  readonly row: readonly StateColumn[];
  f64(name: string): F64Cells;
  i32(name: string): I32Cells;
  u8(name: string): U8Cells;
  values(name: string): StateColumn;
  /** More cells, before the first slot. `zeros`: those of exact types that begin at 0 where rows come from a query that had
   *  them not; else they begin NULL. */
  addCells(cells: Readonly<Record<string, CellType>>, zeros?: readonly string[]): void;
  /** The row of a slot that was made is set before it is read. Cells of a new slot are 0, values NULL. */
  setRow(slot: number, columns: readonly Column[], row: number): void;
  /** The same for slots that differ: row `from + i` for `slots[i]`, for `count` numbers i, which lie in `picks`. */
  setRows(
    slots: Int32Array,
    columns: readonly Column[],
    from: number,
    picks: Int32Array,
    count: number,
  ): void;
  /** Cells of these slots are about to be written: the store is to know before, and their time to live begins anew. */
  write(slots: Int32Array, count: number): void;
  writeOne(slot: number): void;
  /** A cell is about to be written, and the slot lives no longer for it. */
  touch(slot: number): void;
  /** False when the slot outlived its TTL: it counts as gone. */
  fresh(slot: number): boolean;
  remove(slot: number): void;
  readonly bytes: number;
}

/** One slot a key. Arguments of a run: rows `from` … `from + count - 1` of `columns`, with the `hashes` of `hashRows`. */
export interface KeyedTable extends Table {
  readonly keyTypes: readonly LogicalType[];
  readonly keys: readonly StateColumn[];
  /** By slot. */
  readonly hashes: Int32Array;
  /** The slot of each row's key, or -1. */
  find(columns: readonly Column[], hashes: Int32Array, from: number, count: number, slots: Int32Array): void;
  /** The slot of each row's key, made where there is none: `created[i]` is 1 for the row that made it. */
  upsert(
    columns: readonly Column[],
    hashes: Int32Array,
    from: number,
    count: number,
    slots: Int32Array,
    created: Uint8Array,
  ): void;
  findRow(columns: readonly Column[], row: number): number;
  upsertRow(columns: readonly Column[], row: number): number;
  /** Whether `upsertRow` made the slot. */
  readonly created: boolean;
  /** The slots of keys that another table of the same key types has at `from`. */
  upsertFrom(
    other: KeyedTable,
    from: Int32Array,
    count: number,
    slots: Int32Array,
    created: Uint8Array,
  ): void;
  appendKeys(builders: readonly ColumnBuilder[], slots: Int32Array, count: number): void;
  /** The slots in use behind `after`, in order, as many as `into` takes; returns how many. Of a table that is `resident`. */
  scan(after: number, into: Int32Array): number;
  /** Goes through all keys in the order in which they came, wherever they lie. Until it is at its end, no key comes or goes,
   *  and what is written into a slot holds until the next step. */
  walk(): KeyWalk;
  clear(): void;
}

export interface KeyWalk {
  /** The next slots, some at least, as many as `into` takes at most: good until the next call. 0 behind the last. */
  next(into: Int32Array): number;
}

/** Rows that belong to slots of another table, in order of arrival or by sort keys. Slots; -1 for none. */
export interface OwnedTable extends Table {
  ownerOf(slot: number): number;
  count(owner: number): number;
  first(owner: number): number;
  last(owner: number): number;
  next(slot: number): number;
  previous(slot: number): number;
  /** A row behind all others of the owner, or in its place by the sort keys behind those equal to it. Sort keys over
   *  cells take them from `cells`. Not for tables whose rows differ in columns: those are upserted. */
  append(
    owner: number,
    columns: readonly Column[],
    row: number,
    cells?: Readonly<Record<string, number>>,
  ): number;
  /** `append` for rows `from + picks[0]` … `from + picks[count - 1]`: entry `picks[n]` of `owners` says whose, and of `slots`,
   *  on return, where. Not for tables with an order of their own. */
  appendRows(
    owners: Int32Array,
    columns: readonly Column[],
    from: number,
    picks: Int32Array,
    count: number,
    slots: Int32Array,
  ): void;
  /** Rows `from` … `from + count - 1` of these very columns are about to be appended, found or upserted one by one. */
  prepare(columns: readonly Column[], from: number, count: number): void;
  /** The row of the owner that is equal (in the columns that `find` names), the oldest first; or -1. */
  findRow(owner: number, columns: readonly Column[], row: number): number;
  /** Found, or made: `created` is set then. Only where `find` names columns. */
  upsertRow(owner: number, columns: readonly Column[], row: number): number;
  readonly created: boolean;
  /** `upsertRow` for rows `from` … `from + count - 1`, each of its own owner; an owner of -1 is passed over. */
  upsertRows(
    owners: Int32Array,
    columns: readonly Column[],
    from: number,
    count: number,
    slots: Int32Array,
  ): void;
  /** Another row of the same owner in the slot; `moves`: its sort keys differ, and it goes behind its equals. */
  replace(slot: number, columns: readonly Column[], row: number, moves: boolean): void;
  /** Tells the store that cells which are sort keys change: call before, with the change made in `change`. */
  reorder(slot: number, change: () => void): void;
  /** All rows of one owner to another, behind its own or by the sort keys. Not where `find` names columns. */
  moveAll(from: number, to: number): void;
  removeAll(owner: number): void;
  /** The slot leaves its owner's rows, and can be read until it is discarded, within the same run. */
  detach(slot: number): void;
  discard(slot: number): void;
}

/** Rows in an order. Positions count from 0. */
export interface SortedTable extends OwnedTable {
  /** Position of the slot among its owner's. */
  rank(slot: number): number;
  nth(owner: number, position: number): number;
  /** The first slot whose first sort key, a number or a time in ms, is not below `bound` (ascending order). */
  seek(owner: number, bound: number): number;
  /** A row equal in its sort keys to `detached`, in whose place it stands. */
  appendInPlaceOf(detached: number, columns: readonly Column[], row: number): number;
  /** The order of a slot's sort keys and those of a row that is in no table; arrival aside. */
  compareRow(slot: number, columns: readonly Column[], row: number): number;
}

/** At most one time for a slot. */
export interface Timers {
  /** The least time, or Infinity. */
  readonly next: number;
  /** Ms; NaN where none is set. */
  timeOf(slot: number): number;
  set(slot: number, at: number): void;
  clear(slot: number): void;
  /** Takes out slots whose time is at most `at`: least time first, equal times by slot; into `into` from `from`
   *  on, as many as fit. Returns how many. */
  due(at: number, into: Int32Array, from?: number): number;
}

/** Rows that belong to no key, in order. */
export interface RowList {
  readonly size: number;
  readonly row: readonly StateColumn[];
  u8(name: string): U8Cells;
  f64(name: string): F64Cells;
  append(columns: readonly Column[], row: number): number;
  first(): number;
  next(slot: number): number;
  remove(slot: number): void;
}

export interface Scalar {
  value: number;
}

/** Scopes by the end of a slice of time. */
export interface Slices<T> {
  readonly size: number;
  /** Keys in all of them: those of the first table of each. */
  readonly keys: number;
  /** The slice's tables, or undefined: good until the end of the run, or of a walk through them. */
  get(end: number): T | undefined;
  /** The same, declared anew where there is none. */
  at(end: number): T;
  /** In order of end. */
  ends(): readonly number[];
  /** All that the slice holds goes. */
  drop(end: number): void;
  /** Tables like a slice's, empty, for what is merged out of several: no part of the state, good until the next call. */
  scratch(): T;
  /** What was merged goes. */
  clearScratch(): void;
  /** In the middle of a merge: nobody works on slots but those of walks, and some rows may leave memory. */
  settle(rows: number): void;
}

/** Where tables are declared, once, before the first row. */
export interface StateScope {
  keyed(spec: KeyedSpec): KeyedTable;
  owned(owner: Table, spec: OwnedSpec): OwnedTable;
  sorted(owner: Table, spec: OwnedSpec & { readonly order: NonNullable<OwnedSpec['order']> }): SortedTable;
}

/** All state of one operator instance. */
export interface StateStore extends StateScope {
  timers(of: Table, spec: TimersSpec): Timers;
  slices<T>(name: string, declare: (scope: StateScope) => T): Slices<T>;
  list(spec: {
    readonly name: string;
    readonly row: readonly LogicalType[];
    readonly cells?: OwnedSpec['cells'];
  }): RowList;
  scalar(spec: ScalarSpec): Scalar;
  /** Processing time of what follows: what TTL is measured by. */
  beginRun(now: number): void;
  /** `rows` rows are through: some that outlived their TTL go. */
  endRun(rows: number): void;
  readonly bytes: number;
}

/** How a store's contents leave and come back: as they lie, or as rows. */
export interface StatePersistence {
  /** Everything, as it lies: read back by a store of the same kind with the same declarations. */
  snapshot(to: StateWriter): void;
  restore(from: StateReader): void;
  /** What is declared. */
  shapes(): readonly TableShape[];
  /** The rows of these key groups: read by any store with the same declarations. */
  export(groups: KeyGroups): Iterable<SavedRow>;
  import(row: SavedRow): void;
  /** The key group of an exported row, by its key. */
  groupOf(row: SavedRow): number;
  /** What belongs to no key. */
  exportRest(): SavedRest;
  /** Takes over what several instances had: their scalars merged, of their lists' rows those that fall to `instance`. */
  importRest(parts: readonly SavedRest[], instance: number, instances: number): void;
}
/** The part of a store that is on disk already when a snapshot names it. */
export interface DiskSide {
  /** So much is being written that the operator waits; it is woken then. */
  readonly isBehind: boolean;
  /** Resolves when all that the last snapshot names is on the medium. */
  flush(): Promise<void>;
  /** The last snapshot is durable; `retained` of them are kept to go back to. */
  kept(retained: number): void;
  close(): Promise<void>;
}
export interface PersistentStore extends StateStore, StatePersistence {
  /** Absent where all is in memory. */
  readonly disk?: DiskSide;
}
