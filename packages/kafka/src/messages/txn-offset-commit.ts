/* TxnOffsetCommit, versions 0 to 5. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface TxnOffsetCommitRequestPartition {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly committedMetadata: string | null;
}

export function readTxnOffsetCommitRequestPartition(
  r: WireReader,
  version: number,
): TxnOffsetCommitRequestPartition {
  const partitionIndex = r.int32();
  const committedOffset = r.int64();
  const committedLeaderEpoch = version >= 2 ? r.int32() : -1;
  const committedMetadata = r.nullableString();
  r.tags();
  return { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata };
}

export function writeTxnOffsetCommitRequestPartition(
  w: WireWriter,
  m: Sparse<TxnOffsetCommitRequestPartition>,
  version: number,
): void {
  w.int32(m.partitionIndex ?? 0);
  w.int64(m.committedOffset ?? 0);
  if (version >= 2) w.int32(m.committedLeaderEpoch ?? -1);
  w.string(m.committedMetadata === undefined ? '' : m.committedMetadata);
  w.tags();
}

export interface TxnOffsetCommitRequestTopic {
  readonly name: string;
  readonly partitions: readonly TxnOffsetCommitRequestPartition[];
}

export function readTxnOffsetCommitRequestTopic(r: WireReader, version: number): TxnOffsetCommitRequestTopic {
  const name = r.string();
  const partitions = r.array(() => readTxnOffsetCommitRequestPartition(r, version));
  r.tags();
  return { name, partitions };
}

export function writeTxnOffsetCommitRequestTopic(
  w: WireWriter,
  m: Sparse<TxnOffsetCommitRequestTopic>,
  version: number,
): void {
  w.string(m.name ?? '');
  w.array(m.partitions ?? [], (item) => writeTxnOffsetCommitRequestPartition(w, item, version));
  w.tags();
}

export interface TxnOffsetCommitRequest {
  readonly transactionalId: string;
  readonly groupId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly topics: readonly TxnOffsetCommitRequestTopic[];
}

export function readTxnOffsetCommitRequest(r: WireReader, version: number): TxnOffsetCommitRequest {
  const transactionalId = r.string();
  const groupId = r.string();
  const producerId = r.int64();
  const producerEpoch = r.int16();
  const generationId = version >= 3 ? r.int32() : -1;
  const memberId = version >= 3 ? r.string() : '';
  const groupInstanceId = version >= 3 ? r.nullableString() : null;
  const topics = r.array(() => readTxnOffsetCommitRequestTopic(r, version));
  r.tags();
  return {
    transactionalId,
    groupId,
    producerId,
    producerEpoch,
    generationId,
    memberId,
    groupInstanceId,
    topics,
  };
}

export function writeTxnOffsetCommitRequest(
  w: WireWriter,
  m: Sparse<TxnOffsetCommitRequest>,
  version: number,
): void {
  w.string(m.transactionalId ?? '');
  w.string(m.groupId ?? '');
  w.int64(m.producerId ?? 0);
  w.int16(m.producerEpoch ?? 0);
  if (version >= 3) w.int32(m.generationId ?? -1);
  if (version >= 3) w.string(m.memberId ?? '');
  if (version >= 3) w.string(m.groupInstanceId ?? null);
  w.array(m.topics ?? [], (item) => writeTxnOffsetCommitRequestTopic(w, item, version));
  w.tags();
}

export interface TxnOffsetCommitResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
}

export function readTxnOffsetCommitResponsePartition(
  r: WireReader,
  _version: number,
): TxnOffsetCommitResponsePartition {
  const partitionIndex = r.int32();
  const errorCode = r.int16();
  r.tags();
  return { partitionIndex, errorCode };
}

export function writeTxnOffsetCommitResponsePartition(
  w: WireWriter,
  m: Sparse<TxnOffsetCommitResponsePartition>,
  _version: number,
): void {
  w.int32(m.partitionIndex ?? 0);
  w.int16(m.errorCode ?? 0);
  w.tags();
}

export interface TxnOffsetCommitResponseTopic {
  readonly name: string;
  readonly partitions: readonly TxnOffsetCommitResponsePartition[];
}

export function readTxnOffsetCommitResponseTopic(
  r: WireReader,
  version: number,
): TxnOffsetCommitResponseTopic {
  const name = r.string();
  const partitions = r.array(() => readTxnOffsetCommitResponsePartition(r, version));
  r.tags();
  return { name, partitions };
}

export function writeTxnOffsetCommitResponseTopic(
  w: WireWriter,
  m: Sparse<TxnOffsetCommitResponseTopic>,
  version: number,
): void {
  w.string(m.name ?? '');
  w.array(m.partitions ?? [], (item) => writeTxnOffsetCommitResponsePartition(w, item, version));
  w.tags();
}

export interface TxnOffsetCommitResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly TxnOffsetCommitResponseTopic[];
}

export function readTxnOffsetCommitResponse(r: WireReader, version: number): TxnOffsetCommitResponse {
  const throttleTimeMs = r.int32();
  const topics = r.array(() => readTxnOffsetCommitResponseTopic(r, version));
  r.tags();
  return { throttleTimeMs, topics };
}

export function writeTxnOffsetCommitResponse(
  w: WireWriter,
  m: Sparse<TxnOffsetCommitResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.topics ?? [], (item) => writeTxnOffsetCommitResponseTopic(w, item, version));
  w.tags();
}

export const txnOffsetCommitApi = {
  key: 28,
  min: 0,
  max: 5,
  flexibleFrom: 3,
  readRequest: readTxnOffsetCommitRequest,
  writeRequest: writeTxnOffsetCommitRequest,
  readResponse: readTxnOffsetCommitResponse,
  writeResponse: writeTxnOffsetCommitResponse,
} as const;
