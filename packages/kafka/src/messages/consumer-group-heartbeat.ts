/* ConsumerGroupHeartbeat, versions 0 to 1. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import { zeroUuid } from '../wire/uuid.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface TopicPartitions {
  readonly topicId: string;
  readonly partitions: readonly number[];
}

export function readTopicPartitions(r: WireReader, _version: number): TopicPartitions {
  const topicId = r.uuid();
  const partitions = r.array(() => r.int32());
  r.tags();
  return { topicId, partitions };
}

export function writeTopicPartitions(w: WireWriter, m: Sparse<TopicPartitions>, _version: number): void {
  w.uuid(m.topicId ?? zeroUuid);
  w.array(m.partitions ?? [], (item) => w.int32(item));
  w.tags();
}

export interface ConsumerGroupHeartbeatRequest {
  readonly groupId: string;
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly rebalanceTimeoutMs: number;
  readonly subscribedTopicNames: readonly string[] | null;
  readonly subscribedTopicRegex: string | null;
  readonly serverAssignor: string | null;
  readonly topicPartitions: readonly TopicPartitions[] | null;
}

export function readConsumerGroupHeartbeatRequest(
  r: WireReader,
  version: number,
): ConsumerGroupHeartbeatRequest {
  const groupId = r.string();
  const memberId = r.string();
  const memberEpoch = r.int32();
  const instanceId = r.nullableString();
  const rackId = r.nullableString();
  const rebalanceTimeoutMs = r.int32();
  const subscribedTopicNames = r.nullableArray(() => r.string());
  const subscribedTopicRegex = version >= 1 ? r.nullableString() : null;
  const serverAssignor = r.nullableString();
  const topicPartitions = r.nullableArray(() => readTopicPartitions(r, version));
  r.tags();
  return {
    groupId,
    memberId,
    memberEpoch,
    instanceId,
    rackId,
    rebalanceTimeoutMs,
    subscribedTopicNames,
    subscribedTopicRegex,
    serverAssignor,
    topicPartitions,
  };
}

export function writeConsumerGroupHeartbeatRequest(
  w: WireWriter,
  m: Sparse<ConsumerGroupHeartbeatRequest>,
  version: number,
): void {
  w.string(m.groupId ?? '');
  w.string(m.memberId ?? '');
  w.int32(m.memberEpoch ?? 0);
  w.string(m.instanceId ?? null);
  w.string(m.rackId ?? null);
  w.int32(m.rebalanceTimeoutMs ?? -1);
  w.array(m.subscribedTopicNames ?? null, (item) => w.string(item));
  if (version >= 1) w.string(m.subscribedTopicRegex ?? null);
  w.string(m.serverAssignor ?? null);
  w.array(m.topicPartitions ?? null, (item) => writeTopicPartitions(w, item, version));
  w.tags();
}

export interface Assignment {
  readonly topicPartitions: readonly ConsumerGroupHeartbeatResponseTopicPartitions[];
}

export function readAssignment(r: WireReader, version: number): Assignment {
  const topicPartitions = r.array(() => readConsumerGroupHeartbeatResponseTopicPartitions(r, version));
  r.tags();
  return { topicPartitions };
}

export function writeAssignment(w: WireWriter, m: Sparse<Assignment>, version: number): void {
  w.array(m.topicPartitions ?? [], (item) =>
    writeConsumerGroupHeartbeatResponseTopicPartitions(w, item, version),
  );
  w.tags();
}

export interface ConsumerGroupHeartbeatResponseTopicPartitions {
  readonly topicId: string;
  readonly partitions: readonly number[];
}

export function readConsumerGroupHeartbeatResponseTopicPartitions(
  r: WireReader,
  _version: number,
): ConsumerGroupHeartbeatResponseTopicPartitions {
  const topicId = r.uuid();
  const partitions = r.array(() => r.int32());
  r.tags();
  return { topicId, partitions };
}

export function writeConsumerGroupHeartbeatResponseTopicPartitions(
  w: WireWriter,
  m: Sparse<ConsumerGroupHeartbeatResponseTopicPartitions>,
  _version: number,
): void {
  w.uuid(m.topicId ?? zeroUuid);
  w.array(m.partitions ?? [], (item) => w.int32(item));
  w.tags();
}

export interface ConsumerGroupHeartbeatResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly heartbeatIntervalMs: number;
  readonly assignment: Assignment | null;
}

export function readConsumerGroupHeartbeatResponse(
  r: WireReader,
  version: number,
): ConsumerGroupHeartbeatResponse {
  const throttleTimeMs = r.int32();
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  const memberId = r.nullableString();
  const memberEpoch = r.int32();
  const heartbeatIntervalMs = r.int32();
  const assignment = r.nullable(() => readAssignment(r, version));
  r.tags();
  return { throttleTimeMs, errorCode, errorMessage, memberId, memberEpoch, heartbeatIntervalMs, assignment };
}

export function writeConsumerGroupHeartbeatResponse(
  w: WireWriter,
  m: Sparse<ConsumerGroupHeartbeatResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage ?? null);
  w.string(m.memberId ?? null);
  w.int32(m.memberEpoch ?? 0);
  w.int32(m.heartbeatIntervalMs ?? 0);
  w.nullable(m.assignment ?? null, (item) => writeAssignment(w, item, version));
  w.tags();
}

export const consumerGroupHeartbeatApi = {
  key: 68,
  min: 0,
  max: 1,
  flexibleFrom: 0,
  readRequest: readConsumerGroupHeartbeatRequest,
  writeRequest: writeConsumerGroupHeartbeatRequest,
  readResponse: readConsumerGroupHeartbeatResponse,
  writeResponse: writeConsumerGroupHeartbeatResponse,
} as const;
