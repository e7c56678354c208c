/* All state of one operator instance, in memory. */

import { assert } from '#base';
import type { LogicalType } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import type { PersistentStore, RowList, Scalar, Slices, StateScope, Table, Timers } from '../contract.ts';
import type { KeyGroups } from '../key-groups.ts';
import type { SavedRest, SavedRow } from '../saved-row.ts';
import type { TableShape } from '../shape.ts';
import type { OwnedSpec, ScalarSpec, TimersSpec } from '../spec.ts';
import { MemoryRowList } from './row-list.ts';
import { MemoryScope } from './scope.ts';
import { MemorySlices } from './slices.ts';

interface ScalarEntry extends Scalar {
  readonly spec: ScalarSpec;
}

/** Slices as a store keeps them. */
export interface StoredSlices<T> extends Slices<T> {
  readonly name: string;
  readonly bytes: number;
  beginRun(now: number): void;
  snapshot(to: StateWriter): void;
  restore(from: StateReader): void;
  shapes(): readonly TableShape[];
  groupOf(row: SavedRow): number;
  export(groups: KeyGroups): Iterable<SavedRow>;
  import(row: SavedRow): void;
}

export class MemoryStore extends MemoryScope implements PersistentStore {
  readonly #slices: StoredSlices<unknown>[] = [];
  readonly #lists: MemoryRowList[] = [];
  readonly #scalars: ScalarEntry[] = [];

  timers(of: Table, { name }: TimersSpec): Timers {
    return this.addTimers(of, name);
  }
  slices<T>(name: string, declare: (scope: StateScope) => T): Slices<T> {
    this.claim(name);
    const slices = this.newSlices(name, declare);
    this.#slices.push(slices as StoredSlices<unknown>);
    return slices;
  }
  protected newSlices<T>(name: string, declare: (scope: StateScope) => T): StoredSlices<T> {
    return new MemorySlices(name, declare);
  }
  list(spec: {
    readonly name: string;
    readonly row: readonly LogicalType[];
    readonly cells?: OwnedSpec['cells'];
  }): RowList {
    this.claim(spec.name);
    const list = new MemoryRowList(spec);
    this.#lists.push(list);
    return list;
  }
  scalar(spec: ScalarSpec): Scalar {
    this.claim(spec.name);
    const scalar = { spec, value: spec.initial };
    this.#scalars.push(scalar);
    return scalar;
  }
  override beginRun(now: number): void {
    super.beginRun(now);
    for (const slices of this.#slices) slices.beginRun(now);
  }
  override get bytes(): number {
    let bytes = super.bytes;
    for (const part of [...this.#slices, ...this.#lists]) bytes += part.bytes;
    return bytes;
  }

  override snapshot(to: StateWriter): void {
    super.snapshot(to);
    for (const part of [...this.#slices, ...this.#lists]) part.snapshot(to);
    for (const { value } of this.#scalars) to.f64(value);
  }
  override restore(from: StateReader): void {
    super.restore(from);
    for (const part of [...this.#slices, ...this.#lists]) part.restore(from);
    for (const scalar of this.#scalars) scalar.value = from.f64();
  }

  override shapes(): readonly TableShape[] {
    return [
      ...super.shapes(),
      ...this.#slices.flatMap((s) => s.shapes()),
      ...this.#lists.map((list) => list.shape),
    ];
  }
  override groupOf(row: SavedRow): number {
    return row.slice === undefined ? super.groupOf(row) : this.#slicesOf(row).groupOf(row);
  }
  #slicesOf(row: SavedRow): StoredSlices<unknown> {
    const slices = this.#slices.find((s) => row.table.startsWith(`${s.name}/`));
    assert(slices !== undefined, `imported state "${row.table}" is declared`);
    return slices;
  }
  override *export(groups: KeyGroups): Iterable<SavedRow> {
    yield* super.export(groups);
    for (const slices of this.#slices) yield* slices.export(groups);
  }
  override import(row: SavedRow): void {
    if (row.slice === undefined) return super.import(row);
    this.#slicesOf(row).import(row);
  }
  /** What belongs to no key. */
  exportRest(): SavedRest {
    return {
      lists: Object.fromEntries(this.#lists.map((list) => [list.name, list.export()])),
      scalars: Object.fromEntries(this.#scalars.map(({ spec, value }) => [spec.name, value])),
    };
  }
  /** Takes over what several instances had: their scalars merged, and of their lists' rows those that fall to `instance`. */
  importRest(parts: readonly SavedRest[], instance: number, instances: number): void {
    for (const scalar of this.#scalars) {
      const values = parts.map((p) => p.scalars[scalar.spec.name] ?? scalar.spec.initial);
      if (values.length > 0) scalar.value = merged(scalar.spec.merge, values, instance);
    }
    for (const list of this.#lists)
      parts
        .flatMap((p) => p.lists[list.name] ?? [])
        .forEach((row, i) => {
          if (i % instances === instance) list.import(row);
        });
  }
}

/** A sum goes to the first instance: together they are what they were. */
function merged(merge: ScalarSpec['merge'], values: readonly number[], instance: number): number {
  switch (merge) {
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
    case 'sum':
      return instance === 0 ? values.reduce((a, b) => a + b, 0) : 0;
  }
}
