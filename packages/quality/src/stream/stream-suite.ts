/* A suite for the rows of a stream: what is asked of each row, and a query that sums up what is asked of each window.
 *
 *   expectation ─▶ of a row: SQL that is TRUE for one that is unexpected ──▶ checked as rows pass
 *              │                └▶ COUNT(*) FILTER (WHERE …) a window ─┐
 *              ├▶ of a column or the table: an aggregate a window ────┴▶ one row a window and expectation
 *              └▶ of how old the newest row is: by the clock ─────────▶ one row when it fails, or holds again */

import { UserError } from '#base';
import { testSql } from '../dialect/test-sql.ts';
import { millraceDialect } from '../dialect/millrace.ts';
import { titleOf } from '../report/report.ts';
import type { RowTest } from '../row-test.ts';
import type { Parameters } from '../suite/parameters.ts';
import {
  bindExpectation,
  type BoundExpectation,
  type ExpectationConfig,
  type Severity,
  type Suite,
} from '../suite/suite.ts';
import { columnNamed } from '../table/column.ts';
import { expectationsByType } from '../expectations/index.ts';
import { isOfAnyType } from '../expectations/types.ts';
import { actionOf, type StreamAction } from './actions.ts';
import { aggregateOf, isAggregate } from './aggregates.ts';
import type { StreamTable } from './stream-table.ts';
import { freshnessOf, type StreamFreshness } from './freshness.ts';
import { qualityQuery, rowSummary, type Summary } from './quality-query.ts';

export interface StreamOptions {
  readonly onFailure: StreamAction;
  readonly windowMs: number;
  readonly parameters?: Parameters | undefined;
  readonly nowMs: number;
}
export interface StreamCheck {
  readonly expectation: string;
  readonly subject: string;
  readonly text: string;
  /** SQL of Millrace: TRUE for a row that is unexpected. */
  readonly unexpected: string;
  readonly action: StreamAction;
  readonly severity: Severity;
}
export interface StreamChecks {
  readonly rows: readonly StreamCheck[];
  readonly freshness: readonly StreamFreshness[];
  readonly windowMs: number;
  readonly quality: { readonly query: string } | { readonly missing: string };
}

/** Throws QLT3003 for an expectation that streams do not have, QLT2001 and QLT2002 for one that does not fit the table. */
export function streamChecks(suite: Suite, table: StreamTable, options: StreamOptions): StreamChecks {
  const parameters = new Map([...Object.entries(suite.parameters ?? {}), ...(options.parameters ?? [])]);
  const rows: StreamCheck[] = [];
  const summaries: Summary[] = [];
  const freshness: StreamFreshness[] = [];
  for (const config of suite.expectations) {
    const bound = bindExpectation(config, parameters, options.nowMs);
    const { rowTest } = bound.expectation;
    const fresh = freshnessOf(config, bound, table, { parameters, nowMs: options.nowMs });
    if (fresh !== undefined) freshness.push(fresh);
    else if (rowTest !== undefined) {
      const { check, summary } = rowCheck(config, bound, table, options);
      rows.push(check);
      summaries.push(summary);
    } else if (isAggregate(config.type)) summaries.push(aggregateOf(config, bound, table));
    else decidedNow(config, bound, table);
  }
  return {
    rows,
    freshness,
    windowMs: options.windowMs,
    quality:
      table.rowtime === undefined
        ? {
            missing: `the table "${table.name}" has no watermark, and its results are of windows of event time`,
          }
        : summaries.length + freshness.length === 0
          ? { missing: `the suite "${suite.name}" has no expectation that is decided by rows` }
          : {
              query: qualityQuery(summaries, freshness.length > 0, {
                ...table,
                rowtime: table.rowtime,
                windowMs: options.windowMs,
              }),
            },
  };
}

const sqlOf = (test: RowTest, { columns }: StreamTable): string => testSql(test, columns, millraceDialect);

/** An expectation in words: what tells two of one kind and column apart. */
export function streamCheckText(config: ExpectationConfig): string {
  const { text, args } = titleOf({ expectation_config: config });
  return args === '' ? text : `${text}, ${args}`;
}

function rowCheck(
  config: ExpectationConfig,
  { expectation, args, where }: BoundExpectation,
  table: StreamTable,
  { onFailure }: StreamOptions,
): { readonly check: StreamCheck; readonly summary: Summary } {
  const considered = expectation.considered?.(args);
  const counted = both(where, considered);
  const unexpected = unexpectedSql(counted, expectation.rowTest!(args), table);
  const mostly = (args['mostly'] as number | undefined) ?? 1;
  return {
    check: {
      expectation: config.type,
      subject: titleOf({ expectation_config: config }).subject,
      text: streamCheckText(config),
      unexpected,
      action: actionOf(config, onFailure, mostly),
      severity: config.severity ?? 'critical',
    },
    summary: rowSummary({
      config,
      elements: sqlOf(where, table),
      counted: sqlOf(counted, table),
      unexpected,
      mostly,
    }),
  };
}
const both = (where: RowTest, considered: RowTest | undefined): RowTest => {
  if (considered === undefined || considered.kind === 'true') return where;
  return where.kind === 'true' ? considered : { kind: 'and', tests: [where, considered] };
};
/** Unexpected is what the test does not hold for; one that is unknown does not hold. */
function unexpectedSql(counted: RowTest, test: RowTest, table: StreamTable): string {
  if (test.kind === 'not' && test.test.kind === 'null' && counted.kind === 'true')
    return sqlOf(test.test, table);
  const fails = `(${sqlOf(test, table)}) IS NOT TRUE`;
  return counted.kind === 'true' ? fails : `(${sqlOf(counted, table)}) AND ${fails}`;
}

const typeLists: Readonly<Record<string, string>> = {
  expect_column_values_to_be_of_type: 'type_',
  expect_column_type_to_be: 'type_',
  expect_column_values_to_be_in_type_list: 'type_list',
};
/** What the table's declaration decides: it holds, or the table cannot be read. Throws QLT3005. */
function decidedNow(config: ExpectationConfig, { args }: BoundExpectation, table: StreamTable): void {
  const list = typeLists[config.type];
  if (list === undefined && config.type !== 'expect_column_to_exist') throw unavailable(config.type);
  const column = columnNamed(table.columns, args['column'] as string);
  if (list === undefined) return;
  const wanted = [args[list] ?? column.type].flat() as string[];
  if (isOfAnyType(column, wanted)) return;
  throw new UserError('QLT3005', {
    message: `${config.type} does not hold: column "${column.name}" is ${column.type}, expected ${wanted.join(' or ')}`,
    hint: 'Declare the column with that type, or change the suite.',
  });
}
/** Whether streams have an expectation of that type. */
export const isOfStreams = (type: string): boolean =>
  isAggregate(type) ||
  type in typeLists ||
  type === 'expect_column_to_exist' ||
  (expectationsByType.get(type)?.rowTest !== undefined && !notOfStreams.has(type));
/** Of rows, but what it takes to decide them is not there. */
const notOfStreams = new Set([
  'expect_column_values_to_be_dateutil_parseable',
  'expect_column_values_to_match_json_schema',
]);

const unavailable = (type: string): UserError =>
  new UserError('QLT3003', {
    message: `${type} is not available for streams`,
    hint: instead[type] ?? 'It needs all rows at once: millrace validate checks what is there.',
  });
const unique =
  'For a window, expect_column_proportion_of_unique_values_to_be_between with min_value 1 says the same; millrace validate checks what is there.';
const instead: Readonly<Record<string, string>> = {
  expect_column_values_to_be_unique: unique,
  expect_compound_columns_to_be_unique: unique,
};
