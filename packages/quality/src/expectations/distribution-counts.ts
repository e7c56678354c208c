/* How often each value of a column is there, and how many lie in each bin. */

import type { Cell } from '../cell.ts';
import { domainSql } from '../expectation/check-rows.ts';
import type { CheckContext } from '../expectation/expectation.ts';
import { notNull } from '../expectation/row-expectation.ts';
import { groupRows, groupsOf } from './groups.ts';
import { numberOf } from './statistics.ts';

/** Different values that are read; a column with more is no categorical one. */
const valuesMax = 100_000;

export async function valueCounts(context: CheckContext, name: string): Promise<[Cell, number][]> {
  const value = context.table.dialect.quote(name);
  const groups = groupsOf(context, [name], notNull(name));
  const rows = await context.scan.query(
    `SELECT ${value}, ${groupRows} FROM ${groups} ORDER BY ${value} LIMIT ${valuesMax}`,
  );
  return rows.map(([cell, n]) => [cell!, Number(n)]);
}

export interface BinCounts {
  readonly below: number;
  readonly inside: readonly number[];
  readonly above: number;
  readonly all: number;
}
/** A bin holds its lower edge, the last one its upper edge too. */
export async function binCounts(
  context: CheckContext,
  name: string,
  bins: readonly number[],
): Promise<BinCounts> {
  const { scan, where } = context;
  const sql = numberOf(context, name);
  const infinite = (edge: number): boolean => !Number.isFinite(edge);
  const domain = domainSql({ ...context, where });
  const count = (condition: string): Promise<number> =>
    scan.count(`count(*) FILTER (WHERE ${domain} AND ${condition})`);
  const side = (edge: number, operator: string): string =>
    infinite(edge) ? 'TRUE' : `${sql} ${operator} ${edge}`;
  const last = bins.length - 1;
  const [all, below, above, ...inside] = await Promise.all([
    count(`${sql} IS NOT NULL`),
    infinite(bins[0]!) ? 0 : count(`${sql} < ${bins[0]}`),
    infinite(bins[last]!) ? 0 : count(`${sql} > ${bins[last]}`),
    ...bins
      .slice(0, last)
      .map((edge, i) =>
        count(
          `${sql} IS NOT NULL AND ${side(edge, '>=')} AND ${side(bins[i + 1]!, i + 1 === last ? '<=' : '<')}`,
        ),
      ),
  ]);
  return { all: all!, below: below!, above: above!, inside };
}
