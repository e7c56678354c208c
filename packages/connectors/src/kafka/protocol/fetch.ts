/* Fetch v11, without fetch sessions: record batches of partitions that one broker leads. The response is
 * read down to the bytes of the record batches; no object is made for a record. */

import { RequestWriter, type KafkaRequest } from './wire.ts';

export interface FetchPartition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}
export interface FetchLimits {
  readonly waitMsMax: number;
  readonly bytesMin: number;
  readonly bytesMax: number;
  readonly partitionBytesMax: number;
  readonly committedOnly: boolean;
  readonly rack: string;
}
/** A transaction that was aborted: its producer's records from `firstOffset` up to its abort marker do not
 *  count. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}
export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly error: number;
  readonly highWatermark: number;
  /** Up to here all transactions are decided. */
  readonly lastStableOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches one behind the other; the last may be cut short. Bytes of the response. */
  readonly records: Buffer;
}
export interface Fetched {
  readonly error: number;
  readonly partitions: readonly FetchedPartition[];
}

export function fetchRequest(
  partitions: readonly FetchPartition[],
  limits: FetchLimits,
): KafkaRequest<Fetched> {
  const w = new RequestWriter();
  w.int32(-1)
    .int32(limits.waitMsMax)
    .int32(limits.bytesMin)
    .int32(limits.bytesMax)
    .int8(limits.committedOnly ? 1 : 0);
  w.int32(0).int32(-1); // no session
  w.array([...Map.groupBy(partitions, (p) => p.topic)], ([topic, group]) => {
    w.string(topic).array(group, (p) => {
      w.int32(p.partition).int32(-1).int64(p.offset).int64(-1).int32(limits.partitionBytesMax);
    });
  });
  w.int32(0).string(limits.rack); // nothing forgotten
  return {
    name: 'Fetch',
    key: 1,
    version: 11,
    body: w.finish(),
    read: (r) => {
      r.int32(); // throttle time
      const error = r.int16();
      r.int32(); // session
      const topics = r.array(() => {
        const topic = r.string();
        return r.array(() => {
          const partition = r.int32();
          const partitionError = r.int16();
          const highWatermark = r.int64();
          const lastStableOffset = r.int64();
          r.int64(); // log start
          const aborted = r.array(() => ({ producerId: r.int64(), firstOffset: r.int64() }));
          r.int32(); // preferred replica
          const records = r.bytes();
          return {
            topic,
            partition,
            error: partitionError,
            highWatermark,
            lastStableOffset,
            aborted,
            records,
          };
        });
      });
      return { error, partitions: topics.flat() };
    },
  };
}
