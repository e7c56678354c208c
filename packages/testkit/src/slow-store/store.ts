/* A state store that is slow and obvious: the oracle of the store in memory. Its snapshot is its rows. */

import { assert } from '#base';
import { hashRows, type LogicalType } from '#data';
import {
  keyGroupOf,
  readSavedRest,
  readSavedRows,
  typeTexts,
  writeSavedRest,
  writeSavedRows,
  allKeyGroups,
  type KeyedSpec,
  type KeyedTable,
  type KeyGroups,
  type OwnedRows,
  type OwnedSpec,
  type OwnedTable,
  type PersistentStore,
  type RowList,
  type SavedRest,
  type SavedRow,
  type Scalar,
  type ScalarSpec,
  type Slices,
  type SortedTable,
  type StateReader,
  type StateScope,
  type StateWriter,
  type Table,
  type TableShape,
  type Timers,
  type TimersSpec,
} from '#state';
import { oneRow, SlowKeyedTable, SlowOwnedTable, SlowRowList, SlowTimers, type SlowTable } from './tables.ts';

class SlowScope implements StateScope {
  protected readonly tables: SlowKeyedTable[] = [];
  readonly #owned: { readonly owner: SlowTable; readonly table: SlowOwnedTable }[] = [];
  protected readonly timersOf: { readonly of: SlowTable; readonly timers: SlowTimers }[] = [];

