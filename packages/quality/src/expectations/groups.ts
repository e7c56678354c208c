/* Rows grouped by the values of columns: what uniqueness, distinct values and the most common one are counted from. */

import { domainSql } from '../expectation/check-rows.ts';
import type { CheckContext } from '../expectation/expectation.ts';
import type { RowTest } from '../row-test.ts';
import { columnNamed } from '../table/column.ts';

/** How many rows of a group have its values: a name that no column has. */
export const groupRows = '"__n"';

/** A relation with the columns and `groupRows`. */
export function groupsOf(context: CheckContext, names: readonly string[], considered: RowTest): string {
  const { table } = context;
  const columns = names.map((name) => table.dialect.quote(columnNamed(table.columns, name).name)).join(', ');
  const where = domainSql(context, considered);
  return `(SELECT ${columns}, count(*) AS ${groupRows} FROM ${table.from} WHERE ${where} GROUP BY ${columns}) AS groups`;
}
