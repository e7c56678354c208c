/* expect_column_values_to_be_unique, expect_compound_columns_to_be_unique: every row of a group of more than one. */

import { checkRows, domainSql, type Unexpected } from '../expectation/check-rows.ts';
import { expectation, type CheckContext } from '../expectation/expectation.ts';
import { mostly, notNull, recordArgs, recordConsidered } from '../expectation/row-expectation.ts';
import type { RowTest } from '../row-test.ts';
import { column } from '../suite/args.ts';
import { rowColumn } from '../table/checked-table.ts';
import { columnNamed } from '../table/column.ts';
import { groupRows, groupsOf } from './groups.ts';

function repeated(context: CheckContext, names: readonly string[], considered: RowTest): Unexpected {
  const { table } = context;
  const { quote } = table.dialect;
  const where = domainSql(context, considered);
  const columns = names.map((name) => quote(columnNamed(table.columns, name).name));
  const kept = [
    ...new Set([
      ...(table.numbered === undefined ? table.key : [rowColumn]).map(quote),
      ...context.format.indexColumns.map(quote),
      ...columns,
    ]),
  ];
  const counted = `count(*) OVER (PARTITION BY ${columns.join(', ')}) AS ${groupRows}`;
  return {
    count: `coalesce(sum(${groupRows}) FILTER (WHERE ${groupRows} > 1), 0)`,
    countFrom: groupsOf(context, names, considered),
    where: `${groupRows} > 1`,
    rowsFrom: `(SELECT ${kept.join(', ')}, ${counted} FROM ${table.numbered ?? table.from} WHERE ${where}) AS repeated`,
  };
}

export const valuesToBeUnique = expectation({
  type: 'expect_column_values_to_be_unique',
  scope: 'column',
  args: { column, mostly },
  check: (args, context) => {
    const considered = notNull(args.column);
    return checkRows(context, {
      columns: [args.column],
      shape: 'value',
      considered,
      mostly: args.mostly,
      unexpected: repeated(context, [args.column], considered),
    });
  },
});
export const compoundColumnsToBeUnique = expectation({
  type: 'expect_compound_columns_to_be_unique',
  scope: 'multicolumn',
  args: recordArgs,
  check: (args, context) => {
    const considered = recordConsidered(args);
    return checkRows(context, {
      columns: args.column_list,
      shape: 'record',
      considered,
      mostly: args.mostly,
      unexpected: repeated(context, args.column_list, considered),
    });
  },
});