  keyed(spec: KeyedSpec): KeyedTable {
    const table = new SlowKeyedTable(spec);
    this.tables.push(table);
    return table;
  }
  owned(owner: Table, spec: OwnedSpec): OwnedTable {
    return this.sorted(owner, spec as OwnedSpec & { readonly order: NonNullable<OwnedSpec['order']> });
  }
  sorted(owner: Table, spec: OwnedSpec & { readonly order: NonNullable<OwnedSpec['order']> }): SortedTable {
    const table = new SlowOwnedTable(owner as SlowTable, spec);
    this.#owned.push({ owner: owner as SlowTable, table });
    return table;
  }
  beginRun(now: number): void {
    for (const table of [...this.tables, ...this.#owned.map((o) => o.table)]) table.now = now;
  }
  endRun(_rows: number): void {
    for (const table of [...this.tables, ...this.#owned.map((o) => o.table)]) table.sweep();
  }
  get bytes(): number {
    return [...this.tables, ...this.#owned.map((o) => o.table)].reduce((n, t) => n + t.bytes, 0);
  }
  clear(): void {
    for (const table of this.tables) table.clear();
  }
  get keys(): number {
    return this.tables[0]?.live.length ?? 0;
  }
  shapes(): readonly TableShape[] {
    return this.tables.map((table) => this.#shape(table, typeTexts(table.keyTypes)));
  }
  #shape(table: SlowTable, key: readonly string[]): TableShape {
    return {
      name: table.name,
      key,
      row: typeTexts(table.rowTypes),
      cells: table.cellShapes,
      zeros: table.zeros,
      owned: this.#owned.filter((o) => o.owner === table).map((o) => this.#shape(o.table, [])),
      timers: this.timersOf.filter((t) => t.of === table).map((t) => t.timers.name),
    };
  }
  groupOf({ table, key }: SavedRow): number {
    const { keyTypes } = this.tables.find((t) => t.name === table)!;
    const hash = new Int32Array(1);
    hashRows(
      keyTypes.map((type, i) => oneRow(type, key[i]!)),
      0,
      1,
      hash,
    );
    return keyGroupOf(hash[0]!);
  }
  *export(groups: KeyGroups): Iterable<SavedRow> {
    for (const table of this.tables)
      for (const slot of table.live)
        if (table.fresh(slot) && groups.has(keyGroupOf(table.hashes[slot]!)))
          yield {
            table: table.name,
            slice: undefined,
            key: table.keyValues(slot),
            ...this.#contents(table, slot),
          };
  }
  #contents(table: SlowTable, slot: number): OwnedRows {
    const owned: Record<string, OwnedRows[]> = {};
    for (const { owner, table: child } of this.#owned) {
      if (owner !== table) continue;
      const rows: OwnedRows[] = [];
      for (let at = child.first(slot); at >= 0; at = child.next(at))
        if (child.fresh(at)) rows.push(this.#contents(child, at));
      if (rows.length > 0) owned[child.name] = rows;
    }
    const timers: Record<string, number> = {};
    for (const { of, timers: own } of this.timersOf) {
      const time = of === table ? own.timeOf(slot) : Number.NaN;
      if (!Number.isNaN(time)) timers[own.name] = time;
    }
    return { row: table.rowValues(slot), cells: table.cellValues(slot), owned, timers };
  }
  import(saved: SavedRow): void {
    const table = this.tables.find((t) => t.name === saved.table);
    assert(table !== undefined, `imported state "${saved.table}" is declared`);
    this.#fill(
      table,
      table.upsertRow(
        table.keyTypes.map((type, i) => oneRow(type, saved.key[i]!)),
        0,
      ),
      saved,
    );
  }
  #fill(table: SlowTable, slot: number, saved: OwnedRows): void {
    table.row.forEach((column, i) => {
      column.setValue(slot, saved.row[i]!);
    });
    table.setCellValues(slot, saved.cells);
    for (const [name, rows] of Object.entries(saved.owned)) {
      const { table: child } = this.#owned.find((o) => o.owner === table && o.table.name === name)!;
      for (const row of rows) {
        const columns = child.rowTypes.map((type, i) => oneRow(type, row.row[i]!));
        this.#fill(child, child.importRow(slot, columns, row.cells), row);
      }
    }
    for (const [name, at] of Object.entries(saved.timers))
      this.timersOf.find((t) => t.of === table && t.timers.name === name)!.timers.set(slot, at);
  }
}

class SlowSlices<T> implements Slices<T> {
  readonly name: string;
  readonly #declare: (scope: StateScope) => T;
  readonly #slices = new Map<number, { readonly scope: SlowScope; readonly tables: T }>();
  now = -Infinity;
  constructor(name: string, declare: (scope: StateScope) => T) {
    this.name = name;
    this.#declare = declare;
  }
  get size(): number {
    return this.#slices.size;
  }
  get keys(): number {
    return [...this.#slices.values()].reduce((n, { scope }) => n + scope.keys, 0);
  }
  get(end: number): T | undefined {
    return this.#slices.get(end)?.tables;
  }
  at(end: number): T {
    return this.#at(end).tables;
  }
  #at(end: number): { readonly scope: SlowScope; readonly tables: T } {
    const known = this.#slices.get(end);
    if (known !== undefined) return known;
    const scope = new SlowScope();
    const slice = { scope, tables: this.#declare(scope) };
    this.#slices.set(end, slice);
    return slice;
  }
  ends(): readonly number[] {
    return [...this.#slices.keys()].sort((a, b) => a - b);
  }
  drop(end: number): void {
    this.#slices.delete(end);
  }
  scratch(): T {
    return this.#declare(new SlowScope());
  }
  clearScratch(): void {}
  settle(): void {}
  shapes(): readonly TableShape[] {
    const scope = new SlowScope();
    this.#declare(scope);
    return scope.shapes().map((s) => ({ ...s, name: `${this.name}/${s.name}` }));
  }
  groupOf(row: SavedRow): number {
    const scope = new SlowScope();
    this.#declare(scope);
    return scope.groupOf({ ...row, table: row.table.slice(this.name.length + 1) });
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

interface NamedScalar extends Scalar {
  readonly spec: ScalarSpec;
}

export class SlowStore extends SlowScope implements PersistentStore {
  readonly #slices: SlowSlices<unknown>[] = [];
  readonly #lists: SlowRowList[] = [];
  readonly #scalars: NamedScalar[] = [];

  timers(of: Table, { name }: TimersSpec): Timers {
    const timers = new SlowTimers(name, of as SlowTable);
    this.timersOf.push({ of: of as SlowTable, timers });
    return timers;
  }
  slices<T>(name: string, declare: (scope: StateScope) => T): Slices<T> {
    const slices = new SlowSlices(name, declare);
    this.#slices.push(slices as SlowSlices<unknown>);
    return slices;
  }
  list(spec: {
    readonly name: string;
    readonly row: readonly LogicalType[];
    readonly cells?: OwnedSpec['cells'];
  }): RowList {
    const list = new SlowRowList(spec.name, spec.row, spec.cells ?? {}, undefined);
    this.#lists.push(list);
    return list;
  }
  scalar(spec: ScalarSpec): Scalar {
    const scalar = { spec, value: spec.initial };
    this.#scalars.push(scalar);
    return scalar;
  }
  override shapes(): readonly TableShape[] {
    const lists = this.#lists.map(
      (list): TableShape => ({
        name: list.name,
        key: [],
        row: typeTexts(list.rowTypes),
        cells: list.cellShapes,
        zeros: [],
        owned: [],
        timers: [],
      }),
    );
    return [...super.shapes(), ...this.#slices.flatMap((s) => s.shapes()), ...lists];
  }
  override groupOf(row: SavedRow): number {
    if (row.slice === undefined) return super.groupOf(row);
    return this.#slices.find((s) => row.table.startsWith(`${s.name}/`))!.groupOf(row);
  }
  override *export(groups: KeyGroups): Iterable<SavedRow> {
    yield* super.export(groups);
    for (const slices of this.#slices) yield* slices.export(groups);
  }
  override import(row: SavedRow): void {
    if (row.slice === undefined) return super.import(row);
    this.#slices.find((s) => row.table.startsWith(`${s.name}/`))!.import(row);
  }
  exportRest(): SavedRest {
    return {
      lists: Object.fromEntries(
        this.#lists.map((list) => [
          list.name,
          list.live.map((slot) => ({
            row: list.rowValues(slot),
            cells: list.cellValues(slot),
            owned: {},
            timers: {},
          })),
        ]),
      ),
      scalars: Object.fromEntries(this.#scalars.map(({ spec, value }) => [spec.name, value])),
    };
  }
  importRest(parts: readonly SavedRest[], instance: number, instances: number): void {
    for (const scalar of this.#scalars) {
      const values = parts.map((p) => p.scalars[scalar.spec.name] ?? scalar.spec.initial);
      const { merge } = scalar.spec;
      if (merge === 'min') scalar.value = Math.min(...values);
      else if (merge === 'max') scalar.value = Math.max(...values);
      else scalar.value = instance === 0 ? values.reduce((a, b) => a + b, 0) : 0;
    }
    for (const list of this.#lists)
      parts
        .flatMap((p) => p.lists[list.name] ?? [])
        .filter((_, i) => i % instances === instance)
        .forEach(({ row, cells }) => {
          const slot = list.append(
            list.rowTypes.map((type, i) => oneRow(type, row[i]!)),
            0,
          );
          list.setCellValues(slot, cells);
        });
  }
  snapshot(to: StateWriter): void {
    writeSavedRows(to, this.export(allKeyGroups));
    writeSavedRest(to, this.exportRest());
  }
  restore(from: StateReader): void {
    for (const row of readSavedRows(from)) this.import(row);
    this.importRest([readSavedRest(from)], 0, 1);
  }
}
