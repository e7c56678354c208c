/* WriteTxnMarkers, versions 1 to 1. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface WritableTxnMarkerTopic {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}

export function readWritableTxnMarkerTopic(r: WireReader, _version: number): WritableTxnMarkerTopic {
  const name = r.string();
  const partitionIndexes = r.array(() => r.int32());
  r.tags();
  return { name, partitionIndexes };
}

export function writeWritableTxnMarkerTopic(
  w: WireWriter,
  m: Sparse<WritableTxnMarkerTopic>,
  _version: number,
): void {
  w.string(m.name ?? '');
  w.array(m.partitionIndexes ?? [], (item) => w.int32(item));
  w.tags();
}

export interface WritableTxnMarker {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly transactionResult: boolean;
  readonly topics: readonly WritableTxnMarkerTopic[];
  readonly coordinatorEpoch: number;
}

export function readWritableTxnMarker(r: WireReader, version: number): WritableTxnMarker {
  const producerId = r.int64();
  const producerEpoch = r.int16();
  const transactionResult = r.bool();
  const topics = r.array(() => readWritableTxnMarkerTopic(r, version));
  const coordinatorEpoch = r.int32();
  r.tags();
  return { producerId, producerEpoch, transactionResult, topics, coordinatorEpoch };
}

export function writeWritableTxnMarker(w: WireWriter, m: Sparse<WritableTxnMarker>, version: number): void {
  w.int64(m.producerId ?? 0);
  w.int16(m.producerEpoch ?? 0);
  w.bool(m.transactionResult ?? false);
  w.array(m.topics ?? [], (item) => writeWritableTxnMarkerTopic(w, item, version));
  w.int32(m.coordinatorEpoch ?? 0);
  w.tags();
}

export interface WriteTxnMarkersRequest {
  readonly markers: readonly WritableTxnMarker[];
}

export function readWriteTxnMarkersRequest(r: WireReader, version: number): WriteTxnMarkersRequest {
  const markers = r.array(() => readWritableTxnMarker(r, version));
  r.tags();
  return { markers };
}

export function writeWriteTxnMarkersRequest(
  w: WireWriter,
  m: Sparse<WriteTxnMarkersRequest>,
  version: number,
): void {
  w.array(m.markers ?? [], (item) => writeWritableTxnMarker(w, item, version));
  w.tags();
}

export interface WritableTxnMarkerPartitionResult {
  readonly partitionIndex: number;
  readonly errorCode: number;
}

export function readWritableTxnMarkerPartitionResult(
  r: WireReader,
  _version: number,
): WritableTxnMarkerPartitionResult {
  const partitionIndex = r.int32();
  const errorCode = r.int16();
  r.tags();
  return { partitionIndex, errorCode };
}

export function writeWritableTxnMarkerPartitionResult(
  w: WireWriter,
  m: Sparse<WritableTxnMarkerPartitionResult>,
  _version: number,
): void {
  w.int32(m.partitionIndex ?? 0);
  w.int16(m.errorCode ?? 0);
  w.tags();
}

export interface WritableTxnMarkerTopicResult {
  readonly name: string;
  readonly partitions: readonly WritableTxnMarkerPartitionResult[];
}

export function readWritableTxnMarkerTopicResult(
  r: WireReader,
  version: number,
): WritableTxnMarkerTopicResult {
  const name = r.string();
  const partitions = r.array(() => readWritableTxnMarkerPartitionResult(r, version));
  r.tags();
  return { name, partitions };
}

export function writeWritableTxnMarkerTopicResult(
  w: WireWriter,
  m: Sparse<WritableTxnMarkerTopicResult>,
  version: number,
): void {
  w.string(m.name ?? '');
  w.array(m.partitions ?? [], (item) => writeWritableTxnMarkerPartitionResult(w, item, version));
  w.tags();
}

export interface WritableTxnMarkerResult {
  readonly producerId: number;
  readonly topics: readonly WritableTxnMarkerTopicResult[];
}

export function readWritableTxnMarkerResult(r: WireReader, version: number): WritableTxnMarkerResult {
  const producerId = r.int64();
  const topics = r.array(() => readWritableTxnMarkerTopicResult(r, version));
  r.tags();
  return { producerId, topics };
}

export function writeWritableTxnMarkerResult(
  w: WireWriter,
  m: Sparse<WritableTxnMarkerResult>,
  version: number,
): void {
  w.int64(m.producerId ?? 0);
  w.array(m.topics ?? [], (item) => writeWritableTxnMarkerTopicResult(w, item, version));
  w.tags();
}

export interface WriteTxnMarkersResponse {
  readonly markers: readonly WritableTxnMarkerResult[];
}

export function readWriteTxnMarkersResponse(r: WireReader, version: number): WriteTxnMarkersResponse {
  const markers = r.array(() => readWritableTxnMarkerResult(r, version));
  r.tags();
  return { markers };
}

export function writeWriteTxnMarkersResponse(
  w: WireWriter,
  m: Sparse<WriteTxnMarkersResponse>,
  version: number,
): void {
  w.array(m.markers ?? [], (item) => writeWritableTxnMarkerResult(w, item, version));
  w.tags();
}

export const writeTxnMarkersApi = {
  key: 27,
  min: 1,
  max: 1,
  flexibleFrom: 1,
  readRequest: readWriteTxnMarkersRequest,
  writeRequest: writeWriteTxnMarkersRequest,
  readResponse: readWriteTxnMarkersResponse,
  writeResponse: writeWriteTxnMarkersResponse,
} as const;
