/* A suite suggested from a profile: each line says why it stands there. To be read by a person before it is relied on. */

import { isNumeric, isTemporal } from '../table/column.ts';
import type { ExpectationConfig, Suite } from '../suite/suite.ts';
import { setValuesMax, type ColumnProfile, type Profile } from './profile.ts';

/** Of a column with so few different values a set is no chance. */
const repeatsMin = 5;
const rowsForUniqueness = 20;

export function suggestSuite(name: string, profile: Profile): Suite {
  return {
    name,
    expectations: [
      ...tableLines(profile),
      ...profile.columns.flatMap((column) => columnLines(column, profile.rows)),
    ],
    meta: { suggested_from: `${profile.rows} rows` },
  };
}
const line = (type: string, kwargs: Record<string, unknown>, reason: string): ExpectationConfig => ({
  type,
  kwargs,
  meta: { reason },
});

function tableLines({ rows, columns }: Profile): ExpectationConfig[] {
  const names = columns.map((c) => c.name);
  return [
    line(
      'expect_table_columns_to_match_ordered_list',
      { column_list: names },
      `these ${names.length} columns, in this order`,
    ),
    line(
      'expect_table_row_count_to_be_between',
      { min_value: Math.max(rows === 0 ? 0 : 1, Math.floor(rows / 2)), max_value: rows * 2 },
      `there were ${rows} rows; half to twice as many`,
    ),
  ];
}

function columnLines(column: ColumnProfile, rows: number): ExpectationConfig[] {
  const { name, type, family, nulls, distinct } = column;
  const there = rows - nulls;
  const lines = [line('expect_column_values_to_be_of_type', { column: name, type_: type }, `it is ${type}`)];
  if (rows === 0) return lines;
  if (nulls === 0)
    lines.push(
      line('expect_column_values_to_not_be_null', { column: name }, `none of ${rows} values is missing`),
    );
  else if (nulls < rows / 2) {
    // Rounded down to a whole percent: room for chance.
    const mostly = Math.max(0, Math.floor((there / rows) * 100 - 1) / 100);
    lines.push(
      line(
        'expect_column_values_to_not_be_null',
        { column: name, mostly },
        `${nulls} of ${rows} values are missing, ${share(nulls, rows)}`,
      ),
    );
  }
  if (there >= rowsForUniqueness && distinct === there && family !== 'float' && family !== 'decimal')
    lines.push(line('expect_column_values_to_be_unique', { column: name }, `all ${there} values differ`));
  lines.push(...valueLines(column, there));
  return lines;
}
function valueLines(column: ColumnProfile, there: number): ExpectationConfig[] {
  const { name, family, distinct, min, max, lengths, top } = column;
  if (family === 'text' && top.length > 0 && distinct <= setValuesMax && there >= distinct * repeatsMin)
    return [
      line(
        'expect_column_values_to_be_in_set',
        { column: name, value_set: top.map((t) => t.value) },
        `${there} values are only ${distinct} different ones`,
      ),
    ];
  if (family === 'text' && lengths !== null)
    return [
      line(
        'expect_column_value_lengths_to_be_between',
        {
          column: name,
          min_value: lengths[0],
          max_value: lengths[0] === lengths[1] ? lengths[1] : lengths[1] * 2,
        },
        `values have ${lengths[0]} to ${lengths[1]} characters`,
      ),
    ];
  if (isNumeric(family) && typeof min === 'number' && typeof max === 'number')
    return [numberLine(column, min, max)];
  if (isTemporal(family) && min !== null)
    return [
      line(
        'expect_column_values_to_be_between',
        { column: name, min_value: min },
        `the earliest value is ${String(min)}`,
      ),
    ];
  return [];
}
/** What is never negative stays so; else the range with its width to each side. */
function numberLine({ name }: ColumnProfile, min: number, max: number): ExpectationConfig {
  const width = max - min;
  const low = min >= 0 ? 0 : min - width;
  const reason =
    min >= 0
      ? `values lie between ${min} and ${max}, none is negative`
      : `values lie between ${min} and ${max}`;
  return line(
    'expect_column_values_to_be_between',
    { column: name, min_value: low, max_value: max + Math.max(width, Math.abs(max)) },
    `${reason}; with room to the sides`,
  );
}
const share = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(1)} %`;
