/* OffsetDelete, versions 0 to 0. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface OffsetDeleteRequestPartition {
  readonly partitionIndex: number;
}

export function readOffsetDeleteRequestPartition(
  r: WireReader,
  _version: number,
): OffsetDeleteRequestPartition {
  const partitionIndex = r.int32();
  r.tags();
  return { partitionIndex };
}

export function writeOffsetDeleteRequestPartition(
  w: WireWriter,
  m: Sparse<OffsetDeleteRequestPartition>,
  _version: number,
): void {
  w.int32(m.partitionIndex ?? 0);
  w.tags();
}

export interface OffsetDeleteRequestTopic {
  readonly name: string;
  readonly partitions: readonly OffsetDeleteRequestPartition[];
}

export function readOffsetDeleteRequestTopic(r: WireReader, version: number): OffsetDeleteRequestTopic {
  const name = r.string();
  const partitions = r.array(() => readOffsetDeleteRequestPartition(r, version));
  r.tags();
  return { name, partitions };
}

export function writeOffsetDeleteRequestTopic(
  w: WireWriter,
  m: Sparse<OffsetDeleteRequestTopic>,
  version: number,
): void {
  w.string(m.name ?? '');
  w.array(m.partitions ?? [], (item) => writeOffsetDeleteRequestPartition(w, item, version));
  w.tags();
}

export interface OffsetDeleteRequest {
  readonly groupId: string;
  readonly topics: readonly OffsetDeleteRequestTopic[];
}

export function readOffsetDeleteRequest(r: WireReader, version: number): OffsetDeleteRequest {
  const groupId = r.string();
  const topics = r.array(() => readOffsetDeleteRequestTopic(r, version));
  r.tags();
  return { groupId, topics };
}

export function writeOffsetDeleteRequest(
  w: WireWriter,
  m: Sparse<OffsetDeleteRequest>,
  version: number,
): void {
  w.string(m.groupId ?? '');
  w.array(m.topics ?? [], (item) => writeOffsetDeleteRequestTopic(w, item, version));
  w.tags();
}

export interface OffsetDeleteResponsePartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
}

export function readOffsetDeleteResponsePartition(
  r: WireReader,
  _version: number,
): OffsetDeleteResponsePartition {
  const partitionIndex = r.int32();
  const errorCode = r.int16();
  r.tags();
  return { partitionIndex, errorCode };
}

export function writeOffsetDeleteResponsePartition(
  w: WireWriter,
  m: Sparse<OffsetDeleteResponsePartition>,
  _version: number,
): void {
  w.int32(m.partitionIndex ?? 0);
  w.int16(m.errorCode ?? 0);
  w.tags();
}

export interface OffsetDeleteResponseTopic {
  readonly name: string;
  readonly partitions: readonly OffsetDeleteResponsePartition[];
}

export function readOffsetDeleteResponseTopic(r: WireReader, version: number): OffsetDeleteResponseTopic {
  const name = r.string();
  const partitions = r.array(() => readOffsetDeleteResponsePartition(r, version));
  r.tags();
  return { name, partitions };
}

export function writeOffsetDeleteResponseTopic(
  w: WireWriter,
  m: Sparse<OffsetDeleteResponseTopic>,
  version: number,
): void {
  w.string(m.name ?? '');
  w.array(m.partitions ?? [], (item) => writeOffsetDeleteResponsePartition(w, item, version));
  w.tags();
}

export interface OffsetDeleteResponse {
  readonly errorCode: number;
  readonly throttleTimeMs: number;
  readonly topics: readonly OffsetDeleteResponseTopic[];
}

export function readOffsetDeleteResponse(r: WireReader, version: number): OffsetDeleteResponse {
  const errorCode = r.int16();
  const throttleTimeMs = r.int32();
  const topics = r.array(() => readOffsetDeleteResponseTopic(r, version));
  r.tags();
  return { errorCode, throttleTimeMs, topics };
}

export function writeOffsetDeleteResponse(
  w: WireWriter,
  m: Sparse<OffsetDeleteResponse>,
  version: number,
): void {
  w.int16(m.errorCode ?? 0);
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.topics ?? [], (item) => writeOffsetDeleteResponseTopic(w, item, version));
  w.tags();
}

export const offsetDeleteApi = {
  key: 47,
  min: 0,
  max: 0,
  flexibleFrom: Infinity,
  readRequest: readOffsetDeleteRequest,
  writeRequest: writeOffsetDeleteRequest,
  readResponse: readOffsetDeleteResponse,
  writeResponse: writeOffsetDeleteResponse,
} as const;
