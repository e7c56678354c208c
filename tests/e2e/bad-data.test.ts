/* Bad and late rows through whole jobs: what is read, computed, refused or late becomes a dead letter, and all is accounted for. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Broker } from '#broker';
import { allConnectors } from '../../apps/cli/src/connectors.ts';
import { threads } from '../../apps/cli/src/threads.ts';
import { Executor, type EngineJob } from '#engine';
import { realWorld } from '#host';
import { SessionSettings } from '#plan';
import { parseStatement } from '#sql';

let broker: Broker;
const folder = mkdtempSync(join(tmpdir(), 'millrace-bad-data-'));
beforeAll(async () => {
  broker = await Broker.start({ world: realWorld(), port: 0 });
});
afterAll(async () => {
  await broker.stop();
  rmSync(folder, { recursive: true });
});

const topic = (name: string, columns: string, more = ''): string =>
  `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'kafka', 'topic' = '${name}', 'properties.bootstrap.servers' = '${broker.bootstrapServers}',
    'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json'${more})`;
const files = (name: string, columns: string, more = ''): string =>
  `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'filesystem', 'path' = '${join(folder, name)}', 'format' = 'json'${more})`;
const letters = ", 'millrace.on-error' = 'dead-letter'";

type Line = Record<string, unknown>;
const lines = (name: string): Line[] =>
  readdirSync(join(folder, name))
    .filter((f) => !f.startsWith('.'))
    .flatMap((f) =>
      readFileSync(join(folder, name, f), 'utf8')
        .split('\n')
        .slice(0, -1),
    )
    .map((line) => JSON.parse(line) as Line);

/** Runs the statements, the last of which is an INSERT, to its end. */
async function run(statements: readonly string[], set: Record<string, string> = {}): Promise<EngineJob> {
  const settings = new SessionSettings();
  for (const [key, value] of Object.entries(set)) settings.set(key, value);
  const executor = new Executor({ world: realWorld(), connectors: allConnectors(), settings, threads });
  for (const text of statements) await executor.execute(parseStatement(text));
  const job = executor.jobs.at(-1)!;
  await job.done;
  return job;
}

const text = (bytes: Uint8Array | null | undefined): string | null =>
  bytes == null ? null : Buffer.from(bytes).toString();
const headersOf = (record: { headers: readonly { key: string; value: Uint8Array | null }[] }): Line =>
  Object.fromEntries(record.headers.map(({ key, value }) => [key, text(value)]));

