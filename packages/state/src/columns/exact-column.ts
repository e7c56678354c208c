/* BIGINT, DECIMAL and milliseconds of an interval by slot: narrow, or NaN and the value in a side table. */

import { assert } from '#base';
import { wideAt, type Column, type NarrowColumn, type Value } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import { fetchF64 } from '../fetch.ts';
import { roomy } from '../growable.ts';
import { StateColumnBase, type StateColumn } from './state-column.ts';

/** An entry of a Map from slot to bigint. */
const wideEntryBytes = 72;
const narrowMax = BigInt(Number.MAX_SAFE_INTEGER);

export class ExactStateColumn extends StateColumnBase {
  #view: NarrowColumn | undefined;
  /** NaN where the value is wide. */
  values = new Float64Array(16);
  readonly #wide = new Map<number, bigint>();

  protected grow(size: number): void {
    this.values = roomy(this.values, size);
  }
  protected fetchValues(slots: Int32Array, count: number): number {
    return fetchF64(this.values, slots, count);
  }
  protected take(slot: number, column: Column, row: number): void {
    assert(column.layout === 'exact', 'an exact column');
    if (column.wide) return this.takeValue(slot, wideAt(column, row));
    if (this.#wide.size > 0) this.clear(slot);
    this.values[slot] = column.values[row]!;
  }
  protected takeValue(slot: number, value: Exclude<Value, null>): void {
    const v = value as bigint;
    if (v >= -narrowMax && v <= narrowMax) {
      if (this.#wide.size > 0) this.clear(slot);
      this.values[slot] = Number(v);
    } else {
      this.values[slot] = Number.NaN;
      this.#wide.set(slot, v);
    }
  }
  protected override takeRows(
    slots: Int32Array,
    column: Column,
    from: number,
    picks: Int32Array,
    count: number,
  ): void {
    assert(column.layout === 'exact', 'an exact column');
    if (column.wide || this.#wide.size > 0) return super.takeRows(slots, column, from, picks, count);
    const { values } = this;
    for (let n = 0; n < count; n++) {
      const i = picks[n]!;
      values[slots[i]!] = column.values[from + i]!;
    }
    this.markValid(slots, picks, count);
  }
  protected value(slot: number): Exclude<Value, null> {
    return this.big(slot);
  }
  /** A narrow value. */
  setNumber(slot: number, value: number): void {
    if (this.#wide.size > 0) this.clear(slot);
    this.markOne(slot);
    this.values[slot] = value;
  }
  /** The value of a slot that is not NULL. */
  big(slot: number): bigint {
    const v = this.values[slot]!;
    return Number.isNaN(v) ? this.#wide.get(slot)! : BigInt(v);
  }
  protected same(slot: number, column: Column, row: number): boolean {
    assert(column.layout === 'exact', 'an exact column');
    if (!column.wide) return this.values[slot] === column.values[row];
    return this.big(slot) === wideAt(column, row);
  }
  protected sameSlot(slot: number, other: StateColumn, otherSlot: number): boolean {
    return this.big(slot) === (other as ExactStateColumn).big(otherSlot);
  }
  override firstDifference(slots: Int32Array, column: Column, from: number, count: number): number {
    assert(column.layout === 'exact', 'an exact column');
    if (column.valid !== undefined || this.mayBeNull || column.wide)
      return super.firstDifference(slots, column, from, count);
    const { values } = this;
    const others = column.values;
    for (let i = 0; i < count; i++) if (values[slots[i]!] !== others[from + i]) return i;
    return count;
  }
  override get keepsApart(): boolean {
    return true;
  }
  override clear(slot: number): void {
    if (this.#wide.size > 0) this.#wide.delete(slot);
  }
  override compareSlot(slot: number, other: StateColumn, otherSlot: number): number {
    // NaN where one of them is wide: then the values themselves are compared.
    const columns = other as ExactStateColumn;
    const difference = this.values[slot]! - columns.values[otherSlot]!;
    return Number.isNaN(difference) ? order(this.big(slot), columns.big(otherSlot)) : difference;
  }
  compareCell(slot: number, column: Column, row: number): number {
    assert(column.layout === 'exact', 'an exact column');
    if (!column.wide) {
      const difference = this.values[slot]! - column.values[row]!;
      return Number.isNaN(difference) ? order(this.big(slot), BigInt(column.values[row]!)) : difference;
    }
    return order(this.big(slot), wideAt(column, row));
  }
  view(): Column | undefined {
    if (this.#wide.size > 0) return undefined;
    const { validity: valid, values } = this;
    const known = this.#view;
    if (known?.values === values && known.valid === valid) return known;
    return (this.#view = { layout: 'exact', wide: false, valid, values });
  }
  get bytes(): number {
    return this.valid.byteLength + this.values.byteLength + this.#wide.size * wideEntryBytes;
  }
  protected write(to: StateWriter, size: number): void {
    to.bySlot(() => this.values, size);
    to.i32(this.#wide.size);
    for (const [slot, value] of this.#wide) {
      to.i32(slot);
      to.bigint(value);
    }
  }
  protected read(from: StateReader): void {
    this.values = from.f64s();
    this.#wide.clear();
    for (let n = from.i32(); n > 0; n--) this.#wide.set(from.i32(), from.bigint());
  }
  protected writeOne(to: StateWriter, slot: number): void {
    const value = this.values[slot]!;
    const isWide = Number.isNaN(value);
    to.u8(isWide ? 1 : 0);
    if (isWide) to.bigint(this.#wide.get(slot)!);
    else to.f64(value);
  }
  protected readOne(from: StateReader, slot: number): void {
    if (from.u8() === 0) this.setNumber(slot, from.f64());
    else this.takeValue(slot, from.bigint());
  }
}
const order = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
