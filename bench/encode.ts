/* npm run bench -- encode: how many Nexmark bids (7 fields) a CPU second are written as Kafka batches, files and COPY text?
 *
 *   bids in columns ──▶ row encoder, one by one    ─┐ the same bytes
 *                 └──▶ block, WebAssembly          ─┘
 *
 * In one process, in turns; the best round of each counts. For Kafka: values, records, compression, checksums and the
 * requests' partitions, up to the socket; for files and COPY the bytes that would be written. Columns lie in ordinary
 * memory, as operators leave them. Writes bench/encode.md. Options: --rows N (in millions, 1 by default), --rounds N. */

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ByteWriter } from '#base';
import { parseOptions } from '#catalog';
import type { Batch } from '#data';
import { findFormat, FormatOptions, formatSpecs, MessageBlock } from '#formats';
import { realWorld } from '#host';
import { threadMemory } from '#wasm';
import { copyBlock } from '../packages/connectors/src/jdbc/copy-block.ts';
import { rowWriter } from '../packages/connectors/src/jdbc/copy-text.ts';
import type { KafkaCluster } from '../packages/connectors/src/kafka/client/cluster.ts';
import { kafkaOptions, keyAndValue } from '../packages/connectors/src/kafka/options.ts';
import { kafkaProperties } from '../packages/connectors/src/kafka/properties.ts';
import { BlockRows } from '../packages/connectors/src/kafka/sink/block-rows.ts';
import { partitioner } from '../packages/connectors/src/kafka/sink/partitioner.ts';
import { Producer } from '../packages/connectors/src/kafka/sink/producer.ts';
import { RowEncoder } from '../packages/connectors/src/kafka/sink/row-encoder.ts';
import { bid, bids } from './bids.ts';

const option = (name: string, otherwise: string): number => {
  const at = process.argv.indexOf(`--${name}`);
  return Number(at < 0 ? otherwise : process.argv[at + 1]);
};
const rows = Math.round(option('rows', '1') * 1e6);
const rounds = option('rounds', '3');
const partitions = 4;

/** Writes rows of a batch from one on; returns the first that it did not write. */
type Write = (batch: Batch, from: number) => number;

function formatOptions(format: string, given: Record<string, string> = {}): FormatOptions {
  const specs = formatSpecs(findFormat(format), `${format}.`);
  const raw = Object.entries(given).map(([key, value]) => ({ key, value }));
  return new FormatOptions(parseOptions({ owner: 'a benchmark', specs }, raw), `${format}.`);
}

/** Bytes that are dropped where a file or a connection would take them. */
const sent = new ByteWriter();
function drain(): void {
  if (sent.size > 1 << 16) sent.clear();
}

function fileWriters(format: string): { readonly byRow: Write; readonly byBlock: Write } {
  const descriptor = findFormat(format);
  const options = formatOptions(format);
  const encoder = descriptor.encoder!(bid, options);
  const { terminator } = descriptor.framing!(options);
  const memory = threadMemory();
  const spec = { memory, fields: bid, options, terminator, rowsMax: 1024 };
  const block = MessageBlock.create(memory, descriptor.blockEncoder!(spec))!;
  return {
    byRow: (batch, from) => {
      encoder.encode(batch.columns, from, 0, sent);
      sent.bytes(terminator);
      drain();
      return from + 1;
    },
    byBlock: (batch, from) => {
      const next = block.write(batch.columns, from, batch.rows, 1 << 20, sent);
      drain();
      return next;
    },
  };
}

function copyWriters(): { readonly byRow: Write; readonly byBlock: Write } {
  const typesOf = bid.map((f) => f.type);
  const write = rowWriter(typesOf);
  const block = copyBlock(typesOf, '\n')!;
  return {
    byRow: (batch, from) => {
      write(batch.columns, from, sent);
      sent.byte(10);
      drain();
      return from + 1;
    },
    byBlock: (batch, from) => {
      const next = block.write(batch.columns, from, batch.rows, 1 << 20, sent);
      drain();
      return next;
    },
  };
}

