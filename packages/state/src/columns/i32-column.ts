/* BOOLEAN, integers up to INT, DATE, TIME, months by slot. */

import { assert } from '#base';
import type { Column, I32Column, Value } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import { fetchI32 } from '../fetch.ts';
import { roomy } from '../growable.ts';
import { StateColumnBase, type StateColumn } from './state-column.ts';

export class I32StateColumn extends StateColumnBase {
  #view: I32Column | undefined;
  values = new Int32Array(16);

  protected grow(size: number): void {
    this.values = roomy(this.values, size);
  }
  protected fetchValues(slots: Int32Array, count: number): number {
    return fetchI32(this.values, slots, count);
  }
  protected take(slot: number, column: Column, row: number): void {
    this.values[slot] = (column as { values: Int32Array }).values[row]!;
  }
  protected takeValue(slot: number, value: Exclude<Value, null>): void {
    this.values[slot] = Number(value);
  }
  protected override takeRows(
    slots: Int32Array,
    column: Column,
    from: number,
    picks: Int32Array,
    count: number,
  ): void {
    assert(column.layout === 'i32', 'an i32 column');
    const { values } = this;
    for (let n = 0; n < count; n++) {
      const i = picks[n]!;
      values[slots[i]!] = column.values[from + i]!;
    }
    this.markValid(slots, picks, count);
  }
  protected value(slot: number): Exclude<Value, null> {
    return this.type.kind === 'BOOLEAN' ? this.values[slot] !== 0 : this.values[slot]!;
  }
  protected same(slot: number, column: Column, row: number): boolean {
    return this.values[slot] === (column as { values: Int32Array }).values[row];
  }
  protected sameSlot(slot: number, other: StateColumn, otherSlot: number): boolean {
    return this.values[slot] === (other as I32StateColumn).values[otherSlot];
  }
  override firstDifference(slots: Int32Array, column: Column, from: number, count: number): number {
    if (column.valid !== undefined || this.mayBeNull)
      return super.firstDifference(slots, column, from, count);
    assert(column.layout === 'i32', 'an i32 column');
    const { values } = this;
    const others = column.values;
    for (let i = 0; i < count; i++) if (values[slots[i]!] !== others[from + i]) return i;
    return count;
  }
  override compareSlot(slot: number, other: StateColumn, otherSlot: number): number {
    return this.values[slot]! - (other as I32StateColumn).values[otherSlot]!;
  }
  compareCell(slot: number, column: Column, row: number): number {
    return this.values[slot]! - (column as { values: Int32Array }).values[row]!;
  }
  view(): Column {
    const { validity: valid, values } = this;
    const known = this.#view;
    if (known?.values === values && known.valid === valid) return known;
    return (this.#view = { layout: 'i32', valid, values });
  }
  get bytes(): number {
    return this.valid.byteLength + this.values.byteLength;
  }
  protected write(to: StateWriter, size: number): void {
    to.bySlot(() => this.values, size);
  }
  protected read(from: StateReader): void {
    this.values = from.i32s();
  }
  protected writeOne(to: StateWriter, slot: number): void {
    to.i32(this.values[slot]!);
  }
  protected readOne(from: StateReader, slot: number): void {
    this.values[slot] = from.i32();
  }
}
