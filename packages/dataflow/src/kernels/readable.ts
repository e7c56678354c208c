/* The row of a slot as columns, for whoever takes rows of batches. */

import { columnBuilder, type Column } from '#data';
import type { StateColumn, Table } from '#state';

export function readable(
  table: Pick<Table, 'row'>,
  slot: number,
): { readonly columns: readonly Column[]; readonly row: number } {
  const views: Column[] = [];
  for (const column of table.row) {
    const view = column.view();
    if (view === undefined) return { columns: table.row.map((c) => single(c, slot)), row: 0 };
    views.push(view);
  }
  return { columns: views, row: slot };
}
/** Values that no view shows: wide numbers, nested values. */
function single(column: StateColumn, slot: number): Column {
  const builder = columnBuilder(column.type);
  builder.append(column.get(slot));
  return builder.build();
}
