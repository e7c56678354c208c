/* Records in and out of a broker without a client. */

import { UserError } from '#base';
import { BatchWriter, encodeHeaders, readHeaders } from '#records';
import type { Cluster } from '../cluster/cluster.ts';
import type { Partition } from '../log/partition.ts';
import { recordsOf } from '../log/record-body.ts';
import { partitionAt, unknownTopic } from './inspect.ts';

type Bytes = Uint8Array | string | null;
export interface RecordToProduce {
  /** Text is written as UTF-8. */
  readonly key?: Bytes;
  readonly value: Bytes;
  readonly headers?: Readonly<Record<string, string | Uint8Array | null>>;
  /** ms since the epoch; the broker's clock by default. */
  readonly timestamp?: number;
}
export interface StoredRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
}
export interface ReadOptions {
  /** All by default. */
  readonly partition?: number;
  /** The offset to begin with; the start by default. */
  readonly from?: number;
  /** Only what a read_committed consumer sees. */
  readonly committed?: boolean;
}

const bytesOf = (value: Bytes | undefined): Uint8Array | null =>
  typeof value === 'string' ? Buffer.from(value) : (value ?? null);

export function produceRecords(
  cluster: Cluster,
  topic: string,
  index: number,
  records: readonly RecordToProduce[],
): number {
  const partition = partitionAt(cluster, topic, index);
  const now = cluster.world.now();
  const writer = new BatchWriter();
  for (const { key, value, headers = {}, timestamp = now } of records) {
    const encoded = encodeHeaders(
      Object.entries(headers).map(([name, v]) => ({ key: name, value: bytesOf(v) })),
    );
    writer.add(bytesOf(key), bytesOf(value), encoded, timestamp);
  }
  if (records.length === 0) return partition.log.endOffset;
  const result = partition.append(writer.finish('none'), now);
  if ('error' in result)
    throw new UserError('BRK1005', {
      message: `the records were refused by "${topic}", partition ${index}: ${result.error}${result.message === undefined ? '' : ` (${result.message})`}`,
    });
  return result.baseOffset;
}

export function readRecords(cluster: Cluster, topic: string, options: ReadOptions): StoredRecord[] {
  if (options.partition !== undefined)
    return readPartition(partitionAt(cluster, topic, options.partition), options);
  const found = cluster.topics.get(topic);
  if (found === undefined) throw unknownTopic(cluster, topic);
  return found.partitions.flatMap((p) => readPartition(p, options));
}

function readPartition(partition: Partition, { from = 0, committed = false }: ReadOptions): StoredRecord[] {
  const { log, producers, index: number } = partition;
  const upTo = committed ? partition.stableOffset : log.endOffset;
  const aborted = committed ? producers.abortedIn(0, upTo) : [];
  const found: StoredRecord[] = [];
  for (const { bytes, head } of log.batches()) {
    if (head.control || head.lastOffset >= upTo || head.lastOffset < from) continue;
    const { producerId, baseOffset } = head;
    const gone = aborted.some(
      (a) => a.producerId === producerId && baseOffset >= a.firstOffset && baseOffset < a.lastOffset,
    );
    if (gone && head.transactional) continue;
    const records = recordsOf(bytes, head);
    const cell = (start: number, end: number): Buffer | null =>
      start < 0 ? null : Buffer.from(records.data.subarray(start, end));
    for (let i = 0; i < records.count; i++) {
      const offset = records.offsets[i]!;
      if (offset < Math.max(from, log.startOffset)) continue;
      found.push({
        partition: number,
        offset,
        timestamp: records.timestamps[i]!,
        key: cell(records.keyStarts[i]!, records.keyEnds[i]!),
        value: cell(records.valueStarts[i]!, records.valueEnds[i]!),
        headers: readHeaders(records.data, records.headers[i]!),
      });
    }
  }
  return found;
}
