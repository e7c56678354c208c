/* Where the rows of one operator instance go that leave memory: a map on disk, opened when the first one does, or when a
 * snapshot says that there are some. */

import { assert, type DiskMapEntry, type DiskMaps } from '#base';
import type { StateReader, StateWriter } from '../bytes.ts';
import { DiskFile, DiskFileView, type Before } from './disk-file.ts';
import { sliceOf, sliceRange, slicesFrom, type KeyRange } from './row-space.ts';

export interface RowDiskPlace {
  readonly maps: DiskMaps;
  /** The folder of the job's maps. */
  readonly folder: string;
  /** Of this instance within it; undefined: it only reads what snapshots of others name. */
  readonly name: string | undefined;
  /** Called when writes that were waited for are through. */
  readonly wake?: (() => void) | undefined;
}

const none = '';

export class RowDisk {
  readonly #place: RowDiskPlace;
  #file: DiskFile | undefined;
  #view: DiskFileView | undefined;
  /** Generations that ended with a snapshot which is durable, the newest last. */
  readonly #durable: number[] = [];
  #lastEnded = -1;

  #nextSlice = 0;

  /** Timers go to disk, and are asked for by time. */
  hasTimers = false;

  constructor(place: RowDiskPlace) {
    this.#place = place;
  }
  /** So much is being written that its operator should wait. */
  get isBehind(): boolean {
    return this.#file?.isBehind === true;
  }
  get generation(): number {
    return this.#file?.generation ?? 0;
  }
  get(key: Uint8Array): Uint8Array | undefined {
    return this.#file === undefined ? this.#view?.get(key) : this.#file.get(key);
  }
  put(key: Uint8Array, content: Uint8Array, before: Before): void {
    this.#own().put(key, content, before);
  }
  remove(key: Uint8Array, before: Before): void {
    // What only reads has nothing to remove.
    if (this.#view === undefined) this.#own().remove(key, before);
  }
  #own(): DiskFile {
    if (this.#file !== undefined) return this.#file;
    this.#file = this.#open();
    // What an earlier start left belongs to no snapshot that this one goes on from.
    this.#file.clear();
    return this.#file;
  }
  #open(): DiskFile {
    const { maps, folder, name, wake = () => {} } = this.#place;
    assert(name !== undefined && this.#view === undefined, 'what only reads writes nothing');
    const path = `${folder}/${name}`;
    return new DiskFile(maps.open(path), path, { atOnce: this.hasTimers, wake });
  }
  firstKey(within: KeyRange): Uint8Array | undefined {
    return this.#file?.firstKey(within);
  }
  range(within: KeyRange, limit: number): readonly DiskMapEntry[] {
    return this.#file?.range(within, limit) ?? [];
  }
  *entries(within: KeyRange): Iterable<DiskMapEntry> {
    if (this.#view !== undefined) yield* this.#view.entries(within);
    else if (this.#file !== undefined) yield* this.#file.entries(within);
  }
  committed(within: KeyRange, limit: number): readonly DiskMapEntry[] {
    return this.#file?.committed(within, limit) ?? [];
  }
  underWay(within: KeyRange): readonly DiskMapEntry[] {
    return this.#file?.underWay(within) ?? [];
  }

  /** A number that no slice has, of those in the map and of those that may be gone back to. */
  newSlice(): number {
    return this.#nextSlice++;
  }
  /** A slice that came back has this number. */
  reserveSlice(number: number): void {
    this.#nextSlice = Math.max(this.#nextSlice, number + 1);
  }
  /** All rows of a slice go: see DiskFile.drop. */
  dropSlice(number: number, isUnnamed: boolean): void {
    this.#file?.drop(sliceRange(number), isUnnamed);
  }
  /** Behind a restore: slices in the map but these go, as those of a later time, or dropped before the snapshot. */
  dropSlicesBut(numbers: ReadonlySet<number>): void {
    for (let next = 0; ; next++) {
      const key = this.#file?.leastKey(slicesFrom(next));
      if (key === undefined) return;
      next = sliceOf(key);
      if (!numbers.has(next)) this.dropSlice(next, false);
    }
  }

  /** Behind a run: writes what waits when it is much, and removes some of what nobody goes back to. */
  endRun(): void {
    if (this.#file?.isCrowded) this.#file.commit();
    this.#file?.tidy();
  }

  /** Names the map and its generation, which ends here. */
  snapshot(to: StateWriter): void {
    to.text(this.#file === undefined ? none : this.#place.name!);
    if (this.#file === undefined) return;
    this.#lastEnded = this.#file.snapshot();
    to.i32(this.#lastEnded);
  }
  restore(from: StateReader): void {
    const name = from.text();
    if (name === none) return;
    const generation = from.i32();
    if (name === this.#place.name) {
      this.#file = this.#open();
      this.#file.restore(generation);
      this.#durable.push(generation);
      const last = this.#file.lastKey(slicesFrom(0));
      if (last !== undefined) this.reserveSlice(sliceOf(last));
      return;
    }
    assert(this.#place.name === undefined, `the state of ${this.#place.name!}, found that of ${name}`);
    const { maps, folder } = this.#place;
    const path = `${folder}/${name}`;
    this.#view = new DiskFileView(maps.open(path), generation, path);
  }
  /** The last snapshot is durable, and `retained` of them are kept. */
  kept(retained: number): void {
    if (this.#file === undefined || this.#lastEnded < 0) return;
    if (this.#durable.at(-1) !== this.#lastEnded) this.#durable.push(this.#lastEnded);
    while (this.#durable.length > retained) this.#durable.shift();
    this.#file.forget(this.#durable[0]!);
  }
  async flush(): Promise<void> {
    await this.#file?.flush();
  }
  async close(): Promise<void> {
    await this.#file?.close();
    await this.#view?.close();
    this.#file = undefined;
    this.#view = undefined;
  }
}
