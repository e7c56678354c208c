/* Expectations that are decided for each row alone: a column's, a pair's, several columns'. */

import type { RowTest } from '../row-test.ts';
import { column, columnList, oneOf, optional, share, type ArgsOf, type ArgSpecs } from '../suite/args.ts';
import { checkRows, failing } from './check-rows.ts';
import type { Expectation } from './expectation.ts';

export const notNull = (name: string): RowTest => ({ kind: 'not', test: { kind: 'null', column: name } });
export const mostly = optional(share, 1);

interface Definition<S extends ArgSpecs, T> {
  readonly type: string;
  readonly args: S;
  /** What is asked of a row. */
  readonly test: (args: T) => RowTest;
}

/** Of the values of one column that are not NULL. */
export function columnExpectation<const S extends ArgSpecs>(
  definition: Definition<S, ArgsOf<S> & { readonly column: string }>,
): Expectation {
  type Args = ArgsOf<S> & { readonly column: string; readonly mostly: number };
  const rowTest = (args: Readonly<Record<string, unknown>>): RowTest => definition.test(args as Args);
  return {
    type: definition.type,
    scope: 'column',
    args: { column, mostly, ...definition.args },
    rowTest,
    considered: (args) => notNull((args as Args).column),
    check: (given, context) => {
      const args = given as Args;
      const considered = notNull(args.column);
      return checkRows(context, {
        columns: [args.column],
        shape: 'value',
        considered,
        mostly: args.mostly,
        unexpected: failing(context, considered, rowTest(args)),
      });
    },
  };
}

const isNull = (name: string): RowTest => ({ kind: 'null', column: name });

export interface PairArgs {
  readonly column_A: string;
  readonly column_B: string;
  readonly mostly: number;
  readonly ignore_row_if: string;
}
/** Of two columns of a row. */
export function pairExpectation<const S extends ArgSpecs>(
  definition: Definition<S, ArgsOf<S> & PairArgs>,
): Expectation {
  const rowTest = (args: Readonly<Record<string, unknown>>): RowTest =>
    definition.test(args as ArgsOf<S> & PairArgs);
  return {
    type: definition.type,
    scope: 'pair',
    args: {
      column_A: column,
      column_B: column,
      mostly,
      ignore_row_if: optional(
        oneOf('both_values_are_missing', 'either_value_is_missing', 'neither'),
        'both_values_are_missing',
      ),
      ...definition.args,
    },
    rowTest,
    considered: (args) => pairConsidered(args as unknown as PairArgs),
    check: (given, context) => {
      const args = given as unknown as ArgsOf<S> & PairArgs;
      const considered = pairConsidered(args);
      return checkRows(context, {
        columns: [args.column_A, args.column_B],
        shape: 'pair',
        considered,
        mostly: args.mostly,
        unexpected: failing(context, considered, rowTest(given)),
      });
    },
  };
}
function pairConsidered({ column_A: a, column_B: b, ignore_row_if: ignored }: PairArgs): RowTest {
  const missing = [isNull(a), isNull(b)];
  if (ignored === 'neither') return { kind: 'true' };
  return {
    kind: 'not',
    test: { kind: ignored === 'both_values_are_missing' ? 'and' : 'or', tests: missing },
  };
}

export interface RecordArgs {
  readonly column_list: readonly string[];
  readonly mostly: number;
  readonly ignore_row_if: string;
}
export const recordArgs = {
  column_list: columnList,
  mostly,
  ignore_row_if: optional(
    oneOf('all_values_are_missing', 'any_value_is_missing', 'never'),
    'all_values_are_missing',
  ),
} as const;

export function recordConsidered({ column_list: names, ignore_row_if: ignored }: RecordArgs): RowTest {
  if (ignored === 'never') return { kind: 'true' };
  const missing = names.map(isNull);
  return { kind: 'not', test: { kind: ignored === 'all_values_are_missing' ? 'and' : 'or', tests: missing } };
}
/** Of several columns of a row. */
export function recordExpectation<const S extends ArgSpecs>(
  definition: Definition<S, ArgsOf<S> & RecordArgs>,
): Expectation {
  const rowTest = (args: Readonly<Record<string, unknown>>): RowTest =>
    definition.test(args as ArgsOf<S> & RecordArgs);
  return {
    type: definition.type,
    scope: 'multicolumn',
    args: { ...recordArgs, ...definition.args },
    rowTest,
    considered: (args) => recordConsidered(args as unknown as RecordArgs),
    check: (given, context) => {
      const args = given as unknown as ArgsOf<S> & RecordArgs;
      const considered = recordConsidered(args);
      return checkRows(context, {
        columns: args.column_list,
        shape: 'record',
        considered,
        mostly: args.mostly,
        unexpected: failing(context, considered, rowTest(given)),
      });
    },
  };
}
