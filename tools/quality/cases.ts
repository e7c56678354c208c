/* Random expectations over a random table: every one that the judge evaluates over pandas, with arguments that are true of
 * some tables and false of others. Dates and times among arguments are marked, for JSON has no form for them: {"$date": …}. */

import type { Rng } from '#base';
import { words, type ColumnKind, type RandomColumn, type RandomTable } from './tables.ts';

export interface Case {
  readonly type: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly result_format: unknown;
}
type Args = Record<string, unknown>;
interface Maker {
  readonly type: string;
  readonly make: (rng: Rng, table: RandomTable) => Args | undefined;
}

/** Whole numbers with NULL are floats to pandas: their types are not compared. */
const typed = (
  rng: Rng,
  { columns }: RandomTable,
  ...kinds: readonly ColumnKind[]
): RandomColumn | undefined => {
  const fitting = columns.filter((c) => kinds.includes(c.kind) && (c.kind !== 'integer' || c.nulls === 0));
  return fitting.length === 0 ? undefined : rng.pick(fitting);
};
const ofType = (type: string, make: (rng: Rng) => Args, ...kinds: readonly ColumnKind[]): Maker => ({
  type,
  make: (rng, table) => {
    const column = typed(rng, table, ...kinds);
    return column && { column: column.name, ...make(rng) };
  },
});
const columnOf = (rng: Rng, { columns }: RandomTable, ...kinds: readonly ColumnKind[]): RandomColumn =>
  rng.pick(columns.filter((c) => kinds.length === 0 || kinds.includes(c.kind)));
const numeric = ['integer', 'float'] as const;
const maybe = <T extends Args>(rng: Rng, args: T): T | Args => (rng.below(2) === 0 ? args : {});

/** A value that a column of the kind may have. */
function valueOf(rng: Rng, kind: ColumnKind): unknown {
  switch (kind) {
    case 'integer':
      return rng.between(-3, 9);
    case 'float':
      return rng.pick([-2.5, 0, 0.1, 1, 1.5, 10]);
    case 'decimal':
      return rng.pick([0, 1.25, 2, -1.5]);
    case 'text':
      return rng.pick(words);
    case 'boolean':
      return rng.below(2) === 0;
    case 'date':
      return { $date: `2024-01-0${rng.between(1, 9)}` };
    case 'timestamp':
      return { $time: `2024-01-0${rng.between(1, 5)}T1${rng.below(3)}:00:00`, set: true };
  }
}
const setOf = (rng: Rng, kind: ColumnKind): unknown[] =>
  Array.from({ length: rng.between(1, 6) }, () => valueOf(rng, kind));

function bounds(rng: Rng, low: () => unknown, high: () => unknown): Args {
  const which = rng.below(3);
  return {
    ...(which === 1 ? {} : { min_value: low() }),
    ...(which === 0 ? {} : { max_value: high() }),
    ...maybe(rng, { strict_min: true }),
    ...maybe(rng, { strict_max: true }),
  };
}
const numberBounds = (rng: Rng, from = -3, to = 10): Args =>
  bounds(
    rng,
    () => rng.between(from, (from + to) >> 1),
    () => rng.between((from + to) >> 1, to),
  );
function boundsFor(rng: Rng, kind: ColumnKind): Args {
  if (kind === 'date')
    return bounds(
      rng,
      () => ({ $date: `2024-01-0${rng.between(1, 4)}` }),
      () => ({ $date: `2024-01-0${rng.between(4, 9)}` }),
    );
  if (kind === 'timestamp')
    return bounds(
      rng,
      () => ({ $time: `2024-01-0${rng.between(1, 2)}T10:00:00` }),
      () => ({ $time: `2024-01-0${rng.between(3, 5)}T11:00:00` }),
    );
  return numberBounds(rng);
}

const ofColumn = (
  type: string,
  make: (rng: Rng, column: RandomColumn) => Args,
  ...kinds: readonly ColumnKind[]
): Maker => ({
  type,
  make: (rng, table) => {
    const column = columnOf(rng, table, ...kinds);
    return { column: column.name, ...make(rng, column) };
  },
});
const mostly = (rng: Rng): Args => maybe(rng, { mostly: rng.pick([0, 0.3, 0.5, 0.9, 1]) });
const ofRows = (
  type: string,
  make: (rng: Rng, column: RandomColumn) => Args,
  ...kinds: readonly ColumnKind[]
): Maker => ofColumn(type, (rng, column) => ({ ...make(rng, column), ...mostly(rng) }), ...kinds);

