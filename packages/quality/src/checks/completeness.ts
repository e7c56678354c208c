/* completeness: values that must be there are. */

import { made, type Check } from './check.ts';

export const completeness: Check = {
  name: 'completeness',
  about: 'values that must be there are',
  make: ({ columns, schema, minCompleteness }) => ({
    expectations: columns.map(({ name }) => {
      const property = schema?.properties.find((p) => p.name === name);
      const must = schema?.required.includes(name) === true && property?.nullable !== true;
      const mostly = must ? 1 : minCompleteness;
      const reason = must ? 'the schema requires it' : `at least ${minCompleteness * 100} % of each column`;
      return made(
        'completeness',
        'expect_column_values_to_not_be_null',
        { column: name, mostly },
        reason,
        must || schema === undefined ? 'critical' : 'warning',
      );
    }),
  }),
};
