/* expect_column_values_to_match_like_pattern, …_list and their negations: SQL's LIKE. */

import { columnExpectation } from '../expectation/row-expectation.ts';
import type { RowTest } from '../row-test.ts';
import { oneOf, optional, text, texts } from '../suite/args.ts';

const like = (column: string, pattern: string, escape: string | undefined): RowTest => ({
  kind: 'like',
  column,
  pattern,
  escape,
});
const escape = optional(text);

export const matchLikePattern = columnExpectation({
  type: 'expect_column_values_to_match_like_pattern',
  args: { like_pattern: text, escape },
  test: (args) => like(args.column, args.like_pattern, args.escape),
});
export const notMatchLikePattern = columnExpectation({
  type: 'expect_column_values_to_not_match_like_pattern',
  args: { like_pattern: text, escape },
  test: (args) => ({ kind: 'not', test: like(args.column, args.like_pattern, args.escape) }),
});
export const matchLikePatternList = columnExpectation({
  type: 'expect_column_values_to_match_like_pattern_list',
  args: { like_pattern_list: texts, match_on: optional(oneOf('any', 'all'), 'any'), escape },
  test: (args) => ({
    kind: args.match_on === 'any' ? 'or' : 'and',
    tests: args.like_pattern_list.map((pattern) => like(args.column, pattern, args.escape)),
  }),
});
export const notMatchLikePatternList = columnExpectation({
  type: 'expect_column_values_to_not_match_like_pattern_list',
  args: { like_pattern_list: texts, escape },
  test: (args) => ({
    kind: 'not',
    test: {
      kind: 'or',
      tests: args.like_pattern_list.map((pattern) => like(args.column, pattern, args.escape)),
    },
  }),
});