describe('a topic', () => {
  test("goes on; what is no row lies in <topic>.dlq as it was, with Kafka Connect's headers", async () => {
    broker.topics.create('orders', { partitions: 2 });
    broker.produce('orders', [
      { key: 'a', value: '{"id":1}' },
      {
        key: 'b',
        value: '{"id":',
        headers: { trace: 't1', 'millrace.replayed': '2' },
        timestamp: 1_700_000_000_000,
      },
      { key: null, value: '{"id":3}' },
    ]);
    broker.produce('orders', [{ key: Buffer.of(0xff), value: Buffer.of(0xff, 0xfe) }], 1);
    const job = await run([
      topic('orders', 'id INT', letters),
      files('orders_out', 'id INT'),
      'INSERT INTO orders_out SELECT id FROM orders',
    ]);
    expect(lines('orders_out')).toEqual([{ id: 1 }, { id: 3 }]);
    const dead = broker.read('orders.dlq');
    expect(dead.map((r) => [r.key, r.value])).toEqual([
      [Buffer.from('b'), Buffer.from('{"id":')],
      [Buffer.of(0xff), Buffer.of(0xff, 0xfe)],
    ]);
    expect(dead[0]!.timestamp).toBe(1_700_000_000_000);
    expect(headersOf(dead[0]!)).toMatchObject({
      trace: 't1',
      'millrace.replayed': '2',
      '__connect.errors.topic': 'orders',
      '__connect.errors.partition': '0',
      '__connect.errors.offset': '1',
      '__connect.errors.stage': 'VALUE_CONVERTER',
      '__connect.errors.exception.class.name': 'FMT1001',
      '__connect.errors.exception.message': expect.stringContaining('malformed json record') as string,
      'millrace.stage': 'decode',
      'millrace.content': 'record',
      'millrace.table': 'orders',
    });
    expect(job.accounts()).toMatchObject({ read: 4, written: 2, dead: 2, balances: true });
  });

  test('is spread over threads, and several statements share its letters', async () => {
    broker.topics.create('shared', { partitions: 3 });
    for (let p = 0; p < 3; p++)
      broker.produce(
        'shared',
        Array.from({ length: 900 }, (_, i) => ({ value: i % 9 === 0 ? `bad ${p}` : `{"id":${i}}` })),
        p,
      );
    const job = await run(
      [
        topic('shared', 'id INT', letters),
        files('shared_a', 'id INT'),
        files('shared_b', 'id INT'),
        'EXECUTE STATEMENT SET BEGIN INSERT INTO shared_a SELECT id FROM shared; INSERT INTO shared_b SELECT id FROM shared WHERE id > 100; END',
      ],
      { 'parallelism.default': '3' },
    );
    expect(lines('shared_a')).toHaveLength(2400);
    expect(broker.read('shared.dlq')).toHaveLength(300);
    expect(job.accounts()).toMatchObject({ read: 2700, dead: 300, balances: false });
  });

  test('with nothing but bad records: letters go out as they come, each once', async () => {
    broker.topics.create('nothing');
    const bad = Array.from({ length: 15_000 }, (_, i) => `bad ${i}`);
    broker.produce(
      'nothing',
      bad.map((value) => ({ value })),
    );
    const job = await run([
      topic('nothing', 'id INT', letters),
      files('nothing_out', 'id INT'),
      'INSERT INTO nothing_out SELECT id FROM nothing',
    ]);
    expect(broker.read('nothing.dlq').map((r) => text(r.value))).toEqual(bad);
    expect(job.accounts()).toMatchObject({ read: 15_000, written: 0, dead: 15_000 });
  });

  test('with a record that is too large for a letter leaves it where it is', async () => {
    broker.topics.create('large', { config: { 'max.message.bytes': '20000000' } });
    broker.produce('large', [{ value: `{"id":${'1'.repeat(10 << 20)}}` }, { value: '{"id":1}' }]);
    await run([
      topic('large', 'id INT', letters),
      files('large_out', 'id INT'),
      'INSERT INTO large_out SELECT id FROM large',
    ]);
    const [letter] = broker.read('large.dlq');
    expect(letter!.value).toBe(null);
    expect(headersOf(letter!)).toMatchObject({
      'millrace.content': 'reference',
      '__connect.errors.topic': 'large',
      '__connect.errors.offset': '0',
    });
  });
});

describe('a table of letters', () => {
  const letterTable = files(
    'letters',
    'stage STRING, code STRING, content STRING, `value` STRING, `partition` INT, `offset` BIGINT, table_name STRING, late INT',
  );
  const named = ", 'millrace.on-error' = 'dead-letter', 'millrace.dead-letter.table' = 'letters'";
  test('takes the columns that it has; of all stages', async () => {
    broker.topics.create('events');
    broker.produce('events', [
      { value: '{"id":1,"d":"4","at":"2024-01-01 12:00:00"}' },
      { value: '{"id":2,"d":"0","at":"2024-01-01 12:00:00"}' },
      { value: '{"id":3,"d":"x","at":"2024-01-01 12:00:00"}' },
      { value: '{"id":4,"d":"1","at":null}' },
      { value: '[' },
      { value: '{"id":6,"d":null,"at":"2024-01-01 12:00:00"}' },
      { value: '{"id":7,"d":"1","at":"2024-01-01 12:02:00"}' },
    ]);
    const job = await run([
      topic(
        'events',
        'id INT, d STRING, at TIMESTAMP(3), q AS CAST(d AS INT), WATERMARK FOR at AS at',
        named,
      ),
      letterTable,
      files('events_out', 'id INT, q INT NOT NULL', named),
      'INSERT INTO events_out SELECT 10 / q + id, q FROM events WHERE id <> 7',
    ]);
    expect(lines('events_out')).toEqual([{ id: 3, q: 4 }]);
    const found = lines('letters').sort((a, b) => Number(a['offset'] ?? 9) - Number(b['offset'] ?? 9));
    expect(found.map((l) => [l['stage'], l['code'], l['content'], l['offset'], l['late']])).toEqual([
      ['cast', 'DATA3001', 'row', 1, null],
      ['cast', 'DATA3002', 'row', 2, null],
      ['cast', 'DATA1001', 'row', 3, null],
      ['decode', 'FMT1001', 'record', 4, null],
      ['constraint', 'DATA1002', 'row', 5, null],
    ]);
    expect(found[1]!['value']).toBe('{"id":3,"d":"x","at":"2024-01-01 12:00:00.000"}');
    expect(found[3]!['value']).toBe('[');
    expect(found[4]!['table_name']).toBe('events_out');
    expect(job.accounts()).toMatchObject({ read: 7, written: 1, dead: 5, filtered: 1, balances: true });
  });

  test('that has a column of its own which must be there is refused', async () => {
    await expect(
      run([
        topic('events', 'id INT', named),
        "CREATE TABLE letters (mesage STRING NOT NULL) WITH ('connector' = 'print')",
        "CREATE TABLE o (id INT) WITH ('connector' = 'blackhole')",
        'INSERT INTO o SELECT id FROM events',
      ]),
    ).rejects.toMatchObject({ code: 'PLAN2005', hint: 'Did you mean "message"?' });
  });
});

