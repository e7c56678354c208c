/* OffsetCommit, versions 2 to 9. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface OffsetCommitRequestPartition {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly committedMetadata: string | null;
}

export function readOffsetCommitRequestPartition(
  r: WireReader,
  version: number,
): OffsetCommitRequestPartition {
  const partitionIndex = r.int32();
  const committedOffset = r.int64();
  const committedLeaderEpoch = version >= 6 ? r.int32() : -1;
  const committedMetadata = r.nullableString();
  r.tags();
  return { partitionIndex, committedOffset, committedLeaderEpoch, committedMetadata };
}

export function writeOffsetCommitRequestPartition(
  w: WireWriter,
  m: Sparse<OffsetCommitRequestPartition>,
  version: number,
): void {
  w.int32(m.partitionIndex ?? 0);
  w.int64(m.committedOffset ?? 0);
  if (version >= 6) w.int32(m.committedLeaderEpoch ?? -1);
  w.string(m.committedMetadata === undefined ? '' : m.committedMetadata);
  w.tags();
}

export interface OffsetCommitRequestTopic {
  readonly name: string;
  readonly partitions: readonly OffsetCommitRequestPartition[];
}

export function readOffsetCommitRequestTopic(r: WireReader, version: number): OffsetCommitRequestTopic {
  const name = r.string();
  const partitions = r.array(() => readOffsetCommitRequestPartition(r, version));
  r.tags();
  return { name, partitions };
}

export function writeOffsetCommitRequestTopic(
  w: WireWriter,
  m: Sparse<OffsetCommitRequestTopic>,
  version: number,
): void {
  w.string(m.name ?? '');
  w.array(m.partitions ?? [], (item) => writeOffsetCommitRequestPartition(w, item, version));
  w.tags();
}

export interface OffsetCommitRequest {
  readonly groupId: string;
  readonly generationIdOrMemberEpoch: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly retentionTimeMs: number;
  readonly topics: readonly OffsetCommitRequestTopic[];
}

export function readOffsetCommitRequest(r: WireReader, version: number): OffsetCommitRequest {
  const groupId = r.string();
  const generationIdOrMemberEpoch = r.int32();
  const memberId = r.string();
  const groupInstanceId = version >= 7 ? r.nullableString() : null;
  const retentionTimeMs = version <= 4 ? r.int64() : -1;
  const topics = r.array(() => readOffsetCommitRequestTopic(r, version));
  r.tags();
  return { groupId, generationIdOrMemberEpoch, memberId, groupInstanceId, retentionTimeMs, topics };
}

export function writeOffsetCommitRequest(
  w: WireWriter,
  m: Sparse<OffsetCommitRequest>,
  version: number,
): void {
  w.string(m.groupId ?? '');
  w.int32(m.generationIdOrMemberEpoch ?? -1);
  w.string(m.memberId ?? '');
  if (version >= 7) w.string(m.groupInstanceId ?? null);
  if (version <= 4) w.int64(m.retentionTimeMs ?? -1);
  w.array(m.topics ?? [], (item) => writeOffsetCommitRequestTopic(w, item, version));
  w.tags();
}

export interface OffsetCommitResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
}

export function readOffsetCommitResponsePartition(
  r: WireReader,
  _version: number,
): OffsetCommitResponsePartition {
  const partitionIndex = r.int32();
  const errorCode = r.int16();
  r.tags();
  return { partitionIndex, errorCode };
}

export function writeOffsetCommitResponsePartition(
  w: WireWriter,
  m: Sparse<OffsetCommitResponsePartition>,
  _version: number,
): void {
  w.int32(m.partitionIndex ?? 0);
  w.int16(m.errorCode ?? 0);
  w.tags();
}

export interface OffsetCommitResponseTopic {
  readonly name: string;
  readonly partitions: readonly OffsetCommitResponsePartition[];
}

export function readOffsetCommitResponseTopic(r: WireReader, version: number): OffsetCommitResponseTopic {
  const name = r.string();
  const partitions = r.array(() => readOffsetCommitResponsePartition(r, version));
  r.tags();
  return { name, partitions };
}

export function writeOffsetCommitResponseTopic(
  w: WireWriter,
  m: Sparse<OffsetCommitResponseTopic>,
  version: number,
): void {
  w.string(m.name ?? '');
  w.array(m.partitions ?? [], (item) => writeOffsetCommitResponsePartition(w, item, version));
  w.tags();
}

export interface OffsetCommitResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly OffsetCommitResponseTopic[];
}

export function readOffsetCommitResponse(r: WireReader, version: number): OffsetCommitResponse {
  const throttleTimeMs = version >= 3 ? r.int32() : 0;
  const topics = r.array(() => readOffsetCommitResponseTopic(r, version));
  r.tags();
  return { throttleTimeMs, topics };
}

export function writeOffsetCommitResponse(
  w: WireWriter,
  m: Sparse<OffsetCommitResponse>,
  version: number,
): void {
  if (version >= 3) w.int32(m.throttleTimeMs ?? 0);
  w.array(m.topics ?? [], (item) => writeOffsetCommitResponseTopic(w, item, version));
  w.tags();
}

export const offsetCommitApi = {
  key: 8,
  min: 2,
  max: 9,
  flexibleFrom: 8,
  readRequest: readOffsetCommitRequest,
  writeRequest: writeOffsetCommitRequest,
  readResponse: readOffsetCommitResponse,
  writeResponse: writeOffsetCommitResponse,
} as const;
