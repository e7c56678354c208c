/* npm run bench -- profile q0: where the time of a query over Kafka goes, in nanoseconds of CPU time an event.
 *
 *   fetch ─▶ + checksum, decompression, record positions ─▶ + JSON to columns ─▶ + the whole job into blackhole
 *
 * Each stage does what the one before does, and more; its cost is the difference. All in one process over a real Kafka, the
 * least of several rounds, the first of each left out. Writes bench/profile.md. Options: --events 2000000. */

import './command-flags.ts';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { ConnectorTable } from '#catalog';
import { connectors, kafkaConnector } from '#connectors';
import type { Field } from '#data';
import type { ConnectorRuntime } from '#dataflow';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { FetchSlots, MemoryLayer } from '#records';
import { parseStatement } from '#sql';
import { KafkaCluster } from '../packages/connectors/src/kafka/client/cluster.ts';
import { kafkaOptions } from '../packages/connectors/src/kafka/options.ts';
import { kafkaProperties } from '../packages/connectors/src/kafka/properties.ts';
import { ChunkReader } from '../packages/connectors/src/kafka/source/chunk-reader.ts';
import { Fetcher, type Chunk } from '../packages/connectors/src/kafka/source/fetcher.ts';
import { PartitionState } from '../packages/connectors/src/kafka/source/partition.ts';
import { overSockets } from '../packages/connectors/src/kafka/transport-for.ts';
import { RealKafka } from '../tools/kafka.ts';
import { readAll } from './connector.ts';
import { blackhole, queries } from './nexmark/queries.ts';
import { loadStatements, tableStatements } from './nexmark/tables.ts';

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const query = queries.find((q) => process.argv.includes(q.name)) ?? queries[0]!;
const events = Number(option('events') ?? 2_000_000);
const rounds = 6;
const world = realWorld();

/** What the prototype took that preceded the engine, ns an event: 2 M events, another machine, 2026-11-21. */
const prototype = [33, 94 + 74, 58, undefined] as const;

interface Stage {
  readonly name: string;
  run(): Promise<void>;
}

/** The source of the query as it was planned: its table and the columns that are read. */
async function planned(executor: Executor): Promise<{ table: ConnectorTable; fields: readonly Field[] }> {
  const execution = await executor.execute(parseStatement(`INSERT INTO sink_${query.name} ${query.select}`));
  if (execution.kind !== 'job') throw new TypeError('an INSERT is a job');
  await execution.job.done;
  const source = execution.job.plan.nodes.find((n) => n.kind === 'source')!;
  return { table: source.table, fields: source.fields };
}

/** Reads the topic to its end; `read` gets each chunk before it is given back. */
async function fetchAll(table: ConnectorTable, read: (chunk: Chunk) => void): Promise<void> {
  const properties = kafkaProperties(kafkaOptions('kafka', table), () => {});
  const slots = new FetchSlots((32 << 20) + 65_536, 4);
  const cluster = new KafkaCluster(overSockets(world, properties, slots), properties.bootstrap);
  const closing = new AbortController();
  let wake = (): void => {};
  const fetcher = new Fetcher({
    world,
    cluster,
    properties,
    signal: closing.signal,
    wake: () => wake(),
    warn: () => {},
    reset: () => Promise.reject(new Error('the topic is whole')),
    recreated: () => Promise.reject(new Error('the topic is whole')),
  });
  await cluster.refresh(['nexmark']);
  const state = new PartitionState(0, 'nexmark', 0, 0, events);
  fetcher.add(state);
  fetcher.pump();
  while (state.fetchOffset < events || state.chunks > 0) {
    fetcher.begin();
    const chunk = fetcher.take();
    if (chunk === undefined) {
      if (fetcher.failure !== undefined) throw fetcher.failure;
      await new Promise<void>((done) => (wake = done));
      continue;
    }
    read(chunk);
    fetcher.release(chunk);
    await world.breathe();
  }
  fetcher.close();
  closing.abort();
  await cluster.close();
  slots.close();
}

async function layAll(table: ConnectorTable): Promise<void> {
  const reader = new ChunkReader(false, MemoryLayer.create());
  await fetchAll(table, (chunk) => {
    reader.open(chunk);
    for (;;) {
      reader.begin();
      const next = reader.next(false, () => {});
      if (next === 'end') break;
      reader.finishBatch();
    }
  });
  reader.close();
}

async function least(stage: Stage): Promise<number> {
  let best = Infinity;
  for (let round = 0; round <= rounds; round++) {
    const before = process.cpuUsage();
    await stage.run();
    const { user, system } = process.cpuUsage(before);
    if (round > 0) best = Math.min(best, ((user + system) * 1000) / events);
  }
  console.error(`[profile] ${stage.name}: ${best.toFixed(0)} ns an event`);
  return best;
}

const kafka = await RealKafka.start();
try {
  console.error(`[profile] loading ${events.toLocaleString('en')} events …`);
  const load = loadStatements({ bootstrapServers: kafka.bootstrapServers, topic: 'nexmark' }, events).join(
    ';',
  );
  const sql = ['apps/cli/bin/millrace.js', 'sql', '--set', 'table.dml-sync=true', '-e', load];
  execFileSync(process.execPath, sql, { stdio: ['ignore', 'ignore', 'inherit'] });
  const executor = new Executor({
    world,
    connectors: new Map(connectors.map((c) => [c.name, c])),
    warn: () => {},
  });
  for (const text of [
    ...tableStatements({ bootstrapServers: kafka.bootstrapServers, topic: 'nexmark' }),
    blackhole(query),
  ])
    await executor.execute(parseStatement(text));
  const { table, fields } = await planned(executor);
  const runtime = (await kafkaConnector.load()) as ConnectorRuntime;
  const stages: readonly Stage[] = [
    { name: 'fetch', run: () => fetchAll(table, () => {}) },
    { name: 'checksum, decompression, record positions', run: () => layAll(table) },
    { name: 'JSON to columns', run: () => readAll(runtime, table, fields).then(() => {}) },
    { name: 'watermarks, filter, projection, sink', run: () => planned(executor).then(() => {}) },
  ];
  const figures: number[] = [];
  for (const stage of stages) figures.push(await least(stage));
  const lines = stages.map(({ name }, i) => {
    const own = figures[i]! - (figures[i - 1] ?? 0);
    const share = Math.round((own / figures.at(-1)!) * 100);
    return `| ${name} | ${own.toFixed(0)} | ${share} % | ${prototype[i] ?? ''} |`;
  });
  const text = [
    `# Where the time of ${query.name} goes`,
    '',
    `Nanoseconds of CPU time of the whole process an event, ${events.toLocaleString('en')} Nexmark events of JSON in an lz4 topic of a real Kafka; the least of`,
    `${rounds} rounds. ${cpus()[0]!.model}, ${cpus().length} cores, Node ${process.versions.node}. The prototype is the one that preceded the engine, on another`,
    'machine: it knew its one table, and made no watermarks, batches or rows of a sink.',
    '',
    '| stage | ns an event | share | prototype |',
    '| --- | ---: | ---: | ---: |',
    ...lines,
    `| whole | ${figures.at(-1)!.toFixed(0)} | | ${33 + 94 + 74 + 58} |`,
    '',
  ].join('\n');
  console.log(text);
  writeFileSync('bench/profile.md', text);
} finally {
  await kafka.close();
}
process.exit(0);
