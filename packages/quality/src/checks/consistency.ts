/* consistency: columns of a row agree with each other, keys with other tables, text with itself. */

import { isNumeric, isTemporal, type TableColumn } from '../table/column.ts';
import { made, type Check } from './check.ts';

/** Words of names of which the first comes before the second. */
const orders: readonly (readonly [RegExp, string])[] = [
  [/start(ed)?/i, 'end'],
  [/start(ed)?/i, 'ended'],
  [/begin|began/i, 'end'],
  [/from/i, 'to'],
  [/created/i, 'updated'],
  [/created/i, 'modified'],
  [/created/i, 'deleted'],
  [/ordered/i, 'shipped'],
  [/shipped/i, 'delivered'],
  [/min(imum)?/i, 'max'],
  [/low/i, 'high'],
];

const alike = (a: TableColumn, b: TableColumn): boolean =>
  (isTemporal(a.family) && isTemporal(b.family)) || (isNumeric(a.family) && isNumeric(b.family));

export const consistency: Check = {
  name: 'consistency',
  about: 'starts lie before ends, keys exist in --reference tables, text has no blanks around it',
  make: ({ columns, references }) => {
    const lines = [];
    for (const first of columns)
      for (const [before, after] of orders) {
        const word = first.name.match(before)?.[0];
        const wanted = word === undefined ? undefined : first.name.replace(word, after).toLowerCase();
        const second = columns.find((c) => c !== first && c.name.toLowerCase() === wanted);
        if (second !== undefined && alike(first, second))
          lines.push(
            made(
              'consistency',
              'expect_column_pair_values_a_to_be_greater_than_b',
              {
                column_A: second.name,
                column_B: first.name,
                or_equal: true,
                ignore_row_if: 'either_value_is_missing',
              },
              `${first.name} comes before ${second.name}`,
            ),
          );
      }
    for (const [table, keys] of references) {
      const single = table.replace(/s$/, '');
      const column = columns.find((c) => [`${single}_id`, `${table}_id`].includes(c.name.toLowerCase()));
      const key =
        column === undefined
          ? undefined
          : keys.find((k) => k.toLowerCase() === column.name.toLowerCase() || k.toLowerCase() === 'id');
      if (column !== undefined && key !== undefined)
        lines.push(
          made(
            'consistency',
            'expect_column_values_to_be_in_table',
            { column: column.name, other_table_name: table, other_column: key },
            `each ${column.name} is one of ${table}.${key}`,
          ),
        );
    }
    for (const { name } of columns.filter((c) => c.family === 'text'))
      lines.push(
        made(
          'consistency',
          'expect_column_values_to_not_match_regex',
          { column: name, regex: '^\\s|\\s$' },
          'text without blanks around it',
          'warning',
        ),
      );
    return {
      expectations: lines,
      skipped: lines.length === 0 ? 'no columns whose names say how they go together' : undefined,
    };
  },
};
