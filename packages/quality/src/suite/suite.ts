/* A suite: expectations with their arguments, read from JSON as Great Expectations 1.x writes it (and 0.18). */

import { didYouMean, UserError } from '#base';
import type { Cell } from '../cell.ts';
import type { Expectation } from '../expectation/expectation.ts';
import { expectationsByType } from '../expectations/index.ts';
import type { RowTest } from '../row-test.ts';
import { readArgs } from './args.ts';
import { withParameters, type Parameters } from './parameters.ts';
import { readRowCondition } from './row-condition.ts';

export const severities = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** One line of a suite, as it was written. */
export interface ExpectationConfig {
  readonly type: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly severity?: Severity | undefined;
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
  readonly id?: string | undefined;
  readonly notes?: unknown;
  readonly description?: string | undefined;
}
export interface Suite {
  readonly name: string;
  readonly expectations: readonly ExpectationConfig[];
  /** Values of parameters that nobody gives. */
  readonly parameters?: Readonly<Record<string, Cell>> | undefined;
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
}

/** A line that is ready to run. */
export interface BoundExpectation {
  readonly expectation: Expectation;
  readonly args: Readonly<Record<string, unknown>>;
  readonly where: RowTest;
  readonly resultFormat: unknown;
}

/** Older names: of suites of Great Expectations 0.18. */
const renamed: Readonly<Record<string, string>> = { expectation_type: 'type' };
/** Of its repository, not part of its core since 1.0. */
const notCovered = new Set([
  'expect_column_bootstrapped_ks_test_p_value_to_be_greater_than',
  'expect_column_chisquare_test_p_value_to_be_greater_than',
  'expect_column_pair_cramers_phi_value_to_be_less_than',
  'expect_column_parameterized_distribution_ks_test_p_value_to_be_greater_than',
]);

/** Throws QLT1013 for text that is no suite. */
export function readSuite(text: string, name: string): Suite {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw new UserError('QLT1013', { message: `${name} is no JSON: ${(cause as Error).message}`, cause });
  }
  const parts = given as Record<string, unknown> | null;
  if (typeof parts !== 'object' || parts === null || !Array.isArray(parts['expectations']))
    throw new UserError('QLT1013', {
      message: `${name} is no suite: it has no list "expectations"`,
      hint: '{"name": "orders", "expectations": [{"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "id"}}]}',
    });
  const parameters = parts['suite_parameters'] ?? parts['evaluation_parameters'];
  return {
    name: String(parts['name'] ?? parts['expectation_suite_name'] ?? name),
    expectations: parts['expectations'].map((line, i) => readConfig(line, `${name}: expectation ${i + 1}`)),
    ...(typeof parameters === 'object' && parameters !== null
      ? { parameters: parameters as Record<string, Cell> }
      : {}),
    ...(typeof parts['meta'] === 'object' && parts['meta'] !== null
      ? { meta: parts['meta'] as Record<string, unknown> }
      : {}),
  };
}

function readConfig(line: unknown, where: string): ExpectationConfig {
  if (typeof line !== 'object' || line === null)
    throw new UserError('QLT1013', {
      message: `${where} is ${JSON.stringify(line)}, expected an object with type and kwargs`,
    });
  const parts = Object.fromEntries(
    Object.entries(line).map(([key, value]) => [renamed[key] ?? key, value as unknown]),
  );
  const { type, kwargs = {}, severity } = parts;
  if (typeof type !== 'string') throw new UserError('QLT1013', { message: `${where} has no "type"` });
  if (typeof kwargs !== 'object' || kwargs === null || Array.isArray(kwargs))
    throw new UserError('QLT1013', { message: `${where} (${type}): "kwargs" is no object` });
  expectationNamed(type, where);
  if (severity !== undefined && severity !== null && !severities.includes(severity as Severity))
    throw new UserError('QLT1013', {
      message: `${where} (${type}): severity ${JSON.stringify(severity)}, expected ${severities.join(', ')}`,
    });
  return {
    type,
    kwargs: kwargs as Record<string, unknown>,
    severity: (severity ?? undefined) as Severity | undefined,
    meta: (parts['meta'] ?? undefined) as Record<string, unknown> | undefined,
    id: (parts['id'] ?? undefined) as string | undefined,
    notes: parts['notes'] ?? undefined,
    description: (parts['description'] ?? undefined) as string | undefined,
  };
}

function expectationNamed(type: string, where: string): Expectation {
  const found = expectationsByType.get(type);
  if (found !== undefined) return found;
  if (notCovered.has(type))
    throw new UserError('QLT1014', {
      message: `${where}: ${type} is not covered`,
      hint: 'docs/quality.md lists what is.',
    });
  throw new UserError('QLT1014', {
    message: `${where}: there is no expectation "${type}"`,
    hint: didYouMean(type, expectationsByType.keys()) ?? 'docs/quality.md lists those that there are.',
  });
}

/** With parameters put in and arguments checked. Throws QLT1006, QLT1011, QLT1012. */
export function bindExpectation(
  config: ExpectationConfig,
  parameters: Parameters,
  nowMs: number,
): BoundExpectation {
  const expectation = expectationNamed(config.type, config.type);
  const given = withParameters(config.kwargs, parameters, nowMs) as Record<string, unknown>;
  const {
    row_condition: condition,
    condition_parser: parser,
    result_format: resultFormat,
    catch_exceptions: _caught,
    batch_id: _batch,
    ...rest
  } = given;
  return {
    expectation,
    args: readArgs(rest, expectation.args, config.type),
    where: readRowCondition(condition, parser),
    resultFormat,
  };
}
