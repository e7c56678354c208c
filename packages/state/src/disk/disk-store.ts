/* State of one operator instance that need not fit into memory: rows by key leave it for the disk when they take more than
 * their share (quota.ts), and come back when they are asked for. Slices, lists and scalars stay.
 *
 *   run ─▶ slots in memory, brought back where they must be ─▶ endRun ─▶ too much? some go to disk
 *   snapshot: an image of what is in memory, and the number of the disk's generation */

import { assert } from '#base';
import type { LogicalType } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import type { DiskSide, PersistentStore, Table, Timers } from '../contract.ts';
import type { KeyGroups } from '../key-groups.ts';
import type { MemoryKeyedTable } from '../memory/keyed-table.ts';
import { MemoryOwnedTable } from '../memory/owned-table.ts';
import { MemoryStore } from '../memory/store.ts';
import type { SavedRow } from '../saved-row.ts';
import type { KeyedSpec, TimersSpec } from '../spec.ts';
import { EvictingTable } from './evicting-table.ts';
import { EvictingTimers } from './evicting-timers.ts';
import type { Held, StateQuota } from './quota.ts';
import { RowCodec, type Belongings } from './row-codec.ts';
import { RowDisk, type RowDiskPlace } from './row-disk.ts';

const holdsMap = (type: LogicalType): boolean =>
  type.kind === 'MAP' ||
  type.kind === 'MULTISET' ||
  (type.kind === 'ARRAY' && holdsMap(type.element)) ||
  (type.kind === 'ROW' && type.fields.some((f) => holdsMap(f.type)));

/** Rows that go to disk in one go, at least. */
const evictedMin = 1024;
/** Rows on disk that a run looks at for those that lived too long. */
const sweptRows = 64;

export class DiskStore extends MemoryStore implements PersistentStore, DiskSide, Held {
  readonly #disk: RowDisk;
  readonly #quota: StateQuota;
  #tables: EvictingTable[] = [];
  #timers = 0;
  #unseen = 0;
  liveBytes = 0;
  heldBytes = 0;

  constructor(place: RowDiskPlace, quota: StateQuota) {
    super();
    this.#disk = new RowDisk(place);
    this.#quota = quota;
    quota.add(this);
  }
  protected override newKeyed(spec: KeyedSpec): MemoryKeyedTable {
    // One row stays; so do a table that is gone through, and one whose equal keys may differ in bytes.
    if (spec.key.length === 0 || spec.resident === true || spec.key.some(holdsMap))
      return super.newKeyed(spec);
    const belongings: Belongings = {
      ownedBy: (table) => this.ownedBy(table),
      timersBy: (table) => this.timersBy(table),
    };
    const table = new EvictingTable(spec, {
      disk: this.#disk,
      number: this.#tables.length,
      codec: (own) => new RowCodec(own, belongings),
      contents: (own, slot) => this.contents(own, slot),
    });
    this.#tables.push(table);
    return table;
  }
  override timers(of: Table, spec: TimersSpec): Timers {
    const timers = this.addTimers(of, spec.name);
    const owned = of instanceof MemoryOwnedTable ? of : undefined;
    const table = owned === undefined ? of : this.ownerOf(owned);
    if (!(table instanceof EvictingTable)) {
      assert(!this.#leaves(table), 'timers belong to what a key owns, at most');
      return timers;
    }
    this.#disk.hasTimers = true;
    const evicting = new EvictingTimers(this.#timers++, { timers, table, of: owned, disk: this.#disk });
    table.addTimers(evicting);
    return evicting;
  }

  /** Whether rows of a table leave memory with their owner's. */
  #leaves(table: Table | undefined): boolean {
    if (table instanceof MemoryOwnedTable) return this.#leaves(this.ownerOf(table));
    return table instanceof EvictingTable;
  }

  override endRun(rows: number): void {
    super.endRun(rows);
    this.#unseen += rows;
    if (this.#unseen < this.#quota.rowsPerLook) return;
    const seen = this.#unseen;
    this.#unseen = 0;
    for (const table of this.#tables) table.sweepDisk(sweptRows);
    this.#evict(seen);
    this.#disk.endRun();
  }
  #evict(rows: number): void {
    this.heldBytes = this.bytes;
    this.liveBytes = 0;
    for (const table of this.#tables) this.liveBytes += this.#bytesOf(table);
    let excess = this.#quota.excessOf(this);
    const { isFull } = this.#quota;
    if (excess <= 0 && !isFull) return;
    // What is much too much goes over several runs: none stops for long.
    const most = Math.max(evictedMin, rows * 2);
    for (const table of this.#tables) {
      const bytes = this.#bytesOf(table);
      const size = table.liveSize;
      if (bytes === 0 || size === 0) continue;
      const wanted = Math.ceil((Math.min(Math.max(excess, 0), bytes) / bytes) * size);
      const crowding = isFull ? Math.ceil(this.#crowding(table) * size) : 0;
      table.evict(Math.min(Math.max(wanted, crowding), most));
      excess -= bytes - this.#bytesOf(table);
    }
  }
  /** The part of its rows that is to go so that half of its slots, and of those that its rows own, are free. */
  #crowding(table: EvictingTable): number {
    const crowdings = [table, ...this.ownedBy(table)].map(({ liveSize, extent }) =>
      liveSize === 0 ? 0 : 1 - extent / 2 / liveSize,
    );
    return Math.max(0, ...crowdings);
  }
  #bytesOf(table: EvictingTable): number {
    let bytes = table.liveBytes;
    for (const owned of this.ownedBy(table)) bytes += owned.liveBytes;
    return bytes;
  }

  get disk(): DiskSide {
    return this;
  }
  get isBehind(): boolean {
    return this.#disk.isBehind;
  }
  kept(retained: number): void {
    this.#disk.kept(retained);
  }
  flush(): Promise<void> {
    return this.#disk.flush();
  }
  close(): Promise<void> {
    return this.#disk.close();
  }

  override snapshot(to: StateWriter): void {
    this.#disk.snapshot(to);
    super.snapshot(to);
  }
  override restore(from: StateReader): void {
    this.#disk.restore(from);
    super.restore(from);
  }
  override *export(groups: KeyGroups): Iterable<SavedRow> {
    yield* super.export(groups);
    for (const table of this.#tables) yield* table.exportFromDisk(groups);
  }
}
