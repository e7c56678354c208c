/* A topic in which one record in a hundred is broken, in twenty ways: the job goes on, and every record is accounted for. As many
 * records as MILLRACE_BROKEN_RECORDS says: `npm run proof` takes a million. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rng } from '#base';
import { Broker } from '#broker';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { SessionSettings } from '#plan';
import { parseStatement } from '#sql';
import { allConnectors } from '../../apps/cli/src/connectors.ts';
import { summary } from '../../apps/cli/src/status.ts';
import { threads } from '../../apps/cli/src/threads.ts';

const records = Number(process.env['MILLRACE_BROKEN_RECORDS'] ?? 20_000);
const folder = mkdtempSync(join(tmpdir(), 'millrace-broken-'));
let broker: Broker;
beforeAll(async () => {
  broker = await Broker.start({ world: realWorld(), port: 0 });
});
afterAll(async () => {
  await broker.stop();
  rmSync(folder, { recursive: true });
});

const second = 1000;
const text = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, -1);
/** A good record; `more` takes the place of fields. */
const json = (id: number, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    id,
    n: id % 100,
    d: 2,
    name: `p${id % 7}`,
    at: text(Date.UTC(2024, 0, 1) + id * second),
    ...more,
  });
const withField = (id: number, field: string): string => `${json(id).slice(0, -1)},${field}}`;

/** Twenty ways to break record `id`, and the stage that finds it. */
const ways: readonly (readonly [stage: string, record: (id: number) => string | Uint8Array])[] = [
  ['decode', (id) => json(id).slice(0, 20)],
  ['decode', (id) => json(id, { n: 'twelve' })],
  ['decode', (id) => json(id, { n: { value: 1 } })],
  ['decode', (id) => json(id, { at: 'yesterday' })],
  ['decode', (id) => json(id, { n: 2 ** 31 })],
  ['decode', (id) => withField(id, `"n":${'9'.repeat(400)}`)],
  ['decode', (id) => withField(id, `"x":${'['.repeat(50_000)}`)],
  ['decode', (id) => withField(id, `"x":${'{"x":'.repeat(50_000)}1`)],
  ['decode', (id) => Buffer.concat([Buffer.from(json(id).slice(0, -1)), Buffer.of(0xff, 0xfe, 0x7d)])],
  ['decode', () => Buffer.of(0, 0, 0, 0, 9, 2, 4, 6)],
  ['decode', (id) => json(id, { id: null })],
  ['decode', () => '{}'],
  ['decode', (id) => json(id).replace(',', ',,')],
  ['decode', (id) => json(id).replaceAll('"', "'")],
  ['decode', (id) => json(id).replace('"n":', 'n:')],
  ['decode', (id) => withField(id, '"d":NaN')],
  ['decode', (id) => withField(id, '"x":"\\q"')],
  ['cast', (id) => json(id, { d: 0 })],
  ['cast', (id) => json(id, { at: null })],
  ['constraint', (id) => json(id, { name: null })],
];

test(`${records.toLocaleString('en')} records, one in a hundred broken`, async () => {
  const rng = new Rng(7);
  broker.topics.create('orders', { partitions: 1, config: { 'max.message.bytes': '20000000' } });
  const expected: Record<string, number> = { decode: 0, cast: 0, constraint: 0 };
  const counts = { broken: 0, late: 0, filtered: 0 };
  let part: { value: string | Uint8Array }[] = [];
  for (let id = 1; id <= records; id++) {
    let value: string | Uint8Array = json(id);
    if (rng.below(100) === 0) {
      const [stage, record] = ways[counts.broken++ % ways.length]!;
      expected[stage]!++;
      value = record(id);
    } else if (rng.below(200) === 0 && id > 8000) {
      counts.late++;
      value = json(id, { at: text(Date.UTC(2023, 0, 1)), n: 1 });
    } else if (id % 100 === 0) counts.filtered++;
    part.push({ value });
    if (part.length < 2000 && id < records) continue;
    broker.produce('orders', part);
    part = [];
  }
  // One that is larger than a letter may be.
  broker.produce('orders', [{ value: json(0, { n: 'x'.repeat(10 << 20) }) }]);
  expected['decode']!++;
  const read = records + 1;
  const dead = counts.broken + 1;

  const settings = new SessionSettings();
  const engine = new Executor({ world: realWorld(), connectors: allConnectors(), settings, threads });
  for (const sql of [
    `CREATE TABLE orders (id BIGINT NOT NULL, n INT, d INT, name STRING, at TIMESTAMP(3), half AS n / d, WATERMARK FOR at AS at - INTERVAL '1' HOUR)
      WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = '${broker.bootstrapServers}', 'format' = 'json',
        'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'properties.max.partition.fetch.bytes' = '1048576',
        'millrace.on-error' = 'dead-letter', 'millrace.max-error-rate' = '0.05')`,
    `CREATE TABLE sorted (id BIGINT, half INT, name STRING NOT NULL)
      WITH ('connector' = 'filesystem', 'path' = '${folder}', 'format' = 'csv', 'millrace.on-error' = 'dead-letter', 'millrace.dead-letter.table' = 'refused')`,
    `CREATE TABLE refused (\`key\` BYTES, \`value\` BYTES, headers MAP<STRING, BYTES> METADATA)
      WITH ('connector' = 'kafka', 'topic' = 'refused', 'properties.bootstrap.servers' = '${broker.bootstrapServers}', 'key.format' = 'raw', 'key.fields' = 'key', 'value.format' = 'raw', 'value.fields-include' = 'EXCEPT_KEY')`,
    'INSERT INTO sorted SELECT id, half, name FROM orders WHERE n > 0 ORDER BY at',
  ])
    await engine.execute(parseStatement(sql));
  const job = engine.jobs.at(-1)!;
  await job.done;

  const written = read - dead - counts.late - counts.filtered;
  expect(job.accounts()).toEqual({
    read,
    written,
    dead,
    skipped: 0,
    late: counts.late,
    lateLetters: 0,
    filtered: counts.filtered,
    balances: true,
    lookups: [],
  });
  const number = (n: number): string => n.toLocaleString('en');
  expect(summary(job)).toContain(
    `${number(read)} read = ${number(written)} written + ${number(dead)} dead + ${number(counts.late)} late + ${number(counts.filtered)} filtered`,
  );
  const lines = readdirSync(folder).flatMap((f) =>
    readFileSync(join(folder, f), 'utf8').split('\n').slice(0, -1),
  );
  expect(new Set(lines.map((l) => l.split(',')[0])).size).toBe(written);
  const stages: Record<string, number> = { decode: 0, cast: 0, constraint: 0 };
  for (const topic of ['orders.dlq', 'refused'])
    for (const { headers } of broker.read(topic)) {
      const stage = String(Buffer.from(headers.find((h) => h.key === 'millrace.stage')!.value!));
      stages[stage]!++;
    }
  expect(stages).toEqual(expected);
}, 600_000);
