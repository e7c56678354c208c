/* One slot a key, in memory: an index from hash to slot, and key, row and cells by slot.
 *
 *   run of rows ─▶ hashes ─▶ probe: slots by hash alone ─▶ keys compared column by column ─▶ slots
 *
 * A probe trusts the hash; the keys are compared afterwards, in a loop for each column. Where two keys of one run share
 * all 32 bits, what the run made behind that row is undone and found again row by row. Slots are given in order of first
 * arrival (I3), as if each row had come alone. */

import { hashRows, type Column, type ColumnBuilder, type LogicalType, type Row } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import { I32Cells } from '../columns/cells.ts';
import { stateColumn } from '../columns/index.ts';
import type { StateColumn } from '../columns/state-column.ts';
import type { KeyedTable, KeyWalk } from '../contract.ts';
import type { KeyedSpec } from '../spec.ts';
import { farSlots } from '../fetch.ts';
import { SlotIndex } from './slot-index.ts';
import { SlotWalk } from './slot-walk.ts';
import { MemoryTable } from './table.ts';

export class MemoryKeyedTable extends MemoryTable implements KeyedTable {
  readonly keyTypes: readonly LogicalType[];
  readonly keys: readonly StateColumn[];
  readonly #index: SlotIndex;
  readonly #hashes = new I32Cells();
  /** Rows of a run that made a slot. */
  #made = new Int32Array(16);
  #one = new Int32Array(1);
  #oneMade = new Uint8Array(1);
  #oneHash = new Int32Array(1);

  constructor(spec: KeyedSpec, index = new SlotIndex()) {
    super({ name: spec.name, row: spec.row ?? [], cells: spec.cells ?? {}, ttl: spec.ttl });
    this.keyTypes = spec.key;
    this.keys = spec.key.map(stateColumn);
    this.#index = index;
  }
  get hashes(): Int32Array {
    return this.#hashes.values;
  }

