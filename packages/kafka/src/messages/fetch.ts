/* Fetch, versions 4 to 17. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import { zeroUuid } from '../wire/uuid.ts';
import { tagged, type WireWriter } from '../wire/writer.ts';

export interface ForgottenTopic {
  readonly topic: string;
  readonly topicId: string;
  readonly partitions: readonly number[];
}

export function readForgottenTopic(r: WireReader, version: number): ForgottenTopic {
  const topic = version >= 7 && version <= 12 ? r.string() : '';
  const topicId = version >= 13 ? r.uuid() : zeroUuid;
  const partitions = version >= 7 ? r.array(() => r.int32()) : [];
  r.tags();
  return { topic, topicId, partitions };
}

export function writeForgottenTopic(w: WireWriter, m: Sparse<ForgottenTopic>, version: number): void {
  if (version >= 7 && version <= 12) w.string(m.topic ?? '');
  if (version >= 13) w.uuid(m.topicId ?? zeroUuid);
  if (version >= 7) w.array(m.partitions ?? [], (item) => w.int32(item));
  w.tags();
}

export interface FetchPartition {
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  readonly logStartOffset: number;
  readonly partitionMaxBytes: number;
  readonly replicaDirectoryId: string;
}

export function readFetchPartition(r: WireReader, version: number): FetchPartition {
  const partition = r.int32();
  const currentLeaderEpoch = version >= 9 ? r.int32() : -1;
  const fetchOffset = r.int64();
  const lastFetchedEpoch = version >= 12 ? r.int32() : -1;
  const logStartOffset = version >= 5 ? r.int64() : -1;
  const partitionMaxBytes = r.int32();
  let replicaDirectoryId: string = zeroUuid;
  r.tags((tag) => {
    if (tag === 0) replicaDirectoryId = r.uuid();
    else return false;
    return true;
  });
  return {
    partition,
    currentLeaderEpoch,
    fetchOffset,
    lastFetchedEpoch,
    logStartOffset,
    partitionMaxBytes,
    replicaDirectoryId,
  };
}

export function writeFetchPartition(w: WireWriter, m: Sparse<FetchPartition>, version: number): void {
  w.int32(m.partition ?? 0);
  if (version >= 9) w.int32(m.currentLeaderEpoch ?? -1);
  w.int64(m.fetchOffset ?? 0);
  if (version >= 12) w.int32(m.lastFetchedEpoch ?? -1);
  if (version >= 5) w.int64(m.logStartOffset ?? -1);
  w.int32(m.partitionMaxBytes ?? 0);
  w.tags([
    ...tagged(
      version >= 17 && m.replicaDirectoryId !== undefined && m.replicaDirectoryId !== zeroUuid,
      0,
      (t) => t.uuid(m.replicaDirectoryId!),
    ),
  ]);
}

export interface FetchTopic {
  readonly topic: string;
  readonly topicId: string;
  readonly partitions: readonly FetchPartition[];
}

export function readFetchTopic(r: WireReader, version: number): FetchTopic {
  const topic = version <= 12 ? r.string() : '';
  const topicId = version >= 13 ? r.uuid() : zeroUuid;
  const partitions = r.array(() => readFetchPartition(r, version));
  r.tags();
  return { topic, topicId, partitions };
}

export function writeFetchTopic(w: WireWriter, m: Sparse<FetchTopic>, version: number): void {
  if (version <= 12) w.string(m.topic ?? '');
  if (version >= 13) w.uuid(m.topicId ?? zeroUuid);
  w.array(m.partitions ?? [], (item) => writeFetchPartition(w, item, version));
  w.tags();
}

export interface ReplicaState {
  readonly replicaId: number;
  readonly replicaEpoch: number;
}

export function readReplicaState(r: WireReader, version: number): ReplicaState {
  const replicaId = version >= 15 ? r.int32() : -1;
  const replicaEpoch = version >= 15 ? r.int64() : -1;
  r.tags();
  return { replicaId, replicaEpoch };
}

export function writeReplicaState(w: WireWriter, m: Sparse<ReplicaState>, version: number): void {
  if (version >= 15) w.int32(m.replicaId ?? -1);
  if (version >= 15) w.int64(m.replicaEpoch ?? -1);
  w.tags();
}

export interface FetchRequest {
  readonly clusterId: string | null;
  readonly replicaId: number;
  readonly replicaState: ReplicaState | null;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolationLevel: number;
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly topics: readonly FetchTopic[];
  readonly forgottenTopicsData: readonly ForgottenTopic[];
  readonly rackId: string;
}

export function readFetchRequest(r: WireReader, version: number): FetchRequest {
  const replicaId = version <= 14 ? r.int32() : -1;
  const maxWaitMs = r.int32();
  const minBytes = r.int32();
  const maxBytes = r.int32();
  const isolationLevel = r.int8();
  const sessionId = version >= 7 ? r.int32() : 0;
  const sessionEpoch = version >= 7 ? r.int32() : -1;
  const topics = r.array(() => readFetchTopic(r, version));
  const forgottenTopicsData = version >= 7 ? r.array(() => readForgottenTopic(r, version)) : [];
  const rackId = version >= 11 ? r.string() : '';
  let clusterId: string | null = null;
  let replicaState: ReplicaState | null = null;
  r.tags((tag) => {
    if (tag === 0) clusterId = r.nullableString();
    else if (tag === 1) replicaState = readReplicaState(r, version);
    else return false;
    return true;
  });
  return {
    clusterId,
    replicaId,
    replicaState,
    maxWaitMs,
    minBytes,
    maxBytes,
    isolationLevel,
    sessionId,
    sessionEpoch,
    topics,
    forgottenTopicsData,
    rackId,
  };
}

export function writeFetchRequest(w: WireWriter, m: Sparse<FetchRequest>, version: number): void {
  if (version <= 14) w.int32(m.replicaId ?? -1);
  w.int32(m.maxWaitMs ?? 0);
  w.int32(m.minBytes ?? 0);
  w.int32(m.maxBytes ?? 2147483647);
  w.int8(m.isolationLevel ?? 0);
  if (version >= 7) w.int32(m.sessionId ?? 0);
  if (version >= 7) w.int32(m.sessionEpoch ?? -1);
  w.array(m.topics ?? [], (item) => writeFetchTopic(w, item, version));
  if (version >= 7) w.array(m.forgottenTopicsData ?? [], (item) => writeForgottenTopic(w, item, version));
  if (version >= 11) w.string(m.rackId ?? '');
  w.tags([
    ...tagged(version >= 12 && m.clusterId !== undefined && m.clusterId !== null, 0, (t) =>
      t.string(m.clusterId!),
    ),
    ...tagged(version >= 15 && m.replicaState !== undefined && m.replicaState !== null, 1, (t) =>
      writeReplicaState(t, m.replicaState!, version),
    ),
  ]);
}

export interface NodeEndpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export function readNodeEndpoint(r: WireReader, version: number): NodeEndpoint {
  const nodeId = version >= 16 ? r.int32() : 0;
  const host = version >= 16 ? r.string() : '';
  const port = version >= 16 ? r.int32() : 0;
  const rack = version >= 16 ? r.nullableString() : null;
  r.tags();
  return { nodeId, host, port, rack };
}

export function writeNodeEndpoint(w: WireWriter, m: Sparse<NodeEndpoint>, version: number): void {
  if (version >= 16) w.int32(m.nodeId ?? 0);
  if (version >= 16) w.string(m.host ?? '');
  if (version >= 16) w.int32(m.port ?? 0);
  if (version >= 16) w.string(m.rack ?? null);
  w.tags();
}

export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

export function readAbortedTransaction(r: WireReader, _version: number): AbortedTransaction {
  const producerId = r.int64();
  const firstOffset = r.int64();
  r.tags();
  return { producerId, firstOffset };
}

export function writeAbortedTransaction(
  w: WireWriter,
  m: Sparse<AbortedTransaction>,
  _version: number,
): void {
  w.int64(m.producerId ?? 0);
  w.int64(m.firstOffset ?? 0);
  w.tags();
}

export interface SnapshotId {
  readonly endOffset: number;
  readonly epoch: number;
}

export function readSnapshotId(r: WireReader, _version: number): SnapshotId {
  const endOffset = r.int64();
  const epoch = r.int32();
  r.tags();
  return { endOffset, epoch };
}

export function writeSnapshotId(w: WireWriter, m: Sparse<SnapshotId>, _version: number): void {
  w.int64(m.endOffset ?? -1);
  w.int32(m.epoch ?? -1);
  w.tags();
}

export interface LeaderIdAndEpoch {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

export function readLeaderIdAndEpoch(r: WireReader, version: number): LeaderIdAndEpoch {
  const leaderId = version >= 12 ? r.int32() : -1;
  const leaderEpoch = version >= 12 ? r.int32() : -1;
  r.tags();
  return { leaderId, leaderEpoch };
}

export function writeLeaderIdAndEpoch(w: WireWriter, m: Sparse<LeaderIdAndEpoch>, version: number): void {
  if (version >= 12) w.int32(m.leaderId ?? -1);
  if (version >= 12) w.int32(m.leaderEpoch ?? -1);
  w.tags();
}

export interface EpochEndOffset {
  readonly epoch: number;
  readonly endOffset: number;
}

export function readEpochEndOffset(r: WireReader, version: number): EpochEndOffset {
  const epoch = version >= 12 ? r.int32() : -1;
  const endOffset = version >= 12 ? r.int64() : -1;
  r.tags();
  return { epoch, endOffset };
}

export function writeEpochEndOffset(w: WireWriter, m: Sparse<EpochEndOffset>, version: number): void {
  if (version >= 12) w.int32(m.epoch ?? -1);
  if (version >= 12) w.int64(m.endOffset ?? -1);
  w.tags();
}

export interface PartitionData {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly divergingEpoch: EpochEndOffset | null;
  readonly currentLeader: LeaderIdAndEpoch | null;
  readonly snapshotId: SnapshotId | null;
  readonly abortedTransactions: readonly AbortedTransaction[] | null;
  readonly preferredReadReplica: number;
  readonly records: readonly Uint8Array[] | null;
}

export function readPartitionData(r: WireReader, version: number): PartitionData {
  const partitionIndex = r.int32();
  const errorCode = r.int16();
  const highWatermark = r.int64();
  const lastStableOffset = r.int64();
  const logStartOffset = version >= 5 ? r.int64() : -1;
  const abortedTransactions = r.nullableArray(() => readAbortedTransaction(r, version));
  const preferredReadReplica = version >= 11 ? r.int32() : -1;
  const records = r.records();
  let divergingEpoch: EpochEndOffset | null = null;
  let currentLeader: LeaderIdAndEpoch | null = null;
  let snapshotId: SnapshotId | null = null;
  r.tags((tag) => {
    if (tag === 0) divergingEpoch = readEpochEndOffset(r, version);
    else if (tag === 1) currentLeader = readLeaderIdAndEpoch(r, version);
    else if (tag === 2) snapshotId = readSnapshotId(r, version);
    else return false;
    return true;
  });
  return {
    partitionIndex,
    errorCode,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    divergingEpoch,
    currentLeader,
    snapshotId,
    abortedTransactions,
    preferredReadReplica,
    records,
  };
}

export function writePartitionData(w: WireWriter, m: Sparse<PartitionData>, version: number): void {
  w.int32(m.partitionIndex ?? 0);
  w.int16(m.errorCode ?? 0);
  w.int64(m.highWatermark ?? 0);
  w.int64(m.lastStableOffset ?? -1);
  if (version >= 5) w.int64(m.logStartOffset ?? -1);
  w.array(m.abortedTransactions === undefined ? [] : m.abortedTransactions, (item) =>
    writeAbortedTransaction(w, item, version),
  );
  if (version >= 11) w.int32(m.preferredReadReplica ?? -1);
  w.chunks(m.records ?? null);
  w.tags([
    ...tagged(version >= 12 && m.divergingEpoch !== undefined && m.divergingEpoch !== null, 0, (t) =>
      writeEpochEndOffset(t, m.divergingEpoch!, version),
    ),
    ...tagged(version >= 12 && m.currentLeader !== undefined && m.currentLeader !== null, 1, (t) =>
      writeLeaderIdAndEpoch(t, m.currentLeader!, version),
    ),
    ...tagged(version >= 12 && m.snapshotId !== undefined && m.snapshotId !== null, 2, (t) =>
      writeSnapshotId(t, m.snapshotId!, version),
    ),
  ]);
}

export interface FetchableTopicResponse {
  readonly topic: string;
  readonly topicId: string;
  readonly partitions: readonly PartitionData[];
}

export function readFetchableTopicResponse(r: WireReader, version: number): FetchableTopicResponse {
  const topic = version <= 12 ? r.string() : '';
  const topicId = version >= 13 ? r.uuid() : zeroUuid;
  const partitions = r.array(() => readPartitionData(r, version));
  r.tags();
  return { topic, topicId, partitions };
}

export function writeFetchableTopicResponse(
  w: WireWriter,
  m: Sparse<FetchableTopicResponse>,
  version: number,
): void {
  if (version <= 12) w.string(m.topic ?? '');
  if (version >= 13) w.uuid(m.topicId ?? zeroUuid);
  w.array(m.partitions ?? [], (item) => writePartitionData(w, item, version));
  w.tags();
}

export interface FetchResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly sessionId: number;
  readonly responses: readonly FetchableTopicResponse[];
  readonly nodeEndpoints: readonly NodeEndpoint[];
}

export function readFetchResponse(r: WireReader, version: number): FetchResponse {
  const throttleTimeMs = r.int32();
  const errorCode = version >= 7 ? r.int16() : 0;
  const sessionId = version >= 7 ? r.int32() : 0;
  const responses = r.array(() => readFetchableTopicResponse(r, version));
  let nodeEndpoints: readonly NodeEndpoint[] = [];
  r.tags((tag) => {
    if (tag === 0) nodeEndpoints = r.array(() => readNodeEndpoint(r, version));
    else return false;
    return true;
  });
  return { throttleTimeMs, errorCode, sessionId, responses, nodeEndpoints };
}

export function writeFetchResponse(w: WireWriter, m: Sparse<FetchResponse>, version: number): void {
  w.int32(m.throttleTimeMs ?? 0);
  if (version >= 7) w.int16(m.errorCode ?? 0);
  if (version >= 7) w.int32(m.sessionId ?? 0);
  w.array(m.responses ?? [], (item) => writeFetchableTopicResponse(w, item, version));
  w.tags([
    ...tagged(version >= 16 && m.nodeEndpoints !== undefined && m.nodeEndpoints.length > 0, 0, (t) =>
      t.array(m.nodeEndpoints!, (item) => writeNodeEndpoint(t, item, version)),
    ),
  ]);
}

export const fetchApi = {
  key: 1,
  min: 4,
  max: 17,
  flexibleFrom: 12,
  readRequest: readFetchRequest,
  writeRequest: writeFetchRequest,
  readResponse: readFetchResponse,
  writeResponse: writeFetchResponse,
} as const;
