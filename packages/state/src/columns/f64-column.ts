/* FLOAT and DOUBLE by slot. */

import { assert } from '#base';
import { compareValues, type Column, type F64Column, type Value } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import { fetchF64 } from '../fetch.ts';
import { roomy } from '../growable.ts';
import { StateColumnBase, type StateColumn } from './state-column.ts';

export class F64StateColumn extends StateColumnBase {
  #view: F64Column | undefined;
  values = new Float64Array(16);

  protected grow(size: number): void {
    this.values = roomy(this.values, size);
  }
  protected fetchValues(slots: Int32Array, count: number): number {
    return fetchF64(this.values, slots, count);
  }
  protected take(slot: number, column: Column, row: number): void {
    this.values[slot] = (column as { values: Float64Array }).values[row]!;
  }
  protected takeValue(slot: number, value: Exclude<Value, null>): void {
    this.values[slot] = value as number;
  }
  protected override takeRows(
    slots: Int32Array,
    column: Column,
    from: number,
    picks: Int32Array,
    count: number,
  ): void {
    assert(column.layout === 'f64', 'an f64 column');
    const { values } = this;
    for (let n = 0; n < count; n++) {
      const i = picks[n]!;
      values[slots[i]!] = column.values[from + i]!;
    }
    this.markValid(slots, picks, count);
  }
  protected value(slot: number): Exclude<Value, null> {
    return this.values[slot]!;
  }
  protected same(slot: number, column: Column, row: number): boolean {
    return Object.is(this.values[slot], (column as { values: Float64Array }).values[row]);
  }
  protected sameSlot(slot: number, other: StateColumn, otherSlot: number): boolean {
    return Object.is(this.values[slot], (other as F64StateColumn).values[otherSlot]);
  }
  override compareSlot(slot: number, other: StateColumn, otherSlot: number): number {
    return compareValues(this.values[slot]!, (other as F64StateColumn).values[otherSlot]!);
  }
  compareCell(slot: number, column: Column, row: number): number {
    return compareValues(this.values[slot]!, (column as { values: Float64Array }).values[row]!);
  }
  view(): Column {
    const { validity: valid, values } = this;
    const known = this.#view;
    if (known?.values === values && known.valid === valid) return known;
    return (this.#view = { layout: 'f64', valid, values });
  }
  get bytes(): number {
    return this.valid.byteLength + this.values.byteLength;
  }
  protected write(to: StateWriter, size: number): void {
    to.bySlot(() => this.values, size);
  }
  protected read(from: StateReader): void {
    this.values = from.f64s();
  }
  protected writeOne(to: StateWriter, slot: number): void {
    const value = this.values[slot]!;
    // NaN is one value, whatever its bits.
    to.f64(Number.isNaN(value) ? Number.NaN : value);
  }
  protected readOne(from: StateReader, slot: number): void {
    this.values[slot] = from.f64();
  }
}
