/* The commands `services` and `topic` as a user types them: a Kafka that outlives the command, and what stands in it. */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'millrace-topic-'));
const bin = join(import.meta.dirname, '../bin/millrace.js');

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
/** Runs the command in the test's folder; `input` is what stands on standard input. */
function run(args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [bin, ...args], { cwd: folder }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
    child.stdin!.end(input);
  });
}
beforeAll(async () => {
  expect(await run(['services', 'up', 'kafka'])).toMatchObject({ code: 0, err: '' });
}, 30_000);
afterAll(async () => {
  await run(['services', 'down', 'kafka']);
  rmSync(folder, { recursive: true, force: true });
});

test('a topic is made, written, read, shown, changed and deleted', async () => {
  const made = await run([
    'topic',
    'create',
    'shop',
    '--partitions',
    '2',
    '--config',
    'retention.ms=1000000',
  ]);
  expect(made).toEqual({ code: 0, out: 'created shop\n', err: '' });
  const lines = 'k1:{"id":1,"name":"a"}\nk1:{"id":2,"name":"b"}\n';
  const written = await run(['topic', 'produce', 'shop', '--key-separator', ':'], lines);
  expect(written.out).toBe('2 records written to shop\n');
  const read = await run(['topic', 'tail', 'shop', '--schema', 'id BIGINT, name STRING', '--json']);
  const records = read.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records).toMatchObject([
    { offset: 0, key: 'k1', value: { id: 1, name: 'a' } },
    { offset: 1, key: 'k1', value: { id: 2, name: 'b' } },
  ]);
  expect((await run(['topic', 'tail', 'shop', '--max-messages', '1'])).out).toMatch(
    /:0 \d{4}-\S+Z k1 \{"id":1,"name":"a"\}\n$/,
  );
  const altered = await run([
    'topic',
    'alter',
    'shop',
    '--partitions',
    '3',
    '--delete-config',
    'retention.ms',
  ]);
  expect(altered).toMatchObject({ code: 0, err: '' });
  const described = JSON.parse((await run(['topic', 'describe', 'shop', '--json'])).out) as {
    topic: string;
    id: string;
    partitions: { start: number; end: number }[];
    configs: object;
  };
  expect(described).toMatchObject({ topic: 'shop', id: expect.stringMatching(/^[\w-]{22}$/) });
  expect(described.configs).toEqual({});
  expect(described.partitions).toHaveLength(3);
  expect(described.partitions.reduce((n, p) => n + p.end, 0)).toBe(2);
  expect((await run(['topic', 'list'])).out).toBe('shop\n');
  expect((await run(['topic', 'delete', 'shop'])).out).toBe('deleted shop\n');
  expect(await run(['topic', 'describe', 'shop'])).toMatchObject({ code: 2, out: '' });
}, 60_000);

test('what a restart of the service finds', async () => {
  await run(['topic', 'create', 'kept']);
  await run(['topic', 'produce', 'kept'], 'one\ntwo\n');
  const before = (await run(['services', 'list', 'kafka'])).out;
  expect((await run(['services', 'down', 'kafka'])).out).toBe('kafka: stopped\n');
  expect((await run(['services', 'list', 'kafka'])).out).toBe('kafka: not running\n');
  expect((await run(['services', 'up', 'kafka'])).out, 'at the same address').toBe(before);
  expect((await run(['services', 'list', 'kafka'])).out).toMatch(/^kafka: running/);
  expect(before).toMatch(/^kafka: running/);
  expect((await run(['topic', 'tail', 'kept'])).out).toMatch(/^0:0 \S+ NULL one\n0:1 \S+ NULL two\n$/);
}, 60_000);

test('mistakes are told with what to do', async () => {
  expect(await run(['topic', 'create', 'a b'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('INVALID_TOPIC_EXCEPTION'),
  });
  expect(await run(['topic', 'delete', 'nowhere'])).toMatchObject({
    code: 2,
    err: expect.stringContaining("there is no topic 'nowhere'"),
  });
  expect(await run(['topic', 'shout', 'a'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('expected list'),
  });
  expect(await run(['topic', 'list', '--bootstrap-server', '127.0.0.1:1'])).toMatchObject({ code: 3 });
  expect(await run(['services', 'up', 'kafak'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('"kafka"'),
  });
}, 60_000);
