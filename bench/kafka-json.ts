/* How many Nexmark events a second does the Kafka source turn from a topic of JSON into columns, on one core: compressed with
 * lz4 or not, over plain sockets, and over TLS with a login?
 *
 * CPU seconds of this process over fetching, checksum, decompression and decoding, from a real Kafka beside it.
 *
 * Run: node --conditions=millrace-source bench/kafka-json.ts [events in millions, 1 by default]
 *
 * Last answer, 2 M events of 621 MB on 2 cores with other work beside it, M events a CPU second, all rows fused; in brackets
 * 1 M events, the same minutes, before fetches landed where they are laid open and TLS was read over sockets of our own:
 *
 *   4 fields, lz4         5.0  (4.6)
 *   7 fields, lz4         5.2  (4.8)
 *   7 fields, none        6.5  (4.1)
 *   7 fields, TLS, lz4    3.9  (1.7)
 *   7 fields, TLS, none   3.3  (1.2)
 *   one ARRAY column, so that all goes by row through the reference: 0.27 (0.27) */

import { Rng } from '#base';
import type { ConnectorTable } from '#catalog';
import { BatchBuilder, types, type Batch, type Field, type LogicalType } from '#data';
import { kafkaConnector } from '#connectors';
import type { ConnectorRuntime } from '#dataflow';
import { RealKafka } from '../tools/kafka.ts';
import { saslUser } from '../tools/kafka/server.ts';
import { readAll, tableOf, writeAll } from './connector.ts';
import { nexmarkEvent } from './nexmark/events.ts';

type Codec = 'lz4' | 'none';

const events = Math.round(Number(process.argv[2] ?? '1') * 1e6);

const table = (physical: readonly Field[], options: Record<string, string>): ConnectorTable =>
  tableOf(physical, { connector: 'kafka', ...options });

async function fill(runtime: ConnectorRuntime, servers: string, codec: Codec): Promise<number> {
  const fields = [{ name: 'value', type: types.STRING }];
  const options = {
    'properties.bootstrap.servers': servers,
    format: 'raw',
    topic: codec,
    'properties.compression.type': codec,
    'properties.linger.ms': '1000',
  };
  const rng = new Rng(42);
  let bytes = 0;
  function* records(): Iterable<Batch> {
    for (let event = 0; event < events; ) {
      const builder = new BatchBuilder([types.STRING]);
      for (; event < events && !builder.full; event++) {
        const record = nexmarkEvent(event, rng);
        bytes += record.length;
        builder.appendRow([record]);
      }
      yield builder.build();
    }
  }
  await writeAll(runtime, table(fields, options), records());
  return bytes;
}

const all: Field[] = [
  { name: 'auction', type: types.BIGINT },
  { name: 'bidder', type: types.BIGINT },
  { name: 'price', type: types.BIGINT },
  { name: 'channel', type: types.STRING },
  { name: 'url', type: types.STRING },
  { name: 'dateTime', type: types.timestamp(3) },
  { name: 'extra', type: types.STRING },
];
const schema = (bid: readonly Field[]): Field[] => [
  { name: 'event_type', type: types.INT },
  { name: 'bid', type: types.row(bid) as LogicalType },
];

interface Measured {
  readonly rows: number;
  readonly cpu: number;
  readonly wall: number;
  readonly counts: ReadonlyMap<string, number>;
}

async function drain(
  runtime: ConnectorRuntime,
  fields: Field[],
  more: Record<string, string>,
): Promise<Measured> {
  const options = {
    format: 'json',
    'scan.startup.mode': 'earliest-offset',
    'scan.bounded.mode': 'latest-offset',
    ...more,
  };
  const counts = new Map<string, number>();
  const before = process.cpuUsage();
  const start = performance.now();
  const rows = await readAll(runtime, table(fields, options), fields, (name, by) => {
    counts.set(name, (counts.get(name) ?? 0) + by);
  });
  const wall = (performance.now() - start) / 1000;
  const used = process.cpuUsage(before);
  return { rows, cpu: (used.user + used.system) / 1e6, wall, counts };
}

const kafka = await RealKafka.start();
try {
  const runtime = (await kafkaConnector.load()) as ConnectorRuntime;
  for (const codec of ['lz4', 'none'] as const) {
    const bytes = await fill(runtime, kafka.bootstrapServers, codec);
    console.log(`${events} events, ${Math.round(bytes / 1e6)} MB of JSON, compression ${codec}`);
  }
  const four = all.filter((f) => ['auction', 'bidder', 'price', 'dateTime'].includes(f.name));
  const rowsAlone = [...schema(all), { name: 'tags', type: types.array(types.INT) }];
  const plain = { 'properties.bootstrap.servers': kafka.bootstrapServers };
  const password = saslUser.password.replaceAll('"', '\\"');
  const secure = {
    'properties.bootstrap.servers': kafka.tlsServers,
    'properties.security.protocol': 'SASL_SSL',
    'properties.sasl.mechanism': 'PLAIN',
    'properties.sasl.jaas.config': `x required username="${saslUser.name}" password="${password}";`,
    'properties.ssl.truststore.type': 'PEM',
    'properties.ssl.truststore.location': kafka.certificateFile,
  };
  const cases: [string, Codec, Field[], Record<string, string>][] = [
    ['4 fields', 'lz4', schema(four), plain],
    ['7 fields', 'lz4', schema(all), plain],
    ['7 fields', 'none', schema(all), plain],
    ['7 fields, TLS', 'lz4', schema(all), secure],
    ['7 fields, TLS', 'none', schema(all), secure],
    ['7 fields, no frame (reference)', 'lz4', rowsAlone, plain],
  ];
  for (const [name, codec, fields, way] of cases) {
    const runs: Measured[] = [];
    for (let run = 0; run < (name.includes('reference') ? 1 : 4); run++)
      runs.push(await drain(runtime, fields, { topic: codec, ...way }));
    const best = runs.reduce((a, b) => (a.cpu < b.cpu ? a : b));
    const rate = (seconds: number): string => `${(best.rows / seconds / 1e6).toFixed(2)} M/s`;
    const rungs = [...best.counts].map(([k, v]) => `${k} ${v}`).join(', ');
    const title = `${name}, ${codec}`.padEnd(38);
    console.log(`${title} ${rate(best.cpu)} of CPU, ${rate(best.wall)} of wall time; ${rungs}`);
  }
} finally {
  await kafka.close();
}
