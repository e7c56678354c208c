/* Scopes by the end of a slice of time, in memory. A slice that was dropped is used again for the next one. */

import type { StateReader, StateWriter } from '../bytes.ts';
import type { Slices, StateScope } from '../contract.ts';
import type { KeyGroups } from '../key-groups.ts';
import type { SavedRow } from '../saved-row.ts';
import type { TableShape } from '../shape.ts';
import { MemoryScope } from './scope.ts';

/** Empty slices kept for later: their tables are large enough already. */
const spareMax = 4;
/** What a slice takes beside its tables, about. */
const sliceBytes = 512;

interface Slice<T> {
  readonly scope: MemoryScope;
  readonly tables: T;
}

export class MemorySlices<T> implements Slices<T> {
  readonly name: string;
  readonly #declare: (scope: StateScope) => T;
  readonly #slices = new Map<number, Slice<T>>();
  readonly #spare: Slice<T>[] = [];
  #scratch: Slice<T> | undefined;
  #ends: number[] | undefined;
  #now = -Infinity;

  constructor(name: string, declare: (scope: StateScope) => T) {
    this.name = name;
    this.#declare = declare;
  }
  get size(): number {
    return this.#slices.size;
  }
  get keys(): number {
    let keys = 0;
    for (const { scope } of this.#slices.values()) keys += scope.keys;
    return keys;
  }
  get(end: number): T | undefined {
    return this.#slices.get(end)?.tables;
  }
  at(end: number): T {
    return this.#at(end).tables;
  }
  #at(end: number): Slice<T> {
    let slice = this.#slices.get(end);
    if (slice === undefined) {
      slice = this.#spare.pop() ?? this.#declared();
      slice.scope.beginRun(this.#now);
      this.#slices.set(end, slice);
      this.#ends = undefined;
    }
    return slice;
  }
  #declared(): Slice<T> {
    const scope = new MemoryScope();
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
    // What a snapshot still copies is left to it as it is.
    if (this.#spare.length >= spareMax || slice.scope.isWatched) return;
    slice.scope.clear();
    this.#spare.push(slice);
  }
  scratch(): T {
    this.clearScratch();
    this.#scratch ??= this.#declared();
    return this.#scratch.tables;
  }
  clearScratch(): void {
    this.#scratch?.scope.clear();
  }
  settle(): void {}
  beginRun(now: number): void {
    this.#now = now;
    for (const { scope } of this.#slices.values()) scope.beginRun(now);
  }

  get bytes(): number {
    let bytes = 0;
    for (const { scope } of [...this.#slices.values(), ...this.#spare]) bytes += sliceBytes + scope.bytes;
    if (this.#scratch !== undefined) bytes += sliceBytes + this.#scratch.scope.bytes;
    return bytes;
  }
  snapshot(to: StateWriter): void {
    to.i32(this.#slices.size);
    for (const [end, { scope }] of this.#slices) {
      to.f64(end);
      scope.snapshot(to);
    }
  }
  restore(from: StateReader): void {
    for (let n = from.i32(); n > 0; n--) this.#at(from.f64()).scope.restore(from);
  }
  shapes(): readonly TableShape[] {
    return this.#scratchScope()
      .shapes()
      .map((s) => ({ ...s, name: `${this.name}/${s.name}` }));
  }
  groupOf(row: SavedRow): number {
    return this.#scratchScope().groupOf({ ...row, table: row.table.slice(this.name.length + 1) });
  }
  #scratchScope(): MemoryScope {
    return (this.#scratch ??= this.#declared()).scope;
  }
  *export(groups: KeyGroups): Iterable<SavedRow> {
    for (const [end, { scope }] of this.#slices)
      for (const row of scope.export(groups))
        yield { ...row, table: `${this.name}/${row.table}`, slice: end };
  }
  import(row: SavedRow): void {
    this.#at(row.slice!).scope.import({ ...row, table: row.table.slice(this.name.length + 1) });
  }
}
