/* ListOffsets v5: the offset of a partition's first or next record, or of the first record at or after a
 * time. */

import { RequestWriter, type KafkaRequest } from './wire.ts';

/** Special timestamps. */
export const latestOffset = -1;
export const earliestOffset = -2;

export interface OffsetQuery {
  readonly topic: string;
  readonly partition: number;
  /** Milliseconds, `latestOffset` or `earliestOffset`. */
  readonly timestamp: number;
}
export interface OffsetAnswer {
  readonly topic: string;
  readonly partition: number;
  readonly error: number;
  /** -1: no record is that young. */
  readonly offset: number;
}

/** All of `queries` go to the leader of their partitions. */
export function listOffsetsRequest(
  queries: readonly OffsetQuery[],
  committedOnly: boolean,
): KafkaRequest<OffsetAnswer[]> {
  const w = new RequestWriter();
  w.int32(-1).int8(committedOnly ? 1 : 0);
  w.array([...Map.groupBy(queries, (q) => q.topic)], ([topic, group]) => {
    w.string(topic).array(group, (q) => w.int32(q.partition).int32(-1).int64(q.timestamp));
  });
  return {
    name: 'ListOffsets',
    key: 2,
    version: 5,
    body: w.finish(),
    read: (r) => {
      r.int32(); // throttle time
      return r
        .array(() => {
          const topic = r.string();
          return r.array(() => {
            const partition = r.int32();
            const error = r.int16();
            r.int64(); // timestamp
            const offset = r.int64();
            r.int32(); // leader epoch
            return { topic, partition, error, offset };
          });
        })
        .flat();
    },
  };
}
