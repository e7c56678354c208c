/* What every table in memory has: slots, a row and cells by slot, the tables and timers that belong to its slots, and a
 * time to live. A slot that is removed takes along what belongs to it. */

import { assert } from '#base';
import type { Column, LogicalType, Row, Value } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import { F64Cells, I32Cells, U8Cells, type RawCells } from '../columns/cells.ts';
import { stateColumn } from '../columns/index.ts';
import type { StateColumn } from '../columns/state-column.ts';
import { cellText } from '../shape.ts';
import type { CellType, Ttl } from '../spec.ts';
import type { Table } from '../contract.ts';
import { farSlots } from '../fetch.ts';
import type { Pages } from './pages.ts';
import { Slots } from './slots.ts';

/** Something that keeps values by the slots of a table, whose pages it touches when it changes them. */
export interface Belonging {
  /** The slot goes: what belongs to it goes too. */
  forget(slot: number): void;
  /** All slots go at once. */
  forgetAll(): void;
  /** What it keeps by slot, for the first `size` of them. */
  snapshotBySlot(to: StateWriter, size: number): void;
  restoreBySlot(from: StateReader): void;
}

/** How many slots one run looks at for those that lived too long, at least and per row of it. */
const sweepMin = 8;

export interface TableParts {
  readonly name: string;
  readonly row: readonly LogicalType[];
  readonly cells: Readonly<Record<string, CellType>>;
  readonly ttl: Ttl | undefined;
}

export abstract class MemoryTable implements Table {
  readonly name: string;
  readonly row: readonly StateColumn[];
  readonly ttl: Ttl | undefined;
  protected readonly slots = new Slots();
  readonly #cells = new Map<string, RawCells | StateColumn>();
  readonly #cellTypes = new Map<string, CellType>();
  /** Cells that begin at 0 in rows of a query that had them not. */
  readonly zeros: string[] = [];
  readonly #columns: readonly (RawCells | StateColumn)[];
  /** Columns of the row that keep something outside of their flat arrays. */
  readonly #clearable: readonly StateColumn[];
  /** Slots that all columns have room for. */
  #capacity = 0;
  readonly #belonging: Belonging[] = [];
  /** When a slot was last renewed; kept with a TTL alone. */
  readonly #renewed: F64Cells | undefined;
  protected now = -Infinity;
  #sweep = 0;

