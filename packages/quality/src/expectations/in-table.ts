/* expect_column_values_to_be_in_table: referential integrity. Great Expectations has no such one among its core. */

import { checkRows, domainSql } from '../expectation/check-rows.ts';
import { expectation } from '../expectation/expectation.ts';
import { mostly, notNull } from '../expectation/row-expectation.ts';
import { column, text } from '../suite/args.ts';
import { columnNamed } from '../table/column.ts';

export const valuesToBeInTable = expectation({
  type: 'expect_column_values_to_be_in_table',
  scope: 'column',
  args: { column, mostly, other_table_name: text, other_column: column },
  check: (args, context) => {
    const { table } = context;
    const { quote } = table.dialect;
    const value = quote(columnNamed(table.columns, args.column).name);
    const other = quote(args.other_column);
    const considered = notNull(args.column);
    const keys = `SELECT ${other} FROM ${table.other(args.other_table_name)} WHERE ${other} IS NOT NULL`;
    const where = `${domainSql(context, considered)} AND ${value} NOT IN (${keys})`;
    const from = `(SELECT count(*) AS n FROM ${table.from} WHERE ${where}) AS missing`;
    return checkRows(context, {
      columns: [args.column],
      shape: 'value',
      considered,
      mostly: args.mostly,
      unexpected: { count: 'max(n)', countFrom: from, where },
    });
  },
});
