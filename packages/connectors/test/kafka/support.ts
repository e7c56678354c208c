/* What the tests of the kafka connector share: a table, a world with the real clock, a reader that drains
 * a source, and a client of another make to fill topics with. */

import { Producer, Admin, stringSerializers, ProduceAcks } from '@platformatic/kafka';
import { Rng, type World } from '#base';
import { realDisk } from '#host';
import type { ConnectorTable } from '#catalog';
import { BatchBuilder, readRow, type Batch, type Field, type LogicalType, type Row, changeText } from '#data';
import type { Sink, SinkContext, Source, SourceContext, SplitPositions, Writer } from '#dataflow';
import { retrying } from '../../src/kafka/client/backoff.ts';
import { KafkaCluster, parseAddresses } from '../../src/kafka/client/cluster.ts';
import { SocketTransport } from '../../src/kafka/client/socket-transport.ts';
import { latestOffset } from '../../src/kafka/requests/list-offsets.ts';
import { kafkaRuntimeOver } from '../../src/kafka/runtime.ts';
import { overSockets, type Reach } from '../../src/kafka/transport-for.ts';
import type { KafkaFlavour } from '../../src/kafka/options.ts';
import { kafkaMetadata } from '../../src/kafka/metadata.ts';
import { testKafka } from '../../../../tools/test-kafka.ts';

export const kafka = await testKafka();
export const noKafka = 'missing' in kafka;
export const bootstrapServers = 'missing' in kafka ? '' : kafka.bootstrapServers;

export const realWorld: World = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(delayMs, 2 ** 31 - 1));
    return { cancel: () => clearTimeout(timer) };
  },
  breathe: () =>
    new Promise((resolve) => {
      setImmediate(resolve);
    }),
  rng: new Rng(7),
  disk: realDisk,
};

let topics = 0;
/** A topic name that no other test has. */
export const freshTopic = (): string =>
  `test-${process.pid}-${performance.timeOrigin.toString(36)}-${topics++}`;

/** Creates a topic and waits until every partition answers: before that, clients retry and write twice. */
export async function createTopic(
  partitions = 1,
  servers = bootstrapServers,
  topic = freshTopic(),
): Promise<string> {
  const admin = new Admin({ clientId: 'test', bootstrapBrokers: [servers] });
  await admin.createTopics({ topics: [topic], partitions, replicas: 1 });
  await admin.close();
  const transport = new SocketTransport(realWorld, {
    clientId: 'test',
    connectTimeoutMs: 10_000,
    requestTimeoutMs: 10_000,
    tls: undefined,
    sasl: undefined,
  });
  const cluster = new KafkaCluster(transport, parseAddresses(servers));
  await retrying(realWorld, new AbortController().signal, 10_000, async () => {
    await cluster.refresh([topic]);
    const queries = Array.from({ length: partitions }, (_, partition) => ({
      topic,
      partition,
      timestamp: latestOffset,
    }));
    await cluster.listOffsets(queries, false);
  });
  await cluster.close();
  return topic;
}

export interface Message {
  readonly key?: string;
  readonly value?: string;
  readonly partition?: number;
  readonly timestamp?: bigint;
  readonly headers?: Record<string, string>;
}

/** Writes messages with a client of another make, one record batch for each call. */
export async function produce(
  topic: string,
  messages: readonly Message[],
  compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd' = 'none',
  servers = bootstrapServers,
): Promise<void> {
  const producer = new Producer({
    clientId: 'test',
    bootstrapBrokers: [servers],
    serializers: stringSerializers,
    acks: ProduceAcks.ALL,
    compression,
  });
  await producer.send({ messages: messages.map((m) => ({ topic, partition: 0, ...m })) as never });
  await producer.close();
}

export function tableOf(
  columns: Readonly<Record<string, LogicalType>>,
  options: Readonly<Record<string, string>>,
  primaryKey: readonly string[] = [],
): ConnectorTable {
  return {
    path: { catalog: 'default_catalog', database: 'default_database', object: 't' },
    physical: Object.entries(columns).map(([name, type]) => ({ name, type })),
    primaryKey,
    partitionedBy: [],
    options: Object.entries(options).map(([key, value]) => ({ key, value })),
  };
}

