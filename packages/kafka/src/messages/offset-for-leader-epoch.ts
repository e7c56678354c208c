/* OffsetForLeaderEpoch, versions 2 to 4. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface OffsetForLeaderPartition {
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly leaderEpoch: number;
}

export function readOffsetForLeaderPartition(r: WireReader, _version: number): OffsetForLeaderPartition {
  const partition = r.int32();
  const currentLeaderEpoch = r.int32();
  const leaderEpoch = r.int32();
  r.tags();
  return { partition, currentLeaderEpoch, leaderEpoch };
}

export function writeOffsetForLeaderPartition(
  w: WireWriter,
  m: Sparse<OffsetForLeaderPartition>,
  _version: number,
): void {
  w.int32(m.partition ?? 0);
  w.int32(m.currentLeaderEpoch ?? -1);
  w.int32(m.leaderEpoch ?? 0);
  w.tags();
}

export interface OffsetForLeaderTopic {
  readonly topic: string;
  readonly partitions: readonly OffsetForLeaderPartition[];
}

export function readOffsetForLeaderTopic(r: WireReader, version: number): OffsetForLeaderTopic {
  const topic = r.string();
  const partitions = r.array(() => readOffsetForLeaderPartition(r, version));
  r.tags();
  return { topic, partitions };
}

export function writeOffsetForLeaderTopic(
  w: WireWriter,
  m: Sparse<OffsetForLeaderTopic>,
  version: number,
): void {
  w.string(m.topic ?? '');
  w.array(m.partitions ?? [], (item) => writeOffsetForLeaderPartition(w, item, version));
  w.tags();
}

export interface OffsetForLeaderEpochRequest {
  readonly replicaId: number;
  readonly topics: readonly OffsetForLeaderTopic[];
}

export function readOffsetForLeaderEpochRequest(r: WireReader, version: number): OffsetForLeaderEpochRequest {
  const replicaId = version >= 3 ? r.int32() : -2;
  const topics = r.array(() => readOffsetForLeaderTopic(r, version));
  r.tags();
  return { replicaId, topics };
}

export function writeOffsetForLeaderEpochRequest(
  w: WireWriter,
  m: Sparse<OffsetForLeaderEpochRequest>,
  version: number,
): void {
  if (version >= 3) w.int32(m.replicaId ?? -2);
  w.array(m.topics ?? [], (item) => writeOffsetForLeaderTopic(w, item, version));
  w.tags();
}

export interface EpochEndOffset {
  readonly errorCode: number;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly endOffset: number;
}

export function readEpochEndOffset(r: WireReader, _version: number): EpochEndOffset {
  const errorCode = r.int16();
  const partition = r.int32();
  const leaderEpoch = r.int32();
  const endOffset = r.int64();
  r.tags();
  return { errorCode, partition, leaderEpoch, endOffset };
}

export function writeEpochEndOffset(w: WireWriter, m: Sparse<EpochEndOffset>, _version: number): void {
  w.int16(m.errorCode ?? 0);
  w.int32(m.partition ?? 0);
  w.int32(m.leaderEpoch ?? -1);
  w.int64(m.endOffset ?? -1);
  w.tags();
}

export interface OffsetForLeaderTopicResult {
  readonly topic: string;
  readonly partitions: readonly EpochEndOffset[];
}

export function readOffsetForLeaderTopicResult(r: WireReader, version: number): OffsetForLeaderTopicResult {
  const topic = r.string();
  const partitions = r.array(() => readEpochEndOffset(r, version));
  r.tags();
  return { topic, partitions };
}

export function writeOffsetForLeaderTopicResult(
  w: WireWriter,
  m: Sparse<OffsetForLeaderTopicResult>,
  version: number,
): void {
  w.string(m.topic ?? '');
  w.array(m.partitions ?? [], (item) => writeEpochEndOffset(w, item, version));
  w.tags();
}

export interface OffsetForLeaderEpochResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly OffsetForLeaderTopicResult[];
}

export function readOffsetForLeaderEpochResponse(
  r: WireReader,
  version: number,
): OffsetForLeaderEpochResponse {
  const throttleTimeMs = r.int32();
  const topics = r.array(() => readOffsetForLeaderTopicResult(r, version));
  r.tags();
  return { throttleTimeMs, topics };
}

export function writeOffsetForLeaderEpochResponse(
  w: WireWriter,
  m: Sparse<OffsetForLeaderEpochResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.topics ?? [], (item) => writeOffsetForLeaderTopicResult(w, item, version));
  w.tags();
}

export const offsetForLeaderEpochApi = {
  key: 23,
  min: 2,
  max: 4,
  flexibleFrom: 4,
  readRequest: readOffsetForLeaderEpochRequest,
  writeRequest: writeOffsetForLeaderEpochRequest,
  readResponse: readOffsetForLeaderEpochResponse,
  writeResponse: writeOffsetForLeaderEpochResponse,
} as const;
