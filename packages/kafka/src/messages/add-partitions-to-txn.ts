/* AddPartitionsToTxn, versions 0 to 5. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface AddPartitionsToTxnTransaction {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly verifyOnly: boolean;
  readonly topics: readonly AddPartitionsToTxnTopic[];
}

export function readAddPartitionsToTxnTransaction(
  r: WireReader,
  version: number,
): AddPartitionsToTxnTransaction {
  const transactionalId = version >= 4 ? r.string() : '';
  const producerId = version >= 4 ? r.int64() : 0;
  const producerEpoch = version >= 4 ? r.int16() : 0;
  const verifyOnly = version >= 4 ? r.bool() : false;
  const topics = version >= 4 ? r.array(() => readAddPartitionsToTxnTopic(r, version)) : [];
  r.tags();
  return { transactionalId, producerId, producerEpoch, verifyOnly, topics };
}

export function writeAddPartitionsToTxnTransaction(
  w: WireWriter,
  m: Sparse<AddPartitionsToTxnTransaction>,
  version: number,
): void {
  if (version >= 4) w.string(m.transactionalId ?? '');
  if (version >= 4) w.int64(m.producerId ?? 0);
  if (version >= 4) w.int16(m.producerEpoch ?? 0);
  if (version >= 4) w.bool(m.verifyOnly ?? false);
  if (version >= 4) w.array(m.topics ?? [], (item) => writeAddPartitionsToTxnTopic(w, item, version));
  w.tags();
}

export interface AddPartitionsToTxnTopic {
  readonly name: string;
  readonly partitions: readonly number[];
}

export function readAddPartitionsToTxnTopic(r: WireReader, _version: number): AddPartitionsToTxnTopic {
  const name = r.string();
  const partitions = r.array(() => r.int32());
  r.tags();
  return { name, partitions };
}

export function writeAddPartitionsToTxnTopic(
  w: WireWriter,
  m: Sparse<AddPartitionsToTxnTopic>,
  _version: number,
): void {
  w.string(m.name ?? '');
  w.array(m.partitions ?? [], (item) => w.int32(item));
  w.tags();
}

export interface AddPartitionsToTxnRequest {
  readonly transactions: readonly AddPartitionsToTxnTransaction[];
  readonly v3AndBelowTransactionalId: string;
  readonly v3AndBelowProducerId: number;
  readonly v3AndBelowProducerEpoch: number;
  readonly v3AndBelowTopics: readonly AddPartitionsToTxnTopic[];
}

export function readAddPartitionsToTxnRequest(r: WireReader, version: number): AddPartitionsToTxnRequest {
  const transactions = version >= 4 ? r.array(() => readAddPartitionsToTxnTransaction(r, version)) : [];
  const v3AndBelowTransactionalId = version <= 3 ? r.string() : '';
  const v3AndBelowProducerId = version <= 3 ? r.int64() : 0;
  const v3AndBelowProducerEpoch = version <= 3 ? r.int16() : 0;
  const v3AndBelowTopics = version <= 3 ? r.array(() => readAddPartitionsToTxnTopic(r, version)) : [];
  r.tags();
  return {
    transactions,
    v3AndBelowTransactionalId,
    v3AndBelowProducerId,
    v3AndBelowProducerEpoch,
    v3AndBelowTopics,
  };
}

export function writeAddPartitionsToTxnRequest(
  w: WireWriter,
  m: Sparse<AddPartitionsToTxnRequest>,
  version: number,
): void {
  if (version >= 4)
    w.array(m.transactions ?? [], (item) => writeAddPartitionsToTxnTransaction(w, item, version));
  if (version <= 3) w.string(m.v3AndBelowTransactionalId ?? '');
  if (version <= 3) w.int64(m.v3AndBelowProducerId ?? 0);
  if (version <= 3) w.int16(m.v3AndBelowProducerEpoch ?? 0);
  if (version <= 3)
    w.array(m.v3AndBelowTopics ?? [], (item) => writeAddPartitionsToTxnTopic(w, item, version));
  w.tags();
}

export interface AddPartitionsToTxnResult {
  readonly transactionalId: string;
  readonly topicResults: readonly AddPartitionsToTxnTopicResult[];
}

export function readAddPartitionsToTxnResult(r: WireReader, version: number): AddPartitionsToTxnResult {
  const transactionalId = version >= 4 ? r.string() : '';
  const topicResults = version >= 4 ? r.array(() => readAddPartitionsToTxnTopicResult(r, version)) : [];
  r.tags();
  return { transactionalId, topicResults };
}

export function writeAddPartitionsToTxnResult(
  w: WireWriter,
  m: Sparse<AddPartitionsToTxnResult>,
  version: number,
): void {
  if (version >= 4) w.string(m.transactionalId ?? '');
  if (version >= 4)
    w.array(m.topicResults ?? [], (item) => writeAddPartitionsToTxnTopicResult(w, item, version));
  w.tags();
}

export interface AddPartitionsToTxnPartitionResult {
  readonly partitionIndex: number;
  readonly partitionErrorCode: number;
}

export function readAddPartitionsToTxnPartitionResult(
  r: WireReader,
  _version: number,
): AddPartitionsToTxnPartitionResult {
  const partitionIndex = r.int32();
  const partitionErrorCode = r.int16();
  r.tags();
  return { partitionIndex, partitionErrorCode };
}

export function writeAddPartitionsToTxnPartitionResult(
  w: WireWriter,
  m: Sparse<AddPartitionsToTxnPartitionResult>,
  _version: number,
): void {
  w.int32(m.partitionIndex ?? 0);
  w.int16(m.partitionErrorCode ?? 0);
  w.tags();
}

export interface AddPartitionsToTxnTopicResult {
  readonly name: string;
  readonly resultsByPartition: readonly AddPartitionsToTxnPartitionResult[];
}

export function readAddPartitionsToTxnTopicResult(
  r: WireReader,
  version: number,
): AddPartitionsToTxnTopicResult {
  const name = r.string();
  const resultsByPartition = r.array(() => readAddPartitionsToTxnPartitionResult(r, version));
  r.tags();
  return { name, resultsByPartition };
}

export function writeAddPartitionsToTxnTopicResult(
  w: WireWriter,
  m: Sparse<AddPartitionsToTxnTopicResult>,
  version: number,
): void {
  w.string(m.name ?? '');
  w.array(m.resultsByPartition ?? [], (item) => writeAddPartitionsToTxnPartitionResult(w, item, version));
  w.tags();
}

export interface AddPartitionsToTxnResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly resultsByTransaction: readonly AddPartitionsToTxnResult[];
  readonly resultsByTopicV3AndBelow: readonly AddPartitionsToTxnTopicResult[];
}

export function readAddPartitionsToTxnResponse(r: WireReader, version: number): AddPartitionsToTxnResponse {
  const throttleTimeMs = r.int32();
  const errorCode = version >= 4 ? r.int16() : 0;
  const resultsByTransaction = version >= 4 ? r.array(() => readAddPartitionsToTxnResult(r, version)) : [];
  const resultsByTopicV3AndBelow =
    version <= 3 ? r.array(() => readAddPartitionsToTxnTopicResult(r, version)) : [];
  r.tags();
  return { throttleTimeMs, errorCode, resultsByTransaction, resultsByTopicV3AndBelow };
}

export function writeAddPartitionsToTxnResponse(
  w: WireWriter,
  m: Sparse<AddPartitionsToTxnResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  if (version >= 4) w.int16(m.errorCode ?? 0);
  if (version >= 4)
    w.array(m.resultsByTransaction ?? [], (item) => writeAddPartitionsToTxnResult(w, item, version));
  if (version <= 3)
    w.array(m.resultsByTopicV3AndBelow ?? [], (item) => writeAddPartitionsToTxnTopicResult(w, item, version));
  w.tags();
}

export const addPartitionsToTxnApi = {
  key: 24,
  min: 0,
  max: 5,
  flexibleFrom: 3,
  readRequest: readAddPartitionsToTxnRequest,
  writeRequest: writeAddPartitionsToTxnRequest,
  readResponse: readAddPartitionsToTxnResponse,
  writeResponse: writeAddPartitionsToTxnResponse,
} as const;
