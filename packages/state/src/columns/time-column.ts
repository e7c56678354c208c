/* TIMESTAMP and TIMESTAMP_LTZ by slot: milliseconds, and nanoseconds once there are any. */

import { assert } from '#base';
import type { Column, Instant, TimeColumn, Value } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import { fetchF64 } from '../fetch.ts';
import { roomy } from '../growable.ts';
import { StateColumnBase, type StateColumn } from './state-column.ts';

const nanosAt = (column: TimeColumn, row: number): number =>
  column.nanos === undefined ? 0 : column.nanos[row]!;

export class TimeStateColumn extends StateColumnBase {
  #view: TimeColumn | undefined;
  millis = new Float64Array(16);
  #nanos: Int32Array<ArrayBuffer> | undefined;

  protected grow(size: number): void {
    this.millis = roomy(this.millis, size);
    if (this.#nanos !== undefined) this.#nanos = roomy(this.#nanos, size);
  }
  #put(slot: number, ms: number, ns: number): void {
    this.millis[slot] = ms;
    if (ns !== 0) this.#nanos = roomy(this.#nanos ?? new Int32Array(0), this.millis.length);
    if (this.#nanos !== undefined) this.#nanos[slot] = ns;
  }
  protected fetchValues(slots: Int32Array, count: number): number {
    return fetchF64(this.millis, slots, count);
  }
  protected take(slot: number, column: Column, row: number): void {
    assert(column.layout === 'time', 'a time column');
    this.#put(slot, column.millis[row]!, nanosAt(column, row));
  }
  protected takeValue(slot: number, value: Exclude<Value, null>): void {
    const { ms, ns } = value as Instant;
    this.#put(slot, ms, ns);
  }
  protected override takeRows(
    slots: Int32Array,
    column: Column,
    from: number,
    picks: Int32Array,
    count: number,
  ): void {
    assert(column.layout === 'time', 'a time column');
    if (column.nanos !== undefined || this.#nanos !== undefined)
      return super.takeRows(slots, column, from, picks, count);
    const { millis } = this;
    for (let n = 0; n < count; n++) {
      const i = picks[n]!;
      millis[slots[i]!] = column.millis[from + i]!;
    }
    this.markValid(slots, picks, count);
  }
  #nanosOf(slot: number): number {
    return this.#nanos === undefined ? 0 : this.#nanos[slot]!;
  }
  protected value(slot: number): Exclude<Value, null> {
    return { ms: this.millis[slot]!, ns: this.#nanosOf(slot) };
  }
  protected same(slot: number, column: Column, row: number): boolean {
    return this.compareCell(slot, column, row) === 0;
  }
  protected sameSlot(slot: number, other: StateColumn, otherSlot: number): boolean {
    return this.compareSlot(slot, other, otherSlot) === 0;
  }
  override compareSlot(slot: number, other: StateColumn, otherSlot: number): number {
    const times = other as TimeStateColumn;
    return this.millis[slot]! - times.millis[otherSlot]! || this.#nanosOf(slot) - times.#nanosOf(otherSlot);
  }
  compareCell(slot: number, column: Column, row: number): number {
    assert(column.layout === 'time', 'a time column');
    return this.millis[slot]! - column.millis[row]! || this.#nanosOf(slot) - nanosAt(column, row);
  }
  view(): Column {
    const { validity: valid, millis } = this;
    const nanos = this.#nanos;
    const known = this.#view;
    if (known?.millis === millis && known.valid === valid && known.nanos === nanos) return known;
    return (this.#view = { layout: 'time', valid, millis, nanos });
  }
  get bytes(): number {
    return this.valid.byteLength + this.millis.byteLength + (this.#nanos?.byteLength ?? 0);
  }
  protected write(to: StateWriter, size: number): void {
    to.bySlot(() => this.millis, size);
    to.u8(this.#nanos === undefined ? 0 : 1);
    if (this.#nanos !== undefined) to.bySlot(() => this.#nanos!, size);
  }
  protected read(from: StateReader): void {
    this.millis = from.f64s();
    this.#nanos = from.u8() === 1 ? from.i32s() : undefined;
  }
  protected writeOne(to: StateWriter, slot: number): void {
    to.f64(this.millis[slot]!);
    to.i32(this.#nanosOf(slot));
  }
  protected readOne(from: StateReader, slot: number): void {
    this.#put(slot, from.f64(), from.i32());
  }
}
