/* npm run bench -- broker: the embedded Kafka beside Kafka 4.1, in the same run, by Kafka's own perf tools.
 *
 *   in memory │ on disk │ Kafka      take turns, three rounds, for 1 KB and 100 B records:
 *   a new topic ─▶ produced as fast as it goes ─▶ consumed ─▶ deleted;  then, once, produced at a steady rate for latencies
 *
 * The steady minute is so long because a JVM that starts is slow in its first half second: that is to be less than one
 * percent of it. Also: how long a start takes in process, what 2,000 connections do to a producer, and what a million
 * messages weigh. Writes bench/broker.md, but with --dry. Takes twelve minutes. */

import { tmpdir } from 'node:os';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RealKafka } from '../tools/kafka.ts';
import { gather } from './broker/crowd.ts';
import { OurBroker } from './broker/our-broker.ts';
import { consume, createTopic, deleteTopic, produce, type Produced } from './broker/perf.ts';
import { report, type Extras, type Figure, type Plan } from './broker/report.ts';

/** Of Kafka's own kafka-server-start.sh and kafka-run-class.sh. */
const kafkaFlags = [
  ...['-Xmx1G', '-Xms1G', '-server', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20'],
  ...['-XX:InitiatingHeapOccupancyPercent=35', '-XX:+ExplicitGCInvokesConcurrent'],
];
const plan: Plan = {
  rounds: 3,
  sizes: [
    { bytes: 1024, records: 500_000, steady: 10_000 },
    { bytes: 100, records: 3_000_000, steady: 50_000 },
  ],
  steadySeconds: 60,
  kafka: kafkaFlags.join(' '),
};
type Size = Plan['sizes'][number];

interface Target {
  readonly name: string;
  readonly address: string;
}
interface Round {
  readonly produced: Produced;
  readonly consumedPerSecond: number;
}
const say = (what: string, measured: object): void => {
  process.stderr.write(`${what} ${JSON.stringify(measured)}\n`);
};

async function round({ name, address }: Target, { bytes, records }: Size): Promise<Round> {
  const topic = `bench-${bytes}`;
  await createTopic(address, topic);
  const produced = await produce(address, topic, { bytes, records, rate: -1 });
  const consumedPerSecond = await consume(address, topic, records);
  await deleteTopic(address, topic);
  say(`${name} ${bytes} B`, { produced, consumedPerSecond });
  return { produced, consumedPerSecond };
}
async function steadily({ name, address }: Target, { bytes, steady }: Size): Promise<Produced> {
  const topic = `steady-${bytes}`;
  await createTopic(address, topic);
  const load = { bytes, records: steady * plan.steadySeconds, rate: steady };
  const produced = await produce(address, topic, load, 0);
  await deleteTopic(address, topic);
  say(`${name} ${bytes} B, steady`, produced);
  return produced;
}

/** The middle one of an odd number of values. */
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const medians = (all: readonly Produced[]): Produced => ({
  perSecond: median(all.map((p) => p.perSecond)),
  mean: median(all.map((p) => p.mean)),
  p99: median(all.map((p) => p.p99)),
  p999: median(all.map((p) => p.p999)),
});

async function compare(targets: readonly Target[], size: Size): Promise<Figure[]> {
  const { bytes, records } = size;
  for (const { address } of targets)
    await produce(address, `warm-${bytes}`, { bytes, records: records / 10, rate: -1 });
  const rounds = targets.map((): Round[] => []);
  for (let i = 0; i < plan.rounds; i++)
    for (const [at, target] of targets.entries()) rounds[at]!.push(await round(target, size));
  const figures: Figure[] = [];
  for (const [at, target] of targets.entries())
    figures.push({
      target: target.name,
      bytes,
      produced: medians(rounds[at]!.map((r) => r.produced)),
      steady: await steadily(target, size),
      consumedPerSecond: median(rounds[at]!.map((r) => r.consumedPerSecond)),
    });
  return figures;
}

async function extras(): Promise<Extras> {
  const broker = await OurBroker.start();
  const { address, startMs } = broker;
  await produce(address, 'warm', { bytes: 100, records: 1000, rate: -1 });
  const before = await broker.residentBytes();
  await produce(address, 'million', { bytes: 100, records: 1_000_000, rate: -1 });
  const after = await broker.residentBytes();
  const connections = 2000;
  const { ms, leave } = await gather(address, connections);
  const produced = await produce(address, 'crowded', { bytes: 100, records: 500_000, rate: 50_000 });
  leave();
  await broker.stop();
  return { startMs, million: { before, after }, crowd: { connections, ms, produced } };
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-broker-'));
const stops: (() => Promise<void>)[] = [];
try {
  const memory = await OurBroker.start();
  stops.push(() => memory.stop());
  const disk = await OurBroker.start(join(folder, 'data'));
  stops.push(() => disk.stop());
  const kafka = await RealKafka.start([], kafkaFlags);
  stops.push(() => kafka.close());
  const targets = [
    { name: 'in memory', address: memory.address },
    { name: 'on disk', address: disk.address },
    { name: 'Kafka 4.1', address: kafka.bootstrapServers },
  ];
  const figures: Figure[] = [];
  for (const size of plan.sizes) figures.push(...(await compare(targets, size)));
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) await stop();

  const byTarget = targets.flatMap(({ name }) => figures.filter((f) => f.target === name));
  const text = report(plan, byTarget, await extras());
  console.log(text);
  if (!process.argv.includes('--dry')) writeFileSync('bench/broker.md', text);
} finally {
  for (const stop of stops) await stop();
  rmSync(folder, { recursive: true, force: true });
}
