/* One slot a key, as in memory; keys that were not asked for lately leave it for the disk, and come back when they are.
 *
 *   upsert, find ─▶ not in memory? ─▶ on disk? ─▶ a slot, filled from there     good until `evict`, behind a run
 *   evict ─▶ a hand goes round: asked for since it last passed? once more · else to disk
 *
 * (A second chance: F. Corbató, "A Paging Experiment with the Multics System", 1968.) What lies on disk of a key that is in
 * memory counts for nothing. */

import { assert } from '#base';
import { BytesReader, BytesWriter, type StateReader, type StateWriter } from '../bytes.ts';
import { I32Cells, U8Cells } from '../columns/cells.ts';
import { holdsMap } from '../columns/nested-column.ts';
import type { KeyGroups } from '../key-groups.ts';
import { keyGroupOf } from '../key-groups.ts';
import { MemoryKeyedTable } from '../memory/keyed-table.ts';
import type { OwnedRows, SavedRow } from '../saved-row.ts';
import type { KeyedSpec } from '../spec.ts';
import type { Column } from '#data';
import { contentOf, generationOf, type Before } from './disk-file.ts';
import type { RowDisk } from './row-disk.ts';
import { behind, timerKey } from './keys.ts';
import { RowCodec, type Belongings } from './row-codec.ts';
import type { RowSpace } from './row-space.ts';

export interface EvictingParts {
  readonly disk: RowDisk;
  /** Where its rows lie. */
  readonly space: RowSpace;
  readonly belongings: Belongings;
  readonly contents: (table: EvictingTable, slot: number) => OwnedRows;
}
/** Timers that go with the rows of a table. */
export interface EvictedTimers {
  readonly number: number;
  /** Those in memory that belong to a slot of the table, or to what it owns. */
  timesOf(slot: number): readonly number[];
  /** Some of them left memory, or came back. */
  changed(): void;
}

/** Whether a table goes to disk: not where it is one row, or gone through by slots. */
export const leavesMemory = (spec: KeyedSpec): boolean => spec.key.length > 0 && spec.resident !== true;

export class EvictingTable extends MemoryKeyedTable {
  protected readonly disk: RowDisk;
  readonly #space: RowSpace;
  readonly #belongings: Belongings;
  readonly #contents: EvictingParts['contents'];
  readonly #codec: RowCodec;
  readonly #timers: EvictedTimers[] = [];
  /** By slot: 0 where there is nothing on disk, else the generation in which it was written there and one. */
  readonly #written = new I32Cells();
  /** 1 where a slot was asked for since the hand passed it. */
  readonly #asked = new U8Cells();
  readonly #keyWriter = new BytesWriter();
  readonly #writer = new BytesWriter(1024);
  /** Equal keys may differ in bytes. */
  readonly #keysDiffer: boolean;
  #hand = 0;
  #sweptTo: Uint8Array | undefined;
  /** Keys that are on disk and not in memory. */
  elsewhere = 0;

  constructor(spec: KeyedSpec, parts: EvictingParts) {
    super(spec);
    this.disk = parts.disk;
    this.#space = parts.space;
    this.#belongings = parts.belongings;
    this.#contents = parts.contents;
    this.#codec = new RowCodec(this, parts.belongings);
    this.#keysDiffer = spec.key.some(holdsMap);
  }
  addTimers(timers: EvictedTimers): void {
    this.#timers.push(timers);
  }
  override get size(): number {
    return super.size + this.elsewhere;
  }
  protected override makeRoom(size: number): void {
    super.makeRoom(size);
    this.#written.ensure(size);
    this.#asked.ensure(size);
  }

