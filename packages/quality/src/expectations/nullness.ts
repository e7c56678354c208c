/* expect_column_values_to_be_null, …_to_not_be_null: all rows count. */

import { checkRows, failing } from '../expectation/check-rows.ts';
import type { Expectation } from '../expectation/expectation.ts';
import { mostly, notNull } from '../expectation/row-expectation.ts';
import type { RowTest } from '../row-test.ts';
import { column } from '../suite/args.ts';

function nullness(type: string, test: (name: string) => RowTest): Expectation {
  const rowTest = (args: Readonly<Record<string, unknown>>): RowTest => test(args['column'] as string);
  return {
    type,
    scope: 'column',
    args: { column, mostly },
    rowTest,
    check: (args, context) =>
      checkRows(context, {
        columns: [args['column'] as string],
        shape: 'value',
        considered: undefined,
        mostly: args['mostly'] as number,
        unexpected: failing(context, undefined, rowTest(args)),
      }),
  };
}
export const valuesToBeNull = nullness('expect_column_values_to_be_null', (name) => ({
  kind: 'null',
  column: name,
}));
export const valuesToNotBeNull = nullness('expect_column_values_to_not_be_null', notNull);
