/* A keyed table of one slice of time whose rows may lie on disk, with the order in which its keys came.
 *
 *   a key goes to disk for the first time ─▶ its row, by hash · its arrival, which points to the row
 *   walk ─▶ those in memory by arrival ┬▶ slots, key by key in order of arrival (key-walk.ts)
 *           arrivals on disk ─▶ rows ──┘  rows on disk are lent a slot, and stay where they are
 *
 * An arrival is only ever written. Whether it still holds is seen from its row, which names it too; so it needs no way back
 * to an earlier snapshot. */

import { assert } from '#base';
import { BytesReader, type BytesWriter, type StateReader, type StateWriter } from '../bytes.ts';
import { F64Cells } from '../columns/cells.ts';
import type { KeyWalk } from '../contract.ts';
import type { KeyedSpec } from '../spec.ts';
import { contentOf, type Before } from './disk-file.ts';
import { EvictingTable, type EvictingParts } from './evicting-table.ts';
import { LendingWalk, type WalkedTable } from './key-walk.ts';
import type { SliceRowSpace } from './row-space.ts';

/** Where the rows of a slice lie on disk. */
export interface SlicePlace {
  number: number;
  /** The generation in which it began; undefined: no snapshot ever names it. */
  since: number | undefined;
  /** Rows of it are on disk, perhaps. */
  wrote: boolean;
}
/** No snapshot names the slice so far: nobody goes back to what its keys held. */
export const isUnnamed = ({ since }: Pick<SlicePlace, 'since'>, generation: number): boolean =>
  since === undefined || since === generation;

/** What of a table is not on disk when all of its rows are. */
export interface ColdTable {
  readonly elsewhere: number;
  readonly arrived: number;
}

export class SliceTable extends EvictingTable implements WalkedTable {
  readonly space: SliceRowSpace;
  readonly #place: SlicePlace;
  /** By slot: the how-manieth key it was. */
  readonly #arrivals = new F64Cells();
  #arrived = 0;
  #walk: LendingWalk | undefined;
  #lentBytes = 0;

  constructor(spec: KeyedSpec, parts: EvictingParts & { readonly space: SliceRowSpace }, place: SlicePlace) {
    super(spec, parts);
    this.space = parts.space;
    this.#place = place;
    assert(this.ttl === undefined, 'rows of a slice live as long as the slice');
  }
  override get size(): number {
    return super.size - (this.#walk?.lent ?? 0);
  }
  protected override makeRoom(size: number): void {
    super.makeRoom(size);
    this.#arrivals.ensure(size);
  }
  protected override openSlot(hash: number): number {
    const slot = super.openSlot(hash);
    this.#arrivals.values[slot] = this.#arrived++;
    return slot;
  }
  protected override before(slot: number): Before {
    return isUnnamed(this.#place, this.disk.generation) ? 'of no account' : super.before(slot);
  }
  protected override writeMore(to: BytesWriter, slot: number): void {
    to.f64(this.#arrivals.values[slot]!);
  }
  protected override readMore(from: BytesReader, slot: number): void {
    const arrival = from.f64();
    if (slot >= 0) this.#arrivals.values[slot] = arrival;
  }
  protected override leaves(slot: number, key: Uint8Array): void {
    this.#place.wrote = true;
    if (this.wasWritten(slot)) return;
    const arrival = this.#arrivals.values[slot]!;
    this.disk.put(this.space.arrivalKey(arrival), this.space.tailOf(key), 'of no account');
  }

  get isWalked(): boolean {
    return this.#walk !== undefined;
  }
  override walk(): KeyWalk {
    assert(this.#walk === undefined, 'one walk at a time goes through a table');
    const { disk, space } = this;
    const onDisk = this.elsewhere === 0 ? undefined : { disk, space };
    this.#walk = new LendingWalk(this.#slotsByArrival(), onDisk, this);
    return this.#walk;
  }
  arrivalOf(slot: number): number {
    return this.#arrivals.values[slot]!;
  }
  #slotsByArrival(): Int32Array {
    const slots = new Int32Array(this.liveSize);
    const arrivals = this.#arrivals.values;
    let inOrder = true;
    for (let slot = 0, n = 0; slot < this.extent; slot++) {
      if (!this.isLive(slot)) continue;
      if (n > 0 && arrivals[slot]! < arrivals[slots[n - 1]!]!) inOrder = false;
      slots[n++] = slot;
    }
    return inOrder ? slots : slots.sort((a, b) => arrivals[a]! - arrivals[b]!);
  }
  lend(row: Uint8Array, arrival: number): number {
    const value = this.disk.get(row);
    if (value === undefined || new BytesReader(contentOf(value)).f64() !== arrival) return -1;
    this.#lentBytes = value.length;
    return this.openFilled(row, value);
  }
  get lentBytes(): number {
    return this.#lentBytes;
  }
  takeBack(slot: number): void {
    this.drop(slot);
  }
  done(): void {
    this.#walk = undefined;
  }
  override evict(count: number): void {
    if (this.#walk === undefined) super.evict(count);
  }

  override reset(): void {
    super.reset();
    this.#arrived = 0;
    this.#walk = undefined;
  }
  get cold(): ColdTable {
    assert(this.liveSize === 0, 'all rows of a table that is cold are on disk');
    return { elsewhere: this.elsewhere, arrived: this.#arrived };
  }
  /** It is what it was, all of its rows on disk. */
  begin({ elsewhere, arrived }: ColdTable): void {
    this.elsewhere = elsewhere;
    this.#arrived = arrived;
  }
  override snapshot(to: StateWriter): void {
    assert(this.#walk === undefined, 'no snapshot is taken of a window that is going out');
    to.f64(this.#arrived);
    super.snapshot(to);
  }
  override restore(from: StateReader): void {
    this.#arrived = from.f64();
    super.restore(from);
  }
  protected override snapshotMore(to: StateWriter): void {
    super.snapshotMore(to);
    this.#arrivals.snapshot(to, this.extent);
  }
  protected override restoreMore(from: StateReader): void {
    super.restoreMore(from);
    this.#arrivals.restore(from);
  }
  override get bytes(): number {
    return super.bytes + this.#arrivals.bytes;
  }
}
