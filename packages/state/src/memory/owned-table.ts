/* Rows that belong to slots of another table, in memory: rows by slot, their owner, an order among them, and an index by
 * value where they are to be found.
 *
 *   owner ─▶ order (chain.ts, tree.ts) ─▶ slots
 *   (owner, row) ─▶ index ─▶ the oldest of equal rows ─▶ ring through those equal to it
 *
 * With `find: 'row'` each distinct row stands in the index once, however often it came: equal rows form a ring from the
 * oldest to the newest. So a row is found and removed in constant time, whatever it is equal to. */

import { assert } from '#base';
import { columnBuilder, finishHash, hashRows, type Column, type Value } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import { F64Cells, I32Cells, U8Cells } from '../columns/cells.ts';
import type { StateColumn } from '../columns/state-column.ts';
import type { SortedTable } from '../contract.ts';
import type { OrderKey, OwnedSpec } from '../spec.ts';
import { farSlots } from '../fetch.ts';
import { Chain } from './chain.ts';
import { Pages } from './pages.ts';
import type { RowOrder } from './row-order.ts';
import { SlotIndex } from './slot-index.ts';
import { MemoryTable } from './table.ts';
import { Tree } from './tree.ts';

interface Comparison {
  readonly key: OrderKey;
  readonly column: StateColumn | undefined;
  readonly cells: F64Cells | undefined;
}

export class MemoryOwnedTable extends MemoryTable implements SortedTable {
  created = false;
  readonly #owner: MemoryTable;
  readonly #owners = new I32Cells();
  /** Of what points from row to row: it changes with the neighbours of a row, the row itself does not. */
  readonly #links = new Pages();
  readonly #order: RowOrder;
  readonly #tree: Tree | undefined;
  readonly #comparisons: readonly Comparison[];
  /** The how-manieth row it was: the last sort key. */
  readonly #arrivals: F64Cells | undefined;
  #arrived = 0;
  /** Columns by which rows are found; undefined: they are not. */
  readonly #findBy: readonly number[] | undefined;
  readonly #unique: boolean;
  readonly #index = new SlotIndex();
  readonly #hashes = new I32Cells();
  readonly #ringNext = new I32Cells();
  readonly #ringPrevious = new I32Cells();
  /** 1 for a slot that stands in the index: of equal rows the oldest. */
  readonly #oldest = new U8Cells();
  /** Cells of the rings, where rows are in some. */
  readonly #rings: readonly (I32Cells | U8Cells)[];
  #runHashes = new Int32Array(16);
  /** Hashes made ahead: of which rows, whoever owns them. */
  #prepared = new Int32Array(16);
  #preparedColumns: readonly Column[] | undefined;
  #preparedFrom = 0;
  #preparedCount = 0;
  /** Owners that the order has room for. */
  #ownersMax = 0;
  /** Rows of a run that made a slot. */
  #made = new Int32Array(16);

