/* alerts.yaml, each mistake with its line. */

import { nearest, UserError } from '#base';
import { Members, YamlDocument } from '#contracts';
import { severities, type Severity } from '#quality';
import {
  metrics,
  type AlertConfig,
  type Channel,
  type Metric,
  type MetricCondition,
  type QuietHours,
  type Rule,
} from './model.ts';

const types = ['slack', 'pagerduty', 'webhook', 'email', 'terminal'] as const;
const defaults = { perMinuteMax: 10, repeatHours: 24, samplesMax: 3, resolveAfterMinutes: 5 } as const;
const isReference = (text: string): boolean => /\$\{(env|file):[^}]+\}/.test(text);

/** Throws CON1001 for text that is no YAML, CON1002 for what is not as it should be, ALR1001 for a secret that stands there. */
export function readAlerts(text: string, name: string): AlertConfig {
  const document = new YamlDocument(text, name);
  const root = new Members(document, [], document.value);
  root.only([
    'channels',
    'rules',
    'quiet_hours',
    'rate_limit',
    'repeat_after_hours',
    'resolve_after_minutes',
    'personal',
    'samples',
  ]);
  const channels = channelsOf(root, document);
  const rules = root.maps('rules');
  if (rules === undefined || rules.length === 0) throw document.wrong([], 'it has no rules');
  const limit = root.map('rate_limit');
  limit?.only(['per_minute']);
  return {
    channels,
    rules: rules.map((rule) => ruleOf(rule, channels)),
    quietHours: root.raw('quiet_hours') === undefined ? undefined : quietOf(root.map('quiet_hours')!),
    perMinuteMax: limit?.number('per_minute') ?? defaults.perMinuteMax,
    repeatMs: (root.number('repeat_after_hours') ?? defaults.repeatHours) * 3_600_000,
    personal: (root.list('personal') ?? []).map(String),
    samplesMax: root.number('samples') ?? defaults.samplesMax,
    resolveAfterMs: (root.number('resolve_after_minutes') ?? defaults.resolveAfterMinutes) * 60_000,
  };
}

function channelsOf(root: Members, document: YamlDocument): Channel[] {
  const map = root.map('channels');
  if (map === undefined)
    throw document.wrong(
      [],
      'it has no channels',
      'channels: {team: {type: slack, url: "${env:SLACK_WEBHOOK}"}}',
    );
  return map.keys.map((name) => {
    const channel = map.map(name)!;
    channel.only(['type', 'url', 'routing_key', 'headers', 'smtp', 'from', 'to']);
    const type = types.find((t) => t === channel.text('type'));
    if (type === undefined)
      throw channel.wrong('type', `is ${String(channel.raw('type'))}, expected ${types.join(', ')}`);
    const headers = channel.map('headers');
    const found: Channel = {
      name,
      type,
      url: channel.text('url'),
      routingKey: channel.text('routing_key'),
      headers: Object.fromEntries((headers?.keys ?? []).map((key) => [key, headers!.text(key) ?? ''])),
      smtp: channel.text('smtp'),
      from: channel.text('from'),
      to:
        typeof channel.raw('to') === 'string'
          ? [channel.text('to')!]
          : (channel.list('to') ?? []).map(String),
    };
    checkChannel(found, channel);
    return found;
  });
}
function checkChannel(found: Channel, channel: Members): void {
  const needs = (key: string, value: unknown): void => {
    if (value === undefined || value === '')
      throw channel.wrong(key, `is missing: a channel of type ${found.type} needs it`);
  };
  const secret = (key: string, value: string | undefined): void => {
    if (value === undefined || isReference(value)) return;
    throw new UserError('ALR1001', {
      message: `channel ${found.name}: ${key} is a secret, and stands in the file`,
      at: channel.document.at([...channel.path, key]),
      hint: `Write ${key}: "\${env:NAME}" and give it in the environment.`,
    });
  };
  if (found.type === 'slack') {
    needs('url', found.url);
    secret('url', found.url);
  }
  if (found.type === 'webhook') {
    needs('url', found.url);
    if (/\/\/[^/@]*:[^/@]*@/.test(found.url!)) secret('url', found.url);
  }
  for (const [key, value] of Object.entries(found.headers))
    if (/authorization|token|key|secret|cookie/i.test(key)) secret(key, value);
  if (found.type === 'pagerduty') {
    needs('routing_key', found.routingKey);
    secret('routing_key', found.routingKey);
  }
  if (found.type === 'email') {
    needs('smtp', found.smtp);
    needs('from', found.from);
    needs('to', found.to[0]);
    if (/\/\/[^/@]*:[^/@]*@/.test(found.smtp!)) secret('smtp', found.smtp);
  }
}

