/* What keeps a running job from going on, told with a terminal and without: a broker or a database that is away, and
 * partitions without rows that hold the watermark back. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counting, shellCommand, Workspace, type Running } from './process.ts';
import { PseudoTerminal, terminalMissing } from './pseudo-terminal.ts';

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

describe('a table that is looked up in', () => {
  let statements = '';
  const up = async (): Promise<void> => {
    expect((await work.run(['services', 'up', 'postgres'])).code).toBe(0);
  };
  const down = async (): Promise<void> => {
    expect((await work.run(['services', 'down', 'postgres'])).code).toBe(0);
  };
  beforeAll(async () => {
    await up();
    const { out } = await work.run(['services', 'list', 'postgres']);
    const [, user, password, place] = /postgresql:\/\/(\w+):(.+)@(\S+)'/.exec(out)!;
    const users = `CREATE TABLE users (id BIGINT, name STRING) WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://${place}', 'username' = '${user}',
  'password' = '${decodeURIComponent(password!)}', 'table-name' = 'users', 'millrace.jdbc.create-table' = 'if-not-exists');
`;
    expect(await work.run(['sql', '-e', `${users} INSERT INTO users VALUES (1, 'ann');`])).toMatchObject({
      code: 0,
    });
    statements = `${users}CREATE TABLE orders (id BIGINT, at AS PROCTIME()) WITH ('connector' = 'datagen', 'rows-per-second' = '20',
  'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.id.end' = '1000000');
CREATE TABLE named (id BIGINT, name STRING) WITH ('connector' = 'print');
INSERT INTO named SELECT o.id, u.name FROM orders o LEFT JOIN users FOR SYSTEM_TIME AS OF o.at AS u ON u.id = o.id;
`;
  }, 120_000);
  afterAll(down);
  const away = /cannot look up since \d\d:\d\d:\d\d UTC: .*ECONNREFUSED/;
  const ends = async (running: Running, name: string): Promise<string> => {
    await running.until(({ err }) => err.includes(`${name}: looks up again after`));
    running.child.kill('SIGTERM');
    const { code, out, err } = await running.end();
    expect(code, err).toBe(130);
    return out;
  };

  test('tells when its database goes away and comes back, and no row is lost', async () => {
    const text = work.start(['run', work.file('lookup.sql', statements)]);
    const json = work.start([
      'sql',
      '--json',
      '-f',
      work.file('json.sql', statements.replaceAll('named', 'told')),
    ]);
    for (const running of [text, json]) await running.until(({ out }) => out.includes('+I[1, ann]'));
    await down();
    await text.until(({ err }) => err.includes('lookup/named: ') && away.test(err));
    await json.until(({ err }) => err.includes('insert-into_told: ') && away.test(err));
    await up();
    expect(await ends(json, 'insert-into_told')).toMatch(/"status":"stopped"/);
    const ids = [...(await ends(text, 'lookup/named')).matchAll(/^\+I\[(\d+), /gm)].map((m) => Number(m[1]));
    expect(ids).toEqual(ids.map((_, i) => i + 1));
  }, 180_000);
  test.skipIf(terminalMissing() !== undefined)(
    'is in the status line',
    async () => {
      const file = work.file('status.sql', statements.replaceAll('named', 'seen'));
      const terminal = new PseudoTerminal(`${shellCommand} run '${file}'`, {}, 24);
      try {
        await terminal.until('status/seen · in ');
        await down();
        await terminal.until('status/seen · cannot look up since ');
        await up();
        await terminal.until('status/seen · in ');
        terminal.type('\u0003');
        expect(await terminal.exit()).toBe(130);
      } finally {
        terminal.kill();
      }
    },
    180_000,
  );
});

test('a job that waits for its database from the start says so, and a signal ends it', async () => {
  const statements = `CREATE TABLE o (id BIGINT) WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://127.0.0.1:1/x', 'username' = 'u', 'table-name' = 'o');
${counting('n', { rate: 50 })}INSERT INTO o SELECT id FROM n;`;
  const running = work.start(['run', work.file('early.sql', statements)]);
  await running.until(({ err }) => err.includes('ECONNREFUSED 127.0.0.1:1; trying again'));
  running.child.kill('SIGINT');
  const { code, err } = await running.end();
  expect(code, err).toBe(130);
  expect(err).toContain('early/o: canceled, 0 rows in');
});

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
