/* Produce, versions 3 to 12. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import { tagged, type WireWriter } from '../wire/writer.ts';

export interface PartitionProduceData {
  readonly index: number;
  readonly records: readonly Uint8Array[] | null;
}

export function readPartitionProduceData(r: WireReader, _version: number): PartitionProduceData {
  const index = r.int32();
  const records = r.records();
  r.tags();
  return { index, records };
}

export function writePartitionProduceData(
  w: WireWriter,
  m: Sparse<PartitionProduceData>,
  _version: number,
): void {
  w.int32(m.index ?? 0);
  w.chunks(m.records ?? null);
  w.tags();
}

export interface TopicProduceData {
  readonly name: string;
  readonly partitionData: readonly PartitionProduceData[];
}

export function readTopicProduceData(r: WireReader, version: number): TopicProduceData {
  const name = r.string();
  const partitionData = r.array(() => readPartitionProduceData(r, version));
  r.tags();
  return { name, partitionData };
}

export function writeTopicProduceData(w: WireWriter, m: Sparse<TopicProduceData>, version: number): void {
  w.string(m.name ?? '');
  w.array(m.partitionData ?? [], (item) => writePartitionProduceData(w, item, version));
  w.tags();
}

export interface ProduceRequest {
  readonly transactionalId: string | null;
  readonly acks: number;
  readonly timeoutMs: number;
  readonly topicData: readonly TopicProduceData[];
}

export function readProduceRequest(r: WireReader, version: number): ProduceRequest {
  const transactionalId = r.nullableString();
  const acks = r.int16();
  const timeoutMs = r.int32();
  const topicData = r.array(() => readTopicProduceData(r, version));
  r.tags();
  return { transactionalId, acks, timeoutMs, topicData };
}

export function writeProduceRequest(w: WireWriter, m: Sparse<ProduceRequest>, version: number): void {
  w.string(m.transactionalId ?? null);
  w.int16(m.acks ?? 0);
  w.int32(m.timeoutMs ?? 0);
  w.array(m.topicData ?? [], (item) => writeTopicProduceData(w, item, version));
  w.tags();
}

export interface NodeEndpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export function readNodeEndpoint(r: WireReader, version: number): NodeEndpoint {
  const nodeId = version >= 10 ? r.int32() : 0;
  const host = version >= 10 ? r.string() : '';
  const port = version >= 10 ? r.int32() : 0;
  const rack = version >= 10 ? r.nullableString() : null;
  r.tags();
  return { nodeId, host, port, rack };
}

export function writeNodeEndpoint(w: WireWriter, m: Sparse<NodeEndpoint>, version: number): void {
  if (version >= 10) w.int32(m.nodeId ?? 0);
  if (version >= 10) w.string(m.host ?? '');
  if (version >= 10) w.int32(m.port ?? 0);
  if (version >= 10) w.string(m.rack ?? null);
  w.tags();
}

export interface LeaderIdAndEpoch {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

export function readLeaderIdAndEpoch(r: WireReader, version: number): LeaderIdAndEpoch {
  const leaderId = version >= 10 ? r.int32() : -1;
  const leaderEpoch = version >= 10 ? r.int32() : -1;
  r.tags();
  return { leaderId, leaderEpoch };
}

export function writeLeaderIdAndEpoch(w: WireWriter, m: Sparse<LeaderIdAndEpoch>, version: number): void {
  if (version >= 10) w.int32(m.leaderId ?? -1);
  if (version >= 10) w.int32(m.leaderEpoch ?? -1);
  w.tags();
}

export interface BatchIndexAndErrorMessage {
  readonly batchIndex: number;
  readonly batchIndexErrorMessage: string | null;
}

export function readBatchIndexAndErrorMessage(r: WireReader, version: number): BatchIndexAndErrorMessage {
  const batchIndex = version >= 8 ? r.int32() : 0;
  const batchIndexErrorMessage = version >= 8 ? r.nullableString() : null;
  r.tags();
  return { batchIndex, batchIndexErrorMessage };
}

export function writeBatchIndexAndErrorMessage(
  w: WireWriter,
  m: Sparse<BatchIndexAndErrorMessage>,
  version: number,
): void {
  if (version >= 8) w.int32(m.batchIndex ?? 0);
  if (version >= 8) w.string(m.batchIndexErrorMessage ?? null);
  w.tags();
}

export interface PartitionProduceResponse {
  readonly index: number;
  readonly errorCode: number;
  readonly baseOffset: number;
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
  readonly recordErrors: readonly BatchIndexAndErrorMessage[];
  readonly errorMessage: string | null;
  readonly currentLeader: LeaderIdAndEpoch | null;
}

export function readPartitionProduceResponse(r: WireReader, version: number): PartitionProduceResponse {
  const index = r.int32();
  const errorCode = r.int16();
  const baseOffset = r.int64();
  const logAppendTimeMs = r.int64();
  const logStartOffset = version >= 5 ? r.int64() : -1;
  const recordErrors = version >= 8 ? r.array(() => readBatchIndexAndErrorMessage(r, version)) : [];
  const errorMessage = version >= 8 ? r.nullableString() : null;
  let currentLeader: LeaderIdAndEpoch | null = null;
  r.tags((tag) => {
    if (tag === 0) currentLeader = readLeaderIdAndEpoch(r, version);
    else return false;
    return true;
  });
  return {
    index,
    errorCode,
    baseOffset,
    logAppendTimeMs,
    logStartOffset,
    recordErrors,
    errorMessage,
    currentLeader,
  };
}

export function writePartitionProduceResponse(
  w: WireWriter,
  m: Sparse<PartitionProduceResponse>,
  version: number,
): void {
  w.int32(m.index ?? 0);
  w.int16(m.errorCode ?? 0);
  w.int64(m.baseOffset ?? 0);
  w.int64(m.logAppendTimeMs ?? -1);
  if (version >= 5) w.int64(m.logStartOffset ?? -1);
  if (version >= 8) w.array(m.recordErrors ?? [], (item) => writeBatchIndexAndErrorMessage(w, item, version));
  if (version >= 8) w.string(m.errorMessage ?? null);
  w.tags([
    ...tagged(version >= 10 && m.currentLeader !== undefined && m.currentLeader !== null, 0, (t) =>
      writeLeaderIdAndEpoch(t, m.currentLeader!, version),
    ),
  ]);
}

export interface TopicProduceResponse {
  readonly name: string;
  readonly partitionResponses: readonly PartitionProduceResponse[];
}

export function readTopicProduceResponse(r: WireReader, version: number): TopicProduceResponse {
  const name = r.string();
  const partitionResponses = r.array(() => readPartitionProduceResponse(r, version));
  r.tags();
  return { name, partitionResponses };
}

export function writeTopicProduceResponse(
  w: WireWriter,
  m: Sparse<TopicProduceResponse>,
  version: number,
): void {
  w.string(m.name ?? '');
  w.array(m.partitionResponses ?? [], (item) => writePartitionProduceResponse(w, item, version));
  w.tags();
}

export interface ProduceResponse {
  readonly responses: readonly TopicProduceResponse[];
  readonly throttleTimeMs: number;
  readonly nodeEndpoints: readonly NodeEndpoint[];
}

export function readProduceResponse(r: WireReader, version: number): ProduceResponse {
  const responses = r.array(() => readTopicProduceResponse(r, version));
  const throttleTimeMs = r.int32();
  let nodeEndpoints: readonly NodeEndpoint[] = [];
  r.tags((tag) => {
    if (tag === 0) nodeEndpoints = r.array(() => readNodeEndpoint(r, version));
    else return false;
    return true;
  });
  return { responses, throttleTimeMs, nodeEndpoints };
}

export function writeProduceResponse(w: WireWriter, m: Sparse<ProduceResponse>, version: number): void {
  w.array(m.responses ?? [], (item) => writeTopicProduceResponse(w, item, version));
  w.int32(m.throttleTimeMs ?? 0);
  w.tags([
    ...tagged(version >= 10 && m.nodeEndpoints !== undefined && m.nodeEndpoints.length > 0, 0, (t) =>
      t.array(m.nodeEndpoints!, (item) => writeNodeEndpoint(t, item, version)),
    ),
  ]);
}

export const produceApi = {
  key: 0,
  min: 3,
  max: 12,
  flexibleFrom: 9,
  readRequest: readProduceRequest,
  writeRequest: writeProduceRequest,
  readResponse: readProduceResponse,
  writeResponse: writeProduceResponse,
} as const;
