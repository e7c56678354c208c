/* Keyed state in memory: an open-addressing index from key cells to slot numbers, and the keys by slot.
 * Accumulators lie beside it in arrays of their own, under the same slot numbers.
 *
 *   key cells ─▶ hash ─▶ index ─▶ slot ─▶ keys[slot], accumulators[slot]
 *
 * Keeps: hash and key of each slot. Free slots are reused last-in first-out. Iteration is in slot order, which is the
 * order of first arrival as long as nothing was removed: a function of the input alone (I3). */

import { assert } from '#base';
import { hashCells, type Column, type ColumnBuilder, type LogicalType } from '#data';
import type { StateReader, StateWriter } from './bytes.ts';
import { slotColumn, type SlotColumn } from './slot-column.ts';
import { SlotIndex } from './slot-index.ts';

const initialSize = 16;

export class OldKeyedTable {
  readonly keys: readonly SlotColumn[];
  /** Slots ever used: every live slot is below. */
  extent = 0;
  size = 0;
  /** Set by `slotOf`: the key was not there before. */
  created = false;
  readonly #index = new SlotIndex();
  #hashes = new Int32Array(initialSize);
  /** 1 when the slot holds a key. */
  #live = new Uint8Array(initialSize);
  #free: number[] = [];

  constructor(keyTypes: readonly LogicalType[]) {
    this.keys = keyTypes.map(slotColumn);
  }

  /** The slot of the key in these cells, made if need be. */
  slotOf(columns: readonly Column[], row: number): number {
    const hash = hashCells(columns, row);
    const found = this.#find(hash, columns, row);
    this.created = found < 0;
    if (found >= 0) return found;
    const slot = this.#insert(hash);
    for (let k = 0; k < this.keys.length; k++) this.keys[k]!.set(slot, columns[k]!, row);
    return slot;
  }
  /** The slot, or -1. */
  find(columns: readonly Column[], row: number): number {
    return this.#find(hashCells(columns, row), columns, row);
  }
  /** The slot of the key that another table of the same key types has at `otherSlot`. */
  slotOfEntry(other: OldKeyedTable, otherSlot: number): number {
    const hash = other.#hashes[otherSlot]!;
    const { places, mask } = this.#index.segment(hash);
    for (let at = hash & mask; places[at] !== 0; at = (at + 1) & mask) {
      const slot = places[at]! - 1;
      const same = this.#hashes[slot] === hash;
      if (same && this.keys.every((k, i) => k.equalsSlot(slot, other.keys[i]!, otherSlot))) {
        this.created = false;
        return slot;
      }
    }
    this.created = true;
    const slot = this.#insert(hash);
    for (let k = 0; k < this.keys.length; k++) this.keys[k]!.copySlot(slot, other.keys[k]!, otherSlot);
    return slot;
  }
  isLive(slot: number): boolean {
    return this.#live[slot] === 1;
  }

  remove(slot: number): void {
    assert(this.#live[slot] === 1, 'only a live slot is removed');
    this.#index.remove(slot, this.#hashes);
    this.#live[slot] = 0;
    for (const key of this.keys) key.clear(slot);
    this.#free.push(slot);
    this.size--;
  }
  clear(): void {
    for (let slot = 0; slot < this.extent; slot++) {
      if (this.#live[slot] === 1) for (const key of this.keys) key.clear(slot);
    }
    this.#index.clear();
    this.#live.fill(0);
    this.#free = [];
    this.extent = 0;
    this.size = 0;
  }
  /** Memory that it holds: index, hashes and keys. */
  get bytes(): number {
    let bytes = this.#index.bytes + this.#hashes.byteLength + this.#live.length + 8 * this.#free.length;
    for (const key of this.keys) bytes += key.bytes;
    return bytes;
  }
  appendKey(builders: readonly ColumnBuilder[], slot: number): void {
    for (let k = 0; k < this.keys.length; k++) this.keys[k]!.appendTo(builders[k]!, slot);
  }

  #find(hash: number, columns: readonly Column[], row: number): number {
    const { places, mask } = this.#index.segment(hash);
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = places[at]! - 1;
      if (slot < 0) return -1;
      if (this.#hashes[slot] === hash && this.#sameKey(slot, columns, row)) return slot;
    }
  }
  #sameKey(slot: number, columns: readonly Column[], row: number): boolean {
    for (let k = 0; k < this.keys.length; k++)
      if (!this.keys[k]!.equals(slot, columns[k]!, row)) return false;
    return true;
  }
  #insert(hash: number): number {
    const slot = this.#free.pop() ?? this.extent++;
    if (slot >= this.#hashes.length) this.#growSlots();
    this.#hashes[slot] = hash;
    this.#live[slot] = 1;
    this.size++;
    for (const key of this.keys) key.ensure(slot + 1);
    this.#index.put(slot, this.#hashes);
    return slot;
  }
  #growSlots(): void {
    const hashes = new Int32Array(this.#hashes.length * 2);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    const live = new Uint8Array(hashes.length);
    live.set(this.#live);
    this.#live = live;
  }

  snapshot(to: StateWriter): void {
    to.i32(this.extent);
    to.bytes(this.#live.subarray(0, this.extent));
    to.i32s(this.#hashes, this.extent);
    to.i32s(Int32Array.from(this.#free), this.#free.length);
    for (const key of this.keys) key.snapshot(to, this.extent);
  }
  restore(from: StateReader): void {
    this.extent = from.i32();
    const length = Math.max(initialSize, this.extent);
    this.#live = new Uint8Array(length);
    this.#live.set(from.bytes());
    this.#hashes = new Int32Array(length);
    this.#hashes.set(from.i32s());
    this.#free = [...from.i32s()];
    this.size = this.extent - this.#free.length;
    for (const key of this.keys) {
      key.restore(from);
      key.ensure(length);
    }
    this.#index.clear();
    for (let slot = 0; slot < this.extent; slot++)
      if (this.#live[slot] === 1) this.#index.put(slot, this.#hashes);
  }
}
