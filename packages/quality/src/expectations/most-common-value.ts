/* expect_column_most_common_value_to_be_in_set */

import { compareCells } from '../cell.ts';
import { testSql } from '../dialect/test-sql.ts';
import { expectation } from '../expectation/expectation.ts';
import { notNull } from '../expectation/row-expectation.ts';
import { column, flag, optional, values } from '../suite/args.ts';
import { groupRows, groupsOf } from './groups.ts';

/** Values as common as the most common one that are listed; a column of unique values has as many as rows. */
const listMax = 10_000;

export const mostCommonValueToBeInSet = expectation({
  type: 'expect_column_most_common_value_to_be_in_set',
  scope: 'column',
  args: { column, value_set: values, ties_okay: optional(flag, false) },
  check: async (args, context) => {
    const { table, scan } = context;
    const groups = groupsOf(context, [args.column], notNull(args.column));
    const most = await scan.ask(`max(${groupRows})`, groups);
    const silent = context.format.format === 'BOOLEAN_ONLY';
    if (most === null) return { success: false, result: silent ? {} : { observed_value: [] } };
    const inside = testSql(
      { kind: 'in', column: args.column, values: args.value_set },
      table.columns,
      table.dialect,
    );
    const [ties, matches] = await Promise.all([
      scan.count(`count(*) FILTER (WHERE ${groupRows} = ${most})`, groups),
      scan.count(`count(*) FILTER (WHERE ${groupRows} = ${most} AND ${inside})`, groups),
    ]);
    const value = table.dialect.quote(args.column);
    const rows = await scan.query(
      `SELECT ${value} FROM ${groups} WHERE ${groupRows} = ${most} ORDER BY ${value} LIMIT ${listMax}`,
    );
    return {
      success: args.ties_okay ? matches > 0 : ties === 1 && matches === 1,
      result:
        context.format.format === 'BOOLEAN_ONLY'
          ? {}
          : { observed_value: rows.map(([v]) => v!).sort(compareCells) },
    };
  },
});
