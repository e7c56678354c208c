/* ListOffsets: the offset of a partition's first or next record, or of the first record at or after a time. */

import { byTopic, request, type KafkaRequest } from './request.ts';

const version = 5;

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
  const message = {
    replicaId: -1,
    isolationLevel: committedOnly ? 1 : 0,
    topics: byTopic(queries, (name, list) => ({
      name,
      partitions: list.map(({ partition, timestamp }) => ({ partitionIndex: partition, timestamp })),
    })),
  };
  return request('ListOffsets', version, message, ({ topics }) =>
    topics.flatMap(({ name, partitions }) =>
      partitions.map((p) => ({
        topic: name,
        partition: p.partitionIndex,
        error: p.errorCode,
        offset: p.offset,
      })),
    ),
  );
}
