/* Values kept by slot: how keys, rows and accumulators live in state. What all types have in common: validity, and bulk
 * work done cell by cell where a type knows nothing faster.
 *
 *   i32, f64, time    flat arrays
 *   exact             narrow in a Float64Array; a value that outgrows it leaves NaN and lives in a side table by slot
 *   bytes             an arena that counts its garbage and is compacted at half
 *   row, list, map    the bytes of the value, in such an arena
 */

import { compareValues, type Column, type ColumnBuilder, type LogicalType, type Value } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import { fetchU8 } from '../fetch.ts';
import { roomy } from '../growable.ts';

export interface StateColumn {
  readonly type: LogicalType;
  /** For cells: a slot that was never set is NULL, in views too. */
  startNull(): this;
  /** Makes room for slots below `size`. Views taken before are stale. */
  ensure(size: number): void;
  /** Takes the cell of a batch; nulls included. */
  set(slot: number, column: Column, row: number): void;
  setValue(slot: number, value: Value): void;
  get(slot: number): Value;
  isNull(slot: number): boolean;
  /** Not distinct from: NULL equals NULL, NaN NaN, and -0 is not 0 (Flink's BinaryRowData). */
  equals(slot: number, column: Column, row: number): boolean;
  equalsSlot(slot: number, other: StateColumn, otherSlot: number): boolean;
  /** SQL's order of two values, neither of them NULL; `other` holds the same type. */
  compareSlot(slot: number, other: StateColumn, otherSlot: number): number;
  /** The same with a cell of a batch. */
  compareCell(slot: number, column: Column, row: number): number;
  copySlot(slot: number, other: StateColumn, otherSlot: number): void;
  /** Forgets what the slot held, so that its bytes may be used again. */
  clear(slot: number): void;
  /** False where `clear` has nothing to do. */
  readonly keepsApart: boolean;
  /** Takes row `from + i` into `slots[i]`, for `count` numbers i, which lie in `picks`. */
  setRows(slots: Int32Array, column: Column, from: number, picks: Int32Array, count: number): void;
  /** The first i at which `slots[i]` does not hold what row `from + i` has, or `count`. */
  firstDifference(slots: Int32Array, column: Column, from: number, count: number): number;
  /** The cells by slot as a batch's column, good until the next change; undefined while a value is wide. */
  view(): Column | undefined;
  appendTo(builder: ColumnBuilder, slot: number): void;
  appendSlots(builder: ColumnBuilder, slots: Int32Array, count: number): void;
  /** The same, where a slot of -1 is NULL. */
  appendSlotsOrNulls(builder: ColumnBuilder, slots: Int32Array, count: number): void;
  /** Brings the cells near: see fetch.ts. */
  fetch(slots: Int32Array, count: number): number;
  /** Memory that it holds, in bytes. */
  readonly bytes: number;
  snapshot(to: StateWriter, size: number): void;
  restore(from: StateReader): void;
  /** What one slot holds. */
  writeSlot(to: StateWriter, slot: number): void;
  /** The same, equal values in equal bytes: what a key is known by on disk. */
  writeKey(to: StateWriter, slot: number): void;
  readSlot(from: StateReader, slot: number): void;
}

export abstract class StateColumnBase implements StateColumn {
  readonly type: LogicalType;
  /** 1 for a value; 1 everywhere until a NULL is set, so that nobody writes or looks at it before. */
  protected valid = new Uint8Array(16).fill(1);
  /** A NULL was ever set: without, views say nothing of validity. */
  #nulls = false;

