/* Who hears of what, from what each rule sees now and from what was told before. Reads no clock and sends nothing.
 *
 *   rules ─▶ firing ─▶ new, or still wrong after a while: trigger ─┐
 *                      told of, and right again: resolve ──────────┼─▶ quiet hours, rate ─▶ deliveries
 *                      told of lately: nothing                     ┘
 *
 * What quiet hours or the rate hold back counts as not told: the next look tells it. */

import type { Severity } from '#quality';
import type { Alert, AlertConfig, QuietHours, Rule } from './model.ts';

export interface OpenAlert {
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly sentMs: number;
  /** What it is about. */
  readonly table?: string | undefined;
  readonly suite?: string | undefined;
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
/** What a rule sees now. */
export interface Seen {
  readonly firing: readonly Alert[];
  /** Whether it knows of an open alert with that key that it is right again, where it does not fire. */
  readonly knows: (dedupKey: string) => boolean;
}
export const severityRank: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

export function decideBy(
  config: AlertConfig,
  look: (rule: Rule) => Seen,
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
    const { firing, knows } = look(rule);
    for (const alert of firing) {
      const { dedupKey, severity, title, table, suite } = alert;
      const known = open[dedupKey];
      const worse = known !== undefined && severityRank[severity] > severityRank[known.severity];
      if (known !== undefined && !worse && nowMs - known.sentMs < config.repeatMs) continue;
      if (deliver(alert, rule.channels))
        open[dedupKey] = { rule: rule.name, severity, title, sentMs: nowMs, table, suite };
    }
    const still = new Set(firing.map((a) => a.dedupKey));
    for (const [key, known] of Object.entries(open)) {
      if (still.has(key) || !knows(key)) continue;
      const alert: Alert = {
        action: 'resolve',
        dedupKey: key,
        rule: rule.name,
        severity: known.severity,
        table: known.table ?? '',
        suite: known.suite ?? '',
        title: `resolved: ${known.title}`,
        lines: [],
        timeMs: nowMs,
      };
      if (deliver(alert, rule.channels)) delete open[key];
    }
  }
  return { deliveries, held, state: { open, sentMs } };
}

/** Stable over runs: the rule, what it is about, then the group. */
export const dedupKeyOf = (rule: Rule, ...parts: readonly string[]): string =>
  `millrace/${[rule.name, ...parts].map((p) => encodeURIComponent(p)).join('/')}`;

/** Whether a text is as a pattern says, in which * is any text; without one, all are. */
export const matches = (pattern: string | undefined, text: unknown): boolean =>
  pattern === undefined ||
  new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 's').test(String(text ?? ''));
const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

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