const patterns = ['^a', 'b$', '^[a-z]+$', '\\d', '^$', 'A|x', '(?i)ABC', 'a.b', '^\\s', '[^a-c]'];
const pattern = (rng: Rng): string => rng.pick(patterns);
const formats = ['%Y-%m-%d', '%m/%d/%Y', '%d', '%Y'];
const ranges = (rng: Rng): Args => {
  const quantiles = Array.from({ length: rng.between(1, 3) }, () =>
    rng.pick([0, 0.1, 0.25, 0.5, 0.75, 0.9, 1]),
  );
  const side = (): number | null => rng.pick([null, rng.between(-3, 9)]);
  return { quantile_ranges: { quantiles, value_ranges: quantiles.map(() => [side(), side()]) } };
};

const pairs = (
  rng: Rng,
  table: RandomTable,
): { readonly a: RandomColumn; readonly b: RandomColumn } | undefined => {
  const kind = rng.pick(['integer', 'float', 'text'] as const);
  const [a, b] = table.columns.filter((c) => c.kind === kind);
  return a === undefined || b === undefined ? undefined : rng.below(2) === 0 ? { a, b } : { a: b, b: a };
};
const pair = (type: string, more: (rng: Rng, kind: ColumnKind) => Args): Maker => ({
  type,
  make: (rng, table) => {
    const found = pairs(rng, table);
    return (
      found && {
        column_A: found.a.name,
        column_B: found.b.name,
        ...more(rng, found.a.kind),
        ...maybe(rng, {
          ignore_row_if: rng.pick(['both_values_are_missing', 'either_value_is_missing', 'neither']),
        }),
        ...mostly(rng),
      }
    );
  },
});
const record = (type: string, more: (rng: Rng) => Args, ...kinds: readonly ColumnKind[]): Maker => ({
  type,
  make: (rng, table) => {
    const fitting = table.columns.filter((c) => kinds.includes(c.kind));
    const from = rng.below(fitting.length - 1);
    return {
      column_list: fitting.slice(from, from + rng.between(2, 3)).map((c) => c.name),
      ...more(rng),
      ...maybe(rng, { ignore_row_if: rng.pick(['all_values_are_missing', 'any_value_is_missing', 'never']) }),
      ...mostly(rng),
    };
  },
});
const between = (type: string, low: number, high: number, ...kinds: readonly ColumnKind[]): Maker =>
  ofColumn(type, (rng) => numberBounds(rng, low, high), ...kinds);
const proportion = (rng: Rng): Args =>
  bounds(
    rng,
    () => rng.pick([0, 0.2, 0.5]),
    () => rng.pick([0.5, 0.8, 1]),
  );

function partition(rng: Rng, column: RandomColumn): Args {
  const threshold = { threshold: rng.pick([0.05, 0.5, 2]) };
  if (column.kind === 'text') {
    const values = [...new Set(setOf(rng, 'text'))];
    const weights = values.map(() => 1 / values.length);
    return {
      partition_object: { values, weights },
      ...threshold,
      ...maybe(rng, { tail_weight_holdout: 0.1 }),
    };
  }
  // Bins of its own for a column without values far off: they would be millions.
  if (column.kind === 'integer' && rng.below(4) === 0) return threshold;
  const bins = [-3, 0, 2, 5];
  const weights = rng.pick([
    [0.25, 0.25, 0.5],
    [0.5, 0, 0.5],
  ]);
  return {
    partition_object: { bins, weights },
    ...threshold,
    tail_weight_holdout: 0.02,
    ...maybe(rng, { internal_weight_holdout: 0.05 }),
  };
}
const some = (rng: Rng, names: readonly string[]): string[] => names.filter(() => rng.below(3) > 0);

