/* DeleteRecords, versions 0 to 2. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface DeleteRecordsPartition {
  readonly partitionIndex: number;
  readonly offset: number;
}

export function readDeleteRecordsPartition(r: WireReader, _version: number): DeleteRecordsPartition {
  const partitionIndex = r.int32();
  const offset = r.int64();
  r.tags();
  return { partitionIndex, offset };
}

export function writeDeleteRecordsPartition(
  w: WireWriter,
  m: Sparse<DeleteRecordsPartition>,
  _version: number,
): void {
  w.int32(m.partitionIndex ?? 0);
  w.int64(m.offset ?? 0);
  w.tags();
}

export interface DeleteRecordsTopic {
  readonly name: string;
  readonly partitions: readonly DeleteRecordsPartition[];
}

export function readDeleteRecordsTopic(r: WireReader, version: number): DeleteRecordsTopic {
  const name = r.string();
  const partitions = r.array(() => readDeleteRecordsPartition(r, version));
  r.tags();
  return { name, partitions };
}

export function writeDeleteRecordsTopic(w: WireWriter, m: Sparse<DeleteRecordsTopic>, version: number): void {
  w.string(m.name ?? '');
  w.array(m.partitions ?? [], (item) => writeDeleteRecordsPartition(w, item, version));
  w.tags();
}

export interface DeleteRecordsRequest {
  readonly topics: readonly DeleteRecordsTopic[];
  readonly timeoutMs: number;
}

export function readDeleteRecordsRequest(r: WireReader, version: number): DeleteRecordsRequest {
  const topics = r.array(() => readDeleteRecordsTopic(r, version));
  const timeoutMs = r.int32();
  r.tags();
  return { topics, timeoutMs };
}

export function writeDeleteRecordsRequest(
  w: WireWriter,
  m: Sparse<DeleteRecordsRequest>,
  version: number,
): void {
  w.array(m.topics ?? [], (item) => writeDeleteRecordsTopic(w, item, version));
  w.int32(m.timeoutMs ?? 0);
  w.tags();
}

export interface DeleteRecordsPartitionResult {
  readonly partitionIndex: number;
  readonly lowWatermark: number;
  readonly errorCode: number;
}

export function readDeleteRecordsPartitionResult(
  r: WireReader,
  _version: number,
): DeleteRecordsPartitionResult {
  const partitionIndex = r.int32();
  const lowWatermark = r.int64();
  const errorCode = r.int16();
  r.tags();
  return { partitionIndex, lowWatermark, errorCode };
}

export function writeDeleteRecordsPartitionResult(
  w: WireWriter,
  m: Sparse<DeleteRecordsPartitionResult>,
  _version: number,
): void {
  w.int32(m.partitionIndex ?? 0);
  w.int64(m.lowWatermark ?? 0);
  w.int16(m.errorCode ?? 0);
  w.tags();
}

export interface DeleteRecordsTopicResult {
  readonly name: string;
  readonly partitions: readonly DeleteRecordsPartitionResult[];
}

export function readDeleteRecordsTopicResult(r: WireReader, version: number): DeleteRecordsTopicResult {
  const name = r.string();
  const partitions = r.array(() => readDeleteRecordsPartitionResult(r, version));
  r.tags();
  return { name, partitions };
}

export function writeDeleteRecordsTopicResult(
  w: WireWriter,
  m: Sparse<DeleteRecordsTopicResult>,
  version: number,
): void {
  w.string(m.name ?? '');
  w.array(m.partitions ?? [], (item) => writeDeleteRecordsPartitionResult(w, item, version));
  w.tags();
}

export interface DeleteRecordsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly DeleteRecordsTopicResult[];
}

export function readDeleteRecordsResponse(r: WireReader, version: number): DeleteRecordsResponse {
  const throttleTimeMs = r.int32();
  const topics = r.array(() => readDeleteRecordsTopicResult(r, version));
  r.tags();
  return { throttleTimeMs, topics };
}

export function writeDeleteRecordsResponse(
  w: WireWriter,
  m: Sparse<DeleteRecordsResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.topics ?? [], (item) => writeDeleteRecordsTopicResult(w, item, version));
  w.tags();
}

export const deleteRecordsApi = {
  key: 21,
  min: 0,
  max: 2,
  flexibleFrom: 2,
  readRequest: readDeleteRecordsRequest,
  writeRequest: writeDeleteRecordsRequest,
  readResponse: readDeleteRecordsResponse,
  writeResponse: writeDeleteRecordsResponse,
} as const;
