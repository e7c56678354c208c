/* A new field of a topic becomes a column while the instances of its source run in a thread each. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Broker } from '#broker';
import { allConnectors } from '../../apps/cli/src/connectors.ts';
import { threads } from '../../apps/cli/src/threads.ts';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { SessionSettings } from '#plan';
import { parseStatement } from '#sql';

test('each thread asks for what its partition has, and goes on with what all have', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-columns-threads-'));
  const broker = await Broker.start({ world: realWorld(), port: 0 });
  try {
    broker.topics.create('orders', { partitions: 2 });
    for (const [partition, name] of ['left', 'right'].entries())
      broker.produce(
        'orders',
        Array.from({ length: 500 }, (_, i) => ({
          value: i < 250 ? `{"id":${partition * 500 + i}}` : `{"id":${partition * 500 + i},"${name}":${i}}`,
        })),
        partition,
      );
    const settings = new SessionSettings();
    settings.set('parallelism.default', '2');
    const executor = new Executor({
      world: realWorld(),
      connectors: allConnectors(),
      settings,
      threads,
    });
    for (const text of [
      `CREATE TABLE orders (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = '${broker.bootstrapServers}',
        'scan.startup.mode' = 'earliest-offset', 'scan.bounded.mode' = 'latest-offset', 'format' = 'json', 'millrace.schema.evolution' = 'add-columns')`,
      `CREATE TABLE kept (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '${folder}/kept', 'format' = 'json', 'json.encode.ignore-null-fields' = 'true')`,
      'INSERT INTO kept SELECT * FROM orders',
    ])
      await executor.execute(parseStatement(text), {
        name: 'columns',
        state: { stateDir: `${folder}/state`, fresh: false },
      });
    const job = executor.jobs.at(-1)!;
    await job.done;
    expect(job.evolved.map((c) => `${c.name} ${c.type}`).sort()).toEqual(['left BIGINT', 'right BIGINT']);
    const rows = readdirSync(`${folder}/kept`)
      .filter((file) => !file.startsWith('.'))
      .flatMap((file) => readFileSync(`${folder}/kept/${file}`, 'utf8').trim().split('\n'))
      .map((line) => JSON.parse(line) as Record<string, number>)
      .sort((a, b) => a['id']! - b['id']!);
    expect(rows).toEqual(
      Array.from({ length: 1000 }, (_, id) => {
        const [partition, i] = [Math.floor(id / 500), id % 500];
        return i < 250 ? { id } : { id, [['left', 'right'][partition]!]: i };
      }),
    );
    expect(job.totals()).toMatchObject({ rowsIn: 1000, rowsOut: 1000 });
  } finally {
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