export const makers: readonly Maker[] = [
  ofRows(
    'expect_column_values_to_be_between',
    (rng, { kind }) => boundsFor(rng, kind),
    'integer',
    'float',
    'decimal',
    'date',
    'timestamp',
  ),
  ofRows('expect_column_values_to_be_in_set', (rng, { kind }) => ({ value_set: setOf(rng, kind) })),
  ofRows('expect_column_values_to_not_be_in_set', (rng, { kind }) => ({ value_set: setOf(rng, kind) })),
  ofRows('expect_column_values_to_be_null', () => ({})),
  ofRows('expect_column_values_to_not_be_null', () => ({})),
  ofRows('expect_column_values_to_be_unique', () => ({})),
  ofRows(
    'expect_column_values_to_be_increasing',
    (rng) => maybe(rng, { strictly: true }),
    'integer',
    'float',
    'timestamp',
  ),
  ofRows(
    'expect_column_values_to_be_decreasing',
    (rng) => maybe(rng, { strictly: true }),
    'integer',
    'float',
    'timestamp',
  ),
  ofRows('expect_column_value_lengths_to_be_between', (rng) => numberBounds(rng, 0, 6), 'text'),
  ofRows('expect_column_value_lengths_to_equal', (rng) => ({ value: rng.between(0, 4) }), 'text'),
  ofRows('expect_column_values_to_match_regex', (rng) => ({ regex: pattern(rng) }), 'text'),
  ofRows('expect_column_values_to_not_match_regex', (rng) => ({ regex: pattern(rng) }), 'text'),
  ofRows(
    'expect_column_values_to_match_regex_list',
    (rng) => ({ regex_list: [pattern(rng), pattern(rng)], ...maybe(rng, { match_on: 'all' }) }),
    'text',
  ),
  ofRows(
    'expect_column_values_to_not_match_regex_list',
    (rng) => ({ regex_list: [pattern(rng), pattern(rng)] }),
    'text',
  ),
  ofRows(
    'expect_column_values_to_match_strftime_format',
    (rng) => ({ strftime_format: rng.pick(formats) }),
    'text',
  ),
  ofRows('expect_column_values_to_be_dateutil_parseable', () => ({}), 'text'),
  ofRows('expect_column_values_to_be_json_parseable', () => ({}), 'text'),
  ofRows(
    'expect_column_value_z_scores_to_be_less_than',
    (rng) => ({ threshold: rng.pick([0.5, 1, 2]), double_sided: rng.below(2) === 0 }),
    ...numeric,
  ),
  ofRows(
    'expect_column_values_to_not_be_outliers',
    (rng) => ({ ...maybe(rng, { method: 'std' }), ...maybe(rng, { multiplier: rng.pick([0, 0.5, 1]) }) }),
    ...numeric,
  ),
  ofColumn(
    'expect_column_max_to_be_between',
    (rng, { kind }) => boundsFor(rng, kind),
    'integer',
    'float',
    'decimal',
    'date',
    'timestamp',
  ),
  ofColumn(
    'expect_column_min_to_be_between',
    (rng, { kind }) => boundsFor(rng, kind),
    'integer',
    'float',
    'decimal',
    'date',
    'timestamp',
  ),
  between('expect_column_mean_to_be_between', -1, 6, 'integer', 'float', 'decimal'),
  between('expect_column_median_to_be_between', -1, 6, 'integer', 'float', 'decimal'),
  between('expect_column_stdev_to_be_between', 0, 5, 'integer', 'float', 'decimal'),
  between('expect_column_sum_to_be_between', -10, 60, 'integer', 'float', 'decimal'),
  between('expect_column_unique_value_count_to_be_between', 0, 10),
  ofColumn('expect_column_proportion_of_unique_values_to_be_between', proportion),
  ofColumn('expect_column_proportion_of_non_null_values_to_be_between', proportion),
  ofColumn(
    'expect_column_quantile_values_to_be_between',
    (rng) => ({
      ...ranges(rng),
      ...maybe(rng, { allow_relative_error: rng.pick(['linear', 'lower', 'higher', 'midpoint', 'nearest']) }),
    }),
    ...numeric,
  ),
  ofColumn(
    'expect_column_distinct_values_to_be_in_set',
    (rng, { kind }) => ({ value_set: setOf(rng, kind) }),
    'integer',
    'float',
    'text',
    'boolean',
  ),
  ofColumn(
    'expect_column_distinct_values_to_contain_set',
    (rng, { kind }) => ({ value_set: setOf(rng, kind) }),
    'integer',
    'float',
    'text',
    'boolean',
  ),
  ofColumn(
    'expect_column_distinct_values_to_equal_set',
    (rng, { kind }) => ({ value_set: setOf(rng, kind) }),
    'integer',
    'float',
    'text',
    'boolean',
  ),
  ofColumn(
    'expect_column_most_common_value_to_be_in_set',
    (rng, { kind }) => ({ value_set: setOf(rng, kind), ...maybe(rng, { ties_okay: true }) }),
    'integer',
    'float',
    'text',
  ),
  ofColumn('expect_column_kl_divergence_to_be_less_than', partition, 'integer', 'float', 'text'),
  ofType(
    'expect_column_values_to_be_of_type',
    (rng) => ({ type_: rng.pick(['int64', 'int32', 'float64', 'str', 'bool', 'datetime64']) }),
    'integer',
    'float',
    'text',
  ),
  ofType(
    'expect_column_values_to_be_in_type_list',
    (rng) => ({ type_list: rng.pick([['int64', 'int32', 'int16'], ['float64'], ['bool', 'int64']]) }),
    'integer',
    'float',
    'text',
  ),
  ofType(
    'expect_column_type_to_be',
    (rng) => ({ type_: rng.pick(['int64', 'int32', 'float64', 'str', 'datetime64']) }),
    'integer',
    'float',
    'text',
    'timestamp',
  ),
  pair('expect_column_pair_values_to_be_equal', () => ({})),
  pair('expect_column_pair_values_a_to_be_greater_than_b', (rng) => maybe(rng, { or_equal: true })),
  pair('expect_column_pair_values_to_be_in_set', (rng, kind) => ({
    value_pairs_set: setOf(rng, kind).map((a) => [a, rng.below(5) === 0 ? null : valueOf(rng, kind)]),
  })),
  record('expect_compound_columns_to_be_unique', () => ({}), 'integer', 'float', 'text', 'boolean'),
  record('expect_multicolumn_sum_to_equal', (rng) => ({ sum_total: rng.pick([0, 1, 5, 11]) }), ...numeric),
  record('expect_multicolumn_values_to_be_equal', () => ({}), ...numeric),
  record('expect_select_column_values_to_be_unique_within_record', () => ({}), ...numeric),
  { type: 'expect_table_row_count_to_be_between', make: (rng) => numberBounds(rng, 0, 40) },
  { type: 'expect_table_row_count_to_equal', make: (rng) => ({ value: rng.pick([0, 1, 5, 12, 30]) }) },
  { type: 'expect_table_column_count_to_equal', make: (rng) => ({ value: rng.pick([9, 10]) }) },
  {
    type: 'expect_table_column_count_to_be_between',
    make: (rng) =>
      bounds(
        rng,
        () => rng.between(8, 11),
        () => rng.between(9, 12),
      ),
  },
  {
    type: 'expect_column_to_exist',
    make: (rng) => ({ column: rng.pick(['i0', 'f3', 'x']), ...maybe(rng, { column_index: rng.below(4) }) }),
  },
  {
    type: 'expect_table_columns_to_match_set',
    make: (rng, { columns }) => ({
      column_set: [
        ...some(
          rng,
          columns.map((c) => c.name),
        ),
        ...rng.pick([[], ['x']]),
      ],
      ...maybe(rng, { exact_match: false }),
    }),
  },
  {
    type: 'expect_table_columns_to_match_ordered_list',
    make: (rng, { columns }) => ({
      column_list:
        rng.below(2) === 0
          ? columns.map((c) => c.name)
          : some(
              rng,
              columns.map((c) => c.name),
            ),
    }),
  },
];

