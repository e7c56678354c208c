/* Alerts over real HTTP and real SMTP on this machine; what the services publish of their payloads is checked as a schema. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as httpServer, type Server } from 'node:http';
import { createServer as tcpServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ExpectationResult, Severity, ValidationResult } from '#quality';
import {
  decide,
  noState,
  pagerdutyPayload,
  readAlerts,
  sendAlert,
  slackPayload,
  type Alert,
  type AlertState,
} from '../src/index.ts';

const config = (more = ''): string => `channels:
  team: {type: slack, url: "\${env:SLACK}"}
  oncall: {type: pagerduty, routing_key: "\${env:PD}", url: "\${env:PD_URL}"}
  hook: {type: webhook, url: "\${env:HOOK}", headers: {Authorization: "\${env:TOKEN}"}}
  mail: {type: email, smtp: "\${env:SMTP}", from: quality@example.org, to: [a@example.org, b@example.org]}
  screen: {type: terminal}
rules:
  - {name: any, channels: [team, oncall, hook, mail, screen]}
${more}`;
const line = (
  column: string,
  success: boolean,
  severity: Severity = 'critical',
  value: unknown = 'x@y.z',
): ExpectationResult => ({
  success,
  expectation_config: {
    type: 'expect_column_values_to_be_unique',
    kwargs: { column },
    severity,
    meta: { check: 'uniqueness' },
  },
  result: { element_count: 10, unexpected_count: success ? 0 : 2 },
  exception_info: { raised_exception: false, exception_message: null, exception_traceback: null },
  meta: {},
  samples: success ? [] : [{ at: 3, value: value as string }],
});
const result = (...results: readonly ExpectationResult[]): ValidationResult => ({
  success: results.every((r) => r.success),
  suite_name: 'orders',
  results,
  statistics: {
    evaluated_expectations: results.length,
    successful_expectations: 0,
    unsuccessful_expectations: 0,
    success_percent: 0,
  },
  meta: { table: 'orders.csv', rows: 10, columns: 2, queries: 1, run_time: '2024-01-01T12:00:00.000Z' },
});
const noon = Date.UTC(2024, 0, 1, 12);
const titles = (alerts: readonly { readonly alert: Alert }[]): string[] =>
  alerts.map(({ alert }) => `${alert.action} ${alert.severity} ${alert.title}`);

describe('what is told', () => {
  const rules = readAlerts(config(), 'alerts.yaml');
  test('once, again after a while, and when it is over', () => {
    const broken = result(line('id', false), line('email', true));
    const first = decide(rules, broken, noState, noon);
    expect(titles(first.deliveries)).toEqual(['trigger critical orders.csv: 1 check failed']);
    const second = decide(rules, broken, first.state, noon + 60_000);
    expect(second.deliveries).toEqual([]);
    expect(titles(decide(rules, broken, second.state, noon + 25 * 3_600_000).deliveries)).toEqual([
      'trigger critical orders.csv: 1 check failed',
    ]);
    const healed = decide(rules, result(line('id', true)), second.state, noon + 120_000);
    expect(titles(healed.deliveries)).toEqual(['resolve critical resolved: orders.csv: 1 check failed']);
    expect(healed.deliveries[0]!.alert.dedupKey).toBe(first.deliveries[0]!.alert.dedupKey);
    expect(decide(rules, result(line('id', true)), healed.state, noon + 180_000).deliveries).toEqual([]);
  });
  test('another table and another suite are other trouble', () => {
    const broken = result(line('id', false));
    const { state } = decide(rules, broken, noState, noon);
    const elsewhere = { ...result(line('id', true)), meta: { ...broken.meta, table: 'other.csv' } };
    expect(decide(rules, elsewhere, state, noon).deliveries).toEqual([]);
    expect(decide(rules, { ...broken, suite_name: 'other' }, state, noon).deliveries.length).toBe(1);
  });
  test('what became worse is told at once', () => {
    const { state } = decide(rules, result(line('id', false, 'warning')), noState, noon);
    expect(
      titles(decide(rules, result(line('id', false, 'critical')), state, noon + 1000).deliveries),
    ).toEqual(['trigger critical orders.csv: 1 check failed']);
  });
  test('by rules: severity, names, groups', () => {
    const both = result(line('id', false), line('email', false, 'warning'), line('note', false, 'info'));
    const by = (rule: string): string[] =>
      titles(
        decide(readAlerts(config().replace('{name: any,', `{name: any, ${rule},`), 'a'), both, noState, noon)
          .deliveries,
      );
    expect(by('group_by: column')).toEqual([
      'trigger critical orders.csv: 1 check failed (id)',
      'trigger warning orders.csv: 1 check failed (email)',
    ]);
    expect(by('when: {severity: critical}')).toEqual(['trigger critical orders.csv: 1 check failed']);
    expect(by('when: {severity: info}')).toEqual(['trigger critical orders.csv: 3 checks failed']);
    expect(by('when: {column: "em*", check: uniqueness}, severity: info')).toEqual([
      'trigger info orders.csv: 1 check failed',
    ]);
    expect(by('when: {table: "*.parquet"}')).toEqual([]);
  });
  test('quiet hours hold all but what is critical until the next run', () => {
    const quiet = readAlerts(config('quiet_hours: {from: "22:00", to: "07:00", zone: Europe/Berlin}\n'), 'a');
    const warning = result(line('id', false, 'warning'));
    const night = Date.UTC(2024, 0, 1, 21, 30);
    const held = decide(quiet, warning, noState, night);
    expect(held.deliveries).toEqual([]);
    expect(held.held).toEqual([{ title: 'orders.csv: 1 check failed', reason: 'quiet hours' }]);
    expect(decide(quiet, result(line('id', false)), noState, night).deliveries.length).toBe(1);
    expect(decide(quiet, warning, held.state, Date.UTC(2024, 0, 2, 6, 1)).deliveries.length).toBe(1);
    expect(decide(quiet, warning, held.state, Date.UTC(2024, 0, 2, 5, 59)).deliveries.length).toBe(0);
  });
  test('at most so many a minute; the rest the next time', () => {
    const few = readAlerts(
      config('rate_limit: {per_minute: 2}\n').replace('{name: any,', '{name: any, group_by: column,'),
      'a',
    );
    const many = result(...['a', 'b', 'c'].map((c) => line(c, false)));
    const first = decide(few, many, noState, noon);
    expect([first.deliveries.length, first.held.length]).toEqual([2, 1]);
    expect(decide(few, many, first.state, noon + 30_000).deliveries.length).toBe(0);
    expect(titles(decide(few, many, first.state, noon + 61_000).deliveries)).toEqual([
      'trigger critical orders.csv: 1 check failed (c)',
    ]);
  });
  test('values of personal columns are masked', () => {
    const masked = readAlerts(config('personal: [email]\n'), 'a');
    const broken = result(
      line('email', false, 'critical', 'secret@x.org'),
      line('id', false, 'critical', 17),
      {
        ...line('email', false),
        result: { observed_value: 'secret@x.org' },
        samples: [{ at: { email: 'secret@x.org' }, value: 'secret@x.org' }],
      },
    );
    const { alert } = decide(masked, broken, noState, noon).deliveries[0]!;
    expect(JSON.stringify(alert)).not.toContain('secret');
    expect(alert.lines.map((l) => l.samples)).toEqual([['row 4: •••'], ['row 4: 17'], ['•••: •••']]);
  });
});

describe('alerts.yaml', () => {
  test.each([
    [
      'channels: {a: {type: slack, url: "https://hooks.example/T/x"}}\nrules: [{name: r, channels: [a]}]\n',
      'ALR1001',
      'is a secret',
    ],
    [
      'channels: {a: {type: pagerduty, routing_key: abc}}\nrules: [{name: r, channels: [a]}]\n',
      'ALR1001',
      'routing_key',
    ],
    [
      'channels: {a: {type: webhook, url: "http://x", headers: {Authorization: Bearer 1}}}\nrules: [{name: r, channels: [a]}]\n',
      'ALR1001',
      'Authorization',
    ],
    [
      'channels: {a: {type: email, smtp: "smtp://u:p@h", from: a, to: b}}\nrules: [{name: r, channels: [a]}]\n',
      'ALR1001',
      'smtp',
    ],
    ['channels: {a: {type: pager}}\nrules: []\n', 'CON1002', 'expected slack, pagerduty'],
    ['channels: {a: {type: terminal}}\nrules: []\n', 'CON1002', 'no rules'],
    [
      'channels: {a: {type: terminal}}\nrules: [{name: r, channels: [b]}]\n',
      'CON1002',
      'which is no channel',
    ],
    [
      'channels: {a: {type: terminal}}\nrules: [{name: r, channels: [a], when: {severity: bad}}]\n',
      'CON1002',
      'expected critical',
    ],
    [
      'channels: {a: {type: terminal}}\nrules: [{name: r, channels: [a]}]\nquiet_hours: {from: "25:00", to: "1:00"}\n',
      'CON1002',
      'a time such as',
    ],
    [
      'channels: {a: {type: terminal}}\nrules: [{name: r, channels: [a]}]\nquiet_hours: {from: "2:00", to: "1:00", zone: Mars}\n',
      'CON1002',
      'no time zone',
    ],
    ['channels: {a: {type: terminal}}\nrules: [{name: r, chanels: [a]}]\n', 'CON1002', 'not known'],
  ])('%s', (text, code, part) => {
    try {
      readAlerts(text, 'alerts.yaml');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code });
      expect((error as Error).message).toContain(part);
      expect((error as Error).message).not.toMatch(/hooks\.example|Bearer|u:p@/);
    }
  });
});

/** Of Slack's reference of Block Kit: what an incoming webhook takes. */
const slackSchema = {
  type: 'object',
  required: ['text', 'blocks'],
  additionalProperties: false,
  properties: {
    text: { type: 'string', minLength: 1, maxLength: 40_000 },
    blocks: {
      type: 'array',
      maxItems: 50,
      items: {
        oneOf: [
          {
            type: 'object',
            required: ['type', 'text'],
            additionalProperties: false,
            properties: {
              type: { const: 'header' },
              text: {
                type: 'object',
                required: ['type', 'text'],
                properties: {
                  type: { const: 'plain_text' },
                  text: { type: 'string', minLength: 1, maxLength: 150 },
                  emoji: { type: 'boolean' },
                },
              },
            },
          },
          {
            type: 'object',
            required: ['type', 'text'],
            additionalProperties: false,
            properties: {
              type: { const: 'section' },
              text: {
                type: 'object',
                required: ['type', 'text'],
                additionalProperties: false,
                properties: {
                  type: { const: 'mrkdwn' },
                  text: { type: 'string', minLength: 1, maxLength: 3000 },
                },
              },
            },
          },
          {
            type: 'object',
            required: ['type', 'elements'],
            additionalProperties: false,
            properties: { type: { const: 'context' }, elements: { type: 'array', maxItems: 10 } },
          },
        ],
      },
    },
  },
};
/** Of PagerDuty's reference of the Events API v2. */
const pagerdutySchema = {
  type: 'object',
  required: ['routing_key', 'event_action'],
  additionalProperties: false,
  properties: {
    routing_key: { type: 'string', minLength: 32, maxLength: 32 },
    event_action: { enum: ['trigger', 'acknowledge', 'resolve'] },
    dedup_key: { type: 'string', maxLength: 255 },
    client: { type: 'string' },
    payload: {
      type: 'object',
      required: ['summary', 'source', 'severity'],
      additionalProperties: false,
      properties: {
        summary: { type: 'string', minLength: 1, maxLength: 1024 },
        source: { type: 'string', minLength: 1 },
        severity: { enum: ['critical', 'error', 'warning', 'info'] },
        timestamp: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT' },
        component: { type: 'string' },
        group: { type: 'string' },
        class: { type: 'string' },
        custom_details: { type: 'object' },
      },
    },
  },
  if: { properties: { event_action: { const: 'trigger' } } },
  then: { required: ['payload'] },
  else: { required: ['dedup_key'] },
};
const routingKey = 'k'.repeat(32);

