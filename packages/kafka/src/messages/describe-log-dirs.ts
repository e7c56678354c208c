/* DescribeLogDirs, versions 1 to 4. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface DescribableLogDirTopic {
  readonly topic: string;
  readonly partitions: readonly number[];
}

export function readDescribableLogDirTopic(r: WireReader, _version: number): DescribableLogDirTopic {
  const topic = r.string();
  const partitions = r.array(() => r.int32());
  r.tags();
  return { topic, partitions };
}

export function writeDescribableLogDirTopic(
  w: WireWriter,
  m: Sparse<DescribableLogDirTopic>,
  _version: number,
): void {
  w.string(m.topic ?? '');
  w.array(m.partitions ?? [], (item) => w.int32(item));
  w.tags();
}

export interface DescribeLogDirsRequest {
  readonly topics: readonly DescribableLogDirTopic[] | null;
}

export function readDescribeLogDirsRequest(r: WireReader, version: number): DescribeLogDirsRequest {
  const topics = r.nullableArray(() => readDescribableLogDirTopic(r, version));
  r.tags();
  return { topics };
}

export function writeDescribeLogDirsRequest(
  w: WireWriter,
  m: Sparse<DescribeLogDirsRequest>,
  version: number,
): void {
  w.array(m.topics === undefined ? [] : m.topics, (item) => writeDescribableLogDirTopic(w, item, version));
  w.tags();
}

export interface DescribeLogDirsPartition {
  readonly partitionIndex: number;
  readonly partitionSize: number;
  readonly offsetLag: number;
  readonly isFutureKey: boolean;
}

export function readDescribeLogDirsPartition(r: WireReader, _version: number): DescribeLogDirsPartition {
  const partitionIndex = r.int32();
  const partitionSize = r.int64();
  const offsetLag = r.int64();
  const isFutureKey = r.bool();
  r.tags();
  return { partitionIndex, partitionSize, offsetLag, isFutureKey };
}

export function writeDescribeLogDirsPartition(
  w: WireWriter,
  m: Sparse<DescribeLogDirsPartition>,
  _version: number,
): void {
  w.int32(m.partitionIndex ?? 0);
  w.int64(m.partitionSize ?? 0);
  w.int64(m.offsetLag ?? 0);
  w.bool(m.isFutureKey ?? false);
  w.tags();
}

export interface DescribeLogDirsTopic {
  readonly name: string;
  readonly partitions: readonly DescribeLogDirsPartition[];
}

export function readDescribeLogDirsTopic(r: WireReader, version: number): DescribeLogDirsTopic {
  const name = r.string();
  const partitions = r.array(() => readDescribeLogDirsPartition(r, version));
  r.tags();
  return { name, partitions };
}

export function writeDescribeLogDirsTopic(
  w: WireWriter,
  m: Sparse<DescribeLogDirsTopic>,
  version: number,
): void {
  w.string(m.name ?? '');
  w.array(m.partitions ?? [], (item) => writeDescribeLogDirsPartition(w, item, version));
  w.tags();
}

export interface DescribeLogDirsResult {
  readonly errorCode: number;
  readonly logDir: string;
  readonly topics: readonly DescribeLogDirsTopic[];
  readonly totalBytes: number;
  readonly usableBytes: number;
}

export function readDescribeLogDirsResult(r: WireReader, version: number): DescribeLogDirsResult {
  const errorCode = r.int16();
  const logDir = r.string();
  const topics = r.array(() => readDescribeLogDirsTopic(r, version));
  const totalBytes = version >= 4 ? r.int64() : -1;
  const usableBytes = version >= 4 ? r.int64() : -1;
  r.tags();
  return { errorCode, logDir, topics, totalBytes, usableBytes };
}

export function writeDescribeLogDirsResult(
  w: WireWriter,
  m: Sparse<DescribeLogDirsResult>,
  version: number,
): void {
  w.int16(m.errorCode ?? 0);
  w.string(m.logDir ?? '');
  w.array(m.topics ?? [], (item) => writeDescribeLogDirsTopic(w, item, version));
  if (version >= 4) w.int64(m.totalBytes ?? -1);
  if (version >= 4) w.int64(m.usableBytes ?? -1);
  w.tags();
}

export interface DescribeLogDirsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly results: readonly DescribeLogDirsResult[];
}

export function readDescribeLogDirsResponse(r: WireReader, version: number): DescribeLogDirsResponse {
  const throttleTimeMs = r.int32();
  const errorCode = version >= 3 ? r.int16() : 0;
  const results = r.array(() => readDescribeLogDirsResult(r, version));
  r.tags();
  return { throttleTimeMs, errorCode, results };
}

export function writeDescribeLogDirsResponse(
  w: WireWriter,
  m: Sparse<DescribeLogDirsResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  if (version >= 3) w.int16(m.errorCode ?? 0);
  w.array(m.results ?? [], (item) => writeDescribeLogDirsResult(w, item, version));
  w.tags();
}

export const describeLogDirsApi = {
  key: 35,
  min: 1,
  max: 4,
  flexibleFrom: 2,
  readRequest: readDescribeLogDirsRequest,
  writeRequest: writeDescribeLogDirsRequest,
  readResponse: readDescribeLogDirsResponse,
  writeResponse: writeDescribeLogDirsResponse,
} as const;
