/* Who hears of what, from results and from what was told before. Reads no clock and sends nothing.
 *
 *   results ─▶ rules ─▶ groups ─▶ new, or still wrong after a while: trigger ─┐
 *                                 told of, and right again: resolve ──────────┼─▶ quiet hours, rate ─▶ deliveries
 *                                 told of lately: nothing                     ┘
 *
 * What quiet hours or the rate hold back counts as not told: the next run tells it. */

import {
  titleOf,
  findingOf,
  placeText,
  shortText,
  type ExpectationResult,
  type Severity,
  type ValidationResult,
} from '#quality';
import type { Alert, AlertConfig, AlertLine, QuietHours, Rule } from './model.ts';

export interface OpenAlert {
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly sentMs: number;
}
export interface AlertState {
  /** By dedup key. */
  readonly open: Readonly<Record<string, OpenAlert>>;
  /** When messages went out in the last minute. */
  readonly sentMs: readonly number[];
}
export const noState: AlertState = { open: {}, sentMs: [] };

export interface Decision {
  readonly deliveries: readonly { readonly alert: Alert; readonly channels: readonly string[] }[];
  readonly held: readonly { readonly title: string; readonly reason: string }[];
  /** When all deliveries went out. */
  readonly state: AlertState;
}
const rank: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };
const mask = '•••';

export function decide(
  config: AlertConfig,
  result: ValidationResult,
  state: AlertState,
  nowMs: number,
): Decision {
  const deliveries: { alert: Alert; channels: readonly string[] }[] = [];
  const held: { title: string; reason: string }[] = [];
  const open: Record<string, OpenAlert> = { ...state.open };
  const sentMs = state.sentMs.filter((t) => nowMs - t < 60_000);
  const deliver = (alert: Alert, channels: readonly string[]): boolean => {
    if (alert.action === 'trigger' && isQuiet(config.quietHours, alert.severity, nowMs)) {
      held.push({ title: alert.title, reason: 'quiet hours' });
      return false;
    }
    if (sentMs.length >= config.perMinuteMax) {
      held.push({ title: alert.title, reason: `more than ${config.perMinuteMax} messages a minute` });
      return false;
    }
    sentMs.push(nowMs);
    deliveries.push({ alert, channels });
    return true;
  };
  for (const rule of config.rules) {
    const firing = groupsOf(rule, config, result, nowMs);
    for (const alert of firing) {
      const known = open[alert.dedupKey];
      const worse = known !== undefined && rank[alert.severity] > rank[known.severity];
      if (known !== undefined && !worse && nowMs - known.sentMs < config.repeatMs) continue;
      if (deliver(alert, rule.channels))
        open[alert.dedupKey] = {
          rule: rule.name,
          severity: alert.severity,
          title: alert.title,
          sentMs: nowMs,
        };
    }
    const still = new Set(firing.map((a) => a.dedupKey));
    const prefix = keyOf(rule, result, '');
    for (const [key, known] of Object.entries(open)) {
      if (!key.startsWith(prefix) || still.has(key)) continue;
      const { table } = result.meta;
      const alert: Alert = {
        action: 'resolve',
        dedupKey: key,
        rule: rule.name,
        severity: known.severity,
        table,
        suite: result.suite_name,
        title: `resolved: ${known.title}`,
        lines: [],
        timeMs: nowMs,
      };
      if (deliver(alert, rule.channels)) delete open[key];
    }
  }
  return { deliveries, held, state: { open, sentMs } };
}

/** Stable over runs: rule, table and suite, then the group. */
const keyOf = (rule: Rule, { meta, suite_name: suite }: ValidationResult, group: string): string =>
  `millrace/${[rule.name, meta.table, suite, group].map((p) => encodeURIComponent(p)).join('/')}`;

function groupsOf(rule: Rule, config: AlertConfig, result: ValidationResult, nowMs: number): Alert[] {
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
    const worst = all.map((r) => r.expectation_config.severity).sort((a, b) => rank[b] - rank[a])[0]!;
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
  const is = (pattern: string | undefined, text: unknown): boolean =>
    pattern === undefined ||
    new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 's').test(String(text ?? ''));
  return (
    rank[severity] >= rank[when.severity] &&
    is(when.check, own['check']) &&
    is(when.expectation, type) &&
    is(when.column, titleOf(result).subject) &&
    is(when.suite, suite) &&
    is(when.table, meta.table)
  );
}
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

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

function isQuiet(quiet: QuietHours | undefined, severity: Severity, nowMs: number): boolean {
  if (quiet === undefined || quiet.except.includes(severity)) return false;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: quiet.zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(nowMs);
  const number = (type: string): number => Number(parts.find((p) => p.type === type)?.value ?? 0);
  const minute = number('hour') * 60 + number('minute');
  return quiet.from <= quiet.to
    ? minute >= quiet.from && minute < quiet.to
    : minute >= quiet.from || minute < quiet.to;
}
