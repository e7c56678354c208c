/* uniqueness: no row is there twice. */

import { made, type Check } from './check.ts';

const idNames = ['id', 'uuid', 'guid', '_id'];

export const uniqueness: Check = {
  name: 'uniqueness',
  about: 'no key, or row, is there twice',
  make: ({ columns, key, schema }) => {
    const names = columns.map((c) => c.name);
    const id = names.find((name) => idNames.includes(name.toLowerCase()));
    const [wanted, reason] =
      key.length > 0
        ? [key, 'it is the key']
        : schema !== undefined && schema.key.length > 0
          ? [schema.key, 'the schema says that it is the key']
          : id !== undefined
            ? [[id], `"${id}" is the name of a key`]
            : [names, 'no key is known: rows differ in some column'];
    const line =
      wanted.length === 1
        ? made('uniqueness', 'expect_column_values_to_be_unique', { column: wanted[0]! }, reason)
        : made('uniqueness', 'expect_compound_columns_to_be_unique', { column_list: [...wanted] }, reason);
    return { expectations: [line] };
  },
};
