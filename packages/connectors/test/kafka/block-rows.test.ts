/* Rows through blocks reach the brokers as the same records, partition by partition, as rows one by one. */

import { expect, test } from 'vitest';
import { Rng, type World } from '#base';
import { BatchBuilder, changeKind, types, type Batch, type Field } from '#data';
import { decompress, indexRecords, readRecordBatch, RecordIndex } from '#records';
import type { KafkaCluster } from '../../src/kafka/client/cluster.ts';
import { keyAndValue, kafkaOptions, type KafkaFlavour } from '../../src/kafka/options.ts';
import { kafkaProperties } from '../../src/kafka/properties.ts';
import type { KafkaRequest } from '../../src/kafka/requests/request.ts';
import { BlockRows } from '../../src/kafka/sink/block-rows.ts';
import { keyPartitioner, partitioner } from '../../src/kafka/sink/partitioner.ts';
import { Producer } from '../../src/kafka/sink/producer.ts';
import { RowEncoder } from '../../src/kafka/sink/row-encoder.ts';
import { valueOf } from '../../../formats/test/block-values.ts';
import { realWorld } from './support.ts';

const partitions = 20;
const columns: readonly Field[] = [
  { name: 'id', type: types.BIGINT },
  { name: 'name', type: types.STRING },
  { name: 'day', type: types.DATE },
  { name: 'tags', type: types.map(types.STRING, types.DOUBLE) },
];
const timeColumn: Field = { name: 'at', type: types.timestampLtz(3) };

interface Case {
  readonly flavour: KafkaFlavour;
  readonly options: Readonly<Record<string, string>>;
  readonly timestamps: boolean;
}

/** Of a request: key, version, correlation and a client without a name. */
const headBytes = 2 + 2 + 4 + 2;

/** What a producer sends, by partition: records as text. */
class Sent {
  readonly records: string[][] = Array.from({ length: partitions }, () => []);
  readonly producer: Producer;
  readonly world: World = { ...realWorld, now: () => 1_700_000_000_123 };

  constructor(options: ReturnType<typeof kafkaOptions>) {
    // Leader 0 has all partitions, and says yes.
    const link = {
      request: ({ frame }: KafkaRequest<unknown>) =>
        Promise.resolve(
          this.#take(Buffer.concat(frame({ clientId: '', correlation: 1 })).subarray(headBytes)),
        ),
    };
    this.producer = new Producer({
      world: this.world,
      cluster: { leader: () => 0, link: () => Promise.resolve(link) } as unknown as KafkaCluster,
      properties: kafkaProperties(options, () => {}),
      topic: 't',
      partitions,
      signal: new AbortController().signal,
      wake: () => {},
    });
  }
  /** Reads a Produce request of version 8. */
  #take(body: Buffer): { readonly partition: number; readonly error: number }[] {
    let at = 2 + 2 + 4; // no transaction, acks, timeout
    at += 4 + 2 + body.readInt16BE(at + 4); // one topic
    const count = body.readInt32BE(at);
    at += 4;
    return Array.from({ length: count }, () => {
      const partition = body.readInt32BE(at);
      const bytes = body.readInt32BE(at + 4);
      this.#read(partition, body.subarray(at + 8, at + 8 + bytes));
      at += 8 + bytes;
      return { partition, error: 0 };
    });
  }
  #read(partition: number, bytes: Buffer): void {
    const head = readRecordBatch(bytes, 0)!;
    const data = decompress(head.codec, bytes.subarray(61));
    const index = new RecordIndex();
    const base = { offset: 0, timestamp: head.baseTimestamp, appendTime: undefined };
    indexRecords(data, 0, data.length, head.count, base, index);
    const text = (start: number, end: number): string =>
      start < 0 ? 'null' : Buffer.from(data.subarray(start, end)).toString();
    for (let i = 0; i < head.count; i++) {
      const key = text(index.keyStarts[i]!, index.keyEnds[i]!);
      const value = text(index.valueStarts[i]!, index.valueEnds[i]!);
      this.records[partition]!.push(`${index.timestamps[i]} ${key} ${value}`);
    }
  }
}

