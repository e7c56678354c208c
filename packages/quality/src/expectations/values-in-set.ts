/* expect_column_values_to_be_in_set, …_not_be_in_set */

import { columnExpectation } from '../expectation/row-expectation.ts';
import { optional, values } from '../suite/args.ts';

/** Without a set, anything goes. */
export const valuesToBeInSet = columnExpectation({
  type: 'expect_column_values_to_be_in_set',
  args: { value_set: optional(values) },
  test: ({ column, value_set: set }) =>
    set === undefined ? { kind: 'true' } : { kind: 'in', column, values: set },
});
export const valuesToNotBeInSet = columnExpectation({
  type: 'expect_column_values_to_not_be_in_set',
  args: { value_set: optional(values) },
  test: ({ column, value_set: set }) =>
    set === undefined ? { kind: 'true' } : { kind: 'not', test: { kind: 'in', column, values: set } },
});
