/* Expectations of a table's columns and of how many rows it has. */

import type { Json } from '../cell.ts';
import { bounds, isBetween, type BoundArgs } from '../expectation/between.ts';
import { domainSql } from '../expectation/check-rows.ts';
import { expectation, type CheckContext, type Outcome } from '../expectation/expectation.ts';
import { column, columnNames, count, flag, number, optional, text, values } from '../suite/args.ts';

const withResult = ({ format }: CheckContext, success: boolean, result: Record<string, Json>): Outcome => ({
  success,
  result: format.format === 'BOOLEAN_ONLY' ? {} : result,
});
const names = ({ table }: CheckContext): string[] => table.columns.map((c) => c.name);
const rows = (context: CheckContext): Promise<number> =>
  context.scan.count(`count(*) FILTER (WHERE ${domainSql(context)})`);

export const rowCountToBeBetween = expectation({
  type: 'expect_table_row_count_to_be_between',
  scope: 'table',
  args: bounds,
  check: async (args, context) => {
    const found = await rows(context);
    return withResult(context, isBetween(found, args as BoundArgs, 'integer', 'the row count'), {
      observed_value: found,
    });
  },
});
export const rowCountToEqual = expectation({
  type: 'expect_table_row_count_to_equal',
  scope: 'table',
  args: { value: number },
  check: async (args, context) => {
    const found = await rows(context);
    return withResult(context, found === args.value, { observed_value: found });
  },
});
export const rowCountToEqualOtherTable = expectation({
  type: 'expect_table_row_count_to_equal_other_table',
  scope: 'table',
  args: { other_table_name: text },
  check: async (args, context) => {
    const [self, other] = await Promise.all([
      rows(context),
      context.scan.count('count(*)', context.table.other(args.other_table_name)),
    ]);
    return withResult(context, self === other, { observed_value: { self, other } });
  },
});
export const columnCountToBeBetween = expectation({
  type: 'expect_table_column_count_to_be_between',
  scope: 'table',
  args: { min_value: bounds.min_value, max_value: bounds.max_value },
  check: async (args, context) => {
    const found = context.table.columns.length;
    const within = isBetween(
      found,
      { ...args, strict_min: false, strict_max: false },
      'integer',
      'the column count',
    );
    return withResult(context, within, { observed_value: found });
  },
});
export const columnCountToEqual = expectation({
  type: 'expect_table_column_count_to_equal',
  scope: 'table',
  args: { value: number },
  check: async (args, context) => {
    const found = context.table.columns.length;
    return withResult(context, found === args.value, { observed_value: found });
  },
});
export const columnToExist = expectation({
  type: 'expect_column_to_exist',
  scope: 'table',
  args: { column, column_index: optional(count) },
  check: async (args, context) => {
    const all = names(context);
    // An index of 0 is none, as Great Expectations has it.
    const success =
      args.column_index === undefined || args.column_index === 0
        ? all.includes(args.column)
        : all[args.column_index] === args.column;
    return { success, result: {} };
  },
});
export const columnsToMatchOrderedList = expectation({
  type: 'expect_table_columns_to_match_ordered_list',
  scope: 'table',
  args: { column_list: optional(columnNames) },
  check: async ({ column_list: expected }, context) => {
    const found = names(context);
    const mismatched: Json[] = [];
    for (let i = 0; expected !== undefined && i < Math.max(found.length, expected.length); i++)
      if (found[i] !== expected[i])
        mismatched.push({
          'Expected Column Position': i,
          Expected: expected[i] ?? null,
          Found: found[i] ?? null,
        });
    const details = mismatched.length === 0 ? {} : { details: { mismatched } };
    return withResult(context, mismatched.length === 0, { observed_value: found, ...details });
  },
});
export const columnsToMatchSet = expectation({
  type: 'expect_table_columns_to_match_set',
  scope: 'table',
  args: { column_set: optional(values), exact_match: optional(flag, true) },
  check: async ({ column_set: set, exact_match: exact }, context) => {
    const found = [...new Set(names(context))].sort();
    const expected = new Set((set ?? []).map(String));
    const unexpected = found.filter((name) => !expected.has(name));
    const missing = [...expected].filter((name) => !found.includes(name)).sort();
    const mismatched = {
      ...(unexpected.length === 0 ? {} : { unexpected }),
      ...(missing.length === 0 ? {} : { missing }),
    };
    const all = unexpected.length === 0 && missing.length === 0;
    return withResult(context, all || (!exact && missing.length === 0), {
      observed_value: found,
      ...(all ? {} : { details: { mismatched } }),
    });
  },
});
