/* What a table is like: of each column how many values are missing and differ, their range and distribution. What suites are
 * suggested from, and what a later run measures drift against. */

import type { Cell } from '../cell.ts';
import type { CheckContext } from '../expectation/expectation.ts';
import { readResultFormat } from '../expectation/result-format.ts';
import { notNull } from '../expectation/row-expectation.ts';
import { groupRows, groupsOf } from '../expectations/groups.ts';
import { isNumeric, isTemporal, type Family, type TableColumn } from '../table/column.ts';
import type { CheckedTable } from '../table/checked-table.ts';
import { Scan, type Asker } from '../table/scan.ts';

export interface ColumnProfile {
  readonly name: string;
  readonly type: string;
  readonly family: Family;
  readonly nulls: number;
  readonly distinct: number;
  readonly min: Cell;
  readonly max: Cell;
  readonly mean: number | null;
  readonly stdev: number | null;
  /** Of text: characters of the shortest and longest value. */
  readonly lengths: readonly [number, number] | null;
  /** Of numbers: the edges of bins that hold about as many values each, and how many lie in each. */
  readonly histogram: { readonly bins: readonly number[]; readonly counts: readonly number[] } | null;
  /** The most common values, where they are few enough to be a set. */
  readonly top: readonly { readonly value: Cell; readonly count: number }[];
}
export interface Profile {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

/** A column with more different values than this is no set. */
export const setValuesMax = 20;
/** Deciles. */
const sharesOfBins = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** Throws what `query` of the table throws. */
export async function profileTable(table: CheckedTable): Promise<Profile> {
  const scan = new Scan(table);
  let rows = 0;
  const count = async (asker: Asker): Promise<undefined> => {
    rows = await asker.count('count(*)');
    return undefined;
  };
  const columns = await scan.run<ColumnProfile | undefined>([
    count,
    ...table.columns.map((column) => (asker: Asker) => profileColumn(table, column, asker)),
  ]);
  return { rows, columns: columns.filter((c) => c !== undefined) };
}

async function profileColumn(table: CheckedTable, column: TableColumn, scan: Asker): Promise<ColumnProfile> {
  const { name, type, family } = column;
  const context: CheckContext = { table, scan, where: { kind: 'true' }, format: readResultFormat('SUMMARY') };
  const value = table.dialect.quote(name);
  const comparable = family !== 'other' && family !== 'bytes';
  const numeric = isNumeric(family);
  const ordered = family === 'boolean' ? `CAST(${value} AS INTEGER)` : value;
  const ranged = comparable && family !== 'boolean';
  const [nulls, min, max, mean, stdev, short, long, distinct] = await Promise.all([
    scan.count(`count(*) FILTER (WHERE ${value} IS NULL)`),
    ranged ? scan.ask(`min(${ordered})`) : null,
    ranged ? scan.ask(`max(${ordered})`) : null,
    numeric ? scan.ask(`avg(${table.dialect.double(value)})`) : null,
    numeric ? scan.ask(`stddev_samp(${table.dialect.double(value)})`) : null,
    family === 'text' ? scan.ask(`min(length(${table.dialect.text(value)}))`) : null,
    family === 'text' ? scan.ask(`max(length(${table.dialect.text(value)}))`) : null,
    comparable ? scan.count('count(*)', groupsOf(context, [name], notNull(name))) : 0,
  ]);
  const histogram =
    numeric && typeof min === 'number' && typeof max === 'number' && max > min
      ? await histogramOf(table, value, min, max, scan)
      : null;
  const top =
    comparable && !isTemporal(family) && distinct > 0 && distinct <= setValuesMax
      ? await topValues(context, name)
      : [];
  const number = (cell: Cell): number | null =>
    typeof cell === 'number' && Number.isFinite(cell) ? cell : null;
  return {
    name,
    type,
    family,
    nulls,
    distinct,
    min,
    max,
    mean: number(mean),
    stdev: number(stdev),
    lengths: short === null || long === null ? null : [Number(short), Number(long)],
    histogram,
    top,
  };
}
async function histogramOf(
  table: CheckedTable,
  value: string,
  min: number,
  max: number,
  scan: Asker,
): Promise<ColumnProfile['histogram']> {
  const sql = table.dialect.double(value);
  // Of bins of one width the values of a skewed column would lie in one.
  const deciles = await Promise.all(table.dialect.quantiles(sql, sharesOfBins).map((ask) => scan.ask(ask)));
  const inner = [...new Set(deciles.map(Number))].filter((edge) => edge > min && edge < max);
  const bins = [min, ...inner.sort((a, b) => a - b), max];
  const counts = await Promise.all(
    bins.slice(0, -1).map((edge, i) => {
      const last = i === bins.length - 2;
      return scan.count(
        `count(*) FILTER (WHERE ${sql} >= ${edge} AND ${sql} ${last ? '<=' : '<'} ${bins[i + 1]})`,
      );
    }),
  );
  return { bins, counts };
}
async function topValues(context: CheckContext, name: string): Promise<ColumnProfile['top']> {
  const value = context.table.dialect.quote(name);
  const groups = groupsOf(context, [name], notNull(name));
  const rows = await context.scan.query(
    `SELECT ${value}, ${groupRows} FROM ${groups} ORDER BY ${groupRows} DESC, ${value} LIMIT ${setValuesMax}`,
  );
  return rows.map(([cell, n]) => ({ value: cell!, count: Number(n) }));
}
