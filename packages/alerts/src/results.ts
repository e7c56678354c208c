/* What rules see of the results of a suite. */

import {
  titleOf,
  findingOf,
  placeText,
  shortText,
  type ExpectationResult,
  type ValidationResult,
} from '#quality';
import { decideBy, dedupKeyOf, matches, severityRank, type AlertState, type Decision } from './decide.ts';
import type { Alert, AlertConfig, AlertLine, Rule } from './model.ts';

const mask = '•••';

/** What is told of a run of validate, or of contract check. Rules on jobs see nothing of it. */
export const decide = (
  config: AlertConfig,
  result: ValidationResult,
  state: AlertState,
  nowMs: number,
): Decision =>
  decideBy(
    config,
    (rule) =>
      isOfJobs(rule)
        ? { firing: [], knows: () => false }
        : {
            firing: groupsOf(rule, config, result, nowMs),
            knows: (key) => key.startsWith(keyOf(rule, result, '')),
          },
    state,
    nowMs,
  );

/** A rule that looks at jobs alone. */
export const isOfJobs = ({ when }: Rule): boolean => when.metric !== undefined || when.job !== undefined;

export const keyOf = (rule: Rule, { meta, suite_name: suite }: ValidationResult, group: string): string =>
  dedupKeyOf(rule, meta.table, suite, group);

/** One alert a group of what fails, as the rule groups it. */
export function groupsOf(rule: Rule, config: AlertConfig, result: ValidationResult, nowMs: number): Alert[] {
  const groups = new Map<string, ExpectationResult[]>();
  for (const found of result.results) {
    if (found.success || !fires(rule, found, result)) continue;
    const { type, kwargs } = found.expectation_config;
    const subject = titleOf(found).subject;
    const group =
      rule.groupBy === 'rule'
        ? 'all'
        : rule.groupBy === 'column'
          ? subject
          : `${subject} ${type} ${JSON.stringify(kwargs['value_set'] ?? kwargs['regex'] ?? '')}`;
    groups.set(group, [...(groups.get(group) ?? []), found]);
  }
  return [...groups].map(([group, all]): Alert => {
    const worst = all
      .map((r) => r.expectation_config.severity)
      .sort((a, b) => severityRank[b] - severityRank[a])[0]!;
    const count = `${all.length} check${all.length === 1 ? '' : 's'} failed`;
    return {
      action: 'trigger',
      dedupKey: keyOf(rule, result, group),
      rule: rule.name,
      severity: rule.severity ?? worst,
      table: result.meta.table,
      suite: result.suite_name,
      title: `${result.meta.table}: ${count}${group === 'all' ? '' : ` (${group.split(' ')[0]})`}`,
      lines: all.map((r) => lineOf(r, config)),
      timeMs: nowMs,
    };
  });
}
function fires(
  { when }: Rule,
  result: ExpectationResult,
  { suite_name: suite, meta }: ValidationResult,
): boolean {
  const { type, meta: own = {}, severity } = result.expectation_config;
  return (
    severityRank[severity] >= severityRank[when.severity] &&
    matches(when.check, own['check']) &&
    matches(when.expectation, type) &&
    matches(when.column, titleOf(result).subject) &&
    matches(when.suite, suite) &&
    matches(when.table, meta.table)
  );
}

/** Values of personal columns are masked; of queries all, for their rows have any column. */
function lineOf(result: ExpectationResult, { personal, samplesMax }: AlertConfig): AlertLine {
  const { subject, text } = titleOf(result);
  const names = subject.split(', ');
  const hidden =
    names.some((name) => personal.includes(name)) || (personal.length > 0 && subject === 'table');
  const samples = result.samples.slice(0, samplesMax).map(({ at, value }) => {
    const place =
      typeof at === 'object' && at !== null && Object.keys(at).some((k) => personal.includes(k))
        ? mask
        : placeText(at);
    return `${place === '' ? '' : `${place}: `}${hidden ? mask : shortText(value)}`;
  });
  const counted = result.result['unexpected_count'] !== undefined || !hidden;
  // What was found of a personal column may be a value of it.
  return { subject, text, finding: counted ? findingOf(result) : mask, samples };
}
