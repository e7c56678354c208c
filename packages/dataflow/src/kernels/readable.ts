/* The row of a slot as columns, for whoever takes rows of batches. A view shows what a table holds until that table is
 * written: its arrays grow, and its strings move. */

import { columnBuilder, type Column } from '#data';
import type { OwnedTable, StateColumn, Table } from '#state';

export interface ReadableRow {
  readonly columns: readonly Column[];
  readonly row: number;
}

export function readable(table: Pick<Table, 'row'>, slot: number): ReadableRow {
  const views: Column[] = [];
  for (const column of table.row) {
    const view = column.view();
    if (view === undefined) return { columns: table.row.map((c) => single(c, slot)), row: 0 };
    views.push(view);
  }
  return { columns: views, row: slot };
}
export interface ReadableOwnedRow extends ReadableRow {
  readonly slot: number;
}
/** So many rows are copied at a time. */
const copiedAtOnce = 512;

/** The rows that a slot owns, for whoever adds them to another's in `written` meanwhile, which may be that very table. */
export function* readableRows(
  written: OwnedRows,
  table: OwnedRows,
  owner: number,
): Generator<ReadableOwnedRow, void> {
  let slot = table.first(owner);
  if (written !== table) {
    for (; slot >= 0; slot = table.next(slot)) yield { slot, ...readable(table, slot) };
    return;
  }
  while (slot >= 0) {
    const slots: number[] = [];
    const builders = table.row.map((c) => columnBuilder(c.type));
    for (; slot >= 0 && slots.length < copiedAtOnce; slot = table.next(slot)) {
      slots.push(slot);
      builders.forEach((builder, c) => {
        builder.append(table.row[c]!.get(slot));
      });
    }
    const columns = builders.map((b) => b.build());
    for (const [row, copied] of slots.entries()) yield { slot: copied, columns, row };
  }
}
type OwnedRows = Pick<OwnedTable, 'row' | 'first' | 'next'>;

/** Values that no view shows: wide numbers, nested values. */
function single(column: StateColumn, slot: number): Column {
  const builder = columnBuilder(column.type);
  builder.append(column.get(slot));
  return builder.build();
}
