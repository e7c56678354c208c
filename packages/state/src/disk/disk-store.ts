/* State of one operator instance that need not fit into memory: rows by key leave it for the disk when they take more than
 * their share (quota.ts), and come back when they are asked for; those of slices of time too. Lists and scalars stay.
 *
 *   run ─▶ slots in memory, brought back where they must be ─▶ endRun ─▶ too much? some go to disk
 *   snapshot: an image of what is in memory, and the number of the disk's generation */

import { assert } from '#base';
import type { StateReader, StateWriter } from '../bytes.ts';
import type { DiskSide, PersistentStore, StateScope, Table, Timers } from '../contract.ts';
import type { KeyGroups } from '../key-groups.ts';
import type { MemoryKeyedTable } from '../memory/keyed-table.ts';
import { MemoryOwnedTable } from '../memory/owned-table.ts';
import { MemoryStore, type StoredSlices } from '../memory/store.ts';
import type { SavedRow } from '../saved-row.ts';
import type { KeyedSpec, TimersSpec } from '../spec.ts';
import { DiskSlices } from './disk-slices.ts';
import type { Evictable } from './evictable.ts';
import { EvictingTable, leavesMemory } from './evicting-table.ts';
import { EvictingTimers } from './evicting-timers.ts';
import type { Held, StateQuota } from './quota.ts';
import { RowDisk, type RowDiskPlace } from './row-disk.ts';
import { RowSpace } from './row-space.ts';

/** Rows that go to disk in one go, at least. */
const evictedMin = 1024;
/** Rows on disk that a run looks at for those that lived too long. */
const sweptRows = 64;

export class DiskStore extends MemoryStore implements PersistentStore, DiskSide, Held {
  readonly #disk: RowDisk;
  readonly #quota: StateQuota;
  #tables: EvictingTable[] = [];
  readonly #slices: DiskSlices<unknown>[] = [];
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
    if (!leavesMemory(spec)) return super.newKeyed(spec);
    const table = new EvictingTable(spec, {
      disk: this.#disk,
      space: new RowSpace(this.#tables.length),
      belongings: {
        ownedBy: (own) => this.ownedBy(own),
        timersBy: (own) => this.timersBy(own),
      },
      contents: (own, slot) => this.contents(own, slot),
    });
    this.#tables.push(table);
    return table;
  }
  protected override newSlices<T>(name: string, declare: (scope: StateScope) => T): StoredSlices<T> {
    const slices = new DiskSlices(name, declare, {
      disk: this.#disk,
      letGo: (rows) => {
        this.#look(rows);
      },
    });
    this.#slices.push(slices as DiskSlices<unknown>);
    return slices;
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
    this.#look(rows);
  }
  /** Sends rows to disk, if it is time, and writes what waits. */
  #look(rows: number): void {
    this.#unseen += rows;
    if (this.#unseen < this.#quota.rowsPerLook) return;
    const seen = this.#unseen;
    this.#unseen = 0;
    for (const table of this.#tables) table.sweepDisk(sweptRows);
    this.#evict(seen);
    this.#disk.endRun();
  }
  #evict(rows: number): void {
    const all = [
      ...this.#tables.map((table): Evictable => ({ table, isIdle: false })),
      ...this.#slices.flatMap((slices) => slices.evictable()),
    ];
    this.heldBytes = this.bytes;
    this.liveBytes = 0;
    for (const { table } of all) this.liveBytes += table.rowBytes;
    let excess = this.#quota.excessOf(this);
    const { isFull } = this.#quota;
    if (excess <= 0 && !isFull) return;
    // What is much too much goes over several runs: none stops for long.
    const most = Math.max(evictedMin, rows * 2);
    for (const { table, isIdle } of all) {
      const bytes = table.rowBytes;
      const size = table.liveSize;
      if (bytes === 0 || size === 0) continue;
      const wanted = Math.ceil((Math.min(Math.max(excess, 0), bytes) / bytes) * size);
      const crowding = isFull ? Math.ceil((isIdle ? 1 : table.crowding) * size) : 0;
      table.evict(Math.min(Math.max(wanted, crowding), most));
      excess -= bytes - table.rowBytes;
    }
    for (const slices of this.#slices) slices.cool(isFull);
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
    this.#disk.dropSlicesBut(new Set(this.#slices.flatMap((slices) => slices.numbers())));
  }
  override *export(groups: KeyGroups): Iterable<SavedRow> {
    yield* super.export(groups);
    for (const table of this.#tables) yield* table.exportFromDisk(groups);
  }
}
