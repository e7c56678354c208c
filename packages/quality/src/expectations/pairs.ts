/* Expectations of two columns of a row: equal, one greater, both together in a set. */

import { pairExpectation } from '../expectation/row-expectation.ts';
import { flag, optional, pairs } from '../suite/args.ts';

export const pairValuesToBeEqual = pairExpectation({
  type: 'expect_column_pair_values_to_be_equal',
  args: {},
  test: ({ column_A: left, column_B: right }) => ({ kind: 'compare-columns', left, operator: '=', right }),
});
export const pairValuesAToBeGreaterThanB = pairExpectation({
  type: 'expect_column_pair_values_a_to_be_greater_than_b',
  args: { or_equal: optional(flag, false) },
  test: ({ column_A: left, column_B: right, or_equal: orEqual }) => ({
    kind: 'compare-columns',
    left,
    operator: orEqual ? '>=' : '>',
    right,
  }),
});
export const pairValuesToBeInSet = pairExpectation({
  type: 'expect_column_pair_values_to_be_in_set',
  args: { value_pairs_set: optional(pairs) },
  test: ({ column_A: a, column_B: b, value_pairs_set: set }) =>
    set === undefined ? { kind: 'true' } : { kind: 'pair-in', columns: [a, b], pairs: set },
});
