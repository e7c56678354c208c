/* A run for people and machines: what was validated, what held, what was left out. */

import { UserError } from '#base';
import type { SkippedCheck } from '../checks/index.ts';
import type { Json } from '../cell.ts';
import { jsonText } from '../cell.ts';
import type { ExpectationConfig } from '../suite/suite.ts';
import type { Profile } from '../profile/profile.ts';
import { failed, type ExpectationResult, type ValidationResult } from '../validate.ts';

export interface Report {
  readonly result: ValidationResult;
  readonly skipped: readonly SkippedCheck[];
  /** For a later run to measure drift against. */
  readonly profile?: Profile | undefined;
  /** Warnings count as failed. */
  readonly strict: boolean;
  readonly ms: number;
}

export type Status = 'passed' | 'failed' | 'warning' | 'info' | 'error';

export function statusOf(result: ExpectationResult, strict: boolean): Status {
  if (result.success) return 'passed';
  if (result.exception_info.raised_exception) return failed(result, strict) ? 'error' : 'warning';
  if (failed(result, strict)) return 'failed';
  return result.expectation_config.severity === 'info' ? 'info' : 'warning';
}
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly warnings: number;
}
export function countsOf({ result, strict }: Report): Counts {
  const all = result.results.map((r) => statusOf(r, strict));
  const count = (...wanted: readonly Status[]): number => all.filter((s) => wanted.includes(s)).length;
  return { passed: count('passed'), failed: count('failed', 'error'), warnings: count('warning', 'info') };
}

/** Great Expectations' validation result, and behind it what is our own. */
export function reportJson(report: Report, indent?: number): string {
  const { result, skipped, profile, ms } = report;
  const results = result.results.map(({ samples: _, ...rest }) => rest);
  return jsonText(
    {
      success: countsOf(report).failed === 0,
      suite_name: result.suite_name,
      statistics: result.statistics,
      results,
      meta: { ...result.meta, ms },
      ...(skipped.length === 0 ? {} : { skipped }),
      ...(profile === undefined ? {} : { profile }),
    },
    indent,
  );
}

/** The profile of an earlier report. Throws QLT1017 for what is none. */
export function readBaseline(text: string, name: string): Profile {
  let given: { profile?: Profile } | null;
  try {
    given = JSON.parse(text) as typeof given;
  } catch (cause) {
    throw new UserError('QLT1017', { message: `${name} is no JSON: ${(cause as Error).message}`, cause });
  }
  if (typeof given?.profile?.rows === 'number' && Array.isArray(given.profile.columns)) return given.profile;
  throw new UserError('QLT1017', {
    message: `${name} has no profile to compare with`,
    hint: 'Write one with --output; it holds a profile when --checks has volume, drift or all.',
  });
}

/** total: values to be between min_value 0, max_value 10 */
export interface Title {
  readonly subject: string;
  readonly text: string;
  readonly args: string;
}
const subjectArgs = ['column', 'column_A', 'column_B', 'column_list'];

/** The columns that an expectation looks at; '' of one of the table. */
export const subjectOf = ({ kwargs }: ExpectationConfig): string =>
  subjectArgs
    .flatMap((key) => kwargs[key] ?? [])
    .map(String)
    .join(', ');

export function titleOf({
  expectation_config: config,
}: {
  readonly expectation_config: ExpectationConfig;
}): Title {
  const { type, kwargs, description } = config;
  const subject = subjectOf(config);
  const text = type
    .replace(/^expect_/, '')
    .replace(/^(column_pair|multicolumn|compound_columns|select_column|column|table)_/, '')
    .replaceAll('_', ' ');
  const args = Object.entries(kwargs)
    .filter(([key, value]) => !subjectArgs.includes(key) && value !== null && value !== undefined)
    .map(([key, value]) => `${key} ${shortText(value as Json)}`)
    .join(', ');
  return { subject: subject === '' ? 'table' : subject, text: description ?? text, args };
}

const shownMax = 60;
/** A value in one short line. */
export function shortText(value: Json): string {
  const text = typeof value === 'string' ? value : jsonText(value);
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > shownMax ? `${line.slice(0, shownMax - 1)}…` : line;
}

/** What was found, in words: 18 of 1,000 unexpected (1.8 %); found 3.5. */
export function findingOf({
  result,
  success,
  exception_info: { exception_message: message },
  expectation_config: { type },
}: ExpectationResult): string {
  if (message !== null) return message.split('\n')[0]!;
  const { unexpected_count: bad, element_count: all, observed_value: value } = result;
  if (typeof bad === 'number' && typeof all === 'number')
    return bad === 0
      ? `all ${counted(all)}`
      : `${counted(bad)} of ${counted(all)} unexpected (${percentText(bad, all)})`;
  if (value !== undefined && value !== null) return `found ${shortText(value)}`;
  const lists = (['unexpected', 'missing'] as const).flatMap((kind) => {
    const found = result[`partial_${kind}_list`];
    return Array.isArray(found) && found.length > 0
      ? [`${kind} ${found.map((v) => shortText(v as Json)).join(', ')}`]
      : [];
  });
  if (lists.length > 0) return lists.join('; ');
  if (success) return '';
  return type === 'expect_column_to_exist' ? 'it is not there' : 'found no value';
}
export const counted = (n: number): string => n.toLocaleString('en');
function percentText(part: number, whole: number): string {
  const percent = (part / whole) * 100;
  return percent < 0.01 ? 'less than 0.01 %' : `${percent.toFixed(percent < 1 ? 2 : 1)} %`;
}

/** Where a row is: its number from 1, or its key. */
export function placeText(at: Json): string {
  if (at === null || at === undefined) return '';
  if (typeof at === 'object')
    return Object.entries(at)
      .map(([key, value]) => `${key} ${shortText(value as Json)}`)
      .join(', ');
  return `row ${Number(at) + 1}`;
}
/** The share of elements that are as expected, from 0 to 1; undefined where rows are not counted. */
export function shareOf({ result }: ExpectationResult): number | undefined {
  const { unexpected_count: bad, element_count: all } = result;
  return typeof bad === 'number' && typeof all === 'number' ? (all === 0 ? 1 : 1 - bad / all) : undefined;
}
