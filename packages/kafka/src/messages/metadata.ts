/* Metadata, versions 0 to 12. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import { zeroUuid } from '../wire/uuid.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface MetadataRequestTopic {
  readonly topicId: string;
  readonly name: string | null;
}

export function readMetadataRequestTopic(r: WireReader, version: number): MetadataRequestTopic {
  const topicId = version >= 10 ? r.uuid() : zeroUuid;
  const name = r.nullableString();
  r.tags();
  return { topicId, name };
}

export function writeMetadataRequestTopic(
  w: WireWriter,
  m: Sparse<MetadataRequestTopic>,
  version: number,
): void {
  if (version >= 10) w.uuid(m.topicId ?? zeroUuid);
  w.string(m.name === undefined ? '' : m.name);
  w.tags();
}

export interface MetadataRequest {
  readonly topics: readonly MetadataRequestTopic[] | null;
  readonly allowAutoTopicCreation: boolean;
  readonly includeClusterAuthorizedOperations: boolean;
  readonly includeTopicAuthorizedOperations: boolean;
}

export function readMetadataRequest(r: WireReader, version: number): MetadataRequest {
  const topics = r.nullableArray(() => readMetadataRequestTopic(r, version));
  const allowAutoTopicCreation = version >= 4 ? r.bool() : true;
  const includeClusterAuthorizedOperations = version >= 8 && version <= 10 ? r.bool() : false;
  const includeTopicAuthorizedOperations = version >= 8 ? r.bool() : false;
  r.tags();
  return {
    topics,
    allowAutoTopicCreation,
    includeClusterAuthorizedOperations,
    includeTopicAuthorizedOperations,
  };
}

export function writeMetadataRequest(w: WireWriter, m: Sparse<MetadataRequest>, version: number): void {
  w.array(m.topics === undefined ? [] : m.topics, (item) => writeMetadataRequestTopic(w, item, version));
  if (version >= 4) w.bool(m.allowAutoTopicCreation ?? true);
  if (version >= 8 && version <= 10) w.bool(m.includeClusterAuthorizedOperations ?? false);
  if (version >= 8) w.bool(m.includeTopicAuthorizedOperations ?? false);
  w.tags();
}

export interface MetadataResponsePartition {
  readonly errorCode: number;
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly replicaNodes: readonly number[];
  readonly isrNodes: readonly number[];
  readonly offlineReplicas: readonly number[];
}

export function readMetadataResponsePartition(r: WireReader, version: number): MetadataResponsePartition {
  const errorCode = r.int16();
  const partitionIndex = r.int32();
  const leaderId = r.int32();
  const leaderEpoch = version >= 7 ? r.int32() : -1;
  const replicaNodes = r.array(() => r.int32());
  const isrNodes = r.array(() => r.int32());
  const offlineReplicas = version >= 5 ? r.array(() => r.int32()) : [];
  r.tags();
  return { errorCode, partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes, offlineReplicas };
}

export function writeMetadataResponsePartition(
  w: WireWriter,
  m: Sparse<MetadataResponsePartition>,
  version: number,
): void {
  w.int16(m.errorCode ?? 0);
  w.int32(m.partitionIndex ?? 0);
  w.int32(m.leaderId ?? 0);
  if (version >= 7) w.int32(m.leaderEpoch ?? -1);
  w.array(m.replicaNodes ?? [], (item) => w.int32(item));
  w.array(m.isrNodes ?? [], (item) => w.int32(item));
  if (version >= 5) w.array(m.offlineReplicas ?? [], (item) => w.int32(item));
  w.tags();
}

export interface MetadataResponseTopic {
  readonly errorCode: number;
  readonly name: string | null;
  readonly topicId: string;
  readonly isInternal: boolean;
  readonly partitions: readonly MetadataResponsePartition[];
  readonly topicAuthorizedOperations: number;
}

export function readMetadataResponseTopic(r: WireReader, version: number): MetadataResponseTopic {
  const errorCode = r.int16();
  const name = r.nullableString();
  const topicId = version >= 10 ? r.uuid() : zeroUuid;
  const isInternal = version >= 1 ? r.bool() : false;
  const partitions = r.array(() => readMetadataResponsePartition(r, version));
  const topicAuthorizedOperations = version >= 8 ? r.int32() : -2147483648;
  r.tags();
  return { errorCode, name, topicId, isInternal, partitions, topicAuthorizedOperations };
}

export function writeMetadataResponseTopic(
  w: WireWriter,
  m: Sparse<MetadataResponseTopic>,
  version: number,
): void {
  w.int16(m.errorCode ?? 0);
  w.string(m.name === undefined ? '' : m.name);
  if (version >= 10) w.uuid(m.topicId ?? zeroUuid);
  if (version >= 1) w.bool(m.isInternal ?? false);
  w.array(m.partitions ?? [], (item) => writeMetadataResponsePartition(w, item, version));
  if (version >= 8) w.int32(m.topicAuthorizedOperations ?? -2147483648);
  w.tags();
}

export interface MetadataResponseBroker {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export function readMetadataResponseBroker(r: WireReader, version: number): MetadataResponseBroker {
  const nodeId = r.int32();
  const host = r.string();
  const port = r.int32();
  const rack = version >= 1 ? r.nullableString() : null;
  r.tags();
  return { nodeId, host, port, rack };
}

export function writeMetadataResponseBroker(
  w: WireWriter,
  m: Sparse<MetadataResponseBroker>,
  version: number,
): void {
  w.int32(m.nodeId ?? 0);
  w.string(m.host ?? '');
  w.int32(m.port ?? 0);
  if (version >= 1) w.string(m.rack ?? null);
  w.tags();
}

export interface MetadataResponse {
  readonly throttleTimeMs: number;
  readonly brokers: readonly MetadataResponseBroker[];
  readonly clusterId: string | null;
  readonly controllerId: number;
  readonly topics: readonly MetadataResponseTopic[];
  readonly clusterAuthorizedOperations: number;
}

export function readMetadataResponse(r: WireReader, version: number): MetadataResponse {
  const throttleTimeMs = version >= 3 ? r.int32() : 0;
  const brokers = r.array(() => readMetadataResponseBroker(r, version));
  const clusterId = version >= 2 ? r.nullableString() : null;
  const controllerId = version >= 1 ? r.int32() : -1;
  const topics = r.array(() => readMetadataResponseTopic(r, version));
  const clusterAuthorizedOperations = version >= 8 && version <= 10 ? r.int32() : -2147483648;
  r.tags();
  return { throttleTimeMs, brokers, clusterId, controllerId, topics, clusterAuthorizedOperations };
}

export function writeMetadataResponse(w: WireWriter, m: Sparse<MetadataResponse>, version: number): void {
  if (version >= 3) w.int32(m.throttleTimeMs ?? 0);
  w.array(m.brokers ?? [], (item) => writeMetadataResponseBroker(w, item, version));
  if (version >= 2) w.string(m.clusterId ?? null);
  if (version >= 1) w.int32(m.controllerId ?? -1);
  w.array(m.topics ?? [], (item) => writeMetadataResponseTopic(w, item, version));
  if (version >= 8 && version <= 10) w.int32(m.clusterAuthorizedOperations ?? -2147483648);
  w.tags();
}

export const metadataApi = {
  key: 3,
  min: 0,
  max: 12,
  flexibleFrom: 9,
  readRequest: readMetadataRequest,
  writeRequest: writeMetadataRequest,
  readResponse: readMetadataResponse,
  writeResponse: writeMetadataResponse,
} as const;
