/* The row of a slot as columns, for whoever takes rows of batches. A view shows what a table holds until that table is
 * written: its arrays grow, and its strings move. */

import { columnBuilder, type Column } from '#data';
import type { StateColumn, Table } from '#state';

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
/** The same for whoever writes into `written` with it at hand, which may be that very table. */
export const readableBeside = (
  written: Pick<Table, 'row'>,
  table: Pick<Table, 'row'>,
  slot: number,
): ReadableRow =>
  written === table ? { columns: table.row.map((c) => single(c, slot)), row: 0 } : readable(table, slot);

/** Values that no view shows: wide numbers, nested values. */
function single(column: StateColumn, slot: number): Column {
  const builder = columnBuilder(column.type);
  builder.append(column.get(slot));
  return builder.build();
}
