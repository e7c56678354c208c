/* npm run bench -- produce: Nexmark bids into a real Kafka, by our sink from columns, and by Kafka's own producer in Java from
 * messages that are made already (ProducerPerformance); lz4, one partition, the same sizes of batches, acks=all, in turns. Ours
 * once more in transactions.
 *
 * Thousands of records a second of wall time; for ours per CPU second too. Writes bench/produce.md. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ByteWriter } from '#base';
import { parseOptions } from '#catalog';
import { kafkaConnector } from '#connectors';
import type { Batch } from '#data';
import type { ConnectorRuntime } from '#dataflow';
import { findFormat, FormatOptions, formatSpecs } from '#formats';
import { kafkaTool, RealKafka } from '../tools/kafka.ts';
import { bid, bids } from './bids.ts';
import { tableOf, writeAll } from './connector.ts';

const records = 2_000_000;
const rounds = 3;
const settings = { 'compression.type': 'lz4', 'batch.size': '65536', 'linger.ms': '5', acks: 'all' };
const batches = bids();

function* rowsOf(count: number): Iterable<Batch> {
  for (let left = count, n = 0; left > 0; n++) {
    const batch = batches[n % batches.length]!;
    const rows = Math.min(left, batch.rows);
    yield { ...batch, rows };
    left -= rows;
  }
}
interface Figure {
  readonly wall: number;
  readonly cpu: number;
}
const best = (a: Figure, b: Figure): Figure => ({
  wall: Math.min(a.wall, b.wall),
  cpu: Math.min(a.cpu, b.cpu),
});
const exactlyOnce = {
  topic: 'once',
  'sink.delivery-guarantee': 'exactly-once',
  'sink.transactional-id-prefix': 'bench',
};
async function ours(
  runtime: ConnectorRuntime,
  servers: string,
  more: Readonly<Record<string, string>>,
): Promise<Figure> {
  const table = tableOf(bid, {
    connector: 'kafka',
    topic: 'ours',
    ...more,
    'properties.bootstrap.servers': servers,
    format: 'json',
    ...Object.fromEntries(Object.entries(settings).map(([key, value]) => [`properties.${key}`, value])),
  });
  const before = process.cpuUsage();
  const started = performance.now();
  await writeAll(runtime, table, rowsOf(records));
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1e6 };
}

/** The messages, a line each. */
function payloads(): string {
  const json = findFormat('json');
  const options = new FormatOptions(
    parseOptions({ owner: 'a benchmark', specs: formatSpecs(json, '') }, []),
    '',
  );
  const encoder = json.encoder!(bid, options);
  const to = new ByteWriter();
  for (const batch of batches)
    for (let row = 0; row < batch.rows; row++) {
      encoder.encode(batch.columns, row, 0, to);
      to.byte(10);
    }
  return Buffer.from(to.data.subarray(0, to.size - 1)).toString();
}
/** Seconds that Kafka's producer says it took. */
async function theirs(servers: string, file: string): Promise<number> {
  const props = Object.entries({ 'bootstrap.servers': servers, ...settings }).map(([k, v]) => `${k}=${v}`);
  const text = await kafkaTool('org.apache.kafka.tools.ProducerPerformance', [
    ...['--topic', 'theirs', '--num-records', String(records), '--throughput', '-1', '--payload-file', file],
    ...['--producer-props', ...props],
  ]);
  const rate = [...text.matchAll(/([\d.]+) records\/sec/g)].at(-1);
  if (rate === null || rate === undefined) throw new Error(`no rate in: ${text}`);
  return records / Number(rate[1]);
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-produce-'));
const kafka = await RealKafka.start();
try {
  const file = join(folder, 'messages');
  writeFileSync(file, payloads());
  const runtime = (await kafkaConnector.load()) as ConnectorRuntime;
  let [mine, once] = [
    { wall: Infinity, cpu: Infinity },
    { wall: Infinity, cpu: Infinity },
  ];
  let other = Infinity;
  for (let round = 0; round < rounds; round++) {
    const figure = await ours(runtime, kafka.bootstrapServers, {});
    mine = best(mine, figure);
    once = best(once, await ours(runtime, kafka.bootstrapServers, exactlyOnce));
    other = Math.min(other, await theirs(kafka.bootstrapServers, file));
    console.error(
      `[produce] round ${round + 1}: ours ${figure.wall.toFixed(2)} s, CPU ${figure.cpu.toFixed(2)} s`,
    );
  }
  const rate = (seconds: number): string => Math.round(records / seconds / 1000).toLocaleString('en');
  const text = [
    '# Bids into Kafka',
    '',
    `${records.toLocaleString('en')} Nexmark bids of JSON into one partition of a real Kafka: ${Object.entries(
      settings,
    )
      .map(([k, v]) => `${k}=${v}`)
      .join(', ')}. Ours encodes them from`,
    `columns; Kafka's own producer (Java, ProducerPerformance) sends messages that are made already. The best of ${rounds} rounds, in turns.`,
    `${cpus()[0]!.model}, ${cpus().length} cores, broker included; Node ${process.versions.node}.`,
    '',
    '| | K records a second | K records a CPU second |',
    '| --- | ---: | ---: |',
    `| ours, encoding included | ${rate(mine.wall)} | ${rate(mine.cpu)} |`,
    `| the same in transactions | ${rate(once.wall)} | ${rate(once.cpu)} |`,
    `| Kafka's producer, nothing to encode | ${rate(other)} | |`,
    `| ratio | ${(other / mine.wall).toFixed(2)} | |`,
    '',
  ].join('\n');
  console.log(text);
  writeFileSync('bench/produce.md', text);
} finally {
  await kafka.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);
