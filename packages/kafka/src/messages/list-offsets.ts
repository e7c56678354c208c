/* ListOffsets, versions 1 to 10. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface ListOffsetsPartition {
  readonly partitionIndex: number;
  readonly currentLeaderEpoch: number;
  readonly timestamp: number;
}

export function readListOffsetsPartition(r: WireReader, version: number): ListOffsetsPartition {
  const partitionIndex = r.int32();
  const currentLeaderEpoch = version >= 4 ? r.int32() : -1;
  const timestamp = r.int64();
  r.tags();
  return { partitionIndex, currentLeaderEpoch, timestamp };
}

export function writeListOffsetsPartition(
  w: WireWriter,
  m: Sparse<ListOffsetsPartition>,
  version: number,
): void {
  w.int32(m.partitionIndex ?? 0);
  if (version >= 4) w.int32(m.currentLeaderEpoch ?? -1);
  w.int64(m.timestamp ?? 0);
  w.tags();
}

export interface ListOffsetsTopic {
  readonly name: string;
  readonly partitions: readonly ListOffsetsPartition[];
}

export function readListOffsetsTopic(r: WireReader, version: number): ListOffsetsTopic {
  const name = r.string();
  const partitions = r.array(() => readListOffsetsPartition(r, version));
  r.tags();
  return { name, partitions };
}

export function writeListOffsetsTopic(w: WireWriter, m: Sparse<ListOffsetsTopic>, version: number): void {
  w.string(m.name ?? '');
  w.array(m.partitions ?? [], (item) => writeListOffsetsPartition(w, item, version));
  w.tags();
}

export interface ListOffsetsRequest {
  readonly replicaId: number;
  readonly isolationLevel: number;
  readonly topics: readonly ListOffsetsTopic[];
  readonly timeoutMs: number;
}

export function readListOffsetsRequest(r: WireReader, version: number): ListOffsetsRequest {
  const replicaId = r.int32();
  const isolationLevel = version >= 2 ? r.int8() : 0;
  const topics = r.array(() => readListOffsetsTopic(r, version));
  const timeoutMs = version >= 10 ? r.int32() : 0;
  r.tags();
  return { replicaId, isolationLevel, topics, timeoutMs };
}

export function writeListOffsetsRequest(w: WireWriter, m: Sparse<ListOffsetsRequest>, version: number): void {
  w.int32(m.replicaId ?? 0);
  if (version >= 2) w.int8(m.isolationLevel ?? 0);
  w.array(m.topics ?? [], (item) => writeListOffsetsTopic(w, item, version));
  if (version >= 10) w.int32(m.timeoutMs ?? 0);
  w.tags();
}

export interface ListOffsetsPartitionResponse {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly timestamp: number;
  readonly offset: number;
  readonly leaderEpoch: number;
}

export function readListOffsetsPartitionResponse(
  r: WireReader,
  version: number,
): ListOffsetsPartitionResponse {
  const partitionIndex = r.int32();
  const errorCode = r.int16();
  const timestamp = r.int64();
  const offset = r.int64();
  const leaderEpoch = version >= 4 ? r.int32() : -1;
  r.tags();
  return { partitionIndex, errorCode, timestamp, offset, leaderEpoch };
}

export function writeListOffsetsPartitionResponse(
  w: WireWriter,
  m: Sparse<ListOffsetsPartitionResponse>,
  version: number,
): void {
  w.int32(m.partitionIndex ?? 0);
  w.int16(m.errorCode ?? 0);
  w.int64(m.timestamp ?? -1);
  w.int64(m.offset ?? -1);
  if (version >= 4) w.int32(m.leaderEpoch ?? -1);
  w.tags();
}

export interface ListOffsetsTopicResponse {
  readonly name: string;
  readonly partitions: readonly ListOffsetsPartitionResponse[];
}

export function readListOffsetsTopicResponse(r: WireReader, version: number): ListOffsetsTopicResponse {
  const name = r.string();
  const partitions = r.array(() => readListOffsetsPartitionResponse(r, version));
  r.tags();
  return { name, partitions };
}

export function writeListOffsetsTopicResponse(
  w: WireWriter,
  m: Sparse<ListOffsetsTopicResponse>,
  version: number,
): void {
  w.string(m.name ?? '');
  w.array(m.partitions ?? [], (item) => writeListOffsetsPartitionResponse(w, item, version));
  w.tags();
}

export interface ListOffsetsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly ListOffsetsTopicResponse[];
}

export function readListOffsetsResponse(r: WireReader, version: number): ListOffsetsResponse {
  const throttleTimeMs = version >= 2 ? r.int32() : 0;
  const topics = r.array(() => readListOffsetsTopicResponse(r, version));
  r.tags();
  return { throttleTimeMs, topics };
}

export function writeListOffsetsResponse(
  w: WireWriter,
  m: Sparse<ListOffsetsResponse>,
  version: number,
): void {
  if (version >= 2) w.int32(m.throttleTimeMs ?? 0);
  w.array(m.topics ?? [], (item) => writeListOffsetsTopicResponse(w, item, version));
  w.tags();
}

export const listOffsetsApi = {
  key: 2,
  min: 1,
  max: 10,
  flexibleFrom: 6,
  readRequest: readListOffsetsRequest,
  writeRequest: writeListOffsetsRequest,
  readResponse: readListOffsetsResponse,
  writeResponse: writeListOffsetsResponse,
} as const;
