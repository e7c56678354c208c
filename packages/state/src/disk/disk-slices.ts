/* Scopes by the end of a slice of time, of which rows may lie on disk: all of them, and then nothing of the slice is in memory
 * but how many there are.
 *
 *   at, get ─▶ warm: tables, rows in memory and on disk ── evicted to the last row ─▶ cold ── at, get ─▶ warm
 *   drop ─▶ its number is forgotten; the rows under it go, bit by bit, once no checkpoint needs them
 *
 * A slice has a number of its own in the keys of its rows: its end may come again, while a checkpoint needs what was there
 * before. What is merged out of several slices (`scratch`) has one too, that no snapshot names. */

import { assert } from '#base';
import type { StateReader, StateWriter } from '../bytes.ts';
import type { Slices, StateScope } from '../contract.ts';
import type { KeyGroups } from '../key-groups.ts';
import type { SavedRow } from '../saved-row.ts';
import type { TableShape } from '../shape.ts';
import { MemoryScope } from '../memory/scope.ts';
import type { Evictable } from './evictable.ts';
import type { RowDisk } from './row-disk.ts';
import { SliceScope } from './slice-scope.ts';
import { isUnnamed, type ColdTable, type SlicePlace } from './slice-table.ts';

/** Empty slices kept for later. */
const spareMax = 4;
/** What a slice takes beside its tables, about. */
const sliceBytes = 512;

interface Warm<T> {
  readonly scope: SliceScope;
  readonly tables: T;
}
interface Slice<T> {
  readonly place: SlicePlace;
  state: Warm<T> | { readonly cold: readonly ColdTable[] };
  /** Since rows were last sent to disk. */
  wasAsked: boolean;
}

export class DiskSlices<T> implements Slices<T> {
  readonly name: string;
  readonly #declare: (scope: StateScope) => T;
  readonly #disk: RowDisk;
  /** Rows may leave memory: so many were worked on since. */
  readonly #letGo: (rows: number) => void;
  readonly #slices = new Map<number, Slice<T>>();
  readonly #spare: Warm<T>[] = [];
  #scratch: Warm<T> | undefined;
  #ends: number[] | undefined;
  #now = -Infinity;

