/* Fetch, without fetch sessions, and without a rack, for a leader would send us to a replica near it: record batches of
 * partitions that one broker leads. The response is read down to the bytes of the record batches; no object is made for a
 * record. */

import type { FetchResponse } from '#kafka';
import { byTopic, lendingRequest, type KafkaRequest } from './request.ts';

/** The last one without tagged fields, and the first one that names topics by their ids. */
export const fetchVersions = { byName: 11, byId: 13 } as const;

export interface FetchPartition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Of the topic that is meant, where all of its kind have one. */
  readonly topicId?: string | undefined;
}
export interface FetchLimits {
  readonly waitMsMax: number;
  readonly bytesMin: number;
  readonly bytesMax: number;
  readonly partitionBytesMax: number;
  readonly committedOnly: boolean;
}
type PartitionData = FetchResponse['responses'][number]['partitions'][number];
/** Of its producer, the records from its first offset up to its abort marker do not count. */
export type AbortedTransaction = NonNullable<PartitionData['abortedTransactions']>[number];

export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly error: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches one behind the other; the last may be cut short. Bytes of the response. */
  readonly records: Buffer;
}
export interface Fetched {
  readonly error: number;
  readonly partitions: readonly FetchedPartition[];
  /** The records are no longer read. To be called once. */
  readonly release: () => void;
}

const nothing = Buffer.alloc(0);
/** As it came: a response holds the records of a partition in one piece. */
const asBuffer = (records: readonly Uint8Array[] | null): Buffer =>
  (records?.[0] as Buffer | undefined) ?? nothing;

export function fetchRequest(
  partitions: readonly FetchPartition[],
  limits: FetchLimits,
): KafkaRequest<Fetched> {
  const byId = partitions.every((p) => p.topicId !== undefined);
  const names = new Map(partitions.map((p) => [p.topicId, p.topic]));
  const version = byId ? fetchVersions.byId : fetchVersions.byName;
  const message = {
    maxWaitMs: limits.waitMsMax,
    minBytes: limits.bytesMin,
    maxBytes: limits.bytesMax,
    isolationLevel: limits.committedOnly ? 1 : 0,
    topics: byTopic(partitions, (topic, list) => ({
      topic,
      ...(byId ? { topicId: list[0]!.topicId! } : {}),
      partitions: list.map(({ partition, offset }) => ({
        partition,
        fetchOffset: offset,
        partitionMaxBytes: limits.partitionBytesMax,
      })),
    })),
  };
  return lendingRequest('Fetch', version, message, ({ errorCode, responses }, release) => ({
    error: errorCode,
    partitions: responses.flatMap(({ topic, topicId, partitions: answers }) =>
      answers.map((p) => ({
        topic: byId ? names.get(topicId)! : topic,
        partition: p.partitionIndex,
        error: p.errorCode,
        aborted: p.abortedTransactions ?? [],
        records: asBuffer(p.records),
      })),
    ),
    release,
  }));
}
