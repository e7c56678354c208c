/* Rows that belong to no key, in memory. */

import type { Column, LogicalType } from '#data';
import { columnBuilder } from '#data';
import type { RowList } from '../contract.ts';
import type { StateReader, StateWriter } from '../bytes.ts';
import type { OwnedRows } from '../saved-row.ts';
import { typeTexts, type TableShape } from '../shape.ts';
import type { OwnedSpec } from '../spec.ts';
import { Chain } from './chain.ts';
import { MemoryTable } from './table.ts';

export class MemoryRowList extends MemoryTable implements RowList {
  readonly #types: readonly LogicalType[];
  readonly #order = new Chain(this.pages);

  constructor(spec: {
    readonly name: string;
    readonly row: readonly LogicalType[];
    readonly cells?: OwnedSpec['cells'];
  }) {
    super({ name: spec.name, row: spec.row, cells: spec.cells ?? {}, ttl: undefined });
    this.#types = spec.row;
  }
  get shape(): TableShape {
    return {
      name: this.name,
      key: [],
      row: typeTexts(this.#types),
      cells: this.cellShapes,
      zeros: [],
      owned: [],
      timers: [],
    };
  }
  protected makeRoom(size: number): void {
    this.#order.ensure(1, size);
  }
  append(columns: readonly Column[], row: number): number {
    const slot = this.open();
    this.setRow(slot, columns, row);
    this.#order.insert(0, slot);
    return slot;
  }
  first(): number {
    return this.#order.first(0);
  }
  next(slot: number): number {
    return this.#order.next(slot);
  }
  remove(slot: number): void {
    this.#order.remove(0, slot);
    this.release(slot);
  }
  override get bytes(): number {
    return super.bytes + this.#order.bytes;
  }
  override snapshot(to: StateWriter): void {
    super.snapshot(to);
    this.#order.snapshotOwners(to, 1);
  }
  override restore(from: StateReader): void {
    super.restore(from);
    this.#order.restoreOwners(from);
  }
  protected snapshotMore(to: StateWriter): void {
    this.#order.snapshotSlots(to, this.extent);
  }
  protected restoreMore(from: StateReader): void {
    this.#order.restoreSlots(from);
  }
  export(): OwnedRows[] {
    const rows: OwnedRows[] = [];
    for (let slot = this.first(); slot >= 0; slot = this.next(slot))
      rows.push({ row: this.rowValues(slot), cells: this.cellValues(slot), owned: {}, timers: {} });
    return rows;
  }
  import({ row, cells }: OwnedRows): void {
    const columns = this.#types.map((type, i) => {
      const builder = columnBuilder(type);
      builder.append(row[i]!);
      return builder.build();
    });
    this.setCellValues(this.append(columns, 0), cells);
  }
}
