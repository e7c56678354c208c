/* Expectations that bring their own SQL: {batch} in it is the table that is checked. */

import { UserError } from '#base';
import type { Json } from '../cell.ts';
import { expectation, type CheckContext } from '../expectation/expectation.ts';
import { mostly } from '../expectation/row-expectation.ts';
import { optional, text } from '../suite/args.ts';

/** Rows of a query that a result lists. */
const listMax = 200;

function queryText(query: string, { table }: CheckContext): string {
  const sql = query.replace(/[;\s]+$/, '');
  if (!/^\s*(SELECT|WITH|FROM|VALUES)\b/i.test(sql) || /;/.test(sql.replaceAll(/'(?:[^']|'')*'/g, '')))
    throw new UserError('QLT1008', {
      message: 'a query of an expectation must be one SELECT',
      hint: `It is: ${sql}`,
    });
  return sql.replaceAll(/\{\{|\}\}|\{(\w*)\}/g, (whole, name: string | undefined) => {
    if (whole === '{{' || whole === '}}') return whole[0]!;
    if (name === 'batch') return table.from;
    throw new UserError('QLT1008', {
      message: `there is no {${name ?? ''}} to put into a query, only {batch}`,
      hint: 'A brace of the query itself is written twice: {{ and }}.',
    });
  });
}

export const unexpectedRows = expectation({
  type: 'unexpected_rows_expectation',
  scope: 'query',
  args: { unexpected_rows_query: text },
  check: async (args, context) => {
    const from = `(${queryText(args.unexpected_rows_query, context)}) AS unexpected`;
    const found = await context.scan.count('count(*)', from);
    const listed = found > 0 && context.format.format !== 'BOOLEAN_ONLY' ? await jsonRows(context, from) : [];
    const details = context.format.format === 'COMPLETE' ? { details: { unexpected_rows: listed } } : {};
    return {
      success: found === 0,
      result: context.format.format === 'BOOLEAN_ONLY' ? {} : { observed_value: found, ...details },
      samples: listed.slice(0, context.format.partialCount).map((value) => ({ at: null, value })),
    };
  },
});
/** Rows with the names of their columns, whatever they are. */
async function jsonRows({ scan, table }: CheckContext, from: string): Promise<Json[]> {
  const alias = from.slice(from.lastIndexOf(' ') + 1);
  const whole = table.dialect.name === 'duckdb' ? `to_json(${alias})` : `row_to_json(${alias})`;
  const rows = await scan.query(
    `SELECT CAST(${whole} AS ${table.dialect.name === 'duckdb' ? 'VARCHAR' : 'text'}) FROM ${from} LIMIT ${listMax}`,
  );
  return rows.map(([json]) => JSON.parse(String(json)) as Json);
}

/** Rows of both queries that match, by how often each comes, of those of the longer one. Both run where the table is. */
export const queryResultsToMatchComparison = expectation({
  type: 'expect_query_results_to_match_comparison',
  scope: 'query',
  args: { base_query: text, comparison_query: text, comparison_data_source_name: optional(text), mostly },
  check: async (args, context) => {
    const base = queryText(args.base_query, context);
    const comparison = queryText(args.comparison_query, context);
    const less = (a: string, b: string): string => `((${a}) EXCEPT ALL (${b})) AS missing`;
    const [all, compared, missing] = await Promise.all([
      context.scan.count('count(*)', `(${base}) AS base`),
      context.scan.count('count(*)', `(${comparison}) AS comparison`),
      context.scan.count('count(*)', less(comparison, base)),
    ]);
    const longer = Math.max(all, compared);
    const unexpected = longer - (compared - missing);
    const percent = longer === 0 ? 0 : (1 - (compared - missing) / longer) * 100;
    const result: Record<string, Json> = { unexpected_count: unexpected, unexpected_percent: percent };
    if (context.format.format === 'COMPLETE')
      result['details'] = {
        missing_rows: await jsonRows(context, less(comparison, base)),
        unexpected_rows: await jsonRows(context, less(base, comparison)),
      };
    return {
      success: 100 - percent >= args.mostly * 100,
      result: context.format.format === 'BOOLEAN_ONLY' ? {} : result,
    };
  },
});
