/* Expectations of several columns of a row: their sum, all equal, all different. */

import { recordExpectation } from '../expectation/row-expectation.ts';
import { number } from '../suite/args.ts';

export const multicolumnSumToEqual = recordExpectation({
  type: 'expect_multicolumn_sum_to_equal',
  args: { sum_total: number },
  test: ({ column_list: columns, sum_total: total }) => ({ kind: 'sum', columns, total }),
});
export const multicolumnValuesToBeEqual = recordExpectation({
  type: 'expect_multicolumn_values_to_be_equal',
  args: {},
  test: ({ column_list: columns }) => ({ kind: 'all-equal', columns }),
});
export const selectColumnValuesToBeUniqueWithinRecord = recordExpectation({
  type: 'expect_select_column_values_to_be_unique_within_record',
  args: {},
  test: ({ column_list: columns }) => ({ kind: 'all-different', columns }),
});
/** An older name of the one above. */
export const multicolumnValuesToBeUnique = recordExpectation({
  type: 'expect_multicolumn_values_to_be_unique',
  args: {},
  test: ({ column_list: columns }) => ({ kind: 'all-different', columns }),
});
