/* OffsetFetch and OffsetCommit: offsets kept under a consumer group's name, without being a member of it. */

import { byTopic, request, type KafkaRequest } from './request.ts';

const versions = { fetch: 5, commit: 7 } as const;

export interface GroupOffset {
  readonly topic: string;
  readonly partition: number;
  /** -1: none was committed. */
  readonly offset: number;
  readonly error: number;
}

export function offsetFetchRequest(
  group: string,
  partitions: readonly { readonly topic: string; readonly partition: number }[],
): KafkaRequest<{ readonly error: number; readonly offsets: readonly GroupOffset[] }> {
  const message = {
    groupId: group,
    topics: byTopic(partitions, (name, list) => ({ name, partitionIndexes: list.map((p) => p.partition) })),
  };
  return request('OffsetFetch', versions.fetch, message, ({ errorCode, topics }) => ({
    error: errorCode,
    offsets: topics.flatMap(({ name, partitions: answers }) =>
      answers.map((p) => ({
        topic: name,
        partition: p.partitionIndex,
        offset: p.committedOffset,
        error: p.errorCode,
      })),
    ),
  }));
}

export interface OffsetToCommit {
  readonly topic: string;
  readonly partition: number;
  /** Of the next record to read. */
  readonly offset: number;
}

/** Resolves to the first error code, or 0. */
export function offsetCommitRequest(group: string, offsets: readonly OffsetToCommit[]): KafkaRequest<number> {
  const message = {
    groupId: group,
    topics: byTopic(offsets, (name, list) => ({
      name,
      partitions: list.map(({ partition, offset }) => ({
        partitionIndex: partition,
        committedOffset: offset,
        committedMetadata: '',
      })),
    })),
  };
  return request('OffsetCommit', versions.commit, message, ({ topics }) => {
    const codes = topics.flatMap(({ partitions }) => partitions.map((p) => p.errorCode));
    return codes.find((code) => code !== 0) ?? 0;
  });
}