  constructor({ name, row, cells, ttl }: TableParts) {
    this.name = name;
    this.row = row.map(stateColumn);
    this.#clearable = this.row.filter((c) => c.keepsApart);
    for (const [cell, type] of Object.entries(cells)) this.#declare(cell, type);
    this.ttl = ttl !== undefined && ttl.ms > 0 ? ttl : undefined;
    this.#renewed = this.ttl && new F64Cells();
    this.#columns = [...this.row, ...this.#cells.values(), ...(this.#renewed ? [this.#renewed] : [])];
  }
  get size(): number {
    return this.slots.size;
  }
  get extent(): number {
    return this.slots.extent;
  }
  get pages(): Pages {
    return this.slots.pages;
  }
  isLive(slot: number): boolean {
    return this.slots.live[slot] === 1;
  }
  f64(name: string): F64Cells {
    const cells = this.#cells.get(name);
    assert(cells instanceof F64Cells, `the table "${this.name}" has f64 cells "${name}"`);
    return cells;
  }
  i32(name: string): I32Cells {
    const cells = this.#cells.get(name);
    assert(cells instanceof I32Cells, `the table "${this.name}" has i32 cells "${name}"`);
    return cells;
  }
  u8(name: string): U8Cells {
    const cells = this.#cells.get(name);
    assert(cells instanceof U8Cells, `the table "${this.name}" has u8 cells "${name}"`);
    return cells;
  }
  values(name: string): StateColumn {
    const cells = this.#cells.get(name);
    assert(cells !== undefined && 'compareSlot' in cells, `the table "${this.name}" has values "${name}"`);
    return cells;
  }
  /** Adds cells to a table that holds nothing yet. */
  addCells(cells: Readonly<Record<string, CellType>>, zeros: readonly string[] = []): void {
    this.zeros.push(...zeros);
    assert(this.extent === 0, 'cells are declared before the first slot');
    for (const [name, type] of Object.entries(cells)) {
      assert(!this.#cells.has(name), `the cells "${name}" are declared once`);
      const column = this.#declare(name, type);
      (this.#columns as (RawCells | StateColumn)[]).push(column);
    }
    this.#capacity = 0;
  }
  #declare(name: string, type: CellType): RawCells | StateColumn {
    const column = cellsOf(type);
    this.#cells.set(name, column);
    this.#cellTypes.set(name, type);
    return column;
  }
  /** Its cells by name, types as text. */
  get cellShapes(): Record<string, string> {
    return Object.fromEntries([...this.#cellTypes].map(([name, type]) => [name, cellText(type)]));
  }
  /** What keeps values by this table's slots. */
  attach(belonging: Belonging): void {
    this.#belonging.push(belonging);
  }

  /** A new slot, its cells 0 and its values NULL. */
  protected open(): number {
    const slot = this.slots.take();
    if (slot >= this.#capacity) this.#grow(slot + 1);
    if (this.#renewed !== undefined) this.#renewed.values[slot] = this.now;
    return slot;
  }
  #grow(size: number): void {
    // In steps, for every column: what is asked for at once costs one copy, and beyond some size none (growable.ts).
    this.#capacity = Math.max(16, size, this.#capacity + (this.#capacity >> 1));
    for (const column of this.#columns) column.ensure(this.#capacity);
    this.makeRoom(this.#capacity);
  }
  /** Room for as many slots in what a kind of table keeps beside rows and cells. */
  protected abstract makeRoom(size: number): void;
  /** What the slot kept is forgotten: as new. */
  protected wipe(slot: number): void {
    for (const cells of this.#cells.values()) {
      if (isValues(cells)) cells.setValue(slot, null);
      else cells.values[slot] = 0;
    }
    for (const belonging of this.#belonging) belonging.forget(slot);
  }
  protected release(slot: number): void {
    this.pages.touch(slot);
    for (const column of this.#clearable) column.clear(slot);
    this.wipe(slot);
    this.slots.give(slot);
  }
  protected releaseAll(): void {
    this.pages.touchAll();
    for (let slot = 0; slot < this.extent; slot++) {
      if (!this.isLive(slot)) continue;
      for (const column of this.#clearable) column.clear(slot);
      for (const cells of this.#cells.values()) {
        if (isValues(cells)) cells.setValue(slot, null);
        else cells.values[slot] = 0;
      }
    }
    for (const belonging of this.#belonging) belonging.forgetAll();
    this.slots.clear();
  }
  abstract remove(slot: number): void;

  /** Brings rows and cells near: see fetch.ts. */
  protected fetch(slots: Int32Array, count: number): void {
    let seen = 0;
    for (const column of this.#columns) seen += column.fetch(slots, count);
    this.fetched = seen;
  }
  /** So that the loads are not left out. */
  protected fetched = 0;
  write(slots: Int32Array, count: number): void {
    this.pages.touchSlots(slots, count);
    if (this.extent > farSlots) this.fetch(slots, count);
    if (this.#renewed === undefined) return;
    const { values } = this.#renewed;
    for (let i = 0; i < count; i++) values[slots[i]!] = this.now;
  }
  writeOne(slot: number): void {
    this.pages.touch(slot);
    if (this.#renewed !== undefined) this.#renewed.values[slot] = this.now;
  }
  touch(slot: number): void {
    this.pages.touch(slot);
  }
  /** False when the slot lived too long: it counts as gone. */
  fresh(slot: number): boolean {
    if (this.#renewed === undefined) return true;
    return this.now - this.#renewed.values[slot]! < this.ttl!.ms;
  }
  protected found(slot: number): void {
    if (this.ttl?.renewedBy === 'read-write') this.writeOne(slot);
  }
  beginRun(now: number): void {
    this.now = now;
  }
  /** Removes some of the slots that lived too long: about one look a row, so that all are seen in time. */
  sweep(rows: number): void {
    if (this.ttl === undefined) return;
    for (let n = Math.min(this.extent, sweepMin + rows); n > 0; n--) {
      this.#sweep = this.#sweep + 1 < this.extent ? this.#sweep + 1 : 0;
      if (this.isLive(this.#sweep) && !this.fresh(this.#sweep)) this.remove(this.#sweep);
    }
  }
  setRow(slot: number, columns: readonly Column[], row: number): void {
    this.pages.touch(slot);
    for (let i = 0; i < this.row.length; i++) this.row[i]!.set(slot, columns[i]!, row);
  }
  setRows(
    slots: Int32Array,
    columns: readonly Column[],
    from: number,
    picks: Int32Array,
    count: number,
  ): void {
    for (let n = 0; n < count; n++) this.pages.touch(slots[picks[n]!]!);
    for (let c = 0; c < this.row.length; c++) this.row[c]!.setRows(slots, columns[c]!, from, picks, count);
  }
  /** The row of a slot as values, for export. */
  rowValues(slot: number): Row {
    return this.row.map((c) => c.get(slot));
  }
  /** What the cells of a slot hold, by name. */
  cellValues(slot: number): Record<string, Value> {
    const out: Record<string, Value> = {};
    for (const [name, cells] of this.#cells)
      out[name] = isValues(cells) ? cells.get(slot) : cells.values[slot]!;
    if (this.#renewed !== undefined) out['$renewed'] = this.#renewed.values[slot]!;
    return out;
  }
  setCellValues(slot: number, values: Readonly<Record<string, Value>>): void {
    for (const [name, value] of Object.entries(values)) {
      if (name === '$renewed') {
        if (this.#renewed !== undefined) this.#renewed.values[slot] = value as number;
        continue;
      }
      const cells = this.#cells.get(name);
      assert(cells !== undefined, `imported cells "${name}" of "${this.name}" are declared`);
      if (isValues(cells)) cells.setValue(slot, value);
      else cells.values[slot] = value as number;
    }
  }
  /** The row and cells of a slot, as they lie. */
  writeSlot(to: StateWriter, slot: number): void {
    for (const column of this.#columns) column.writeSlot(to, slot);
  }
  readSlot(from: StateReader, slot: number): void {
    this.pages.touch(slot);
    for (const column of this.#columns) column.readSlot(from, slot);
  }
  /** When the slot was last renewed, ms; where the table has a TTL. */
  protected renewedAt(slot: number): number {
    return this.#renewed!.values[slot]!;
  }
  /** Slots in use in memory. */
  get liveSize(): number {
    return this.slots.size;
  }
  /** What its live slots take of its memory, about. */
  get liveBytes(): number {
    return this.extent === 0 ? 0 : (this.bytes * this.liveSize) / this.extent;
  }
  get bytes(): number {
    let bytes = this.slots.bytes;
    for (const column of this.#columns) bytes += column.bytes;
    return bytes;
  }
  snapshot(to: StateWriter): void {
    to.behind(this.pages);
    this.slots.snapshot(to);
    for (const column of this.#columns) column.snapshot(to, this.extent);
    this.snapshotMore(to);
    for (const belonging of this.#belonging) belonging.snapshotBySlot(to, this.extent);
    to.behind(undefined);
  }
  restore(from: StateReader): void {
    this.slots.restore(from);
    for (const column of this.#columns) column.restore(from);
    this.#capacity = 0;
    this.restoreMore(from);
    for (const belonging of this.#belonging) belonging.restoreBySlot(from);
  }
  /** What a kind of table keeps by slot beside rows and cells. */
  protected abstract snapshotMore(to: StateWriter): void;
  protected abstract restoreMore(from: StateReader): void;
  /** A snapshot still has to copy some of it. */
  get isWatched(): boolean {
    return this.pages.isWatched;
  }
}

const isValues = (cells: RawCells | StateColumn): cells is StateColumn => 'compareSlot' in cells;

function cellsOf(type: CellType): RawCells | StateColumn {
  switch (type) {
    case 'f64':
      return new F64Cells();
    case 'i32':
      return new I32Cells();
    case 'u8':
      return new U8Cells();
    default:
      return stateColumn(type).startNull();
  }
}
