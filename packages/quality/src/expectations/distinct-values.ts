/* expect_column_distinct_values_to_{be_in,contain,equal}_set: the values that occur, each once, against a set. */

import { cellKey, compareCells, type Cell, type Json } from '../cell.ts';
import { testSql } from '../dialect/test-sql.ts';
import { expectation, type CheckContext, type Expectation } from '../expectation/expectation.ts';
import { notNull } from '../expectation/row-expectation.ts';
import { column, values } from '../suite/args.ts';
import { columnNamed } from '../table/column.ts';
import { groupsOf } from './groups.ts';

/** Values of a partial list. */
const listMax = 20;

function distinctValues(
  type: string,
  wanted: { readonly unexpected: boolean; readonly missing: boolean },
): Expectation {
  return expectation({
    type,
    scope: 'column',
    args: { column, value_set: values },
    check: async (args, context) => {
      const groups = groupsOf(context, [args.column], notNull(args.column));
      const [unexpected, missing] = await Promise.all([
        wanted.unexpected ? outside(context, args.column, args.value_set, groups) : undefined,
        wanted.missing ? absent(context, args.column, args.value_set, groups) : undefined,
      ]);
      const lists = context.format.partialCount > 0;
      const result: Record<string, Json> = { observed_value: null };
      if (unexpected !== undefined) result['unexpected_count'] = unexpected.count;
      if (missing !== undefined) result['missing_count'] = missing.length;
      if (lists && unexpected !== undefined) result['partial_unexpected_list'] = unexpected.list;
      if (lists && missing !== undefined) result['partial_missing_list'] = missing.slice(0, listMax);
      return {
        success: (unexpected?.count ?? 0) === 0 && (missing?.length ?? 0) === 0,
        result: context.format.format === 'BOOLEAN_ONLY' ? {} : result,
      };
    },
  });
}

async function outside(
  context: CheckContext,
  name: string,
  set: readonly Cell[],
  groups: string,
): Promise<{ count: number; list: Cell[] }> {
  const { table, scan } = context;
  const inside = testSql({ kind: 'in', column: name, values: set }, table.columns, table.dialect);
  const count = await scan.count(`count(*) FILTER (WHERE NOT (${inside}))`, groups);
  if (count === 0) return { count, list: [] };
  const value = table.dialect.quote(name);
  const rows = await scan.query(
    `SELECT ${value} FROM ${groups} WHERE NOT (${inside}) ORDER BY ${value} LIMIT ${listMax}`,
  );
  return { count, list: rows.map(([v]) => v!) };
}
/** Values of the set that do not occur. */
async function absent(
  context: CheckContext,
  name: string,
  set: readonly Cell[],
  groups: string,
): Promise<Cell[]> {
  const { table, scan } = context;
  const { family } = columnNamed(table.columns, name);
  const wanted = [...new Map(set.map((v) => [cellKey(v), v])).values()].filter((v) => v !== null);
  const found = await Promise.all(
    wanted.map(async (value) => {
      const literal = table.dialect.literal(value, family);
      if (literal === undefined) return false;
      return (
        (await scan.count(`count(*) FILTER (WHERE ${table.dialect.quote(name)} = ${literal})`, groups)) > 0
      );
    }),
  );
  return wanted.filter((_, i) => !found[i]).sort(compareCells);
}

export const distinctValuesToBeInSet = distinctValues('expect_column_distinct_values_to_be_in_set', {
  unexpected: true,
  missing: false,
});
export const distinctValuesToContainSet = distinctValues('expect_column_distinct_values_to_contain_set', {
  unexpected: false,
  missing: true,
});
export const distinctValuesToEqualSet = distinctValues('expect_column_distinct_values_to_equal_set', {
  unexpected: true,
  missing: true,
});
