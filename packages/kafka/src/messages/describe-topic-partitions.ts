/* DescribeTopicPartitions, versions 0 to 0. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import { zeroUuid } from '../wire/uuid.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface Cursor {
  readonly topicName: string;
  readonly partitionIndex: number;
}

export function readCursor(r: WireReader, _version: number): Cursor {
  const topicName = r.string();
  const partitionIndex = r.int32();
  r.tags();
  return { topicName, partitionIndex };
}

export function writeCursor(w: WireWriter, m: Sparse<Cursor>, _version: number): void {
  w.string(m.topicName ?? '');
  w.int32(m.partitionIndex ?? 0);
  w.tags();
}

export interface TopicRequest {
  readonly name: string;
}

export function readTopicRequest(r: WireReader, _version: number): TopicRequest {
  const name = r.string();
  r.tags();
  return { name };
}

export function writeTopicRequest(w: WireWriter, m: Sparse<TopicRequest>, _version: number): void {
  w.string(m.name ?? '');
  w.tags();
}

export interface DescribeTopicPartitionsRequest {
  readonly topics: readonly TopicRequest[];
  readonly responsePartitionLimit: number;
  readonly cursor: Cursor | null;
}

export function readDescribeTopicPartitionsRequest(
  r: WireReader,
  version: number,
): DescribeTopicPartitionsRequest {
  const topics = r.array(() => readTopicRequest(r, version));
  const responsePartitionLimit = r.int32();
  const cursor = r.nullable(() => readCursor(r, version));
  r.tags();
  return { topics, responsePartitionLimit, cursor };
}

export function writeDescribeTopicPartitionsRequest(
  w: WireWriter,
  m: Sparse<DescribeTopicPartitionsRequest>,
  version: number,
): void {
  w.array(m.topics ?? [], (item) => writeTopicRequest(w, item, version));
  w.int32(m.responsePartitionLimit ?? 2000);
  w.nullable(m.cursor ?? null, (item) => writeCursor(w, item, version));
  w.tags();
}

export interface DescribeTopicPartitionsResponseCursor {
  readonly topicName: string;
  readonly partitionIndex: number;
}

export function readDescribeTopicPartitionsResponseCursor(
  r: WireReader,
  _version: number,
): DescribeTopicPartitionsResponseCursor {
  const topicName = r.string();
  const partitionIndex = r.int32();
  r.tags();
  return { topicName, partitionIndex };
}

export function writeDescribeTopicPartitionsResponseCursor(
  w: WireWriter,
  m: Sparse<DescribeTopicPartitionsResponseCursor>,
  _version: number,
): void {
  w.string(m.topicName ?? '');
  w.int32(m.partitionIndex ?? 0);
  w.tags();
}

export interface DescribeTopicPartitionsResponsePartition {
  readonly errorCode: number;
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly replicaNodes: readonly number[];
  readonly isrNodes: readonly number[];
  readonly eligibleLeaderReplicas: readonly number[] | null;
  readonly lastKnownElr: readonly number[] | null;
  readonly offlineReplicas: readonly number[];
}

export function readDescribeTopicPartitionsResponsePartition(
  r: WireReader,
  _version: number,
): DescribeTopicPartitionsResponsePartition {
  const errorCode = r.int16();
  const partitionIndex = r.int32();
  const leaderId = r.int32();
  const leaderEpoch = r.int32();
  const replicaNodes = r.array(() => r.int32());
  const isrNodes = r.array(() => r.int32());
  const eligibleLeaderReplicas = r.nullableArray(() => r.int32());
  const lastKnownElr = r.nullableArray(() => r.int32());
  const offlineReplicas = r.array(() => r.int32());
  r.tags();
  return {
    errorCode,
    partitionIndex,
    leaderId,
    leaderEpoch,
    replicaNodes,
    isrNodes,
    eligibleLeaderReplicas,
    lastKnownElr,
    offlineReplicas,
  };
}

export function writeDescribeTopicPartitionsResponsePartition(
  w: WireWriter,
  m: Sparse<DescribeTopicPartitionsResponsePartition>,
  _version: number,
): void {
  w.int16(m.errorCode ?? 0);
  w.int32(m.partitionIndex ?? 0);
  w.int32(m.leaderId ?? 0);
  w.int32(m.leaderEpoch ?? -1);
  w.array(m.replicaNodes ?? [], (item) => w.int32(item));
  w.array(m.isrNodes ?? [], (item) => w.int32(item));
  w.array(m.eligibleLeaderReplicas ?? null, (item) => w.int32(item));
  w.array(m.lastKnownElr ?? null, (item) => w.int32(item));
  w.array(m.offlineReplicas ?? [], (item) => w.int32(item));
  w.tags();
}

export interface DescribeTopicPartitionsResponseTopic {
  readonly errorCode: number;
  readonly name: string | null;
  readonly topicId: string;
  readonly isInternal: boolean;
  readonly partitions: readonly DescribeTopicPartitionsResponsePartition[];
  readonly topicAuthorizedOperations: number;
}

export function readDescribeTopicPartitionsResponseTopic(
  r: WireReader,
  version: number,
): DescribeTopicPartitionsResponseTopic {
  const errorCode = r.int16();
  const name = r.nullableString();
  const topicId = r.uuid();
  const isInternal = r.bool();
  const partitions = r.array(() => readDescribeTopicPartitionsResponsePartition(r, version));
  const topicAuthorizedOperations = r.int32();
  r.tags();
  return { errorCode, name, topicId, isInternal, partitions, topicAuthorizedOperations };
}

export function writeDescribeTopicPartitionsResponseTopic(
  w: WireWriter,
  m: Sparse<DescribeTopicPartitionsResponseTopic>,
  version: number,
): void {
  w.int16(m.errorCode ?? 0);
  w.string(m.name === undefined ? '' : m.name);
  w.uuid(m.topicId ?? zeroUuid);
  w.bool(m.isInternal ?? false);
  w.array(m.partitions ?? [], (item) => writeDescribeTopicPartitionsResponsePartition(w, item, version));
  w.int32(m.topicAuthorizedOperations ?? -2147483648);
  w.tags();
}

export interface DescribeTopicPartitionsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly DescribeTopicPartitionsResponseTopic[];
  readonly nextCursor: DescribeTopicPartitionsResponseCursor | null;
}

export function readDescribeTopicPartitionsResponse(
  r: WireReader,
  version: number,
): DescribeTopicPartitionsResponse {
  const throttleTimeMs = r.int32();
  const topics = r.array(() => readDescribeTopicPartitionsResponseTopic(r, version));
  const nextCursor = r.nullable(() => readDescribeTopicPartitionsResponseCursor(r, version));
  r.tags();
  return { throttleTimeMs, topics, nextCursor };
}

export function writeDescribeTopicPartitionsResponse(
  w: WireWriter,
  m: Sparse<DescribeTopicPartitionsResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.topics ?? [], (item) => writeDescribeTopicPartitionsResponseTopic(w, item, version));
  w.nullable(m.nextCursor ?? null, (item) => writeDescribeTopicPartitionsResponseCursor(w, item, version));
  w.tags();
}

export const describeTopicPartitionsApi = {
  key: 75,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  readRequest: readDescribeTopicPartitionsRequest,
  writeRequest: writeDescribeTopicPartitionsRequest,
  readResponse: readDescribeTopicPartitionsResponse,
  writeResponse: writeDescribeTopicPartitionsResponse,
} as const;
