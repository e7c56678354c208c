/* expect_column_values_to_be_increasing, …_decreasing: each value against the one before it that is not NULL. */

import { UserError } from '#base';
import { checkRows, domainSql } from '../expectation/check-rows.ts';
import { expectation, type Expectation } from '../expectation/expectation.ts';
import { mostly, notNull } from '../expectation/row-expectation.ts';
import { column, flag, optional } from '../suite/args.ts';
import { rowColumn } from '../table/checked-table.ts';
import { columnNamed } from '../table/column.ts';

function ordered(type: string, operator: '>' | '<'): Expectation {
  return expectation({
    type,
    scope: 'column',
    args: { column, mostly, strictly: optional(flag, false) },
    check: (args, context) => {
      const { table } = context;
      const { quote } = table.dialect;
      const value = quote(columnNamed(table.columns, args.column).name);
      const order = table.numbered === undefined ? table.key.map(quote) : [quote(rowColumn)];
      if (order.length === 0)
        throw new UserError('QLT2004', {
          message: `${type}: the rows of ${table.name} have no order`,
          hint: 'A table needs a primary key for it; files have the order of their rows.',
        });
      const considered = notNull(args.column);
      const kept = [...new Set([...order, value, ...context.format.indexColumns.map(quote)])].join(', ');
      const before = `lag(${value}) OVER (ORDER BY ${order.join(', ')}) AS "__before"`;
      const from = `(SELECT ${kept}, ${before} FROM ${table.numbered ?? table.from} WHERE ${domainSql(context, considered)}) AS ordered`;
      const where = `NOT (${value} ${operator}${args.strictly ? '' : '='} "__before")`;
      return checkRows(context, {
        columns: [args.column],
        shape: 'value',
        considered,
        mostly: args.mostly,
        unexpected: { count: `count(*) FILTER (WHERE ${where})`, countFrom: from, where, rowsFrom: from },
      });
    },
  });
}
export const valuesToBeIncreasing = ordered('expect_column_values_to_be_increasing', '>');
export const valuesToBeDecreasing = ordered('expect_column_values_to_be_decreasing', '<');