  constructor(type: LogicalType) {
    this.type = type;
  }
  /** A slot that was never set is NULL, in views too. */
  startNull(): this {
    this.#nulls = true;
    this.valid.fill(0);
    return this;
  }
  ensure(size: number): void {
    const had = this.valid.length;
    if (size <= had) return;
    this.valid = roomy(this.valid, size);
    if (!this.#nulls) this.valid.fill(1, had);
    this.grow(this.valid.length);
  }
  isNull(slot: number): boolean {
    return this.valid[slot] === 0;
  }
  set(slot: number, column: Column, row: number): void {
    if (column.valid !== undefined && column.valid[row] === 0) return this.#setNull(slot);
    this.markOne(slot);
    this.take(slot, column, row);
  }
  setValue(slot: number, value: Value): void {
    if (value === null) return this.#setNull(slot);
    this.markOne(slot);
    this.takeValue(slot, value);
  }
  /** The slot holds a value. */
  protected markOne(slot: number): void {
    if (this.#nulls) this.valid[slot] = 1;
  }
  #setNull(slot: number): void {
    this.clear(slot);
    this.valid[slot] = 0;
    this.#nulls = true;
  }
  get(slot: number): Value {
    return this.valid[slot] === 0 ? null : this.value(slot);
  }
  equals(slot: number, column: Column, row: number): boolean {
    const isNull = column.valid !== undefined && column.valid[row] === 0;
    if (isNull || this.valid[slot] === 0) return isNull && this.valid[slot] === 0;
    return this.same(slot, column, row);
  }
  equalsSlot(slot: number, other: StateColumn, otherSlot: number): boolean {
    if (this.isNull(slot) || other.isNull(otherSlot)) return this.isNull(slot) && other.isNull(otherSlot);
    return this.sameSlot(slot, other, otherSlot);
  }
  compareSlot(slot: number, other: StateColumn, otherSlot: number): number {
    return compareValues(this.get(slot), other.get(otherSlot));
  }
  copySlot(slot: number, other: StateColumn, otherSlot: number): void {
    this.setValue(slot, other.get(otherSlot));
  }
  clear(_slot: number): void {}
  get keepsApart(): boolean {
    return false;
  }

  setRows(slots: Int32Array, column: Column, from: number, picks: Int32Array, count: number): void {
    if (column.valid === undefined) return this.takeRows(slots, column, from, picks, count);
    for (let n = 0; n < count; n++) this.set(slots[picks[n]!]!, column, from + picks[n]!);
  }
  /** Of a column without NULLs. */
  protected takeRows(
    slots: Int32Array,
    column: Column,
    from: number,
    picks: Int32Array,
    count: number,
  ): void {
    for (let n = 0; n < count; n++) this.set(slots[picks[n]!]!, column, from + picks[n]!);
  }
  protected markValid(slots: Int32Array, picks: Int32Array, count: number): void {
    if (!this.#nulls) return;
    const { valid } = this;
    for (let n = 0; n < count; n++) valid[slots[picks[n]!]!] = 1;
  }
  firstDifference(slots: Int32Array, column: Column, from: number, count: number): number {
    for (let i = 0; i < count; i++) if (!this.equals(slots[i]!, column, from + i)) return i;
    return count;
  }
  /** For a view. */
  protected get validity(): Uint8Array | undefined {
    return this.#nulls ? this.valid : undefined;
  }
  protected get mayBeNull(): boolean {
    return this.#nulls;
  }
  appendTo(builder: ColumnBuilder, slot: number): void {
    const view = this.view();
    if (view === undefined) builder.append(this.get(slot));
    else builder.appendFrom(view, slot);
  }
  appendSlots(builder: ColumnBuilder, slots: Int32Array, count: number): void {
    const view = this.view();
    if (view !== undefined) builder.appendRows(view, slots, count);
    else for (let i = 0; i < count; i++) builder.append(this.get(slots[i]!));
  }
  appendSlotsOrNulls(builder: ColumnBuilder, slots: Int32Array, count: number): void {
    const view = this.view();
    if (view !== undefined) return builder.appendRowsOrNulls(view, slots, count);
    for (let i = 0; i < count; i++) {
      if (slots[i]! < 0) builder.appendNull();
      else builder.append(this.get(slots[i]!));
    }
  }

  fetch(slots: Int32Array, count: number): number {
    // Where nothing was ever NULL, no loop looks at validity.
    const seen = this.#nulls ? fetchU8(this.valid, slots, count) : 0;
    return seen + this.fetchValues(slots, count);
  }
  snapshot(to: StateWriter, size: number): void {
    this.ensure(size);
    to.u8(this.#nulls ? 1 : 0);
    to.bySlot(() => this.valid, size);
    this.write(to, size);
  }
  restore(from: StateReader): void {
    this.#nulls = from.u8() === 1;
    this.valid = from.bytes();
    // Slots that held nothing may lie there as NULL.
    if (!this.#nulls) this.valid.fill(1);
    this.read(from);
  }

  writeSlot(to: StateWriter, slot: number): void {
    to.u8(this.valid[slot]!);
    if (this.valid[slot] === 1) this.writeOne(to, slot);
  }
  writeKey(to: StateWriter, slot: number): void {
    this.writeSlot(to, slot);
  }
  readSlot(from: StateReader, slot: number): void {
    if (from.u8() === 0) return this.#setNull(slot);
    this.markOne(slot);
    this.readOne(from, slot);
  }

  abstract view(): Column | undefined;
  abstract readonly bytes: number;
  abstract compareCell(slot: number, column: Column, row: number): number;
  protected abstract grow(size: number): void;
  protected abstract fetchValues(slots: Int32Array, count: number): number;
  protected abstract take(slot: number, column: Column, row: number): void;
  protected abstract takeValue(slot: number, value: Exclude<Value, null>): void;
  protected abstract value(slot: number): Exclude<Value, null>;
  /** Neither is NULL. */
  protected abstract same(slot: number, column: Column, row: number): boolean;
  protected abstract sameSlot(slot: number, other: StateColumn, otherSlot: number): boolean;
  protected abstract write(to: StateWriter, size: number): void;
  protected abstract read(from: StateReader): void;
  /** Of a slot that is not NULL. */
  protected abstract writeOne(to: StateWriter, slot: number): void;
  protected abstract readOne(from: StateReader, slot: number): void;
}
