/* Rows grouped by the values of columns: what uniqueness, distinct values and the most common one are counted from. */

import { domainSql } from '../expectation/check-rows.ts';
import type { CheckContext } from '../expectation/expectation.ts';
import type { RowTest } from '../row-test.ts';
import { columnNamed } from '../table/column.ts';

/** A relation with the columns and `n`, how many rows have these values. */
export function groupsOf(context: CheckContext, names: readonly string[], considered: RowTest): string {
  const { table } = context;
  const columns = names.map((name) => table.dialect.quote(columnNamed(table.columns, name).name)).join(', ');
  const where = domainSql(context, considered);
  return `(SELECT ${columns}, count(*) AS n FROM ${table.from} WHERE ${where} GROUP BY ${columns}) AS groups`;
}