  override find(
    columns: readonly Column[],
    hashes: Int32Array,
    from: number,
    count: number,
    slots: Int32Array,
  ): void {
    super.find(columns, hashes, from, count, slots);
    for (let i = 0; i < count; i++) {
      if (slots[i]! < 0 && this.elsewhere > 0) slots[i] = this.#findOnDisk(columns, hashes[i]!, from + i);
      if (slots[i]! >= 0) this.#asked.values[slots[i]!] = 1;
    }
  }
  #findOnDisk(columns: readonly Column[], hash: number, row: number): number {
    // It is here, and lived too long.
    if (this.lookUp(hash, columns, row) >= 0) return -1;
    const slot = this.insert(hash, columns, row);
    if (!this.#fetchFromDisk(slot)) {
      this.drop(slot);
      return -1;
    }
    if (!this.fresh(slot)) return -1;
    this.found(slot);
    return slot;
  }
  protected override made(slots: Int32Array, count: number, created: Uint8Array): void {
    const asked = this.#asked.values;
    for (let i = 0; i < count; i++) asked[slots[i]!] = 1;
    if (this.elsewhere === 0) return;
    for (let i = 0; i < count; i++) if (created[i] === 1 && this.#fetchFromDisk(slots[i]!)) created[i] = 0;
  }
  /** Fills a slot that has its key alone. False where there is nothing on disk. */
  #fetchFromDisk(slot: number): boolean {
    const key = this.#rowKey(slot);
    const value = this.disk.get(key);
    if (value === undefined) return false;
    this.fill(slot, key, value);
    this.#comeBack(slot, key);
    return true;
  }
  protected fill(slot: number, key: Uint8Array, value: Uint8Array): void {
    const from = new BytesReader(contentOf(value));
    const bytes = this.#readHead(from, key, slot);
    // It is what it was when it first came, and not as it was asked for.
    if (this.#keysDiffer) this.#readKey(bytes!, slot);
    this.#codec.read(from, slot);
    assert(from.done, `a row of "${this.name}" on disk is read whole`);
    this.#written.values[slot] = generationOf(value) + 1;
  }
  /** The head is read without the row: the key's bytes where the value holds them. `slot`: whose row follows, or -1. */
  #readHead(from: BytesReader, key: Uint8Array, slot: number): Uint8Array | undefined {
    if (this.ttl !== undefined) from.f64();
    this.readMore(from, slot);
    return this.#space.isApart(key) ? from.bytes() : undefined;
  }
  /** What a kind of table keeps by slot beside keys, row and cells. */
  protected writeMore(_to: BytesWriter, _slot: number): void {}
  protected readMore(_from: BytesReader, _slot: number): void {}
  /** Its timers are those in memory again. */
  #comeBack(slot: number, key: Uint8Array): void {
    this.elsewhere--;
    this.#asked.values[slot] = 1;
    for (const timers of this.#timers) {
      for (const at of timers.timesOf(slot))
        this.disk.remove(timerKey(timers.number, at, key), this.before(slot));
      timers.changed();
    }
  }
  /** The slot of a row on disk, known by its key there. */
  bringBack(key: Uint8Array): number {
    const value = this.disk.get(key);
    assert(value !== undefined, 'a timer on disk belongs to a row there');
    const slot = this.openFilled(key, value);
    this.#comeBack(slot, key);
    return slot;
  }
  /** A slot with what lies on disk. */
  protected openFilled(key: Uint8Array, value: Uint8Array): number {
    const slot = this.openSlot(this.#space.hashOf(key));
    const bytes = this.#space.keyBytesOf(key) ?? this.#readHead(new BytesReader(contentOf(value)), key, -1)!;
    this.#readKey(bytes, slot);
    this.fill(slot, key, value);
    return slot;
  }
  #readKey(bytes: Uint8Array, slot: number): void {
    const from = new BytesReader(bytes);
    for (const column of this.keys) column.readSlot(from, slot);
  }
  #rowKey(slot: number): Uint8Array {
    const to = this.#keyWriter;
    to.clear();
    for (const column of this.keys) column.writeKey(to, slot);
    return this.#space.rowKey(this.hashes[slot]!, to.written, this.#keysDiffer);
  }
  protected before(slot: number): Before {
    const written = this.#written.values[slot]!;
    if (written === 0) return 'absent';
    return written - 1 === this.disk.generation ? 'of this generation' : 'unknown';
  }
  /** It was on disk before, or is. */
  protected wasWritten(slot: number): boolean {
    return this.#written.values[slot]! > 0;
  }

  override remove(slot: number): void {
    if (this.wasWritten(slot)) this.disk.remove(this.#rowKey(slot), this.before(slot));
    this.drop(slot);
  }
  protected override drop(slot: number): void {
    this.#written.values[slot] = 0;
    this.#asked.values[slot] = 0;
    super.drop(slot);
  }

  /** Sends rows to disk that were not asked for lately: `count` of them at most. */
  evict(count: number): void {
    let left = count;
    // Twice round: the first time it may find all of them asked for.
    for (let looks = this.extent * 2; looks > 0 && left > 0; looks--) {
      this.#hand = this.#hand + 1 < this.extent ? this.#hand + 1 : 0;
      if (!this.isLive(this.#hand)) continue;
      if (this.#asked.values[this.#hand] === 1) this.#asked.values[this.#hand] = 0;
      else {
        this.#sendToDisk(this.#hand);
        left--;
      }
    }
  }
  #sendToDisk(slot: number): void {
    const { disk } = this;
    const key = this.#rowKey(slot);
    disk.put(key, this.#encoded(slot, key), this.before(slot));
    this.leaves(slot, key);
    for (const timers of this.#timers) {
      for (const at of timers.timesOf(slot))
        disk.put(timerKey(timers.number, at, key), new Uint8Array(0), 'unknown');
      timers.changed();
    }
    this.drop(slot);
    this.elsewhere++;
  }
  /** It goes to disk as `key`. */
  protected leaves(_slot: number, _key: Uint8Array): void {}
  #encoded(slot: number, key: Uint8Array): Uint8Array {
    const to = this.#writer;
    to.clear();
    if (this.ttl !== undefined) to.f64(this.renewedAt(slot));
    this.writeMore(to, slot);
    if (this.#space.isApart(key)) {
      const bytes = this.#keyWriter;
      bytes.clear();
      for (const column of this.keys) column.writeSlot(bytes, slot);
      to.bytes(bytes.written);
    }
    this.#codec.write(to, slot);
    return to.written;
  }

  /** Removes some rows on disk that lived too long. */
  sweepDisk(rows: number): void {
    if (this.ttl === undefined || this.elsewhere === 0) return;
    const [first, end] = this.#space.range;
    const entries = this.disk.range([this.#sweptTo ?? first, end], rows);
    for (const { key, value } of entries) {
      const renewed = new BytesReader(contentOf(value)).f64();
      if (this.now - renewed < this.ttl.ms) continue;
      // One that is in memory too is swept there.
      if (this.#slotOf(key) < 0) this.#removeOnDisk(key, value);
    }
    // Some may be under way and left out: the end is where none is.
    const last = entries[entries.length - 1]?.key;
    this.#sweptTo = last && behind(last);
  }
  #removeOnDisk(key: Uint8Array, value: Uint8Array): void {
    // Its timers and what it owns go with it.
    const slot = this.openFilled(key, value);
    this.#comeBack(slot, key);
    this.remove(slot);
  }
  /** The slot of a key on disk that is in memory too; -1 where it is not. */
  #slotOf(key: Uint8Array): number {
    return this.slotWhere(this.#space.hashOf(key), (slot) => Buffer.compare(this.#rowKey(slot), key) === 0);
  }

  override scan(after: number, into: Int32Array): number {
    assert(this.elsewhere === 0, `the table "${this.name}" is gone through: it stays in memory`);
    return super.scan(after, into);
  }
  override clear(): void {
    while (this.elsewhere > 0)
      for (const { key, value } of this.disk.range(this.#space.range, 4096)) {
        if (this.#slotOf(key) < 0) this.#removeOnDisk(key, value);
        else this.disk.remove(key, 'unknown');
      }
    for (let slot = 0; slot < this.extent; slot++) if (this.isLive(slot)) this.remove(slot);
    super.clear();
  }
  /** As new, whatever lies on disk. */
  reset(): void {
    this.elsewhere = 0;
    this.#hand = 0;
    this.#written.values.fill(0, 0, this.extent);
    this.#asked.values.fill(0, 0, this.extent);
    super.clear();
  }

  /** What its rows in memory take, with those that belong to them. */
  get rowBytes(): number {
    let bytes = this.liveBytes;
    for (const owned of this.#belongings.ownedBy(this)) bytes += owned.liveBytes;
    return bytes;
  }
  /** The part of its rows that is to go so that half of its slots, and of those that its rows own, are free. */
  get crowding(): number {
    const crowdings = [this, ...this.#belongings.ownedBy(this)].map(({ liveSize, extent }) =>
      liveSize === 0 ? 0 : 1 - extent / 2 / liveSize,
    );
    return Math.max(0, ...crowdings);
  }

  protected override snapshotMore(to: StateWriter): void {
    super.snapshotMore(to);
    this.#written.snapshot(to, this.extent);
  }
  protected override restoreMore(from: StateReader): void {
    super.restoreMore(from);
    this.#written.restore(from);
    // What was asked for lately is not part of the state.
    this.#asked.values = new Uint8Array(this.extent);
  }
  override snapshot(to: StateWriter): void {
    to.f64(this.elsewhere);
    super.snapshot(to);
  }
  override restore(from: StateReader): void {
    this.elsewhere = from.f64();
    super.restore(from);
  }
  override get bytes(): number {
    return super.bytes + this.#written.bytes + this.#asked.bytes;
  }

  /** Its rows on disk, of these key groups: those in memory are exported as ever. */
  *exportFromDisk(groups: KeyGroups): Iterable<SavedRow> {
    if (this.elsewhere === 0) return;
    for (const { key, value } of this.disk.entries(this.#space.range)) {
      if (!groups.has(keyGroupOf(this.#space.hashOf(key))) || this.#slotOf(key) >= 0) continue;
      const slot = this.openFilled(key, value);
      if (this.fresh(slot))
        yield {
          table: this.name,
          slice: undefined,
          key: this.keyValues(slot),
          ...this.#contents(this, slot),
        };
      this.drop(slot);
    }
  }
}