function severityAt(map: Members, key: string): Severity | undefined {
  const given = map.text(key);
  const found = severities.find((s) => s === given);
  if (given !== undefined && found === undefined)
    throw map.wrong(key, `is ${given}, expected ${severities.join(', ')}`);
  return found;
}
function ruleOf(rule: Members, channels: readonly Channel[]): Rule {
  rule.only(['name', 'when', 'severity', 'channels', 'group_by']);
  const name = rule.text('name');
  if (name === undefined) throw rule.wrong('name', 'is missing');
  const when = rule.map('when');
  const metric = when === undefined ? undefined : metricOf(when);
  const wanted = (rule.list('channels') ?? []).map(String);
  if (wanted.length === 0) throw rule.wrong('channels', 'is missing: who hears of it?');
  for (const channel of wanted)
    if (!channels.some((c) => c.name === channel))
      throw rule.wrong(
        'channels',
        `names ${channel}, which is no channel`,
        `There are: ${channels.map((c) => c.name).join(', ')}.`,
      );
  const groupBy = rule.text('group_by') ?? 'rule';
  if (groupBy !== 'rule' && groupBy !== 'column' && groupBy !== 'expectation')
    throw rule.wrong('group_by', `is ${groupBy}, expected rule, column or expectation`);
  return {
    name,
    when: {
      check: when?.text('check'),
      expectation: when?.text('expectation'),
      column: when?.text('column'),
      suite: when?.text('suite'),
      table: when?.text('table'),
      job: when?.text('job'),
      metric,
      severity: (when === undefined ? undefined : severityAt(when, 'severity')) ?? 'warning',
    },
    severity:
      severityAt(rule, 'severity') ??
      (metric === undefined ? undefined : metric.name === 'state' ? 'critical' : 'warning'),
    channels: wanted,
    groupBy,
  };
}
/** Throws CON1002 for a figure that there is not, or a bound that it cannot have. */
function metricOf(when: Members): MetricCondition | undefined {
  const given = when.text('metric');
  if (given === undefined) {
    when.only(['check', 'expectation', 'column', 'suite', 'table', 'job', 'severity', 'metric']);
    return undefined;
  }
  when.only(['metric', 'job', 'above', 'below', 'is', 'for_seconds']);
  const name = (Object.keys(metrics) as Metric[]).find((m) => m === given);
  if (name === undefined) {
    const meant = nearest(given, Object.keys(metrics));
    throw when.wrong(
      'metric',
      `is ${given}, which is no figure of a job`,
      meant === undefined ? `There are: ${Object.keys(metrics).join(', ')}.` : `Did you mean "${meant}"?`,
    );
  }
  const [above, below, is] = [when.number('above'), when.number('below'), when.raw('is')];
  const isNumber = name !== 'state';
  if (isNumber && (is !== undefined || (above === undefined && below === undefined)))
    throw when.wrong(
      is === undefined ? 'metric' : 'is',
      `${name} is a number: it takes above, below or both`,
    );
  if (!isNumber && (is === undefined || above !== undefined || below !== undefined))
    throw when.wrong(
      'metric',
      'state takes is: failed, or a list',
      'when: {metric: state, is: [failed, restarting]}',
    );
  return {
    name,
    above,
    below,
    is: (Array.isArray(is) ? is : is === undefined ? [] : [is]).map(String),
    forMs: (when.number('for_seconds') ?? 0) * 1000,
  };
}
function quietOf(quiet: Members): QuietHours {
  quiet.only(['from', 'to', 'zone', 'except']);
  const minutes = (key: string): number => {
    const match = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(quiet.text(key) ?? '');
    if (match === null)
      throw quiet.wrong(key, `is ${String(quiet.raw(key))}, expected a time such as "22:00"`);
    return Number(match[1]) * 60 + Number(match[2]);
  };
  const zone = quiet.text('zone') ?? 'UTC';
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw quiet.wrong('zone', `is ${zone}, which is no time zone`);
  }
  const except = (quiet.list('except') ?? ['critical']).map((s) => severities.find((known) => known === s));
  if (except.includes(undefined)) throw quiet.wrong('except', `expected ${severities.join(', ')}`);
  return { from: minutes('from'), to: minutes('to'), zone, except: except as Severity[] };
}