  constructor(owner: MemoryTable, spec: OwnedSpec) {
    super({ name: spec.name, row: spec.row, cells: spec.cells ?? {}, ttl: spec.ttl });
    this.#owner = owner;
    const { order, find } = spec;
    this.#tree = order && new Tree((a, b) => this.#compare(a, b));
    this.#order = this.#tree ?? new Chain(this.#links);
    this.#arrivals = order && new F64Cells();
    this.#comparisons = (order ?? []).map((key) => ({
      key,
      column: typeof key.column === 'number' ? this.row[key.column]! : undefined,
      cells: typeof key.column === 'string' ? this.f64(key.column) : undefined,
    }));
    this.#findBy = find === 'row' ? spec.row.map((_, i) => i) : find;
    this.#unique = find !== undefined && find !== 'row';
    this.#rings = find === 'row' ? [this.#ringNext, this.#ringPrevious, this.#oldest] : [];
    owner.attach(this);
  }
  ownerOf(slot: number): number {
    return this.#owners.values[slot]!;
  }
  count(owner: number): number {
    return this.#order.count(owner);
  }
  first(owner: number): number {
    return this.#order.first(owner);
  }
  last(owner: number): number {
    return this.#order.last(owner);
  }
  next(slot: number): number {
    return this.#order.next(slot);
  }
  previous(slot: number): number {
    return this.#order.previous(slot);
  }
  rank(slot: number): number {
    return this.#treeOf().rank(slot);
  }
  nth(owner: number, position: number): number {
    return this.#treeOf().nth(owner, position);
  }
  seek(owner: number, bound: number): number {
    const { column, cells } = this.#comparisons[0]!;
    const values = cells?.values ?? numbersOf(column!);
    return this.#treeOf().seek(owner, (slot) => values[slot]! < bound);
  }
  #treeOf(): Tree {
    assert(this.#tree !== undefined, `the rows of "${this.name}" are sorted`);
    return this.#tree;
  }

  append(
    owner: number,
    columns: readonly Column[],
    row: number,
    cells?: Readonly<Record<string, number>>,
  ): number {
    assert(!this.#unique, 'rows that differ in columns are upserted');
    const slot = this.#add(owner, columns, row, cells);
    this.#indexRow(slot, columns, row);
    return slot;
  }
  appendRows(
    owners: Int32Array,
    columns: readonly Column[],
    from: number,
    picks: Int32Array,
    count: number,
    slots: Int32Array,
  ): void {
    assert(!this.#unique && this.#tree === undefined, 'rows in a chain are appended together');
    for (let n = 0; n < count; n++) {
      const i = picks[n]!;
      slots[i] = this.#add(owners[i]!, undefined, from + i);
    }
    for (let k = 0; k < this.row.length; k++) this.row[k]!.setRows(slots, columns[k]!, from, picks, count);
    if (this.#findBy === undefined) return;
    for (let n = 0; n < count; n++) this.#indexRow(slots[picks[n]!]!, columns, from + picks[n]!);
  }
  /** A new row becomes one that can be found. */
  #indexRow(slot: number, columns: readonly Column[], row: number): void {
    if (this.#findBy === undefined) return;
    const hash = this.#hash(this.ownerOf(slot), columns, row);
    if (!this.#unique) return this.#enter(slot, hash, columns, row);
    this.#hashes.values[slot] = hash;
    this.#index.put(slot, hash);
  }
  /** A row that was exported, behind those imported before it; its cells are known before it takes its place. */
  importRow(owner: number, columns: readonly Column[], cells: Readonly<Record<string, Value>>): number {
    const keys = this.#comparisons.flatMap(({ key }) => (typeof key.column === 'string' ? [key.column] : []));
    const sortCells = Object.fromEntries(keys.map((name) => [name, cells[name] as number]));
    if (!this.#unique) return this.append(owner, columns, 0, sortCells);
    assert(keys.length === 0, 'rows that differ in columns are sorted by columns');
    return this.upsertRow(owner, columns, 0);
  }
  override writeSlot(to: StateWriter, slot: number): void {
    super.writeSlot(to, slot);
    if (this.#arrivals !== undefined) to.f64(this.#arrivals.values[slot]!);
  }
  /** A row as `writeSlot` wrote it, behind those of its owner, or in its place among them; returns its slot. */
  readRow(owner: number, from: StateReader): number {
    const slot = this.#opened(owner);
    this.readSlot(from, slot);
    if (this.#arrivals !== undefined) this.#arrivals.values[slot] = from.f64();
    this.#enlist(owner, slot);
    if (this.#findBy === undefined) return slot;
    const views = this.row.map((column) => column.view());
    if (views.every((view) => view !== undefined)) this.#indexRow(slot, views, slot);
    else this.#indexRow(slot, oneRow(this.row, slot), 0);
    return slot;
  }
  /** A new row; without `columns` it is filled in later. */
  #add(
    owner: number,
    columns: readonly Column[] | undefined,
    row: number,
    cells?: Readonly<Record<string, number>>,
    arrival?: number,
  ): number {
    const slot = this.#opened(owner);
    if (this.#arrivals !== undefined) this.#arrivals.values[slot] = arrival ?? this.#arrived++;
    if (columns !== undefined) this.setRow(slot, columns, row);
    if (cells !== undefined) for (const name in cells) this.f64(name).values[slot] = cells[name]!;
    this.#enlist(owner, slot);
    return slot;
  }

  /** Puts the slot in its place among its owner's. */
  #enlist(owner: number, slot: number): void {
    this.#owner.pages.touch(owner);
    this.#order.insert(owner, slot);
  }
  #delist(owner: number, slot: number): void {
    this.#owner.pages.touch(owner);
    this.#order.remove(owner, slot);
  }
  #opened(owner: number): number {
    const slot = this.open();
    this.#owners.values[slot] = owner;
    if (this.#owner.extent > this.#ownersMax) {
      this.#ownersMax = this.#owner.extent + (this.#owner.extent >> 1);
      this.#order.ensure(this.#ownersMax, this.extent);
    }
    return slot;
  }

  protected makeRoom(size: number): void {
    this.#owners.ensure(size);
    this.#links.ensure(size);
    this.#order.ensure(this.#ownersMax, size);
    this.#arrivals?.ensure(size);
    if (this.#findBy !== undefined) this.#hashes.ensure(size);
    for (const cells of this.#rings) cells.ensure(size);
  }

  prepare(columns: readonly Column[], from: number, count: number): void {
    if (this.#findBy === undefined) return;
    this.#preparedColumns = columns;
    this.#preparedFrom = from;
    this.#preparedCount = count;
    if (this.#prepared.length < count) this.#prepared = new Int32Array(count);
    hashRows(this.#keyColumns(columns), from, from + count, this.#prepared);
  }
  #hash(owner: number, columns: readonly Column[], row: number): number {
    const at = row - this.#preparedFrom;
    if (columns === this.#preparedColumns && at >= 0 && at < this.#preparedCount)
      return mixOwner(this.#prepared[at]!, owner);
    hashRows(this.#keyColumns(columns), row, row + 1, this.#runHashes);
    return mixOwner(this.#runHashes[0]!, owner);
  }
  #keyColumns(columns: readonly Column[]): readonly Column[] {
    const by = this.#findBy!;
    if (by.length === columns.length) return columns;
    return by.map((i) => columns[i]!);
  }
  findRow(owner: number, columns: readonly Column[], row: number): number {
    return this.#find(owner, this.#hash(owner, columns, row), columns, row);
  }
  #find(owner: number, hash: number, columns: readonly Column[], row: number): number {
    const { pairs, mask } = this.#index.segment(hash);
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = pairs[at * 2]! - 1;
      if (slot < 0) return -1;
      if (pairs[at * 2 + 1] === hash && this.#isRow(slot, owner, columns, row)) return slot;
    }
  }
  #isRow(slot: number, owner: number, columns: readonly Column[], row: number): boolean {
    if (this.#owners.values[slot] !== owner) return false;
    const by = this.#findBy!;
    for (let k = 0; k < by.length; k++)
      if (!this.row[by[k]!]!.equals(slot, columns[by[k]!]!, row)) return false;
    return true;
  }
  upsertRow(owner: number, columns: readonly Column[], row: number): number {
    return this.#upsert(owner, this.#hash(owner, columns, row), columns, row);
  }
  #upsert(owner: number, hash: number, columns: readonly Column[], row: number): number {
    assert(this.#unique, 'only rows that differ in columns are upserted');
    const found = this.#find(owner, hash, columns, row);
    this.created = found < 0;
    if (found >= 0) return found;
    const slot = this.#add(owner, columns, row);
    this.#hashes.values[slot] = hash;
    this.#index.put(slot, hash);
    return slot;
  }
  upsertRows(
    owners: Int32Array,
    columns: readonly Column[],
    from: number,
    count: number,
    slots: Int32Array,
  ): void {
    assert(this.#unique, 'only rows that differ in columns are upserted');
    if (this.#runHashes.length < count) this.#runHashes = new Int32Array(count);
    if (this.#made.length < count) this.#made = new Int32Array(count);
    const hashes = this.#runHashes;
    hashRows(this.#keyColumns(columns), from, from + count, hashes);
    for (let i = 0; i < count; i++) hashes[i] = mixOwner(hashes[i]!, owners[i]!);
    const made = this.#probe(owners, columns, from, count, slots);
    const trusted = made < 0 ? 0 : this.#firstDifference(owners, columns, from, count, slots);
    if (trusted === count) return;
    this.#undo(made, trusted, slots);
    for (let i = trusted; i < count; i++) {
      const owner = owners[i]!;
      slots[i] = owner < 0 ? -1 : this.#upsert(owner, hashes[i]!, columns, from + i);
    }
  }
  /** Slots by hash alone, as in a keyed table; returns how many were made, -1 where a row has no owner. */
  #probe(
    owners: Int32Array,
    columns: readonly Column[],
    from: number,
    count: number,
    slots: Int32Array,
  ): number {
    for (let i = 0; i < count; i++) if (owners[i]! < 0) return -1;
    let made = 0;
    const hashes = this.#runHashes;
    // A row takes its place in an order by what it holds; in a chain it can be filled in afterwards, column by column.
    const sorted = this.#tree !== undefined;
    this.#index.fetch(hashes, count);
    for (let i = 0; i < count; i++) {
      const hash = hashes[i]!;
      const { pairs, mask } = this.#index.segment(hash);
      let at = (hash & mask) << 1;
      const wrap = (mask << 1) | 1;
      let slot = pairs[at]! - 1;
      while (slot >= 0 && pairs[at + 1] !== hash) {
        at = (at + 2) & wrap;
        slot = pairs[at]! - 1;
      }
      if (slot < 0) {
        slot = this.#add(owners[i]!, sorted ? columns : undefined, from + i);
        this.#hashes.values[slot] = hash;
        this.#index.put(slot, hash);
        this.#made[made++] = i;
      }
      slots[i] = slot;
    }
    if (!sorted)
      for (let k = 0; k < this.row.length; k++)
        this.row[k]!.setRows(slots, columns[k]!, from, this.#made, made);
    return made;
  }
  #firstDifference(
    owners: Int32Array,
    columns: readonly Column[],
    from: number,
    count: number,
    slots: Int32Array,
  ): number {
    const own = this.#owners.values;
    let first = 0;
    while (first < count && own[slots[first]!] === owners[first]) first++;
    if (this.extent > farSlots) this.fetch(slots, first);
    for (const c of this.#findBy!) first = this.row[c]!.firstDifference(slots, columns[c]!, from, first);
    return first;
  }
  #undo(made: number, trusted: number, slots: Int32Array): void {
    for (let m = made - 1; m >= 0 && this.#made[m]! >= trusted; m--) {
      const slot = slots[this.#made[m]!]!;
      this.detach(slot);
      for (const column of this.row) column.clear(slot);
      this.slots.undo(slot);
    }
  }

  /** Enters a new row into the index, or into the ring of those equal to it. */
  #enter(slot: number, hash: number, columns: readonly Column[], row: number): void {
    this.#hashes.values[slot] = hash;
    const oldest = this.#find(this.ownerOf(slot), hash, columns, row);
    this.#link(slot, hash, oldest);
  }
  #link(slot: number, hash: number, oldest: number): void {
    const next = this.#ringNext.values;
    const previous = this.#ringPrevious.values;
    this.#links.touch(slot);
    this.#oldest.values[slot] = oldest < 0 ? 1 : 0;
    if (oldest < 0) {
      next[slot] = slot;
      previous[slot] = slot;
      this.#index.put(slot, hash);
      return;
    }
    // In front of the oldest is behind the newest.
    const newest = previous[oldest]!;
    this.#links.touch(newest);
    this.#links.touch(oldest);
    next[newest] = slot;
    previous[slot] = newest;
    next[slot] = oldest;
    previous[oldest] = slot;
  }
  #leave(slot: number): void {
    if (this.#findBy === undefined) return;
    const hash = this.#hashes.values[slot]!;
    if (this.#unique) return this.#index.remove(slot, hash);
    const next = this.#ringNext.values[slot]!;
    if (next === slot) return this.#index.remove(slot, hash);
    const previous = this.#ringPrevious.values[slot]!;
    this.#links.touch(previous);
    this.#links.touch(next);
    this.#ringNext.values[previous] = next;
    this.#ringPrevious.values[next] = previous;
    if (this.#oldest.values[slot] === 0) return;
    this.#index.replace(slot, next, hash);
    this.#oldest.values[next] = 1;
  }

  replace(slot: number, columns: readonly Column[], row: number, moves: boolean): void {
    const owner = this.ownerOf(slot);
    this.writeOne(slot);
    if (moves) this.#delist(owner, slot);
    // Rows that differ in columns keep them: only what is found by its whole changes its place in the index.
    if (!this.#unique) this.#leave(slot);
    this.setRow(slot, columns, row);
    if (!this.#unique && this.#findBy !== undefined)
      this.#enter(slot, this.#hash(owner, columns, row), columns, row);
    if (!moves) return;
    if (this.#arrivals !== undefined) this.#arrivals.values[slot] = this.#arrived++;
    this.#enlist(owner, slot);
  }
  reorder(slot: number, change: () => void): void {
    const owner = this.ownerOf(slot);
    this.writeOne(slot);
    this.#delist(owner, slot);
    change();
    this.#enlist(owner, slot);
  }
  moveAll(from: number, to: number): void {
    assert(this.#findBy === undefined, 'rows that are found by value stay with their owner');
    for (let slot = this.first(from); slot >= 0; slot = this.first(from)) {
      this.#delist(from, slot);
      this.writeOne(slot);
      this.#owners.values[slot] = to;
      this.#enlist(to, slot);
    }
  }

  compareRow(slot: number, columns: readonly Column[], row: number): number {
    for (const { key, column } of this.#comparisons) {
      const cell = columns[key.column as number]!;
      const theirsNull = cell.valid !== undefined && cell.valid[row] === 0;
      const ordered = withNulls(key, column!.isNull(slot), theirsNull);
      if (ordered !== undefined && ordered !== 0) return ordered;
      if (ordered === 0) continue;
      const order = column!.compareCell(slot, cell, row);
      if (order !== 0) return key.descending ? -order : order;
    }
    return 0;
  }
  #compare(slot: number, other: number): number {
    for (const { key, column, cells } of this.#comparisons) {
      if (cells !== undefined) {
        const order = cells.values[slot]! - cells.values[other]!;
        if (order !== 0) return key.descending ? -order : order;
        continue;
      }
      const ordered = withNulls(key, column!.isNull(slot), column!.isNull(other));
      if (ordered !== undefined && ordered !== 0) return ordered;
      if (ordered === 0) continue;
      const order = column!.compareSlot(slot, column!, other);
      if (order !== 0) return key.descending ? -order : order;
    }
    return this.#arrivals!.values[slot]! - this.#arrivals!.values[other]!;
  }

  remove(slot: number): void {
    this.detach(slot);
    this.release(slot);
  }
  detach(slot: number): void {
    this.#leave(slot);
    this.#delist(this.ownerOf(slot), slot);
  }
  discard(slot: number): void {
    this.release(slot);
  }
  appendInPlaceOf(detached: number, columns: readonly Column[], row: number): number {
    const slot = this.#add(
      this.ownerOf(detached),
      columns,
      row,
      undefined,
      this.#arrivals!.values[detached]!,
    );
    this.#indexRow(slot, columns, row);
    return slot;
  }
  removeAll(owner: number): void {
    for (let slot = this.first(owner); slot >= 0; slot = this.first(owner)) this.remove(slot);
  }
  forget(owner: number): void {
    this.removeAll(owner);
  }
  forgetAll(): void {
    this.#index.clear();
    this.#order.clear();
    this.releaseAll();
  }

  override get bytes(): number {
    return (
      super.bytes +
      this.#owners.bytes +
      this.#links.bytes +
      this.#order.bytes +
      (this.#arrivals?.bytes ?? 0) +
      (this.#findBy === undefined ? 0 : this.#index.bytes + this.#hashes.bytes + this.#runHashes.byteLength) +
      this.#rings.reduce((bytes, cells) => bytes + cells.bytes, 0)
    );
  }
  /** What is kept by the slots of the owner: where each owner's rows begin. */
  snapshotBySlot(to: StateWriter, owners: number): void {
    this.#order.ensure(owners, this.extent);
    this.#order.snapshotOwners(to, owners);
  }
  restoreBySlot(from: StateReader): void {
    this.#order.restoreOwners(from);
  }
  override snapshot(to: StateWriter): void {
    super.snapshot(to);
    to.behind(this.#links);
    this.#order.snapshotSlots(to, this.extent);
    for (const cells of this.#rings) cells.snapshot(to, this.extent);
    to.behind(undefined);
    this.#order.snapshotApart(to, this.extent);
    to.f64(this.#arrived);
  }
  override restore(from: StateReader): void {
    super.restore(from);
    this.#order.restoreSlots(from);
    for (const cells of this.#rings) cells.restore(from);
    this.#links.ensure(this.extent);
    this.#links.touchAll();
    this.#order.restoreApart(from);
    this.#arrived = from.f64();
    if (this.#findBy !== undefined) this.#indexAll();
  }
  #indexAll(): void {
    const { live } = this.slots;
    let entered = live;
    if (!this.#unique) {
      const oldest = this.#oldest.values;
      entered = new Uint8Array(this.extent);
      for (let slot = 0; slot < this.extent; slot++) entered[slot] = live[slot]! & oldest[slot]!;
    }
    this.#index.fill(entered, this.#hashes.values, this.extent);
  }
  protected snapshotMore(to: StateWriter): void {
    this.#owners.snapshot(to, this.extent);
    this.#arrivals?.snapshot(to, this.extent);
    if (this.#findBy !== undefined) this.#hashes.snapshot(to, this.extent);
  }
  protected restoreMore(from: StateReader): void {
    this.#owners.restore(from);
    this.#arrivals?.restore(from);
    if (this.#findBy !== undefined) this.#hashes.restore(from);
  }
  override get isWatched(): boolean {
    return super.isWatched || this.#links.isWatched;
  }
}

/** The order where one of two is NULL, 0 where both are; undefined where none is. */
function withNulls(key: OrderKey, aNull: boolean, bNull: boolean): number | undefined {
  if (!aNull && !bNull) return undefined;
  if (aNull && bNull) return 0;
  return aNull === (key.nullsLast ?? false) ? 1 : -1;
}
const mixOwner = (hash: number, owner: number): number => finishHash(hash ^ Math.imul(owner + 1, 0x9e3779b1));

/** What a slot holds, as a row of columns. */
function oneRow(row: readonly StateColumn[], slot: number): Column[] {
  return row.map((column) => {
    const builder = columnBuilder(column.type);
    builder.append(column.get(slot));
    return builder.build();
  });
}
/** Milliseconds or numbers by slot. */
function numbersOf(column: StateColumn): Float64Array | Int32Array {
  const view = column.view();
  assert(view !== undefined && (view.layout === 'time' || 'values' in view), 'a sort key of numbers');
  return view.layout === 'time' ? view.millis : (view as { values: Float64Array }).values;
}
