/* The commands `services` and `topic` as a user types them: a Kafka that outlives the command, and what stands in it. */

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
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
function run(args: readonly string[], input = '', cwd = folder): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [bin, ...args], { cwd }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
    child.stdin!.end(input);
  });
}
beforeAll(async () => {
  expect(await run(['services', 'up', 'kafka'])).toMatchObject({ code: 0, err: '' });
}, 120_000);
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
}, 240_000);

test('what a restart of the service finds', async () => {
  await run(['topic', 'create', 'kept']);
  await run(['topic', 'produce', 'kept'], 'one\ntwo\n');
  const before = (await run(['services', 'list', 'kafka'])).out;
  expect((await run(['services', 'down', 'kafka'])).out).toBe('kafka: stopped\n');
  expect((await run(['services', 'list', 'kafka'])).out).toBe('kafka: not running\n');
  const again = (await run(['services', 'up', 'kafka'])).out;
  expect(before, 'at the same address').toBe(`${again}${before.split('\n')[1]!}\n`);
  expect((await run(['services', 'list', 'kafka'])).out).toMatch(/^kafka: running/);
  expect(before).toMatch(/^kafka: running/);
  expect((await run(['topic', 'tail', 'kept'])).out).toMatch(/^0:0 \S+ NULL one\n0:1 \S+ NULL two\n$/);
}, 240_000);

