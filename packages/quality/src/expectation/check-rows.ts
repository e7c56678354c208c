/* Row by row: how many rows were looked at, how many of them are unexpected, and some of those.
 *
 *   all rows ── where ──▶ elements ── considered ──▶ counted ── unexpected ──▶ samples */

import { compareCells, cellKey, type Cell, type Json } from '../cell.ts';
import { testSql } from '../dialect/test-sql.ts';
import type { RowTest } from '../row-test.ts';
import { rowColumn } from '../table/checked-table.ts';
import type { CheckContext, Outcome, Sample } from './expectation.ts';

export interface RowCheck {
  /** Whose values are shown. */
  readonly columns: readonly string[];
  /** How a row's values are shown: one value, a pair, a record by name. */
  readonly shape: 'value' | 'pair' | 'record';
  /** Rows that count: without NULL, as a rule. undefined: all, and the result has no missing count. */
  readonly considered: RowTest | undefined;
  readonly mostly: number;
  /** SQL of what is unexpected; may be asked for when aggregates are known. */
  readonly unexpected: Unexpected;
}
export interface Unexpected {
  /** SQL of how many, over `countFrom` or the table. */
  readonly count: string;
  readonly countFrom?: string;
  /** Condition of the rows themselves, over `rowsFrom` or the table with row numbers. */
  readonly where: string;
  readonly rowsFrom?: string;
}

/** The condition of the rows that an expectation looks at. */
export const domainSql = ({ table, where }: CheckContext, more?: RowTest): string =>
  testSql(more === undefined ? where : { kind: 'and', tests: [where, more] }, table.columns, table.dialect);

/** Unexpected is what a test does not hold for; one that is unknown does not hold. */
export function failing(context: CheckContext, considered: RowTest | undefined, test: RowTest): Unexpected {
  const { table } = context;
  const holds = testSql(test, table.columns, table.dialect);
  const where = `${domainSql(context, considered)} AND NOT coalesce(${holds}, FALSE)`;
  return { count: `count(*) FILTER (WHERE ${where})`, where };
}

export async function checkRows(context: CheckContext, check: RowCheck): Promise<Outcome> {
  const { scan } = context;
  const { considered, unexpected } = check;
  const [elements, counted, bad] = await Promise.all([
    scan.count(`count(*) FILTER (WHERE ${domainSql(context)})`),
    considered === undefined
      ? undefined
      : scan.count(`count(*) FILTER (WHERE ${domainSql(context, considered)})`),
    scan.count(unexpected.count, unexpected.countFrom),
  ]);
  const base = counted ?? elements;
  const success = base === 0 || (base - bad) / base >= check.mostly;
  if (context.format.format === 'BOOLEAN_ONLY') return { success, result: {} };
  const found = bad === 0 || wantedRows(context, bad) === 0 ? [] : await unexpectedRows(context, check, bad);
  return {
    success,
    result: { ...counts(elements, counted, bad), ...lists(context, check, found) },
    samples: found.slice(0, context.format.partialCount),
  };
}

const percent = (part: number, whole: number): number | null => (whole > 0 ? (part / whole) * 100 : null);

function counts(elements: number, counted: number | undefined, bad: number): Record<string, Json> {
  const ofCounted = percent(bad, counted ?? elements);
  const result = { element_count: elements, unexpected_count: bad, unexpected_percent: ofCounted };
  if (counted === undefined) return result;
  return {
    ...result,
    missing_count: elements - counted,
    missing_percent: percent(elements - counted, elements),
    unexpected_percent_total: percent(bad, elements),
    unexpected_percent_nonmissing: ofCounted,
  };
}

const wantedRows = ({ format }: CheckContext, bad: number): number =>
  format.format === 'COMPLETE' ? bad : Math.min(bad, format.partialCount);

