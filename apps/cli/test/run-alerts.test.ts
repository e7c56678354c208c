/* Alerts of a run: figures of its jobs and what their rows fail, over real HTTP, and the end of it. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Broker } from '../../library/src/broker.ts';
import { counting, Workspace } from './process.ts';

interface Message {
  readonly action: string;
  readonly title: string;
  readonly severity: string;
  readonly dedupKey: string;
  readonly rule: string;
  readonly lines: readonly { readonly subject: string; readonly text: string; readonly finding: string }[];
}
const work = new Workspace();
let messages: Message[] = [];
let status = 200;
const hook = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (status === 200) messages.push(JSON.parse(Buffer.concat(chunks).toString()) as Message);
    response.writeHead(status).end();
  });
});
beforeAll(async () => {
  hook.listen(0, '127.0.0.1');
  await once(hook, 'listening');
  process.env['MILLRACE_TEST_HOOK'] = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
});
beforeEach(() => {
  messages = [];
  status = 200;
});
afterAll(() => {
  hook.close();
  work.close();
});
const alerts = (name: string, rules: string): string =>
  work.file(
    name,
    `channels:\n  hook: {type: webhook, url: "\${env:MILLRACE_TEST_HOOK}"}\nresolve_after_minutes: 0.01\nrules:\n${rules}`,
  );
const nowhere = `CREATE TABLE nowhere (id BIGINT) WITH ('connector' = 'blackhole');\n`;
const told = (rule: string): string[] =>
  messages.filter((m) => m.rule === rule).map((m) => `${m.action} ${m.severity} ${m.title}`);

test('a job that falls below a figure and one whose rows fail are told of while they run, and of their end', async () => {
  const flags = [
    '--alerts-every',
    '0.1s',
    '--alerts',
    alerts(
      'jobs.yaml',
      `  - {name: few, when: {metric: rows_in, below: 60, job: jobs/nowhere}, channels: [hook]}
  - {name: never, when: {metric: lag_seconds, above: 1, job: "*/nowhere"}, channels: [hook]}
  - {name: other, when: {metric: state, is: running, job: other/*}, channels: [hook]}
  - {name: runs, when: {metric: state, is: [running, failed], job: jobs/nowhere}, severity: info, channels: [hook]}
  - {name: rows, when: {job: "jobs/*", table: numbers, check: rows}, channels: [hook]}
  - {name: old, when: {check: freshness}, channels: [hook]}
`,
    ),
  ];
  work.file(
    'suite.json',
    JSON.stringify({
      name: 'numbers',
      expectations: [
        {
          type: 'expect_column_values_to_not_be_in_set',
          kwargs: { column: 'id', value_set: [3, 4] },
          severity: 'warning',
        },
        { type: 'expect_column_values_to_be_between', kwargs: { column: 'id', min_value: 0 } },
      ],
    }),
  );
  const age = { column: 'at', min_value: { $PARAMETER: 'now() - timedelta(seconds=1)' } };
  work.file(
    'age.json',
    JSON.stringify({ name: 'age', expectations: [{ type: 'expect_column_max_to_be_between', kwargs: age }] }),
  );
  // A topic that nobody writes to.
  const broker = await Broker.start({ port: 0 });
  broker.topics.create('quiet', { partitions: 1 });
  const quiet = `CREATE TABLE quiet (id INT, at TIMESTAMP_LTZ(3) METADATA FROM 'timestamp') WITH ('connector' = 'kafka', 'topic' = 'quiet',
  'properties.bootstrap.servers' = '${broker.bootstrapServers}', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset', 'millrace.suite' = 'age.json');
CREATE TABLE rest (id INT) WITH ('connector' = 'blackhole');
INSERT INTO rest SELECT id FROM quiet;
`;
  const table = counting('numbers', { rate: 100 }).replace(');\n', ", 'millrace.suite' = 'suite.json');\n");
  const running = work.start([
    'run',
    work.file('jobs.sql', `${table}${nowhere}${quiet}INSERT INTO nowhere SELECT id FROM numbers;`),
    ...flags,
  ]);
  const died = running.end().then(({ err }) => Promise.reject(new Error(err)));
  died.catch(() => {});
  const hears = async (...wanted: readonly string[]): Promise<void> => {
    const heard = (want: string): boolean => messages.some((m) => `${m.rule} ${m.action}` === want);
    while (!wanted.every(heard)) await Promise.race([new Promise((later) => setTimeout(later, 50)), died]);
  };
  await hears('old trigger');
  broker.produce('quiet', [{ value: '{"id":1}', timestamp: Date.now() + 3_600_000 }]);
  await hears('old resolve', 'few resolve', 'rows resolve');
  running.child.kill('SIGINT');
  const { code, err } = await running.end();
  await broker.stop();
  expect([code, err.includes('alerts:')]).toEqual([130, false]);
  expect(told('few')).toEqual([
    expect.stringMatching(/^trigger warning job jobs\/nowhere: rows in \d+$/),
    expect.stringMatching(/^resolve warning resolved: job jobs\/nowhere: rows in \d+$/),
  ]);
  expect(told('rows')).toEqual([
    'trigger warning numbers: 1 check failed',
    'resolve warning resolved: numbers: 1 check failed',
  ]);
  expect(messages.find((m) => m.rule === 'rows')!.lines).toMatchObject([
    {
      subject: 'id',
      text: 'values to not be in set',
      finding: expect.stringMatching(/^[12] of \d+ unexpected/),
    },
  ]);
  expect(told('old')).toEqual([
    'trigger critical quiet: 1 check failed',
    'resolve critical resolved: quiet: 1 check failed',
  ]);
  expect(messages.find((m) => m.rule === 'old')!.lines).toMatchObject([
    { subject: 'at', finding: 'found no row yet' },
  ]);
  // It was stopped: that is no state to tell of.
  expect(told('runs')).toEqual([
    'trigger info job jobs/nowhere: running',
    'resolve info resolved: job jobs/nowhere: running',
  ]);
  expect([...told('never'), ...told('other')]).toEqual([]);
  expect(new Set(messages.filter((m) => m.rule === 'few').map((m) => m.dedupKey)).size).toBe(1);
  expect(JSON.parse(readFileSync(work.path('.millrace/alerts-jobs.json'), 'utf8'))).toMatchObject({
    open: {},
  });
});

test('a job that failed is told of before the run ends; one that went well resolves it', async () => {
  const file = alerts('down.yaml', `  - {name: down, when: {metric: state, is: failed}, channels: [hook]}\n`);
  const run = (divisor: string) => {
    const sql = `${counting('numbers', { rows: 10 })}${nowhere}INSERT INTO nowhere SELECT 10 / ${divisor} FROM numbers;`;
    return work.run(['run', work.file('down.sql', sql), '--fresh', '--alerts', file]);
  };
  // A message that does not go out is a warning, and told by the next run.
  status = 404;
  const first = await run('(id - 3)');
  expect([first.code, first.err]).toEqual([
    2,
    expect.stringContaining('channel hook (webhook): it answered 404'),
  ]);
  status = 200;
  expect((await run('(id - 3)')).code).toBe(2);
  expect(told('down')).toEqual(['trigger critical job down/nowhere: failed']);
  expect(messages[0]!.lines[0]!.finding).toMatch(/division by zero/i);
  expect((await run('id')).code).toBe(0);
  expect(told('down').slice(1)).toEqual(['resolve critical resolved: job down/nowhere: failed']);
});

test('a run that ends before the first look is looked at once more', async () => {
  const suite = (most: number): string =>
    JSON.stringify({
      name: 'short',
      expectations: [
        { type: 'expect_column_values_to_be_between', kwargs: { column: 'id', max_value: most } },
      ],
    });
  const file = alerts('short.yaml', `  - {name: rows, when: {check: rows, job: "*"}, channels: [hook]}\n`);
  const table = counting('numbers', { rows: 10 }).replace(');\n', ", 'millrace.suite' = 'short.json');\n");
  const sql = work.file('short.sql', `${table}${nowhere}INSERT INTO nowhere SELECT id FROM numbers;`);
  const run = async (most: number): Promise<number | null> => {
    work.file('short.json', suite(most));
    return (await work.run(['run', sql, '--fresh', '--alerts', file, '--alerts-every', '1h'])).code;
  };
  expect(await run(8)).toBe(0);
  expect(told('rows')).toEqual(['trigger critical numbers: 1 check failed']);
  expect(await run(10)).toBe(0);
  expect(told('rows').slice(1)).toEqual(['resolve critical resolved: numbers: 1 check failed']);
});
