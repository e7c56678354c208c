/* Metadata: which brokers there are and which of them leads each partition. */

import { zeroUuid } from '#kafka';
import { request, type KafkaRequest } from './request.ts';

/** Topics have ids from 10 on. */
export const metadataVersions = { plain: 8, withIds: 12 } as const;

export interface Broker {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}
export interface PartitionInfo {
  readonly partition: number;
  readonly error: number;
  /** -1 while there is none. */
  readonly leader: number;
}
export interface TopicInfo {
  readonly name: string;
  /** Another one after it was deleted and created again; undefined where the broker tells none. */
  readonly id: string | undefined;
  readonly error: number;
  readonly internal: boolean;
  readonly partitions: readonly PartitionInfo[];
}
export interface Metadata {
  readonly brokers: readonly Broker[];
  readonly topics: readonly TopicInfo[];
}

/** `topics` undefined: all. `create`: the broker may make missing topics, where it is set up to. */
export function metadataRequest(
  topics: readonly string[] | undefined,
  create: boolean,
  version: (typeof metadataVersions)[keyof typeof metadataVersions],
): KafkaRequest<Metadata> {
  const message = {
    topics: topics === undefined ? null : topics.map((name) => ({ name })),
    allowAutoTopicCreation: create,
  };
  return request('Metadata', version, message, (response) => ({
    brokers: response.brokers.map(({ nodeId, host, port }) => ({ id: nodeId, host, port })),
    topics: response.topics.map(({ name, topicId, errorCode, isInternal, partitions }) => ({
      name: name ?? '',
      id: topicId === zeroUuid ? undefined : topicId,
      error: errorCode,
      internal: isInternal,
      partitions: partitions.map((p) => ({
        partition: p.partitionIndex,
        error: p.errorCode,
        leader: p.leaderId,
      })),
    })),
  }));
}