describe('late rows', () => {
  test('are letters of the table that asks for them', async () => {
    broker.topics.create('late');
    broker.produce('late', [
      { value: '{"id":1,"at":"2024-01-01 12:00:10"}' },
      { value: '{"id":2,"at":"2024-01-01 12:05:00"}' },
      { value: '{"id":3,"at":"2024-01-01 12:00:20"}' },
    ]);
    const job = await run([
      topic(
        'late',
        'id INT, at TIMESTAMP(3), WATERMARK FOR at AS at',
        ", 'millrace.late-rows' = 'dead-letter'",
      ),
      files('late_out', 'n BIGINT'),
      "INSERT INTO late_out SELECT COUNT(id) FROM TABLE(TUMBLE(TABLE late, DESCRIPTOR(at), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end",
    ]);
    expect(lines('late_out')).toEqual([{ n: 1 }, { n: 1 }]);
    const [letter] = broker.read('late.dlq');
    expect(headersOf(letter!)).toMatchObject({ 'millrace.stage': 'late', 'millrace.content': 'row' });
    expect(JSON.parse(text(letter!.value)!)).toMatchObject({ id: 3 });
    expect(job.accounts()).toMatchObject({ read: 3, late: 1, lateLetters: 1, dead: 0 });
  });
});

describe('skip and max-error-rate', () => {
  const mixed = (name: string, bad: number): void => {
    broker.topics.create(name);
    broker.produce(
      name,
      Array.from({ length: 1000 }, (_, i) => ({ value: i % 1000 < bad ? '{' : `{"id":${i}}` })),
    );
  };
  const count = (name: string, more: string): Promise<EngineJob> =>
    run([
      topic(name, 'id INT', more),
      files(`${name}_out`, 'id INT'),
      `INSERT INTO ${name}_out SELECT id FROM ${name}`,
    ]);
  test('skips and counts where no format would', async () => {
    mixed('skips', 10);
    const job = await count('skips', ", 'millrace.on-error' = 'skip'");
    expect(lines('skips_out')).toHaveLength(990);
    expect(job.accounts()).toMatchObject({ read: 1000, written: 990, skipped: 10, dead: 0 });
  });
  test('a query that only shows its result writes no letters', async () => {
    mixed('shown', 10);
    const executor = new Executor({ world: realWorld(), connectors: allConnectors() });
    await executor.execute(parseStatement(topic('shown', 'id INT', letters)));
    const execution = await executor.execute(parseStatement('SELECT id FROM shown'));
    if (execution.kind !== 'query') throw new TypeError('a SELECT is a query');
    let rows = 0;
    for (let part = await execution.changes.next(); part; part = await execution.changes.next())
      rows += part.length;
    expect(rows).toBe(990);
    expect(execution.job.accounts()).toMatchObject({ read: 1000, skipped: 10, dead: 0 });
    expect(() => broker.read('shown.dlq')).toThrow();
  });
  test('a job that mostly fails is stopped, and one below the rate is not', async () => {
    mixed('rate', 30);
    const rate = (max: number): string =>
      `${letters}, 'millrace.max-error-rate' = '${max}', 'millrace.max-error-rate.interval' = '1 min'`;
    await expect(count('rate', rate(0.02))).rejects.toMatchObject({
      code: 'DATA4001',
      message: expect.stringMatching(
        /^30 of 1000 records of table 'rate' within 60 s were bad, a part of 0\.0300, and 'millrace\.max-error-rate' is 0\.02\. The last one, FMT1001: malformed json/,
      ) as string,
    });
    expect((await count('rate', rate(0.03))).accounts()).toMatchObject({ dead: 30 });
  });
  test('an expression above an aggregate fails the job, which says why no policy holds', async () => {
    broker.topics.create('above');
    broker.produce('above', [{ value: '{"id":0}' }]);
    await expect(
      run([
        topic('above', 'id INT', letters),
        "CREATE TABLE above_out (n INT) WITH ('connector' = 'print')",
        'INSERT INTO above_out SELECT 1 / SUM(id) FROM above GROUP BY id',
      ]),
    ).rejects.toMatchObject({
      code: 'DATA3001',
      hint: expect.stringMatching(
        /^Guard the divisor.* 'millrace\.on-error' of 'above' holds for its rows .*; this row is made of several, by a join or an aggregate\. That of the table that is written holds for it, where rows only come\.$/,
      ) as string,
    });
  });
  test('above an aggregate whose rows only come, the policy of the table that is written holds', async () => {
    broker.topics.create('hours');
    const at = (minute: number): string => `2024-01-01 12:0${minute}:00`;
    broker.produce(
      'hours',
      [1, 0, 4, 0].map((id, minute) => ({ value: `{"id":${id},"at":"${at(minute)}"}` })),
    );
    const job = await run([
      topic('hours', 'id INT, at TIMESTAMP(3), WATERMARK FOR at AS at'),
      files(
        'hours_out',
        'part INT',
        ", 'millrace.on-error' = 'dead-letter', 'millrace.dead-letter.table' = 'hours_letters'",
      ),
      files('hours_letters', 'table_name STRING, stage STRING, code STRING, content STRING, `value` STRING'),
      `INSERT INTO hours_out SELECT 8 / s FROM (SELECT window_start, SUM(id) AS s FROM TABLE(TUMBLE(TABLE hours, DESCRIPTOR(at), INTERVAL '1' MINUTE))
        GROUP BY window_start, window_end)`,
    ]);
    expect(lines('hours_out')).toEqual([{ part: 8 }, { part: 2 }]);
    expect(lines('hours_letters')).toEqual(
      [1, 3].map(() => ({
        table_name: 'hours_out',
        stage: 'cast',
        code: 'DATA3001',
        content: 'row',
        value: '{"$agg0":0}',
      })),
    );
    expect(job.accounts()).toMatchObject({ written: 2, dead: 2 });
  });
  test('above one whose rows change it does not, and the error says so', async () => {
    broker.topics.create('changing');
    broker.produce('changing', [{ value: '{"id":0}' }]);
    await expect(
      run([
        topic('changing', 'id INT'),
        "CREATE TABLE changing_out (n INT) WITH ('connector' = 'print', 'millrace.on-error' = 'skip')",
        'INSERT INTO changing_out SELECT 1 / SUM(id) FROM changing GROUP BY id',
      ]),
    ).rejects.toMatchObject({
      code: 'DATA3001',
      hint: expect.stringMatching(
        /'millrace\.on-error' of 'changing_out' holds for what is computed right in front of it, of rows that only come; this one changes/,
      ) as string,
    });
  });
  test('options that say nothing are refused', async () => {
    await expect(count('rate', ", 'millrace.max-error-rate' = '0.1'")).rejects.toMatchObject({
      code: 'CAT1002',
    });
    await expect(count('rate', ", 'millrace.on-errors' = 'skip'")).rejects.toMatchObject({
      code: 'CAT1001',
      hint: 'Did you mean "millrace.on-error"?',
    });
  });
});