/** A sink's way to its producer, whose brokers take everything at once. */
function kafkaWriters(
  compression: string,
  keyed: boolean,
): { readonly byRow: Write; readonly byBlock: Write; flush(): Promise<void> } {
  const given = {
    connector: 'kafka',
    topic: 'bids',
    'properties.bootstrap.servers': 'nowhere:9092',
    'properties.compression.type': compression,
    'value.format': 'json',
    ...(keyed ? { 'key.format': 'json', 'key.fields': 'auction' } : {}),
  };
  const table = {
    path: { catalog: 'c', database: 'd', object: 'bids' },
    physical: bid,
    primaryKey: [],
    partitionedBy: [],
    options: Object.entries(given).map(([key, value]) => ({ key, value })),
  };
  const options = kafkaOptions('kafka', table);
  const formats = keyAndValue(options, 'kafka', table);
  const encoder = new RowEncoder(formats, bid, [], options);
  const block = BlockRows.create(formats, bid, options, encoder, 'kafka')!;
  const answer = Array.from({ length: partitions }, (_, partition) => ({ partition, error: 0 }));
  const cluster = {
    leader: () => 0,
    link: () => Promise.resolve({ request: () => Promise.resolve(answer) }),
  } as unknown as KafkaCluster;
  const world = realWorld();
  const producer = new Producer({
    world,
    cluster,
    properties: kafkaProperties(options, () => {}),
    topic: 'bids',
    partitions,
    signal: new AbortController().signal,
    wake: () => {},
  });
  const choose = partitioner(options, partitions, 0);
  return {
    byRow: (batch, from) => {
      const timestamp = encoder.timestamp(batch, from) ?? world.now();
      const key = encoder.key(batch, from, 0);
      producer.add(choose(key), key, encoder.value(batch, from, 0), encoder.headers(batch, from), timestamp);
      return from + 1;
    },
    byBlock: (batch, from) =>
      block.write(batch, from, { producer, partitioner: choose, partitions, now: world.now() }),
    flush: () => producer.flush(),
  };
}

/** Million rows a CPU second. */
async function speed(
  batches: readonly Batch[],
  write: Write,
  wanted: number,
  flush?: () => Promise<void>,
): Promise<number> {
  const before = process.threadCpuUsage();
  let written = 0;
  for (let at = 0; written < wanted; at = (at + 1) % batches.length) {
    const batch = batches[at]!;
    for (let row = 0; row < batch.rows; ) {
      const next = write(batch, row);
      if (next === row) throw new Error('a bid that a block does not take');
      row = next;
    }
    written += batch.rows;
    await flush?.();
  }
  const used = process.threadCpuUsage(before);
  return written / (used.user + used.system);
}

const batches = bids();
const files = [fileWriters('json'), fileWriters('csv')] as const;
const cases = [
  { name: 'Kafka batches of JSON, no compression', ...kafkaWriters('none', false) },
  { name: 'Kafka batches of JSON, lz4', ...kafkaWriters('lz4', false) },
  { name: 'Kafka batches of JSON, snappy', ...kafkaWriters('snappy', false) },
  { name: 'Kafka batches of JSON, key, no compression', ...kafkaWriters('none', true) },
  { name: 'JSON files', ...files[0] },
  { name: 'CSV files', ...files[1] },
  { name: 'COPY text', ...copyWriters() },
];
const lines: string[] = [];
for (const c of cases) {
  const flush = 'flush' in c ? c.flush : undefined;
  let [before, now] = [0, 0];
  await speed(batches, c.byRow, rows / 20, flush);
  await speed(batches, c.byBlock, rows / 20, flush);
  for (let round = 0; round < rounds; round++) {
    before = Math.max(before, await speed(batches, c.byRow, rows / 4, flush));
    now = Math.max(now, await speed(batches, c.byBlock, rows, flush));
  }
  const line = `| ${c.name} | ${before.toFixed(2)} | ${now.toFixed(2)} | ${(now / before).toFixed(1)} |`;
  console.log(line);
  lines.push(line);
}
const machine = `${cpus()[0]!.model.trim()}, ${cpus().length} cores, Node ${process.versions.node}`;
writeFileSync(
  join(import.meta.dirname, 'encode.md'),
  `# What writing a row costs

Million Nexmark bids (7 fields) a CPU second, row by row and by the block, in one process; the best of ${rounds} rounds of ${rows / 1e6} M.
${machine}, with other work beside it. What is measured stands at the head of bench/encode.ts;
rows, too, are compressed and summed in WebAssembly.

| case | by row | by block | times |
| --- | ---: | ---: | ---: |
${lines.join('\n')}
`,
);
