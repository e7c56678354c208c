/* millrace contract and --alerts as a user types them. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Workspace } from './process.ts';

const work = new Workspace();
const contract = `contract: {name: orders, version: 1.2.0, owner: sales}
schema:
  - {name: id, type: integer, primary_key: true}
  - {name: email, type: string, format: email, pii: true, examples: [a@b.c]}
  - {name: total, type: number, minimum: 0}
consumers: [billing]
`;
let server: Server;
const seen: { text: string; blocks: unknown[] }[] = [];
beforeAll(async () => {
  work.file('orders.csv', 'id,email,total\n1,a@b.c,5\n2,secret-value,-1\n');
  work.file('good.csv', 'id,email,total\n1,a@b.c,5\n');
  work.file('orders.yaml', contract);
  work.file('newer.yaml', contract.replace('1.2.0', '1.3.0').replace(/.*name: total.*\n/, ''));
  work.file('wrong.yaml', contract.replace('type: number', 'type: numbr'));
  work.file(
    'alerts.yaml',
    'channels: {team: {type: slack, url: "${env:HOOK}"}}\nrules: [{name: r, channels: [team]}]\n',
  );
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += String(part)));
    request.on('end', () => {
      seen.push(JSON.parse(text) as (typeof seen)[number]);
      response.end('ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  work.close();
});

describe('contract', () => {
  test('check says what is not as promised, and ends with 4', async () => {
    const { code, out } = await work.run([
      'contract',
      'check',
      'orders.yaml',
      '--input',
      'orders.csv',
      '--html',
      'page.html',
    ]);
    expect(code).toBe(4);
    expect(out).toMatch(/✗ total .*values to be between .*1 of 2 unexpected/);
    expect(out).toMatch(/✗ email .*values to match regex/);
    expect(readFileSync(work.path('page.html'), 'utf8')).toContain('orders 1.2.0');
    expect((await work.run(['contract', 'check', 'orders.yaml', '--input', 'good.csv'])).code).toBe(0);
  });
  test('diff says whom it breaks, and which version it takes', async () => {
    const { code, out } = await work.run(['contract', 'diff', 'orders.yaml', 'newer.yaml']);
    expect(code).toBe(4);
    expect(out).toContain('✗ orders.total: the column is gone  (billing)');
    expect(out).toContain('should be at least 2.0.0');
    expect((await work.run(['contract', 'diff', 'orders.yaml', 'orders.yaml', '--json'])).out).toBe(
      '{"breaking":false,"versionNeeded":null,"changes":[]}\n',
    );
  });
  test('a mistake is shown in its line', async () => {
    const { code, err } = await work.run(['contract', 'lint', 'wrong.yaml']);
    expect(code).toBe(2);
    expect(err).toMatch(/^CON1002 at wrong.yaml:5:\d+: .*"numbr"/);
    expect(err).toContain('^^^^');
  });
  test('generate, draft, test, docs', async () => {
    expect((await work.run(['contract', 'generate', 'orders.yaml', '--to', 'typescript'])).out).toContain(
      'readonly id: bigint;',
    );
    expect(
      (await work.run(['contract', 'generate', '--input', 'good.csv', '--output', 'made/draft.yaml'])).code,
    ).toBe(0);
    expect((await work.run(['contract', 'check', 'made/draft.yaml', '--input', 'good.csv'])).code).toBe(0);
    expect((await work.run(['contract', 'test', 'orders.yaml'])).out).toMatch(/^\d+ passed in/m);
    expect((await work.run(['contract', 'docs', 'orders.yaml'])).out).toContain('<h1>orders</h1>');
  });
  test.each([
    [['contract', 'chek', 'orders.yaml'], 'Did you mean check?'],
    [['contract', 'check', 'orders.yaml'], 'validate what?'],
    [['contract', 'generate', 'orders.yaml'], '--to is missing'],
  ])('%j', async (args, part) => {
    const { code, err } = await work.run(args);
    expect(code).toBe(2);
    expect(err).toContain(part);
  });
});

test('alerts: told once, resolved when it is over, without values that are personal', async () => {
  const hook = `HOOK=http://127.0.0.1:${(server.address() as AddressInfo).port}/T0PSECRET`;
  const check = (file: string) =>
    work.shell(`${hook} millrace contract check orders.yaml --input ${file} --alerts alerts.yaml`);
  // The same name each time: alerts are of a table.
  work.file('now.csv', readFileSync(work.path('orders.csv'), 'utf8'));
  expect((await check('now.csv')).code).toBe(4);
  expect((await check('now.csv')).code).toBe(4);
  expect(seen.map((s) => s.text)).toEqual(['🔴 now.csv: 2 checks failed']);
  expect(JSON.stringify(seen)).toContain('row 2: •••');
  expect(JSON.stringify(seen)).not.toContain('secret-value');
  work.file('now.csv', readFileSync(work.path('good.csv'), 'utf8'));
  expect((await check('now.csv')).code).toBe(0);
  expect(seen.map((s) => s.text)).toEqual([
    '🔴 now.csv: 2 checks failed',
    '🟢 resolved: now.csv: 2 checks failed',
  ]);
  // Nobody there: the report is whole, the run says so, and the address stays secret.
  work.file('now.csv', readFileSync(work.path('orders.csv'), 'utf8'));
  const away = await work.shell('millrace contract check orders.yaml --input now.csv --alerts alerts.yaml');
  expect(away.code).toBe(4);
  expect(away.err).toContain("the environment has no variable 'HOOK'");
});
