/* Metadata: which brokers there are and which of them leads each partition. */

import { request, type KafkaRequest } from './request.ts';

const version = 8;

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
): KafkaRequest<Metadata> {
  const message = {
    topics: topics === undefined ? null : topics.map((name) => ({ name })),
    allowAutoTopicCreation: create,
  };
  return request('Metadata', version, message, (response) => ({
    brokers: response.brokers.map(({ nodeId, host, port }) => ({ id: nodeId, host, port })),
    topics: response.topics.map(({ name, errorCode, isInternal, partitions }) => ({
      name: name ?? '',
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