/** In the order of the table, where it has one. */
async function unexpectedRows(context: CheckContext, check: RowCheck, bad: number): Promise<Sample[]> {
  const { table, scan, format } = context;
  const { quote } = table.dialect;
  const place = table.numbered !== undefined;
  const index = format.indexColumns.length > 0 ? format.indexColumns : place ? [] : table.key;
  const from = check.unexpected.rowsFrom ?? table.numbered ?? table.from;
  const selected = [...(place ? [rowColumn] : []), ...index, ...check.columns].map(quote);
  // A relation of its own comes in any order; rows of the table itself come as they lie, and reading ends with the last.
  const order = place && check.unexpected.rowsFrom !== undefined ? ` ORDER BY ${quote(rowColumn)}` : '';
  const rows = await scan.query(
    `SELECT ${selected.join(', ')} FROM ${from} WHERE ${check.unexpected.where}${order} LIMIT ${wantedRows(context, bad)}`,
  );
  return rows.map((row) => {
    const values = row.slice(row.length - check.columns.length);
    const keys = row.slice(place ? 1 : 0, row.length - check.columns.length);
    const at =
      index.length > 0
        ? Object.fromEntries(index.map((name, i) => [name, keys[i]!]))
        : place
          ? row[0]!
          : null;
    return { at, value: shaped(check, values) };
  });
}
function shaped({ shape, columns }: RowCheck, values: readonly Cell[]): Cell {
  if (shape === 'value') return values[0]!;
  return shape === 'pair' ? values : Object.fromEntries(columns.map((name, i) => [name, values[i]!]));
}

function lists(context: CheckContext, check: RowCheck, found: readonly Sample[]): Record<string, Json> {
  const { format, table } = context;
  const { partialCount, indexColumns, excludeValues } = format;
  const result: Record<string, Json> = {};
  const listed = found.map((s) => s.value);
  if (!excludeValues) result['partial_unexpected_list'] = listed.slice(0, partialCount);
  if (indexColumns.length > 0) result['unexpected_index_column_names'] = [...indexColumns];
  if (format.format === 'BASIC') return result;
  if (!excludeValues && partialCount > 0)
    result['partial_unexpected_counts'] = mostCommon(listed as Cell[], partialCount);
  const places = found.map(({ at, value }) =>
    indexColumns.length > 0 ? { ...(at as object), ...named(check, value) } : at,
  );
  const hasPlaces = indexColumns.length > 0 || table.numbered !== undefined;
  if (hasPlaces && partialCount > 0) result['partial_unexpected_index_list'] = places.slice(0, partialCount);
  if (format.format === 'SUMMARY') return result;
  if (!excludeValues) result['unexpected_list'] = listed;
  if (hasPlaces) result['unexpected_index_list'] = places;
  if (format.indexQuery) result['unexpected_index_query'] = indexQuery(context, check);
  return result;
}
function named({ shape, columns }: RowCheck, value: Json): Record<string, Json> {
  if (shape === 'record') return value as Record<string, Json>;
  const values = shape === 'pair' ? (value as Json[]) : [value];
  return Object.fromEntries(columns.map((name, i) => [name, values[i]]));
}
function indexQuery({ table }: CheckContext, { unexpected, columns }: RowCheck): string {
  const { quote } = table.dialect;
  return `SELECT ${columns.map(quote).join(', ')} FROM ${unexpected.rowsFrom ?? table.from} WHERE ${unexpected.where}`;
}

/** Values with how often they come, the most common ones first, equals by value. Records count by their values. */
export function mostCommon(values: readonly Cell[], max: number): Json[] {
  const counted = new Map<string, { value: Cell; count: number }>();
  for (const given of values) {
    const value =
      typeof given === 'object' && given !== null && !Array.isArray(given)
        ? (Object.values(given) as Cell[])
        : given;
    const key = cellKey(value);
    const known = counted.get(key);
    if (known === undefined) counted.set(key, { value, count: 1 });
    else known.count++;
  }
  return [...counted.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, max)
    .sort((a, b) => b.count - a.count || compareCells(a.value, b.value))
    .map(({ value, count }) => ({ value, count }));
}