test('records by offset, from the end, by time and partition, with keys, headers and tombstones', async () => {
  await run(['topic', 'create', 'many', '--partitions', '2']);
  const lines = Array.from({ length: 6 }, (_, i) => `k:${i}`).join('\n');
  const header = ['--header', 'trace=abc'];
  await run(
    ['topic', 'produce', 'many', '--partition', '1', '--key-separator', ':', ...header],
    `${lines}\n`,
  );
  writeFileSync(join(folder, 'more.txt'), 'k:\nplain\n');
  const more = ['--file', 'more.txt', '--key-separator', ':', '--partition', '0', '--tombstones'];
  expect((await run(['topic', 'produce', 'many', ...more])).out).toBe('2 records written to many\n');
  const tail = async (...args: string[]): Promise<string[]> =>
    (await run(['topic', 'tail', 'many', ...args])).out.trim().split('\n').sort();
  expect(await tail('--partition', '0')).toEqual([
    expect.stringMatching(/^0:0 \S+Z k NULL$/),
    expect.stringMatching(/^0:1 \S+Z NULL plain$/),
  ]);
  expect(await tail('--partition', '1', '--from', '4')).toEqual([
    expect.stringMatching(/^1:4 \S+Z k 4 \{trace: abc\}$/),
    expect.stringMatching(/^1:5 \S+Z k 5 \{trace: abc\}$/),
  ]);
  expect(await tail('--partition', '1', '--from', '-1', '-o', 'json')).toEqual([
    expect.stringMatching(
      /^\{"partition":1,"offset":5,.*"headers":\{"trace":"abc"\},"key":"k","value":"5"\}$/,
    ),
  ]);
  expect(await tail('--from', '2001-01-01')).toHaveLength(8);
  expect(await tail('--from', '2101-01-01T00:00:00Z')).toEqual(['']);
  expect(await run(['topic', 'tail', 'many', '--from', 'yesterday'])).toMatchObject({ code: 2 });
  expect(await run(['topic', 'produce', 'many', '--partition', '7'], 'x\n')).toMatchObject({
    code: 2,
    err: expect.stringContaining("topic 'many' has no partition 7: it has 2"),
  });
  expect(await run(['topic', 'produce', 'many', '--file', 'nowhere.txt'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('there is no file nowhere.txt'),
  });
}, 240_000);

test('tail ends: at so many records, with --follow too', async () => {
  await run(['topic', 'create', 'growing']);
  const latest = run(['topic', 'tail', 'growing', '--from', 'latest', '--max-messages', '1']);
  const follow = run(['topic', 'tail', 'growing', '--follow', '--max-messages', '2']);
  let written = 0;
  for (const tail of [latest, follow]) {
    let ended = false;
    void tail.then(() => {
      ended = true;
    });
    while (!ended) await run(['topic', 'produce', 'growing'], `r${written++}\n`);
  }
  expect((await latest).out).toMatch(/^0:\d+ \S+ NULL r\d+\n$/);
  expect((await follow).out).toMatch(/^0:0 \S+ NULL r0\n0:1 \S+ NULL r1\n$/);
}, 240_000);

test('groups, their lag, and offsets that are reset: first shown, then done', async () => {
  await run(['topic', 'create', 'read']);
  await run(['topic', 'produce', 'read'], 'a\nb\nc\n');
  const address = JSON.parse((await run(['services', 'list', 'kafka', '--json'])).out) as {
    bootstrapServers: string;
  };
  const reading = await run([
    'sql',
    '-e',
    `CREATE TABLE r (v STRING) WITH ('connector' = 'kafka', 'topic' = 'read', 'format' = 'raw', 'properties.bootstrap.servers' = '${address.bootstrapServers}', 'properties.group.id' = 'readers', 'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset'); SELECT v FROM r`,
  ]);
  expect(reading.out).toContain('3 rows in set');
  await run(['topic', 'produce', 'read'], 'd\n');
  expect((await run(['topic', 'groups'])).out).toContain('readers');
  expect((await run(['topic', 'lag', 'readers'])).out).toBe(
    'read:0  offset 3 of 4, lag 1\nreaders is 1 record behind\n',
  );
  const reset = ['topic', 'reset-offsets', 'readers', '--topic', 'read', '--from', 'earliest'];
  expect((await run(reset)).out).toMatch(/^read:0 {2}3 → 0\nnothing was changed/);
  expect((await run(['topic', 'lag', 'readers', '--json'])).out).toContain('"lag":1');
  expect((await run([...reset, '--execute'])).out).toContain('readers goes on there');
  expect((await run(['topic', 'lag', 'readers', '--json'])).out).toContain('"lag":4');
  expect(await run(['topic', 'lag', 'nobody'])).toMatchObject({ code: 2 });
}, 240_000);

test('a service that cannot start gives the reason; a misspelt config is told where it is typed', async () => {
  const other = join(folder, 'other');
  mkdirSync(other);
  const taken = createServer();
  await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
  const { port } = taken.address() as AddressInfo;
  try {
    // Not found from above: a folder of its own.
    mkdirSync(join(other, '.millrace', 'services'), { recursive: true });
    const up = await run(['services', 'up', 'kafka', '--port', String(port)], '', other);
    expect(up).toMatchObject({ code: 3, out: '' });
    expect(up.err).toMatch(new RegExp(`^BRK2001: kafka did not start: .*${port}`));
  } finally {
    taken.close();
  }
  const bad = await run(['services', 'up', 'kafka', '--config', 'num.partitions=many'], '', other);
  expect(bad).toMatchObject({ code: 2, err: expect.stringContaining('num.partitions') });
  const misspelt = await run(['services', 'up', 'kafka', '--config', 'num.partitons=2'], '', other);
  expect(misspelt.err).toBe(
    'warning: the config num.partitons has no effect here; did you mean "num.partitions"?\n',
  );
  const below = join(other, 'a', 'b');
  mkdirSync(below, { recursive: true });
  expect((await run(['services', 'list', 'kafka'], '', below)).out).toMatch(/^kafka: running at/);
  expect((await run(['topic', 'list'], '', below)).code).toBe(0);
  expect((await run(['services', 'down', 'kafka'], '', below)).out).toBe('kafka: stopped\n');
}, 240_000);

test('what the system refuses is no bug of ours', async () => {
  const other = mkdtempSync(join(tmpdir(), 'millrace-topic-'));
  writeFileSync(join(other, '.millrace'), 'a file where the folder should be');
  expect(await run(['services', 'up', 'kafka'], '', other)).toMatchObject({
    code: 3,
    err: expect.stringMatching(/^SYS2001: E\w+: .*\.millrace/),
  });
  rmSync(other, { recursive: true });
});

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
}, 240_000);
