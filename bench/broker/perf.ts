/* Kafka's own command-line tools as the load: one client at a time, in a JVM of its own. */

import { kafkaTool } from '../../tools/kafka.ts';

export interface Produced {
  readonly perSecond: number;
  /** Of the latencies, in ms: the tool gives the mean in hundredths, the others whole. */
  readonly mean: number;
  readonly p99: number;
  readonly p999: number;
}
/** Records to be sent: how many, of how many bytes, and how many a second at most (-1: as fast as it goes). */
export interface Load {
  readonly records: number;
  readonly bytes: number;
  readonly rate: number;
}

const tool = (name: string, ...args: readonly string[]): Promise<string> =>
  kafkaTool(`org.apache.kafka.tools.${name}`, args);

export async function createTopic(address: string, topic: string): Promise<void> {
  await tool('TopicCommand', '--bootstrap-server', address, '--create', '--topic', topic);
}
export async function deleteTopic(address: string, topic: string): Promise<void> {
  await tool('TopicCommand', '--bootstrap-server', address, '--delete', '--topic', topic);
}

/** acks=all and idempotent, as the client's defaults are; batches of 64 KiB. */
export async function produce(address: string, topic: string, load: Load, lingerMs = 5): Promise<Produced> {
  const out = await tool(
    'ProducerPerformance',
    ...['--topic', topic, '--num-records', `${load.records}`],
    ...['--record-size', `${load.bytes}`, '--throughput', `${load.rate}`],
    ...['--producer-props', `bootstrap.servers=${address}`, 'acks=all', 'batch.size=65536'],
    `linger.ms=${lingerMs}`,
  );
  const last = out.trim().split('\n').at(-1)!;
  const number = (pattern: RegExp): number => Number(pattern.exec(last)![1]);
  return {
    perSecond: number(/([\d.]+) records\/sec/),
    mean: number(/([\d.]+) ms avg/),
    p99: number(/(\d+) ms 99th/),
    p999: number(/(\d+) ms 99\.9th/),
  };
}

/** Records a second of fetching alone, without the group's first rebalance: the last column of what is printed. */
export async function consume(address: string, topic: string, records: number): Promise<number> {
  const out = await tool(
    'ConsumerPerformance',
    ...['--bootstrap-server', address, '--topic', topic, '--messages', `${records}`],
  );
  return Number(out.trim().split('\n').at(-1)!.split(',').at(-1)!.trim());
}
