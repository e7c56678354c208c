/* Tables of one scope in memory: the whole state of an operator, or one slice of time. Writes and reads what they hold, as
 * it lies (snapshots) and as rows (export, import). */

import { assert } from '#base';
import { hashRows, rowColumns, type LogicalType, type Value } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import type { KeyedTable, OwnedTable, SortedTable, StateScope, Table } from '../contract.ts';
import type { KeyGroups } from '../key-groups.ts';
import { keyGroupOf } from '../key-groups.ts';
import type { OwnedRows, SavedRow } from '../saved-row.ts';
import { typeTexts, type TableShape } from '../shape.ts';
import type { KeyedSpec, OwnedSpec } from '../spec.ts';
import { MemoryKeyedTable } from './keyed-table.ts';
import { MemoryOwnedTable } from './owned-table.ts';
import { MemoryTable } from './table.ts';
import { MemoryTimers } from './timers.ts';

interface OwnedEntry {
  readonly owner: MemoryTable;
  readonly table: MemoryOwnedTable;
  readonly types: readonly LogicalType[];
}
interface TimersEntry {
  readonly of: MemoryTable;
  readonly timers: MemoryTimers;
}

export class MemoryScope implements StateScope {
  protected readonly keyedTables: MemoryKeyedTable[] = [];
  readonly #owned: OwnedEntry[] = [];
  readonly #timers: TimersEntry[] = [];
  readonly #names = new Set<string>();

