/* What each service is sent. */

import type { Severity } from '#quality';
import type { Alert } from '../model.ts';

/** Slack's bounds: a header of 150 characters, a section of 3,000, 50 blocks. */
const slack = { header: 150, section: 3000, lines: 20 } as const;
/** PagerDuty's: a summary of 1,024 characters, a dedup key of 255. */
const pagerduty = { summary: 1024, key: 255 } as const;
const marks: Readonly<Record<Severity, string>> = { critical: '🔴', warning: '🟡', info: '🔵' };

const cut = (text: string, max: number): string => (text.length > max ? `${text.slice(0, max - 1)}…` : text);
/** Slack reads these three as markup. */
const slackText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A message of an incoming webhook: blocks of Block Kit, and text for notifications. */
export function slackPayload(alert: Alert): object {
  const mark = alert.action === 'resolve' ? '🟢' : marks[alert.severity];
  const lines = alert.lines.slice(0, slack.lines).map(({ subject, text, finding, samples }) => {
    const rows = samples.map((s) => `\n    ${slackText(s)}`).join('');
    return `• *${slackText(subject)}* ${slackText(text)}: ${slackText(finding)}${rows}`;
  });
  const more = alert.lines.length > slack.lines ? [`… and ${alert.lines.length - slack.lines} more`] : [];
  const body = cut([...lines, ...more].join('\n'), slack.section);
  return {
    text: cut(`${mark} ${alert.title}`, slack.section),
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', text: cut(`${mark} ${alert.title}`, slack.header), emoji: true },
      },
      ...(body === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: body } }]),
      {
        type: 'context',
        elements: [
          {
            type: 'mrkdwn',
            text: cut(
              slackText(`rule ${alert.rule} · suite ${alert.suite} · ${alert.severity}`),
              slack.section,
            ),
          },
        ],
      },
    ],
  };
}

/** An event of the Events API v2. */
export function pagerdutyPayload(alert: Alert, routingKey: string): object {
  const common = { routing_key: routingKey, event_action: alert.action, dedup_key: keyOf(alert) };
  if (alert.action === 'resolve') return common;
  return {
    ...common,
    client: 'millrace',
    payload: {
      summary: cut(
        `${alert.title}: ${alert.lines.map((l) => `${l.subject} ${l.text}`).join('; ')}`,
        pagerduty.summary,
      ),
      source: alert.table,
      severity: alert.severity,
      timestamp: new Date(alert.timeMs).toISOString(),
      component: alert.suite,
      group: alert.rule,
      class: 'data quality',
      custom_details: Object.fromEntries(
        alert.lines.map((l, i) => [
          `${i + 1}. ${l.subject}`,
          `${l.text}: ${l.finding}${l.samples.length === 0 ? '' : ` (${l.samples.join('; ')})`}`,
        ]),
      ),
    },
  };
}
/** A long key ends in a hash of the whole. */
function keyOf({ dedupKey }: Alert): string {
  if (dedupKey.length <= pagerduty.key) return dedupKey;
  let hash = 0x811c9dc5;
  for (let i = 0; i < dedupKey.length; i++) hash = Math.imul(hash ^ dedupKey.charCodeAt(i), 0x01000193);
  return `${dedupKey.slice(0, pagerduty.key - 9)}~${(hash >>> 0).toString(16).padStart(8, '0')}`;
}

export const webhookPayload = (alert: Alert): object => ({
  ...alert,
  time: new Date(alert.timeMs).toISOString(),
});

export function plainText(alert: Alert): string {
  const lines = alert.lines.flatMap(({ subject, text, finding, samples }) => [
    `  ${subject} ${text}: ${finding}`,
    ...samples.map((s) => `      ${s}`),
  ]);
  return [`[${alert.action === 'resolve' ? 'resolved' : alert.severity}] ${alert.title}`, ...lines].join(
    '\n',
  );
}
