/* The tables of one slice of time, of which rows may lie on disk. */

import type { KeyGroups } from '../key-groups.ts';
import type { MemoryKeyedTable } from '../memory/keyed-table.ts';
import { MemoryScope } from '../memory/scope.ts';
import type { MemoryTable } from '../memory/table.ts';
import type { SavedRow } from '../saved-row.ts';
import type { KeyedSpec } from '../spec.ts';
import { leavesMemory } from './evicting-table.ts';
import type { RowDisk } from './row-disk.ts';
import { SliceRowSpace } from './row-space.ts';
import { SliceTable, type ColdTable, type SlicePlace } from './slice-table.ts';

export class SliceScope extends MemoryScope {
  readonly place: SlicePlace;
  readonly tables: SliceTable[] = [];
  readonly #disk: RowDisk;

  constructor(disk: RowDisk, place: SlicePlace) {
    super();
    this.#disk = disk;
    this.place = place;
  }
  protected override newKeyed(spec: KeyedSpec): MemoryKeyedTable {
    if (!leavesMemory(spec)) return super.newKeyed(spec);
    const parts = {
      disk: this.#disk,
      space: new SliceRowSpace(this.tables.length, this.place.number),
      belongings: {
        ownedBy: (table: MemoryTable) => this.ownedBy(table),
        timersBy: (table: MemoryTable) => this.timersBy(table),
      },
      contents: (table: MemoryTable, slot: number) => this.contents(table, slot),
    };
    const table = new SliceTable(spec, parts, this.place);
    this.tables.push(table);
    return table;
  }
  /** The scope of another slice from now on, or of the same one whose rows are all on disk. */
  begin({ number, since, wrote }: SlicePlace, cold: readonly ColdTable[] = []): void {
    Object.assign(this.place, { number, since, wrote });
    this.tables.forEach((table, t) => {
      table.space.slice = number;
      if (cold[t] !== undefined) table.begin(cold[t]);
    });
  }
  /** As new, whatever lies on disk. */
  override clear(): void {
    for (const table of this.keyedTables) {
      if (table instanceof SliceTable) table.reset();
      else table.clear();
    }
  }
  /** Nothing of it is in memory but how many rows are on disk. */
  get isCold(): boolean {
    return (
      this.tables.length === this.keyedTables.length &&
      this.tables.every((table) => table.liveSize === 0 && !table.isWalked)
    );
  }
  override *export(groups: KeyGroups): Iterable<SavedRow> {
    yield* super.export(groups);
    for (const table of this.tables) yield* table.exportFromDisk(groups);
  }
}
