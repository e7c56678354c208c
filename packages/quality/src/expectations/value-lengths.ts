/* expect_column_value_lengths_to_be_between, …_to_equal: of text in characters; of other values, of their text. */

import { UserError } from '#base';
import { bounds } from '../expectation/between.ts';
import { columnExpectation } from '../expectation/row-expectation.ts';
import { number, optional } from '../suite/args.ts';

export const valueLengthsToBeBetween = columnExpectation({
  type: 'expect_column_value_lengths_to_be_between',
  args: { ...bounds, min_value: optional(number), max_value: optional(number) },
  test: ({ column, min_value: min, max_value: max, strict_min: strictMin, strict_max: strictMax }) => {
    if (min === undefined && max === undefined)
      throw new UserError('QLT1006', {
        message: 'expect_column_value_lengths_to_be_between: min_value and max_value cannot both be left out',
      });
    return { kind: 'length', column, bounds: { min, max, strictMin, strictMax } };
  },
});
export const valueLengthsToEqual = columnExpectation({
  type: 'expect_column_value_lengths_to_equal',
  args: { value: number },
  test: ({ column, value }) => ({ kind: 'length', column, bounds: { min: value, max: value } }),
});