/** Options of a bounded json table, changed as `more` says; an empty value removes one. */
export function jsonOptions(
  topic: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const all: Record<string, string> = {
    connector: 'kafka',
    topic,
    'properties.bootstrap.servers': bootstrapServers,
    format: 'json',
    'scan.startup.mode': 'earliest-offset',
    'scan.bounded.mode': 'latest-offset',
    ...more,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

export interface Reading {
  readonly source: Source;
  readonly rows: Row[];
  readonly kinds: string[];
  readonly splits: number[];
  readonly events: string[];
  readonly warnings: string[];
  readonly counts: Map<string, number>;
  readonly fields: readonly Field[];
  /** Polls until the source ends, or `enough` says so. */
  run(enough?: () => boolean): Promise<Reading>;
}

export interface ReadOptions {
  readonly metadata?: readonly string[];
  readonly columns?: readonly string[];
  readonly flavour?: KafkaFlavour;
  readonly position?: SplitPositions;
  readonly limit?: number;
  readonly restartable?: boolean;
  readonly instance?: number;
  readonly instances?: number;
  /** Sockets by default. */
  readonly reach?: Reach;
}

/** Opens a source over a table and collects what it hands out. */
export async function openSource(table: ConnectorTable, read: ReadOptions = {}): Promise<Reading> {
  const metadata = read.metadata ?? [];
  const physical = table.physical.filter((c) => read.columns === undefined || read.columns.includes(c.name));
  const fields = [
    ...physical,
    ...metadata.map((key) => ({ name: `$${key}`, type: kafkaMetadata.find((m) => m.key === key)!.type })),
  ];
  let wake = (): void => {};
  const warnings: string[] = [];
  const counts = new Map<string, number>();
  const context: SourceContext = {
    world: realWorld,
    table,
    fields,
    metadata,
    instance: read.instance ?? 0,
    instances: read.instances ?? 1,
    limit: read.limit,
    restartable: read.restartable ?? true,
    signal: new AbortController().signal,
    wake: () => wake(),
    warn: (message) => warnings.push(message),
    count: (name, by) => counts.set(name, (counts.get(name) ?? 0) + by),
  };
  const source = kafkaRuntimeOver(read.flavour ?? 'kafka', read.reach ?? overSockets).createSource!(context);
  await source.open(read.position);
  const types = fields.map((f) => f.type);
  const reading: Reading = {
    source,
    fields,
    warnings,
    counts,
    rows: [],
    kinds: [],
    splits: [],
    events: [],
    run: async (enough = () => false) => {
      while (!enough()) {
        const polled = source.poll();
        if (polled.kind === 'end') return reading;
        if (polled.kind === 'wait') await new Promise<void>((done) => (wake = done));
        else if (polled.kind === 'batch') collect(polled.batch, polled.split);
        else reading.events.push(`${polled.kind} ${polled.split}`);
      }
      return reading;
    },
  };
  function collect(batch: Batch, split: number): void {
    for (let row = 0; row < batch.rows; row++) {
      reading.rows.push(readRow(batch, types, row));
      reading.kinds.push(changeText[batch.kinds?.[row] ?? 0]!);
      reading.splits.push(split);
    }
  }
  return reading;
}

/** All rows of a bounded table. */
export async function readAll(table: ConnectorTable, read: ReadOptions = {}): Promise<Reading> {
  const reading = await openSource(table, read);
  try {
    return await reading.run();
  } finally {
    await reading.source.close();
  }
}

export interface Writing {
  readonly flavour?: KafkaFlavour;
  readonly metadata?: readonly string[];
  readonly kinds?: readonly number[];
  readonly instance?: number;
  readonly writer?: Partial<Writer>;
  readonly reach?: Reach;
  /** What a manifest lists. */
  readonly prepared?: readonly Uint8Array[];
  readonly signal?: AbortSignal;
}

/** An open sink that takes rows. */
export interface OpenSink {
  readonly sink: Sink;
  readonly warnings: readonly string[];
  write(rows: readonly Row[], kinds?: readonly number[]): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export async function openSink(table: ConnectorTable, writing: Writing = {}): Promise<OpenSink> {
  const metadata = writing.metadata ?? [];
  const fields: Field[] = [
    ...table.physical,
    ...metadata.map((key) => ({ name: key, type: metadataType(key) })),
  ];
  let wake = (): void => {};
  const warnings: string[] = [];
  const context: SinkContext = {
    world: realWorld,
    table,
    fields,
    metadata,
    key: [],
    writer: {
      job: 'test',
      incarnation: '1',
      sink: 'sink',
      durable: false,
      folder: undefined,
      ...writing.writer,
    },
    instance: writing.instance ?? 0,
    instances: 1,
    signal: writing.signal ?? new AbortController().signal,
    wake: () => wake(),
    warn: (message) => warnings.push(message),
    count: () => {},
    print: () => {},
  };
  const flavour = writing.flavour ?? 'kafka';
  const sink = kafkaRuntimeOver(flavour, writing.reach ?? overSockets).createSink!(context);
  try {
    await sink.open(writing.prepared);
  } catch (error) {
    await sink.close();
    throw error;
  }
  return {
    sink,
    warnings,
    write: async (rows, kinds) => {
      const builder = new BatchBuilder(fields.map((f) => f.type));
      rows.forEach((row, i) => builder.appendRow(row, kinds?.[i] ?? 0));
      const batch = builder.build();
      for (let from = 0; from < batch.rows; ) {
        from = sink.write(batch, from);
        if (from < batch.rows) await new Promise<void>((done) => (wake = done));
      }
    },
    flush: () => sink.flush(),
    close: () => sink.close(),
  };
}

function metadataType(key: string): LogicalType {
  const field = kafkaMetadata.find((m) => m.key === key);
  if (field === undefined) throw new Error(`no metadata ${key}`);
  return field.type;
}