  keyed(spec: KeyedSpec): KeyedTable {
    this.claim(spec.name);
    const table = this.newKeyed(spec);
    this.keyedTables.push(table);
    return table;
  }
  protected newKeyed(spec: KeyedSpec): MemoryKeyedTable {
    return new MemoryKeyedTable(spec);
  }
  owned(owner: Table, spec: OwnedSpec): OwnedTable {
    return this.#own(owner, spec);
  }
  sorted(owner: Table, spec: OwnedSpec & { readonly order: NonNullable<OwnedSpec['order']> }): SortedTable {
    return this.#own(owner, spec);
  }
  #own(owner: Table, spec: OwnedSpec): MemoryOwnedTable {
    this.claim(spec.name);
    assert(owner instanceof MemoryTable, 'tables of one store belong together');
    const table = new MemoryOwnedTable(owner, spec);
    this.#owned.push({ owner, table, types: spec.row });
    return table;
  }
  protected addTimers(of: Table, name: string): MemoryTimers {
    this.claim(name);
    assert(of instanceof MemoryTable, 'timers belong to a table of their store');
    const timers = new MemoryTimers(name, of.pages);
    of.attach(timers);
    this.#timers.push({ of, timers });
    return timers;
  }
  protected claim(name: string): void {
    assert(!this.#names.has(name), `state "${name}" is declared once`);
    this.#names.add(name);
  }
  beginRun(now: number): void {
    for (const table of this.keyedTables) table.beginRun(now);
    for (const { table } of this.#owned) table.beginRun(now);
  }
  endRun(rows: number): void {
    for (const table of this.keyedTables) table.sweep(rows);
    for (const { table } of this.#owned) table.sweep(rows);
  }
  clear(): void {
    for (const table of this.keyedTables) table.clear();
  }
  /** Keys of the table that was declared first. */
  get keys(): number {
    return this.keyedTables[0]?.size ?? 0;
  }
  /** A snapshot still has to copy some of it. */
  get isWatched(): boolean {
    return this.keyedTables.some((t) => t.isWatched) || this.#owned.some(({ table }) => table.isWatched);
  }
  get bytes(): number {
    let bytes = 0;
    for (const table of this.keyedTables) bytes += table.bytes;
    for (const { table } of this.#owned) bytes += table.bytes;
    for (const { timers } of this.#timers) bytes += timers.bytes;
    return bytes;
  }

  snapshot(to: StateWriter): void {
    for (const table of this.keyedTables) {
      to.text(table.name);
      table.snapshot(to);
    }
    for (const { table } of this.#owned) {
      to.text(table.name);
      table.snapshot(to);
    }
  }
  restore(from: StateReader): void {
    const expect = (name: string): void => {
      const found = from.text();
      assert(found === name, `a snapshot of the state "${name}", found "${found}"`);
    };
    for (const table of this.keyedTables) {
      expect(table.name);
      table.restore(from);
    }
    for (const { table } of this.#owned) {
      expect(table.name);
      table.restore(from);
    }
  }

  shapes(): readonly TableShape[] {
    return this.keyedTables.map((table) => this.#shape(table, typeTexts(table.keyTypes)));
  }
  #shape(table: MemoryTable, key: readonly string[]): TableShape {
    return {
      name: table.name,
      key,
      row: typeTexts(table.row.map((c) => c.type)),
      cells: table.cellShapes,
      zeros: table.zeros,
      owned: this.#owned.filter((o) => o.owner === table).map((o) => this.#shape(o.table, [])),
      timers: this.#timers.filter((t) => t.of === table).map((t) => t.timers.name),
    };
  }
  groupOf({ table, key }: SavedRow): number {
    const own = this.keyedTables.find((t) => t.name === table);
    assert(own !== undefined, `the table "${table}" is declared`);
    return groupOfKey(own.keyTypes, key);
  }

  /** The rows of the key groups, tables in order of declaration, slots in order. */
  *export(groups: KeyGroups): Iterable<SavedRow> {
    for (const table of this.keyedTables) {
      for (let slot = 0; slot < table.extent; slot++) {
        if (!table.isLive(slot) || !table.fresh(slot)) continue;
        if (!groups.has(keyGroupOf(table.hashes[slot]!))) continue;
        yield {
          table: table.name,
          slice: undefined,
          key: table.keyValues(slot),
          ...this.contents(table, slot),
        };
      }
    }
  }
  /** The tables whose rows belong to slots of this one. */
  protected ownedBy(table: MemoryTable): readonly MemoryOwnedTable[] {
    return this.#owned.filter((o) => o.owner === table).map((o) => o.table);
  }
  protected ownerOf(table: MemoryOwnedTable): MemoryTable {
    return this.#owned.find((o) => o.table === table)!.owner;
  }
  protected timersBy(table: MemoryTable): readonly MemoryTimers[] {
    return this.#timers.filter((t) => t.of === table).map((t) => t.timers);
  }
  protected contents(table: MemoryTable, slot: number): OwnedRows {
    const owned: Record<string, OwnedRows[]> = {};
    for (const entry of this.#owned) {
      if (entry.owner !== table) continue;
      const rows: OwnedRows[] = [];
      for (let at = entry.table.first(slot); at >= 0; at = entry.table.next(at))
        if (entry.table.fresh(at)) rows.push(this.contents(entry.table, at));
      if (rows.length > 0) owned[entry.table.name] = rows;
    }
    const timers: Record<string, number> = {};
    for (const entry of this.#timers) {
      const time = entry.of === table ? entry.timers.timeOf(slot) : Number.NaN;
      if (!Number.isNaN(time)) timers[entry.timers.name] = time;
    }
    return { row: table.rowValues(slot), cells: table.cellValues(slot), owned, timers };
  }
  import(saved: SavedRow): void {
    const table = this.keyedTables.find((t) => t.name === saved.table);
    assert(table !== undefined, `imported state "${saved.table}" is declared`);
    const slot = table.upsertRow(rowColumns(table.keyTypes, saved.key), 0);
    assert(table.created, 'a key is imported once');
    this.#fill(table, slot, saved);
  }
  #fill(table: MemoryTable, slot: number, { row, cells, owned, timers }: OwnedRows): void {
    table.row.forEach((column, i) => {
      column.setValue(slot, row[i]!);
    });
    table.setCellValues(slot, cells);
    for (const [name, rows] of Object.entries(owned)) {
      const entry = this.#owned.find((o) => o.table.name === name && o.owner === table);
      assert(entry !== undefined, `imported state "${name}" is declared`);
      for (const child of rows) this.#append(entry, slot, child);
    }
    for (const [name, at] of Object.entries(timers))
      this.#timers.find((t) => t.timers.name === name && t.of === table)!.timers.set(slot, at);
  }
  #append({ table, types }: OwnedEntry, owner: number, child: OwnedRows): void {
    const columns = rowColumns(types, child.row);
    const slot = table.importRow(owner, columns, child.cells);
    this.#fill(table, slot, child);
  }
}

/** The key group of a key's values. */
export function groupOfKey(types: readonly LogicalType[], key: readonly Value[]): number {
  const hash = new Int32Array(1);
  hashRows(rowColumns(types, key), 0, 1, hash);
  return keyGroupOf(hash[0]!);
}
