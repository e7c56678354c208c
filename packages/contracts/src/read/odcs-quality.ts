/* Quality rules of the standard as expectations. */

import { parse } from 'yaml';
import type { ExpectationConfig, Severity } from '#quality';
import type { Members } from './members.ts';

/** Bounds of a number by one of the operators; undefined where none is given. */
interface Range {
  readonly min?: number;
  readonly max?: number;
  readonly strictMin?: boolean;
  readonly strictMax?: boolean;
}
function rangeOf(rule: Members): Range | undefined {
  const number = (key: string): number | undefined => rule.number(key);
  const between = rule.list('mustBeBetween') as readonly number[] | undefined;
  const exact = number('mustBe');
  if (exact !== undefined) return { min: exact, max: exact };
  if (between !== undefined) return { min: between[0]!, max: between[1]! };
  const [over, from, under, upTo] = [
    'mustBeGreaterThan',
    'mustBeGreaterOrEqualTo',
    'mustBeLessThan',
    'mustBeLessOrEqualTo',
  ].map(number);
  if (over !== undefined) return { min: over, strictMin: true };
  if (from !== undefined) return { min: from };
  if (under !== undefined) return { max: under, strictMax: true };
  return upTo === undefined ? undefined : { max: upTo };
}

/** The expectation, or why there is none. */
export function qualityOf(rule: Members, column: string | undefined): ExpectationConfig | string {
  const type = rule.text('type') ?? 'library';
  if (type === 'text') return 'a rule in words is not measured';
  const made =
    type === 'sql' ? sqlRule(rule, column) : type === 'custom' ? customRule(rule) : libraryRule(rule, column);
  if (typeof made === 'string') return made;
  const severity = severityOf(rule.text('severity'));
  const reason = rule.text('description') ?? rule.text('name') ?? 'a quality rule of the contract';
  return { ...made, severity, meta: { reason } };
}
const severityOf = (text: string | undefined): Severity =>
  /^warn/i.test(text ?? '') ? 'warning' : /^info/i.test(text ?? '') ? 'info' : 'critical';

function libraryRule(rule: Members, column: string | undefined): ExpectationConfig | string {
  const metric = rule.text('metric') ?? rule.text('rule');
  const range = rangeOf(rule);
  if (range === undefined) return `${metric ?? 'a rule'} without an operator that is measured`;
  if (metric === 'rowCount') return { type: 'expect_table_row_count_to_be_between', kwargs: between(range) };
  const badPercent = percentOf(rule, range);
  const args = rule.map('arguments');
  if (badPercent === undefined) return `${metric}: only mustBe 0, or an upper bound in percent, is measured`;
  const mostly = 1 - badPercent / 100;
  if (metric === 'duplicateValues') {
    const list = args?.list('properties')?.map(String);
    if (column === undefined && list === undefined) return 'duplicateValues without columns';
    return column === undefined
      ? { type: 'expect_compound_columns_to_be_unique', kwargs: { column_list: list, mostly } }
      : { type: 'expect_column_values_to_be_unique', kwargs: { column, mostly } };
  }
  if (column === undefined) return `${metric} of a table is not measured`;
  if (metric === 'nullValues')
    return { type: 'expect_column_values_to_not_be_null', kwargs: { column, mostly } };
  if (metric === 'missingValues') {
    const missing = (args?.list('missingValues') ?? []).filter((v) => v !== null);
    return { type: 'expect_column_values_to_not_be_in_set', kwargs: { column, value_set: missing, mostly } };
  }
  if (metric === 'invalidValues') {
    const pattern = args?.text('pattern');
    const valid = args?.list('validValues');
    if (valid !== undefined)
      return { type: 'expect_column_values_to_be_in_set', kwargs: { column, value_set: valid, mostly } };
    if (pattern !== undefined)
      return { type: 'expect_column_values_to_match_regex', kwargs: { column, regex: pattern, mostly } };
  }
  return `${metric ?? 'a rule without a metric'} is not measured`;
}
const between = ({ min, max, strictMin, strictMax }: Range): Record<string, unknown> => ({
  min_value: min ?? null,
  max_value: max ?? null,
  strict_min: strictMin ?? false,
  strict_max: strictMax ?? false,
});
/** How many of a hundred may be bad. */
function percentOf(rule: Members, { max, strictMax }: Range): number | undefined {
  if (max === 0) return 0;
  if (max === undefined || !/percent|%/i.test(rule.text('unit') ?? '')) return undefined;
  // Less than, and not up to: by a hair.
  return strictMax === true ? Math.max(0, max - 1e-9) : max;
}

/** A query whose one value is compared: rows of it that are not as they must be are unexpected. */
function sqlRule(rule: Members, column: string | undefined): ExpectationConfig | string {
  const range = rangeOf(rule);
  const query = rule.text('query');
  if (query === undefined) return 'a rule of type sql without a query';
  if (range === undefined) return 'sql without an operator that is measured';
  const { min, max, strictMin, strictMax } = range;
  const holds = [
    ...(min === undefined ? [] : [`value ${strictMin === true ? '>' : '>='} ${min}`]),
    ...(max === undefined ? [] : [`value ${strictMax === true ? '<' : '<='} ${max}`]),
  ].join(' AND ');
  const text = query
    .trim()
    .replace(/;\s*$/, '')
    .replaceAll(/[{}]/g, '$&$&')
    .replaceAll(/\$?\{\{(object|table|model)\}\}/g, '{batch}')
    .replaceAll(
      /\$?\{\{(property|column|field)\}\}/g,
      column === undefined ? 'NULL' : `"${column.replaceAll('"', '""')}"`,
    );
  return {
    type: 'unexpected_rows_expectation',
    kwargs: {
      unexpected_rows_query: `SELECT value FROM (${text}) AS asked(value) WHERE (${holds}) IS NOT TRUE`,
    },
  };
}
function customRule(rule: Members): ExpectationConfig | string {
  const engine = rule.text('engine') ?? '';
  if (!/great.?expectations|millrace/i.test(engine))
    return `rules of ${engine === '' ? 'an engine without a name' : engine} are not measured`;
  const given = rule.raw('implementation');
  const implementation = (typeof given === 'string' ? parse(given) : given) as {
    type?: unknown;
    expectation_type?: unknown;
    kwargs?: unknown;
  } | null;
  const type = implementation?.type ?? implementation?.expectation_type;
  if (typeof type !== 'string') return 'an implementation without the type of an expectation';
  return { type, kwargs: (implementation?.kwargs ?? {}) as Record<string, unknown> };
}