  find(columns: readonly Column[], hashes: Int32Array, from: number, count: number, slots: Int32Array): void {
    for (let i = 0; i < count; i++) {
      const slot = this.lookUp(hashes[i]!, columns, from + i);
      slots[i] = slot >= 0 && this.fresh(slot) ? slot : -1;
      if (slots[i]! >= 0) this.found(slot);
    }
  }
  /** The key's slot, fresh or not. */
  protected lookUp(hash: number, columns: readonly Column[], row: number): number {
    const { pairs, mask } = this.#index.segment(hash);
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = pairs[at * 2]! - 1;
      if (slot < 0) return -1;
      if (pairs[at * 2 + 1] === hash && this.#same(slot, columns, row)) return slot;
    }
  }
  /** The slot with this hash for which `is` holds. */
  protected slotWhere(hash: number, is: (slot: number) => boolean): number {
    const { pairs, mask } = this.#index.segment(hash);
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const slot = pairs[at * 2]! - 1;
      if (slot < 0 || (pairs[at * 2 + 1] === hash && is(slot))) return slot;
    }
  }
  #same(slot: number, columns: readonly Column[], row: number): boolean {
    for (let k = 0; k < this.keys.length; k++)
      if (!this.keys[k]!.equals(slot, columns[k]!, row)) return false;
    return true;
  }

  upsert(
    columns: readonly Column[],
    hashes: Int32Array,
    from: number,
    count: number,
    slots: Int32Array,
    created: Uint8Array,
  ): void {
    if (this.#made.length < count) this.#made = new Int32Array(count);
    const made = this.#probe(columns, hashes, from, count, slots, created);
    const trusted = this.#firstDifference(columns, from, count, slots);
    if (trusted < count) {
      this.#undo(made, trusted, slots);
      for (let i = trusted; i < count; i++) this.#upsertOne(columns, hashes[i]!, from, i, slots, created);
    }
    this.made(slots, count, created);
    if (this.ttl !== undefined) this.#renew(count, slots, created);
  }
  /** These slots were asked for; those with `created` are new, and hold their keys. */
  protected made(_slots: Int32Array, _count: number, _created: Uint8Array): void {}
  /** Slots by hash alone; returns how many were made. */
  #probe(
    columns: readonly Column[],
    hashes: Int32Array,
    from: number,
    count: number,
    slots: Int32Array,
    created: Uint8Array,
  ): number {
    let made = 0;
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
        slot = this.openSlot(hash);
        created[i] = 1;
        this.#made[made++] = i;
      } else created[i] = 0;
      slots[i] = slot;
    }
    for (let k = 0; k < this.keys.length; k++)
      this.keys[k]!.setRows(slots, columns[k]!, from, this.#made, made);
    return made;
  }
  #firstDifference(columns: readonly Column[], from: number, count: number, slots: Int32Array): number {
    let first = count;
    const far = this.extent > farSlots;
    for (let k = 0; k < this.keys.length; k++) {
      const key = this.keys[k]!;
      if (far) this.fetched = key.fetch(slots, first);
      first = key.firstDifference(slots, columns[k]!, from, first);
    }
    return first;
  }
  #undo(made: number, trusted: number, slots: Int32Array): void {
    for (let m = made - 1; m >= 0 && this.#made[m]! >= trusted; m--) {
      const slot = slots[this.#made[m]!]!;
      this.#index.remove(slot, this.#hashes.values[slot]!);
      for (const key of this.keys) key.clear(slot);
      this.slots.undo(slot);
    }
  }
  #upsertOne(
    columns: readonly Column[],
    hash: number,
    from: number,
    i: number,
    slots: Int32Array,
    created: Uint8Array,
  ): void {
    const found = this.lookUp(hash, columns, from + i);
    created[i] = found < 0 ? 1 : 0;
    slots[i] = found >= 0 ? found : this.insert(hash, columns, from + i);
  }
  /** What lived too long begins anew. */
  #renew(count: number, slots: Int32Array, created: Uint8Array): void {
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      if (this.fresh(slot)) this.found(slot);
      else {
        this.writeOne(slot);
        this.wipe(slot);
        created[i] = 1;
      }
    }
  }
  protected insert(hash: number, columns: readonly Column[], row: number): number {
    const slot = this.openSlot(hash);
    for (let k = 0; k < this.keys.length; k++) this.keys[k]!.set(slot, columns[k]!, row);
    return slot;
  }
  /** A new slot in the index; its keys are still to be set. */
  protected openSlot(hash: number): number {
    const slot = this.open();
    this.#hashes.values[slot] = hash;
    this.#index.put(slot, hash);
    return slot;
  }

  protected makeRoom(size: number): void {
    this.#hashes.ensure(size);
    for (const key of this.keys) key.ensure(size);
  }

  /** The slot of one key, made if need be: `created` is set then. */
  upsertRow(columns: readonly Column[], row: number): number {
    hashRows(columns, row, row + 1, this.#oneHash);
    this.upsert(columns, this.#oneHash, row, 1, this.#one, this.#oneMade);
    return this.#one[0]!;
  }
  get created(): boolean {
    return this.#oneMade[0] === 1;
  }
  findRow(columns: readonly Column[], row: number): number {
    hashRows(columns, row, row + 1, this.#oneHash);
    this.find(columns, this.#oneHash, row, 1, this.#one);
    return this.#one[0]!;
  }

  upsertFrom(
    other: KeyedTable,
    from: Int32Array,
    count: number,
    slots: Int32Array,
    created: Uint8Array,
  ): void {
    const { hashes } = other;
    for (let i = 0; i < count; i++) {
      const theirs = from[i]!;
      const hash = hashes[theirs]!;
      const { pairs, mask } = this.#index.segment(hash);
      let slot = -1;
      for (let at = hash & mask; pairs[at * 2] !== 0; at = (at + 1) & mask) {
        const candidate = pairs[at * 2]! - 1;
        if (pairs[at * 2 + 1] !== hash || !this.#sameSlot(candidate, other, theirs)) continue;
        slot = candidate;
        break;
      }
      created[i] = slot < 0 ? 1 : 0;
      if (slot < 0) {
        slot = this.openSlot(hash);
        for (let k = 0; k < this.keys.length; k++) this.keys[k]!.copySlot(slot, other.keys[k]!, theirs);
      }
      slots[i] = slot;
    }
    this.made(slots, count, created);
  }
  #sameSlot(slot: number, other: KeyedTable, theirs: number): boolean {
    for (let k = 0; k < this.keys.length; k++)
      if (!this.keys[k]!.equalsSlot(slot, other.keys[k]!, theirs)) return false;
    return true;
  }

  appendKeys(builders: readonly ColumnBuilder[], slots: Int32Array, count: number): void {
    for (let k = 0; k < this.keys.length; k++) this.keys[k]!.appendSlots(builders[k]!, slots, count);
  }
  scan(after: number, into: Int32Array): number {
    let n = 0;
    const { live } = this.slots;
    for (let slot = after + 1; slot < this.extent && n < into.length; slot++)
      if (live[slot] === 1) into[n++] = slot;
    return n;
  }
  walk(): KeyWalk {
    return new SlotWalk(this);
  }
  remove(slot: number): void {
    this.drop(slot);
  }
  /** The slot and its key are no longer here. */
  protected drop(slot: number): void {
    this.#index.remove(slot, this.#hashes.values[slot]!);
    this.release(slot);
    for (const key of this.keys) key.clear(slot);
  }
  clear(): void {
    this.pages.touchAll();
    for (const key of this.keys) for (let slot = 0; slot < this.extent; slot++) key.clear(slot);
    this.releaseAll();
    this.#index.clear();
  }

  keyValues(slot: number): Row {
    return this.keys.map((k) => k.get(slot));
  }
  override get bytes(): number {
    let bytes = super.bytes + this.#index.bytes + this.#hashes.bytes + this.#made.byteLength;
    for (const key of this.keys) bytes += key.bytes;
    return bytes;
  }
  protected snapshotMore(to: StateWriter): void {
    this.#hashes.snapshot(to, this.extent);
    for (const key of this.keys) key.snapshot(to, this.extent);
  }
  protected restoreMore(from: StateReader): void {
    this.#hashes.restore(from);
    for (const key of this.keys) key.restore(from);
    this.#index.fill(this.slots.live, this.#hashes.values, this.extent);
  }
}
