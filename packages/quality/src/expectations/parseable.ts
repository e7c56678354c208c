/* Expectations of text that another form can be read from: dates by a format or without one, JSON, JSON of a schema. */

import { columnExpectation } from '../expectation/row-expectation.ts';
import { object, text } from '../suite/args.ts';

export const matchStrftimeFormat = columnExpectation({
  type: 'expect_column_values_to_match_strftime_format',
  args: { strftime_format: text },
  test: ({ column, strftime_format: format }) => ({ kind: 'strftime', column, format }),
});
export const dateutilParseable = columnExpectation({
  type: 'expect_column_values_to_be_dateutil_parseable',
  args: {},
  test: ({ column }) => ({ kind: 'date-text', column }),
});
export const jsonParseable = columnExpectation({
  type: 'expect_column_values_to_be_json_parseable',
  args: {},
  test: ({ column }) => ({ kind: 'json', column }),
});
export const matchJsonSchema = columnExpectation({
  type: 'expect_column_values_to_match_json_schema',
  args: { json_schema: object },
  test: ({ column, json_schema: schema }) => ({ kind: 'json-schema', column, schema }),
});
