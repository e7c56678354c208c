/* expect_column_values_to_be_between */

import { UserError } from '#base';
import { compareCells } from '../cell.ts';
import { bounds } from '../expectation/between.ts';
import { columnExpectation } from '../expectation/row-expectation.ts';

export const valuesToBeBetween = columnExpectation({
  type: 'expect_column_values_to_be_between',
  args: bounds,
  test: ({ column, min_value: min, max_value: max, strict_min: strictMin, strict_max: strictMax }) => {
    if (min === undefined && max === undefined)
      throw new UserError('QLT1006', {
        message: 'expect_column_values_to_be_between: min_value and max_value cannot both be left out',
      });
    if (typeof min === typeof max && compareCells(min!, max!) > 0)
      throw new UserError('QLT1006', {
        message: `expect_column_values_to_be_between: min_value ${String(min)} is greater than max_value ${String(max)}`,
      });
    return { kind: 'between', column, bounds: { min, max, strictMin, strictMax } };
  },
});
