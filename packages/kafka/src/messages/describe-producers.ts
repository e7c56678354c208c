/* DescribeProducers, versions 0 to 0. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface TopicRequest {
  readonly name: string;
  readonly partitionIndexes: readonly number[];
}

export function readTopicRequest(r: WireReader, _version: number): TopicRequest {
  const name = r.string();
  const partitionIndexes = r.array(() => r.int32());
  r.tags();
  return { name, partitionIndexes };
}

export function writeTopicRequest(w: WireWriter, m: Sparse<TopicRequest>, _version: number): void {
  w.string(m.name ?? '');
  w.array(m.partitionIndexes ?? [], (item) => w.int32(item));
  w.tags();
}

export interface DescribeProducersRequest {
  readonly topics: readonly TopicRequest[];
}

export function readDescribeProducersRequest(r: WireReader, version: number): DescribeProducersRequest {
  const topics = r.array(() => readTopicRequest(r, version));
  r.tags();
  return { topics };
}

export function writeDescribeProducersRequest(
  w: WireWriter,
  m: Sparse<DescribeProducersRequest>,
  version: number,
): void {
  w.array(m.topics ?? [], (item) => writeTopicRequest(w, item, version));
  w.tags();
}

export interface ProducerState {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly lastSequence: number;
  readonly lastTimestamp: number;
  readonly coordinatorEpoch: number;
  readonly currentTxnStartOffset: number;
}

export function readProducerState(r: WireReader, _version: number): ProducerState {
  const producerId = r.int64();
  const producerEpoch = r.int32();
  const lastSequence = r.int32();
  const lastTimestamp = r.int64();
  const coordinatorEpoch = r.int32();
  const currentTxnStartOffset = r.int64();
  r.tags();
  return { producerId, producerEpoch, lastSequence, lastTimestamp, coordinatorEpoch, currentTxnStartOffset };
}

export function writeProducerState(w: WireWriter, m: Sparse<ProducerState>, _version: number): void {
  w.int64(m.producerId ?? 0);
  w.int32(m.producerEpoch ?? 0);
  w.int32(m.lastSequence ?? -1);
  w.int64(m.lastTimestamp ?? -1);
  w.int32(m.coordinatorEpoch ?? 0);
  w.int64(m.currentTxnStartOffset ?? -1);
  w.tags();
}

export interface PartitionResponse {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly activeProducers: readonly ProducerState[];
}

export function readPartitionResponse(r: WireReader, version: number): PartitionResponse {
  const partitionIndex = r.int32();
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  const activeProducers = r.array(() => readProducerState(r, version));
  r.tags();
  return { partitionIndex, errorCode, errorMessage, activeProducers };
}

export function writePartitionResponse(w: WireWriter, m: Sparse<PartitionResponse>, version: number): void {
  w.int32(m.partitionIndex ?? 0);
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage ?? null);
  w.array(m.activeProducers ?? [], (item) => writeProducerState(w, item, version));
  w.tags();
}

export interface TopicResponse {
  readonly name: string;
  readonly partitions: readonly PartitionResponse[];
}

export function readTopicResponse(r: WireReader, version: number): TopicResponse {
  const name = r.string();
  const partitions = r.array(() => readPartitionResponse(r, version));
  r.tags();
  return { name, partitions };
}

export function writeTopicResponse(w: WireWriter, m: Sparse<TopicResponse>, version: number): void {
  w.string(m.name ?? '');
  w.array(m.partitions ?? [], (item) => writePartitionResponse(w, item, version));
  w.tags();
}

export interface DescribeProducersResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly TopicResponse[];
}

export function readDescribeProducersResponse(r: WireReader, version: number): DescribeProducersResponse {
  const throttleTimeMs = r.int32();
  const topics = r.array(() => readTopicResponse(r, version));
  r.tags();
  return { throttleTimeMs, topics };
}

export function writeDescribeProducersResponse(
  w: WireWriter,
  m: Sparse<DescribeProducersResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.topics ?? [], (item) => writeTopicResponse(w, item, version));
  w.tags();
}

export const describeProducersApi = {
  key: 61,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  readRequest: readDescribeProducersRequest,
  writeRequest: writeDescribeProducersRequest,
  readResponse: readDescribeProducersResponse,
  writeResponse: writeDescribeProducersResponse,
} as const;