test('payloads are what the services publish, however long and odd the data is', () => {
  const check = (schema: object, payload: object): void => {
    const validate = new Ajv2020({ strict: false }).compile(schema);
    expect(validate(payload), JSON.stringify(validate.errors)).toBe(true);
  };
  const long = '<&>*"\n'.repeat(2000);
  const alert: Alert = {
    action: 'trigger',
    dedupKey: `millrace/${long}`,
    rule: long,
    severity: 'critical',
    table: long,
    suite: long,
    title: long,
    lines: Array.from({ length: 100 }, () => ({ subject: long, text: long, finding: long, samples: [long] })),
    timeMs: noon,
  };
  for (const given of [
    alert,
    { ...alert, action: 'resolve' as const, lines: [] },
    { ...alert, lines: [{ subject: 'a', text: 'b', finding: 'c', samples: [] }], title: 't' },
  ]) {
    check(slackSchema, slackPayload(given));
    check(pagerdutySchema, pagerdutyPayload(given, routingKey));
  }
  expect(
    JSON.stringify(
      slackPayload({
        ...alert,
        title: 't',
        lines: [{ subject: '<!channel>', text: '', finding: '', samples: [] }],
      }),
    ),
  ).not.toContain('<!channel>');
});

describe('sending', () => {
  interface Seen {
    readonly path: string;
    readonly body: Record<string, unknown>;
    readonly headers: Record<string, unknown>;
  }
  const seen: Seen[] = [];
  let answers: readonly number[] = [];
  let server: Server;
  let base = '';
  const slept: number[] = [];
  const secrets: Record<string, string> = {};
  const options = {
    resolve: (text: string): string =>
      text.replaceAll(/\$\{env:(\w+)\}/g, (_, name: string) => secrets[name]!),
    sleep: async (ms: number): Promise<void> => void slept.push(ms),
    print: (text: string): void => void printed.push(text),
  };
  const printed: string[] = [];
  beforeAll(async () => {
    server = httpServer((request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => (text += String(part)));
      request.on('end', () => {
        const status = answers[seen.length] ?? 200;
        seen.push({
          path: request.url!,
          body: JSON.parse(text) as Record<string, unknown>,
          headers: request.headers,
        });
        response.writeHead(status, status === 429 ? { 'retry-after': '7' } : {});
        response.end('ok');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Object.assign(secrets, {
      SLACK: `${base}/slack/T0PSECRET`,
      PD: routingKey,
      PD_URL: `${base}/v2/enqueue`,
      HOOK: `${base}/hook`,
      TOKEN: 'Bearer t',
    });
  });
  afterAll(() => {
    server.close();
  });
  beforeEach(() => {
    seen.length = 0;
    slept.length = 0;
    printed.length = 0;
    answers = [];
  });
  const rules = readAlerts(config(), 'a');
  const { alert } = decide(rules, result(line('id', false)), noState, noon).deliveries[0]!;
  const channel = (name: string) => rules.channels.find((c) => c.name === name)!;

  test('to Slack, PagerDuty, a webhook, the terminal', async () => {
    for (const name of ['team', 'oncall', 'hook', 'screen']) await sendAlert(channel(name), alert, options);
    expect(seen.map((s) => s.path)).toEqual(['/slack/T0PSECRET', '/v2/enqueue', '/hook']);
    expect(seen[1]!.body).toMatchObject({
      event_action: 'trigger',
      routing_key: routingKey,
      dedup_key: alert.dedupKey,
    });
    expect(seen[2]!.headers['authorization']).toBe('Bearer t');
    expect(seen[2]!.body).toMatchObject({
      action: 'trigger',
      severity: 'critical',
      time: '2024-01-01T12:00:00.000Z',
    });
    expect(printed[0]).toBe(
      '[critical] orders.csv: 1 check failed\n  id values to be unique: 2 of 10 unexpected (20.0 %)\n      row 4: x@y.z',
    );
  });
  test('what may pass is tried again, as the service asks', async () => {
    answers = [500, 429, 200];
    await sendAlert(channel('team'), alert, options);
    expect(seen.length).toBe(3);
    expect(slept).toEqual([500, 7000]);
  });
  test('what does not pass is told without the address', async () => {
    answers = [404];
    const failure = await sendAlert(channel('team'), alert, options).catch(
      (e: unknown) => e as Error & { code: string },
    );
    expect(failure).toMatchObject({ code: 'ALR2001', message: 'channel team (slack): it answered 404' });
    expect(seen.length).toBe(1);
    const away = { ...options, resolve: () => 'http://127.0.0.1:1/T0PSECRET' };
    const unreachable = await sendAlert(channel('team'), alert, away).catch((e: unknown) => e as Error);
    expect(String((unreachable as Error).message)).toMatch(/cannot be reached/);
    expect(String((unreachable as Error).message)).not.toContain('T0PSECRET');
    await expect(
      sendAlert(channel('team'), alert, { ...options, resolve: () => 'file:///etc/passwd' }),
    ).rejects.toMatchObject({ code: 'ALR1002' });
  });
  test('by e-mail, over SMTP', async () => {
    const lines: string[] = [];
    const smtp = tcpServer((socket) => {
      let data = false;
      let rest = '';
      socket.write('220 test\r\n');
      socket.on('data', (part) => {
        rest += String(part);
        for (let at = rest.indexOf('\r\n'); at >= 0; at = rest.indexOf('\r\n')) {
          const text = rest.slice(0, at);
          rest = rest.slice(at + 2);
          lines.push(text);
          if (data) {
            if (text === '.') {
              data = false;
              socket.write('250 queued\r\n');
            }
          } else if (text === 'DATA') {
            data = true;
            socket.write('354 go\r\n');
          } else if (text.startsWith('EHLO')) socket.write('250-test\r\n250 AUTH PLAIN\r\n');
          else if (text.startsWith('AUTH')) socket.write('235 ok\r\n');
          else if (text === 'QUIT') socket.end('221 bye\r\n');
          else socket.write('250 ok\r\n');
        }
      });
      socket.on('error', () => {});
    });
    smtp.listen(0, '127.0.0.1');
    await once(smtp, 'listening');
    secrets['SMTP'] = `smtp://user:p%40ss@127.0.0.1:${(smtp.address() as AddressInfo).port}`;
    await sendAlert(
      channel('mail'),
      { ...alert, lines: [...alert.lines, { subject: '.', text: 'x', finding: 'y', samples: [] }] },
      options,
    );
    smtp.close();
    expect(lines).toContain(`AUTH PLAIN ${Buffer.from('\u0000user\u0000p@ss').toString('base64')}`);
    expect(lines.filter((l) => l.startsWith('RCPT'))).toEqual([
      'RCPT TO:<a@example.org>',
      'RCPT TO:<b@example.org>',
    ]);
    expect(lines.find((l) => l.startsWith('Subject:'))).toBe(
      'Subject: [critical] orders.csv: 1 check failed',
    );
    secrets['SMTP'] = 'smtp://user:hunter2@127.0.0.1:1';
    const failure = await sendAlert(channel('mail'), alert, options).catch((e: unknown) => e as Error);
    expect(failure).toMatchObject({ code: 'ALR2001' });
    expect(String((failure as Error).message)).not.toContain('hunter2');
  });
});
test('a state that was kept is taken up', () => {
  const rules = readAlerts(config(), 'a');
  const { state } = decide(rules, result(line('id', false)), noState, noon);
  const kept = JSON.parse(JSON.stringify(state)) as AlertState;
  expect(decide(rules, result(line('id', false)), kept, noon + 1000).deliveries).toEqual([]);
});
test('the rules of docs/quality.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/quality.md'), 'utf8');
  const rules = readAlerts(/```yaml alerts\n(.*?)```/s.exec(page)![1]!, 'docs/quality.md');
  const broken = result(line('id', false), line('email', false, 'warning'));
  expect(titles(decide(rules, broken, noState, noon).deliveries)).toEqual([
    'trigger critical orders.csv: 1 check failed',
    'trigger critical orders.csv: 1 check failed (id)',
    'trigger warning orders.csv: 1 check failed (email)',
  ]);
});
