/* A cluster of three brokers of which one after the other goes, killed or stopped, and comes back, while one job writes a topic
 * and another copies it in transactions: leaders change, and each row is in both topics once. With MILLRACE_CLUSTER alone:
 * `npm run proof -- leaders`. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectors } from '#connectors';
import { Executor, type EngineJob } from '#engine';
import { realWorld } from '#host';
import { parseStatement } from '#sql';
import { Admin } from '@platformatic/kafka';
import { Millrace } from '../../apps/library/src/index.ts';
import { KafkaCluster } from '../../tools/kafka-cluster.ts';

const rounds = Number(process.env['MILLRACE_CLUSTER'] ?? 0);
const rowsPerSecond = 2000;
const rows = rowsPerSecond * 12 * Math.max(1, rounds);

let cluster: KafkaCluster;
let folder: string;
beforeAll(async () => {
  if (rounds === 0) return;
  folder = mkdtempSync(join(tmpdir(), 'millrace-leaders-'));
  cluster = await KafkaCluster.start();
}, 240_000);
afterAll(async () => {
  await cluster?.close();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}, 60_000);

const topic = (name: string, more = ''): string =>
  `CREATE TABLE ${name} (id BIGINT, t STRING) WITH ('connector' = 'kafka', 'topic' = '${name}', 'properties.bootstrap.servers' = '${cluster.bootstrapServers}', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset'${more})`;

async function started(statements: readonly string[], name: string): Promise<EngineJob> {
  const warnings: string[] = [];
  const executor = new Executor({
    world: realWorld(),
    connectors: new Map(connectors.map((c) => [c.name, c])),
    warn: (message) => warnings.push(message),
  });
  executor.session.settings.set('execution.checkpointing.interval', '500 ms');
  for (const sql of statements.slice(0, -1)) await executor.execute(parseStatement(sql));
  const execution = await executor.execute(parseStatement(statements.at(-1)!), {
    name,
    inBackground: true,
    state: { stateDir: join(folder, 'state'), fresh: true },
  });
  return (execution as { readonly job: EngineJob }).job;
}
/** How often each id is in the topic, for readers of committed records. */
async function idsOf(name: string): Promise<Uint8Array> {
  const m = new Millrace();
  await m.execute(topic(name, ", 'scan.bounded.mode' = 'latest-offset'"));
  const seen = new Uint8Array(rows);
  for await (const { row } of m.query<{ id: bigint }>(`SELECT id FROM ${name}`)) seen[Number(row.id)]!++;
  return seen;
}

test.skipIf(rounds === 0)(
  `three brokers, each gone ${rounds} times`,
  async () => {
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: cluster.bootstrapServers.split(',') });
    await admin.createTopics({ topics: ['events', 'copied'], partitions: 6, replicas: 3 });
    await admin.close();
    const writing = await started(
      [
        `CREATE TABLE numbers (id BIGINT, t STRING) WITH ('connector' = 'datagen', 'rows-per-second' = '${rowsPerSecond}', 'fields.id.kind' = 'sequence', 'fields.id.start' = '0', 'fields.id.end' = '${rows - 1}', 'fields.t.length' = '20')`,
        topic('events'),
        'INSERT INTO events SELECT id, t FROM numbers',
      ],
      'writing',
    );
    const copying = await started(
      [
        topic('events'),
        topic(
          'copied',
          ", 'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'leaders', 'properties.transaction.timeout.ms' = '120000'",
        ),
        'INSERT INTO copied SELECT id, t FROM events',
      ],
      'copying',
    );
    for (let round = 0; round < rounds; round++)
      for (const [i, broker] of cluster.brokers.entries()) {
        await sleep(1500);
        await broker.stop((round + i) % 2 === 0);
        await sleep(4000);
        await broker.restart();
      }
    await writing.done;
    for (let tries = 0; tries < 120 && copying.totals().rowsOut < rows; tries++) await sleep(500);
    await copying.stop();
    for (const name of ['events', 'copied']) {
      const seen = await idsOf(name);
      expect({
        name,
        lost: seen.filter((n) => n === 0).length,
        twice: seen.filter((n) => n > 1).length,
      }).toEqual({
        name,
        lost: 0,
        twice: 0,
      });
    }
  },
  600_000,
);