function batches(rng: Rng, fields: readonly Field[], upsert: boolean): Batch[] {
  return Array.from({ length: 4 }, () => {
    const builder = new BatchBuilder(fields.map((f) => f.type));
    for (let row = 0; row < 3000; row++) {
      const values = fields.map((f) => valueOf(rng, f.type, false));
      values[0] = BigInt(rng.below(500));
      if (rng.below(1000) === 0) values[1] = 'x'.repeat(rng.pick([30_000, 300_000]));
      if (fields.includes(timeColumn))
        values[fields.indexOf(timeColumn)] = rng.below(3) === 0 ? null : { ms: rng.below(1e9), ns: 0 };
      builder.appendRow(values, upsert ? rng.below(4) : 0);
    }
    return builder.build();
  });
}

const base = { topic: 't', 'properties.bootstrap.servers': 'x:1' };
const cases: readonly Case[] = [
  { flavour: 'kafka', options: { ...base, connector: 'kafka', format: 'json' }, timestamps: false },
  {
    flavour: 'kafka',
    options: {
      ...base,
      connector: 'kafka',
      'value.format': 'csv',
      'key.format': 'json',
      'key.fields': 'name;id',
      'value.fields-include': 'EXCEPT_KEY',
      'properties.compression.type': 'lz4',
      'properties.batch.size': '20000',
    },
    timestamps: true,
  },
  {
    flavour: 'kafka',
    options: {
      ...base,
      connector: 'kafka',
      format: 'json',
      'sink.partitioner': 'round-robin',
      'properties.compression.type': 'snappy',
    },
    timestamps: true,
  },
  {
    flavour: 'upsert-kafka',
    options: { ...base, connector: 'upsert-kafka', 'value.format': 'json', 'key.format': 'json' },
    timestamps: false,
  },
];

test.each(cases)('$flavour $options', async ({ flavour, options: given, timestamps }) => {
  const upsert = flavour === 'upsert-kafka';
  // The csv format has no maps.
  const physical = given['value.format'] === 'csv' ? columns.slice(0, 3) : columns;
  const fields = timestamps ? [...physical, timeColumn] : physical;
  const table = {
    path: { catalog: 'c', database: 'd', object: 't' },
    physical,
    primaryKey: upsert ? ['id'] : [],
    partitionedBy: [],
    options: Object.entries(given).map(([key, value]) => ({ key, value })),
  };
  const options = kafkaOptions(flavour, table);
  const formats = keyAndValue(options, flavour, table);
  const encoder = new RowEncoder(formats, fields, timestamps ? ['timestamp'] : [], options);
  const choose = (): ReturnType<typeof keyPartitioner> =>
    upsert ? keyPartitioner(partitions, 0) : partitioner(options, partitions, 0);
  const [byRow, byBlock] = [new Sent(options), new Sent(options)];
  const [chooseRow, chooseBlock] = [choose(), choose()];
  const block = BlockRows.create(formats, fields, options, encoder, flavour)!;
  let inBlocks = 0;
  const writeRow = (sent: Sent, chooser: typeof chooseRow, batch: Batch, row: number): void => {
    const kind = batch.kinds?.[row] ?? changeKind.insert;
    if (upsert && kind === changeKind.updateBefore) return;
    const key = encoder.key(batch, row, kind);
    const time = encoder.timestamp(batch, row) ?? sent.world.now();
    const value = upsert && kind === changeKind.delete ? null : encoder.value(batch, row, kind);
    sent.producer.add(chooser(key), key, value, [], time);
  };
  for (const batch of batches(new Rng(4), fields, upsert)) {
    // A row whose map has a NULL key cannot be written at all.
    const writable = (row: number): boolean => {
      try {
        encoder.value(batch, row, 0);
        return true;
      } catch {
        return false;
      }
    };
    for (let row = 0; row < batch.rows; row++) if (writable(row)) writeRow(byRow, chooseRow, batch, row);
    for (let row = 0; row < batch.rows; ) {
      const target = {
        producer: byBlock.producer,
        partitioner: chooseBlock,
        partitions,
        now: byBlock.world.now(),
      };
      const next = block.write(batch, row, target);
      inBlocks += next - row;
      if (next === row && writable(row)) writeRow(byBlock, chooseBlock, batch, row);
      row = Math.max(next, row + 1);
    }
    encoder.release();
  }
  await Promise.all([byRow.producer.flush(), byBlock.producer.flush()]);
  expect(byBlock.records).toEqual(byRow.records);
  expect(byRow.records.flat().length).toBeGreaterThan(5000);
  expect(inBlocks).toBeGreaterThan(6000);
  block.release();
  byRow.producer.close();
  byBlock.producer.close();
});