  constructor(
    name: string,
    declare: (scope: StateScope) => T,
    parts: { readonly disk: RowDisk; readonly letGo: (rows: number) => void },
  ) {
    this.name = name;
    this.#declare = declare;
    this.#disk = parts.disk;
    this.#letGo = parts.letGo;
  }
  get size(): number {
    return this.#slices.size;
  }
  get keys(): number {
    let keys = 0;
    for (const { state } of this.#slices.values())
      keys += 'cold' in state ? (state.cold[0]?.elsewhere ?? 0) : state.scope.keys;
    return keys;
  }
  get(end: number): T | undefined {
    const slice = this.#slices.get(end);
    return slice && this.#warm(slice).tables;
  }
  at(end: number): T {
    return this.#warm(this.#at(end)).tables;
  }
  #at(end: number): Slice<T> {
    let slice = this.#slices.get(end);
    if (slice === undefined) {
      const place = this.#newPlace(this.#disk.generation);
      slice = { place, state: this.#begun(place, []), wasAsked: true };
      this.#slices.set(end, slice);
      this.#ends = undefined;
    }
    return slice;
  }
  #newPlace(since: number | undefined): SlicePlace {
    return { number: this.#disk.newSlice(), since, wrote: false };
  }
  #warm(slice: Slice<T>): Warm<T> {
    slice.wasAsked = true;
    if ('cold' in slice.state) slice.state = this.#begun(slice.place, slice.state.cold);
    return slice.state;
  }
  /** Tables of a slice that has no row in memory. */
  #begun(place: SlicePlace, cold: readonly ColdTable[]): Warm<T> {
    const warm = this.#spare.pop() ?? this.#declared();
    warm.scope.begin(place, cold);
    warm.scope.beginRun(this.#now);
    return warm;
  }
  #declared(): Warm<T> {
    const scope = new SliceScope(this.#disk, { number: 0, since: undefined, wrote: false });
    return { scope, tables: this.#declare(scope) };
  }
  ends(): readonly number[] {
    return (this.#ends ??= [...this.#slices.keys()].sort((a, b) => a - b));
  }
  drop(end: number): void {
    const slice = this.#slices.get(end);
    if (slice === undefined) return;
    this.#slices.delete(end);
    this.#ends = undefined;
    const { state } = slice;
    const place = 'cold' in state ? slice.place : state.scope.place;
    this.#dropRows(place);
    if (!('cold' in state)) this.#keep(state);
  }
  #dropRows({ number, since, wrote }: SlicePlace): void {
    if (wrote) this.#disk.dropSlice(number, isUnnamed({ since }, this.#disk.generation));
  }
  /** For a slice to come. What a snapshot still copies is left to it as it is. */
  #keep(warm: Warm<T>): void {
    if (this.#spare.length >= spareMax || warm.scope.isWatched) return;
    warm.scope.clear();
    this.#spare.push(warm);
  }
  scratch(): T {
    this.clearScratch();
    this.#scratch ??= this.#begun(this.#newPlace(undefined), []);
    return this.#scratch.tables;
  }
  clearScratch(): void {
    if (this.#scratch === undefined) return;
    const { scope } = this.#scratch;
    this.#dropRows(scope.place);
    scope.clear();
    if (scope.place.wrote) scope.begin(this.#newPlace(undefined));
  }
  settle(rows: number): void {
    this.#letGo(rows);
  }
  beginRun(now: number): void {
    this.#now = now;
    for (const { scope } of this.#scopes()) scope.beginRun(now);
  }
  *#scopes(): Iterable<Warm<T>> {
    for (const { state } of this.#slices.values()) if (!('cold' in state)) yield state;
  }

  /** Tables whose rows may leave memory: those first that are needed last. */
  evictable(): readonly Evictable[] {
    const all: Evictable[] = [];
    for (const end of this.ends()) {
      const { state, wasAsked } = this.#slices.get(end)!;
      if (!('cold' in state)) for (const table of state.scope.tables) all.push({ table, isIdle: !wasAsked });
    }
    for (const table of this.#scratch?.scope.tables ?? []) all.push({ table, isIdle: false });
    return all;
  }
  /** Rows were sent to disk. Arrays never shrink: those of slices that have no row in memory go. */
  cool(isFull: boolean): void {
    if (isFull) this.#spare.length = 0;
    for (const slice of this.#slices.values()) {
      slice.wasAsked = false;
      if ('cold' in slice.state || !slice.state.scope.isCold) continue;
      const { scope } = slice.state;
      Object.assign(slice.place, scope.place);
      slice.state = { cold: scope.tables.map((table) => table.cold) };
    }
    const scratch = this.#scratch?.scope;
    if (isFull && scratch?.isCold === true && scratch.keys === 0) this.#scratch = undefined;
  }
  /** Numbers of all slices: rows of others are of no account. */
  numbers(): readonly number[] {
    return [...this.#slices.values()].map(({ place }) => place.number);
  }

  get bytes(): number {
    let bytes = sliceBytes * this.#slices.size;
    for (const { scope } of this.#scopes()) bytes += scope.bytes;
    for (const { scope } of this.#spare) bytes += scope.bytes;
    return bytes + (this.#scratch?.scope.bytes ?? 0);
  }
  snapshot(to: StateWriter): void {
    to.i32(this.#slices.size);
    for (const [end, { place, state }] of this.#slices) {
      to.f64(end);
      to.f64(place.number);
      to.u8('cold' in state ? 1 : 0);
      if (!('cold' in state)) state.scope.snapshot(to);
      else
        for (const { elsewhere, arrived } of state.cold) {
          to.f64(elsewhere);
          to.f64(arrived);
        }
    }
  }
  restore(from: StateReader): void {
    for (let n = from.i32(); n > 0; n--) {
      const end = from.f64();
      // Snapshots name it, and its rows may be on disk.
      const place: SlicePlace = { number: from.f64(), since: -1, wrote: true };
      this.#disk.reserveSlice(place.number);
      const warm = this.#begun(place, []);
      this.#slices.set(end, { place, state: warm, wasAsked: false });
      if (from.u8() === 0) warm.scope.restore(from);
      else for (const table of warm.scope.tables) table.begin({ elsewhere: from.f64(), arrived: from.f64() });
    }
    this.#ends = undefined;
  }
  shapes(): readonly TableShape[] {
    return this.#model()
      .shapes()
      .map((s) => ({ ...s, name: `${this.name}/${s.name}` }));
  }
  groupOf(row: SavedRow): number {
    return this.#model().groupOf({ ...row, table: row.table.slice(this.name.length + 1) });
  }
  /** What a slice declares. */
  #model(): MemoryScope {
    const scope = new MemoryScope();
    this.#declare(scope);
    return scope;
  }
  *export(groups: KeyGroups): Iterable<SavedRow> {
    for (const [end, slice] of this.#slices)
      for (const row of this.#warm(slice).scope.export(groups))
        yield { ...row, table: `${this.name}/${row.table}`, slice: end };
  }
  import(row: SavedRow): void {
    assert(row.slice !== undefined, `a row of "${row.table}" says of which slice it is`);
    const { scope } = this.#warm(this.#at(row.slice));
    scope.import({ ...row, table: row.table.slice(this.name.length + 1) });
  }
}
