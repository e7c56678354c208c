/* A suite against a table: every expectation, side by side, sharing scans.
 *
 *   suite ─▶ bind (parameters, arguments, condition) ─▶ check ─▶ results, in the suite's order ─▶ report
 *
 * An expectation that cannot be evaluated, as for a column that is not there, fails with the reason; the others go on. What fails
 * outside, as a database that went away, ends the whole. */

import { type MillraceError, UserError } from '#base';
import type { Json } from './cell.ts';
import type { Sample } from './expectation/expectation.ts';
import { readResultFormat } from './expectation/result-format.ts';
import { bindExpectation, type ExpectationConfig, type Severity, type Suite } from './suite/suite.ts';
import type { Parameters } from './suite/parameters.ts';
import type { CheckedTable } from './table/checked-table.ts';
import { Scan, type Asker } from './table/scan.ts';

export interface ValidateOptions {
  readonly parameters?: Parameters | undefined;
  /** The suite's result_format, where an expectation has none of its own. SUMMARY by default. */
  readonly resultFormat?: unknown;
  readonly nowMs: number;
}
/** As Great Expectations writes it. */
export interface ExpectationResult {
  readonly success: boolean;
  readonly expectation_config: ExpectationConfig & { readonly severity: Severity };
  readonly result: Readonly<Record<string, Json>>;
  readonly exception_info: {
    readonly raised_exception: boolean;
    readonly exception_message: string | null;
    readonly exception_traceback: null;
  };
  readonly meta: Readonly<Record<string, Json>>;
  /** Rows that broke it, for reports; no part of the JSON. */
  readonly samples: readonly Sample[];
}
export interface ValidationResult {
  readonly success: boolean;
  readonly suite_name: string;
  readonly results: readonly ExpectationResult[];
  readonly statistics: {
    readonly evaluated_expectations: number;
    readonly successful_expectations: number;
    readonly unsuccessful_expectations: number;
    readonly success_percent: number | null;
  };
  readonly meta: {
    readonly table: string;
    readonly rows: number;
    readonly columns: number;
    readonly queries: number;
    /** When, as ISO text in UTC. */
    readonly run_time: string;
  };
}

/** Throws ExternalError when the table's system fails, UserError when none of its rows can be read. */
export async function validateTable(
  table: CheckedTable,
  suite: Suite,
  options: ValidateOptions,
): Promise<ValidationResult> {
  const scan = new Scan(table);
  const parameters = new Map([...Object.entries(suite.parameters ?? {}), ...(options.parameters ?? [])]);
  let rows = 0;
  const countRows = async (asker: Asker): Promise<undefined> => {
    rows = await asker.count('count(*)');
    return undefined;
  };
  const found = await scan.run<ExpectationResult | undefined>([
    countRows,
    ...suite.expectations.map(
      (config) => (asker: Asker) => checkOne(table, config, asker, parameters, options),
    ),
  ]);
  const results = found.filter((r) => r !== undefined);
  return validationResult(suite.name, results, {
    table: table.name,
    rows,
    columns: table.columns.length,
    queries: scan.queries,
    run_time: new Date(options.nowMs).toISOString(),
  });
}

/** The results of a suite as one: a success when each of them is. */
export function validationResult(
  suiteName: string,
  results: readonly ExpectationResult[],
  meta: ValidationResult['meta'],
): ValidationResult {
  const successful = results.filter((r) => r.success).length;
  return {
    success: successful === results.length,
    suite_name: suiteName,
    results,
    statistics: {
      evaluated_expectations: results.length,
      successful_expectations: successful,
      unsuccessful_expectations: results.length - successful,
      success_percent: results.length === 0 ? null : (successful / results.length) * 100,
    },
    meta,
  };
}

async function checkOne(
  table: CheckedTable,
  config: ExpectationConfig,
  scan: Asker,
  parameters: Parameters,
  options: ValidateOptions,
): Promise<ExpectationResult> {
  const base = {
    expectation_config: { ...config, severity: config.severity ?? ('critical' as const) },
    meta: {},
  };
  try {
    const { expectation, args, where, resultFormat } = bindExpectation(config, parameters, options.nowMs);
    const format = readResultFormat(resultFormat ?? options.resultFormat ?? 'SUMMARY');
    const { success, result, samples = [] } = await expectation.check(args, { table, scan, where, format });
    return { ...base, success, result, samples, exception_info: noException };
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    return { ...base, success: false, result: {}, samples: [], exception_info: exceptionOf(thrown) };
  }
}
const noException = { raised_exception: false, exception_message: null, exception_traceback: null };
const exceptionOf = ({ code, message, hint }: MillraceError): ExpectationResult['exception_info'] => ({
  raised_exception: true,
  exception_message: `${code}: ${message}${hint === undefined ? '' : `\nhint: ${hint}`}`,
  exception_traceback: null,
});

/** Whether a result counts as failed: critical ones do, warnings when asked to. */
export function failed(result: ExpectationResult, strict: boolean): boolean {
  const { severity } = result.expectation_config;
  return !result.success && (severity === 'critical' || (strict && severity === 'warning'));
}