/** Those whose rows may be chosen by a condition. */
/** (The judge's pairs in a set look at all rows whatever the condition says.) */
const withoutCondition =
  /^expect_table_column|_pair_values_to_be_in_set|^expect_column_to_exist|_of_type|_type_list|_type_to_be/;
function condition(rng: Rng, { columns }: RandomTable): Args {
  const first = (kind: ColumnKind): RandomColumn => columns.find((c) => c.kind === kind)!;
  const [{ name: number }, { name: text }] = [first('integer'), first('text')];
  // What differs from a value may be NULL in pandas, and is not in SQL.
  const unlike = (kind: ColumnKind, operator: string): string[] =>
    first(kind).nulls === 0 ? [operator] : [];
  const comparison = {
    type: 'comparison',
    column: { name: number },
    operator: rng.pick(['>', '<=', '==', ...unlike('integer', '!=')]),
    parameter: rng.between(0, 5),
  };
  return rng.pick<Args>([
    { row_condition: `col("${number}") >= ${rng.between(-1, 4)}`, condition_parser: 'great_expectations' },
    { row_condition: `col("${text}").notnull()`, condition_parser: 'great_expectations' },
    { row_condition: `${number} > 1 and ${text} == "a"`, condition_parser: 'pandas' },
    { row_condition: comparison },
    {
      row_condition: {
        type: 'or',
        conditions: [comparison, { type: 'nullity', column: { name: text }, is_null: true }],
      },
    },
    {
      row_condition: {
        type: 'comparison',
        column: { name: text },
        operator: rng.pick(['IN', ...unlike('text', 'NOT_IN')]),
        parameter: ['a', 'bb'],
      },
    },
  ]);
}
const resultFormats = [
  'BOOLEAN_ONLY',
  'BASIC',
  'SUMMARY',
  'COMPLETE',
  { result_format: 'SUMMARY', partial_unexpected_count: 3 },
  { result_format: 'COMPLETE', partial_unexpected_count: 2 },
];

/** One of each expectation that fits the table, in any order of arguments that the seed gives. */
export function randomCases(rng: Rng, table: RandomTable): Case[] {
  return makers.flatMap(({ type, make }) => {
    const args = make(rng, table);
    if (args === undefined) return [];
    const where = rng.below(4) === 0 && !withoutCondition.test(type) ? condition(rng, table) : {};
    return [{ type, kwargs: { ...args, ...where }, result_format: rng.pick(resultFormats) }];
  });
}

/** Arguments as a suite has them: dates and times as text. */
export function asSuite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asSuite);
  if (typeof value !== 'object' || value === null) return value;
  if ('$date' in value) return value.$date;
  if ('$time' in value) return value.$time;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, asSuite(v)]));
}
