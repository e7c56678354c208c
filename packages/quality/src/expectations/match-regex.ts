/* expect_column_values_to_match_regex, …_regex_list and their negations: found anywhere in the value's text. */

import { columnExpectation } from '../expectation/row-expectation.ts';
import type { RowTest } from '../row-test.ts';
import { oneOf, optional, text, texts } from '../suite/args.ts';

const matches = (column: string, pattern: string): RowTest => ({ kind: 'regex', column, pattern });

export const matchRegex = columnExpectation({
  type: 'expect_column_values_to_match_regex',
  args: { regex: optional(text, '(?s).*') },
  test: ({ column, regex }) => matches(column, regex),
});
export const notMatchRegex = columnExpectation({
  type: 'expect_column_values_to_not_match_regex',
  args: { regex: text },
  test: ({ column, regex }) => ({ kind: 'not', test: matches(column, regex) }),
});
export const matchRegexList = columnExpectation({
  type: 'expect_column_values_to_match_regex_list',
  args: { regex_list: texts, match_on: optional(oneOf('any', 'all'), 'any') },
  test: ({ column, regex_list: list, match_on: on }) => ({
    kind: on === 'any' ? 'or' : 'and',
    tests: list.map((pattern) => matches(column, pattern)),
  }),
});
export const notMatchRegexList = columnExpectation({
  type: 'expect_column_values_to_not_match_regex_list',
  args: { regex_list: texts },
  test: ({ column, regex_list: list }) => ({
    kind: 'not',
    test: { kind: 'or', tests: list.map((pattern) => matches(column, pattern)) },
  }),
});
