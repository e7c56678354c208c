/* What keeps a running job from going on, told where there is no terminal: a broker that is away, and partitions without
 * rows that hold the watermark back. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { counting, Workspace } from './process.ts';

const work = new Workspace();
let address = '';
beforeAll(async () => {
  expect((await work.run(['services', 'up', 'kafka'])).code).toBe(0);
  const { out } = await work.run(['services', 'list', 'kafka', '--json']);
  address = (JSON.parse(out) as { bootstrapServers: string }).bootstrapServers;
});
afterAll(async () => {
  await work.run(['services', 'down', 'kafka']);
  work.close();
});

test('a broker that goes away and comes back, and one of three partitions with rows', async () => {
  await work.run(['topic', 'create', 'clicks', '--partitions', '3']);
  const clicks = `{"k":"a","ts":"2024-01-01 12:00:00"}\n{"k":"a","ts":"2024-01-01 12:10:00"}\n`;
  await work.run(['topic', 'produce', 'clicks', '--partition', '0'], clicks);
  const clicksTable = `CREATE TABLE clicks (k STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = 'clicks',
  'properties.bootstrap.servers' = '${address}', 'properties.group.id' = 'g', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json');
`;
  const select = `${clicksTable} SELECT k FROM clicks;`;
  const file = work.file(
    'away.sql',
    `${clicksTable}CREATE TABLE counted (n BIGINT) WITH ('connector' = 'print');
INSERT INTO counted SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
`,
  );
  const asking = work.start(['sql', '-f', work.file('ask.sql', select)]);
  const running = work.start(['run', file]);
  // What keeps no state on disk commits no offsets.
  await asking.until(({ err }) => err.includes("no offsets are committed to group 'g'"));
  await running.until(({ err }) => err.includes('2 of 3 partitions have had no rows'));
  expect(running.err).toContain("SET 'table.exec.source.idle-timeout'");
  await work.run(['services', 'down', 'kafka']);
  await running.until(({ err }) => /cannot read since \d\d:\d\d:\d\d UTC: .*127\.0\.0\.1/.test(err));
  await asking.until(({ err }) => /query-1: cannot read since/.test(err));
  await work.run(['services', 'up', 'kafka']);
  await asking.until(({ err }) => /query-1: reads again/.test(err));
  asking.child.kill('SIGTERM');
  await running.until(({ err }) => /reads again after \d/.test(err));
  running.child.kill('SIGTERM');
  const { code, out, err } = await running.end();
  expect({ code, out }, err).toEqual({ code: 130, out: '' });
  expect(err).toMatch(/away\/counted: stopped, 2 rows in, 0 out/);
  expect(err).not.toContain('no offsets are committed');
  expect(err).toContain('Its state is kept in .millrace/state/away%2Fcounted: the next run goes on from it.');
}, 180_000);

test('a sink that goes away and comes back is told of, and nothing is lost', async () => {
  await work.run(['topic', 'create', 'out']);
  const file = work.file(
    'sink.sql',
    `${counting('n', { rate: 50 })}CREATE TABLE o (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'out', 'format' = 'raw', 'properties.bootstrap.servers' = '${address}');
INSERT INTO o SELECT id FROM n;
`,
  );
  const running = work.start(['run', file]);
  await expect
    .poll(() => work.run(['topic', 'tail', 'out']), { timeout: 60_000 })
    .not.toMatchObject({ out: '' });
  await work.run(['services', 'down', 'kafka']);
  await running.until(({ err }) =>
    /sink\/o: cannot write since \d\d:\d\d:\d\d UTC: .*127\.0\.0\.1/.test(err),
  );
  await work.run(['services', 'up', 'kafka']);
  await running.until(({ err }) => /sink\/o: writes again after \d/.test(err));
  running.child.kill('SIGTERM');
  const { code, err } = await running.end();
  expect(code, err).toBe(130);
  const written = Number(/([\d,]+) rows were written and flushed/.exec(err)![1]!.replaceAll(',', ''));
  const { out } = await work.run(['topic', 'describe', 'out', '--json']);
  expect(out).toContain(`"end":${written}`);
}, 180_000);

test('a job without state that is killed goes on behind what it had flushed: nothing is lost', async () => {
  for (const topic of ['before', 'after']) await work.run(['topic', 'create', topic]);
  const options = `'connector' = 'kafka', 'properties.bootstrap.servers' = '${address}', 'format' = 'raw'`;
  const file = work.file(
    'copy.sql',
    `CREATE TABLE before (v STRING) WITH ('topic' = 'before', ${options}, 'properties.group.id' = 'copy', 'scan.startup.mode' = 'group-offsets', 'properties.auto.offset.reset' = 'latest');
CREATE TABLE after (v STRING) WITH ('topic' = 'after', ${options});
INSERT INTO after SELECT v FROM before;
`,
  );
  const produce = async (line: string): Promise<void> => {
    await work.run(['topic', 'produce', 'before'], `${line}\n`);
  };
  const copied = async (): Promise<string[]> => {
    const { out } = await work.run(['topic', 'tail', 'after', '--json']);
    return [...out.matchAll(/"value":"(\w+)"/g)].map((m) => m[1]!);
  };
  const first = work.start(['run', file]);
  // The offset is committed once all that was read is flushed.
  await expect.poll(async () => (await work.run(['topic', 'lag', 'copy'])).code, { timeout: 60_000 }).toBe(0);
  await produce('one');
  await expect.poll(copied, { timeout: 60_000 }).toEqual(['one']);
  first.child.kill('SIGKILL');
  await first.end();
  await produce('two');
  const second = work.start(['run', file]);
  await expect.poll(copied, { timeout: 60_000 }).toContain('two');
  expect((await copied())[0]).toBe('one');
  second.child.kill('SIGTERM');
  expect((await second.end()).code).toBe(130);
  expect((await work.run(['topic', 'lag', 'copy'])).out).toContain('copy is 0 records behind');
}, 240_000);
