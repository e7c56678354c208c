/* OffsetFetch, versions 1 to 9. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface OffsetFetchRequestTopics {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}

export function readOffsetFetchRequestTopics(r: WireReader, version: number): OffsetFetchRequestTopics {
  const name = version >= 8 ? r.string() : '';
  const partitionIndexes = version >= 8 ? r.array(() => r.int32()) : [];
  r.tags();
  return { name, partitionIndexes };
}

export function writeOffsetFetchRequestTopics(
  w: WireWriter,
  m: Sparse<OffsetFetchRequestTopics>,
  version: number,
): void {
  if (version >= 8) w.string(m.name ?? '');
  if (version >= 8) w.array(m.partitionIndexes ?? [], (item) => w.int32(item));
  w.tags();
}

export interface OffsetFetchRequestGroup {
  readonly groupId: string;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  readonly topics: readonly OffsetFetchRequestTopics[] | null;
}

export function readOffsetFetchRequestGroup(r: WireReader, version: number): OffsetFetchRequestGroup {
  const groupId = version >= 8 ? r.string() : '';
  const memberId = version >= 9 ? r.nullableString() : null;
  const memberEpoch = version >= 9 ? r.int32() : -1;
  const topics = version >= 8 ? r.nullableArray(() => readOffsetFetchRequestTopics(r, version)) : [];
  r.tags();
  return { groupId, memberId, memberEpoch, topics };
}

export function writeOffsetFetchRequestGroup(
  w: WireWriter,
  m: Sparse<OffsetFetchRequestGroup>,
  version: number,
): void {
  if (version >= 8) w.string(m.groupId ?? '');
  if (version >= 9) w.string(m.memberId ?? null);
  if (version >= 9) w.int32(m.memberEpoch ?? -1);
  if (version >= 8)
    w.array(m.topics === undefined ? [] : m.topics, (item) =>
      writeOffsetFetchRequestTopics(w, item, version),
    );
  w.tags();
}

export interface OffsetFetchRequestTopic {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}

export function readOffsetFetchRequestTopic(r: WireReader, version: number): OffsetFetchRequestTopic {
  const name = version <= 7 ? r.string() : '';
  const partitionIndexes = version <= 7 ? r.array(() => r.int32()) : [];
  r.tags();
  return { name, partitionIndexes };
}

export function writeOffsetFetchRequestTopic(
  w: WireWriter,
  m: Sparse<OffsetFetchRequestTopic>,
  version: number,
): void {
  if (version <= 7) w.string(m.name ?? '');
  if (version <= 7) w.array(m.partitionIndexes ?? [], (item) => w.int32(item));
  w.tags();
}

export interface OffsetFetchRequest {
  readonly groupId: string;
  readonly topics: readonly OffsetFetchRequestTopic[] | null;
  readonly groups: readonly OffsetFetchRequestGroup[];
  readonly requireStable: boolean;
}

export function readOffsetFetchRequest(r: WireReader, version: number): OffsetFetchRequest {
  const groupId = version <= 7 ? r.string() : '';
  const topics = version <= 7 ? r.nullableArray(() => readOffsetFetchRequestTopic(r, version)) : [];
  const groups = version >= 8 ? r.array(() => readOffsetFetchRequestGroup(r, version)) : [];
  const requireStable = version >= 7 ? r.bool() : false;
  r.tags();
  return { groupId, topics, groups, requireStable };
}

export function writeOffsetFetchRequest(w: WireWriter, m: Sparse<OffsetFetchRequest>, version: number): void {
  if (version <= 7) w.string(m.groupId ?? '');
  if (version <= 7)
    w.array(m.topics === undefined ? [] : m.topics, (item) => writeOffsetFetchRequestTopic(w, item, version));
  if (version >= 8) w.array(m.groups ?? [], (item) => writeOffsetFetchRequestGroup(w, item, version));
  if (version >= 7) w.bool(m.requireStable ?? false);
  w.tags();
}

export interface OffsetFetchResponsePartitions {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly metadata: string | null;
  readonly errorCode: number;
}

export function readOffsetFetchResponsePartitions(
  r: WireReader,
  version: number,
): OffsetFetchResponsePartitions {
  const partitionIndex = version >= 8 ? r.int32() : 0;
  const committedOffset = version >= 8 ? r.int64() : 0;
  const committedLeaderEpoch = version >= 8 ? r.int32() : -1;
  const metadata = version >= 8 ? r.nullableString() : '';
  const errorCode = version >= 8 ? r.int16() : 0;
  r.tags();
  return { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode };
}

export function writeOffsetFetchResponsePartitions(
  w: WireWriter,
  m: Sparse<OffsetFetchResponsePartitions>,
  version: number,
): void {
  if (version >= 8) w.int32(m.partitionIndex ?? 0);
  if (version >= 8) w.int64(m.committedOffset ?? 0);
  if (version >= 8) w.int32(m.committedLeaderEpoch ?? -1);
  if (version >= 8) w.string(m.metadata === undefined ? '' : m.metadata);
  if (version >= 8) w.int16(m.errorCode ?? 0);
  w.tags();
}

export interface OffsetFetchResponseTopics {
  readonly name: string;
  readonly partitions: readonly OffsetFetchResponsePartitions[];
}

export function readOffsetFetchResponseTopics(r: WireReader, version: number): OffsetFetchResponseTopics {
  const name = version >= 8 ? r.string() : '';
  const partitions = version >= 8 ? r.array(() => readOffsetFetchResponsePartitions(r, version)) : [];
  r.tags();
  return { name, partitions };
}

export function writeOffsetFetchResponseTopics(
  w: WireWriter,
  m: Sparse<OffsetFetchResponseTopics>,
  version: number,
): void {
  if (version >= 8) w.string(m.name ?? '');
  if (version >= 8)
    w.array(m.partitions ?? [], (item) => writeOffsetFetchResponsePartitions(w, item, version));
  w.tags();
}

export interface OffsetFetchResponseGroup {
  readonly groupId: string;
  readonly topics: readonly OffsetFetchResponseTopics[];
  readonly errorCode: number;
}

export function readOffsetFetchResponseGroup(r: WireReader, version: number): OffsetFetchResponseGroup {
  const groupId = version >= 8 ? r.string() : '';
  const topics = version >= 8 ? r.array(() => readOffsetFetchResponseTopics(r, version)) : [];
  const errorCode = version >= 8 ? r.int16() : 0;
  r.tags();
  return { groupId, topics, errorCode };
}

export function writeOffsetFetchResponseGroup(
  w: WireWriter,
  m: Sparse<OffsetFetchResponseGroup>,
  version: number,
): void {
  if (version >= 8) w.string(m.groupId ?? '');
  if (version >= 8) w.array(m.topics ?? [], (item) => writeOffsetFetchResponseTopics(w, item, version));
  if (version >= 8) w.int16(m.errorCode ?? 0);
  w.tags();
}

export interface OffsetFetchResponsePartition {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly metadata: string | null;
  readonly errorCode: number;
}

export function readOffsetFetchResponsePartition(
  r: WireReader,
  version: number,
): OffsetFetchResponsePartition {
  const partitionIndex = version <= 7 ? r.int32() : 0;
  const committedOffset = version <= 7 ? r.int64() : 0;
  const committedLeaderEpoch = version >= 5 && version <= 7 ? r.int32() : -1;
  const metadata = version <= 7 ? r.nullableString() : '';
  const errorCode = version <= 7 ? r.int16() : 0;
  r.tags();
  return { partitionIndex, committedOffset, committedLeaderEpoch, metadata, errorCode };
}

export function writeOffsetFetchResponsePartition(
  w: WireWriter,
  m: Sparse<OffsetFetchResponsePartition>,
  version: number,
): void {
  if (version <= 7) w.int32(m.partitionIndex ?? 0);
  if (version <= 7) w.int64(m.committedOffset ?? 0);
  if (version >= 5 && version <= 7) w.int32(m.committedLeaderEpoch ?? -1);
  if (version <= 7) w.string(m.metadata === undefined ? '' : m.metadata);
  if (version <= 7) w.int16(m.errorCode ?? 0);
  w.tags();
}

export interface OffsetFetchResponseTopic {
  readonly name: string;
  readonly partitions: readonly OffsetFetchResponsePartition[];
}

export function readOffsetFetchResponseTopic(r: WireReader, version: number): OffsetFetchResponseTopic {
  const name = version <= 7 ? r.string() : '';
  const partitions = version <= 7 ? r.array(() => readOffsetFetchResponsePartition(r, version)) : [];
  r.tags();
  return { name, partitions };
}

export function writeOffsetFetchResponseTopic(
  w: WireWriter,
  m: Sparse<OffsetFetchResponseTopic>,
  version: number,
): void {
  if (version <= 7) w.string(m.name ?? '');
  if (version <= 7)
    w.array(m.partitions ?? [], (item) => writeOffsetFetchResponsePartition(w, item, version));
  w.tags();
}

export interface OffsetFetchResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly OffsetFetchResponseTopic[];
  readonly errorCode: number;
  readonly groups: readonly OffsetFetchResponseGroup[];
}

export function readOffsetFetchResponse(r: WireReader, version: number): OffsetFetchResponse {
  const throttleTimeMs = version >= 3 ? r.int32() : 0;
  const topics = version <= 7 ? r.array(() => readOffsetFetchResponseTopic(r, version)) : [];
  const errorCode = version >= 2 && version <= 7 ? r.int16() : 0;
  const groups = version >= 8 ? r.array(() => readOffsetFetchResponseGroup(r, version)) : [];
  r.tags();
  return { throttleTimeMs, topics, errorCode, groups };
}

export function writeOffsetFetchResponse(
  w: WireWriter,
  m: Sparse<OffsetFetchResponse>,
  version: number,
): void {
  if (version >= 3) w.int32(m.throttleTimeMs ?? 0);
  if (version <= 7) w.array(m.topics ?? [], (item) => writeOffsetFetchResponseTopic(w, item, version));
  if (version >= 2 && version <= 7) w.int16(m.errorCode ?? 0);
  if (version >= 8) w.array(m.groups ?? [], (item) => writeOffsetFetchResponseGroup(w, item, version));
  w.tags();
}

export const offsetFetchApi = {
  key: 9,
  min: 1,
  max: 9,
  flexibleFrom: 6,
  readRequest: readOffsetFetchRequest,
  writeRequest: writeOffsetFetchRequest,
  readResponse: readOffsetFetchResponse,
  writeResponse: writeOffsetFetchResponse,
} as const;
