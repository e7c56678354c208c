/* Raw numbers by slot, of an operator's own: no NULLs, 0 in a slot that was never written. */

import type { StateReader, StateWriter } from '../bytes.ts';
import { fetchF64, fetchI32, fetchU8 } from '../fetch.ts';
import { roomy } from '../growable.ts';

/** `values` is replaced when the table grows: read it anew in every run. */
export class F64Cells {
  values = new Float64Array(16);
  ensure(size: number): void {
    this.values = roomy(this.values, size);
  }
  fetch(slots: Int32Array, count: number): number {
    return fetchF64(this.values, slots, count);
  }
  get bytes(): number {
    return this.values.byteLength;
  }
  snapshot(to: StateWriter, size: number): void {
    this.ensure(size);
    to.bySlot(() => this.values, size);
  }
  restore(from: StateReader): void {
    this.values = from.f64s();
  }
  writeSlot(to: StateWriter, slot: number): void {
    to.f64(this.values[slot]!);
  }
  readSlot(from: StateReader, slot: number): void {
    this.values[slot] = from.f64();
  }
}
export class I32Cells {
  values = new Int32Array(16);
  ensure(size: number): void {
    this.values = roomy(this.values, size);
  }
  fetch(slots: Int32Array, count: number): number {
    return fetchI32(this.values, slots, count);
  }
  get bytes(): number {
    return this.values.byteLength;
  }
  snapshot(to: StateWriter, size: number, perSlot = 1): void {
    this.ensure(size * perSlot);
    to.bySlot(() => this.values, size, perSlot);
  }
  restore(from: StateReader): void {
    this.values = from.i32s();
  }
  writeSlot(to: StateWriter, slot: number): void {
    to.i32(this.values[slot]!);
  }
  readSlot(from: StateReader, slot: number): void {
    this.values[slot] = from.i32();
  }
}
export class U8Cells {
  values = new Uint8Array(16);
  ensure(size: number): void {
    this.values = roomy(this.values, size);
  }
  fetch(slots: Int32Array, count: number): number {
    return fetchU8(this.values, slots, count);
  }
  get bytes(): number {
    return this.values.byteLength;
  }
  snapshot(to: StateWriter, size: number): void {
    this.ensure(size);
    to.bySlot(() => this.values, size);
  }
  restore(from: StateReader): void {
    this.values = from.bytes();
  }
  writeSlot(to: StateWriter, slot: number): void {
    to.u8(this.values[slot]!);
  }
  readSlot(from: StateReader, slot: number): void {
    this.values[slot] = from.u8();
  }
}
export type RawCells = F64Cells | I32Cells | U8Cells;
