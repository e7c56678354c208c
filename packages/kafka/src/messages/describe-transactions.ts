/* DescribeTransactions, versions 0 to 0. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface DescribeTransactionsRequest {
  readonly transactionalIds: readonly string[];
}

export function readDescribeTransactionsRequest(
  r: WireReader,
  _version: number,
): DescribeTransactionsRequest {
  const transactionalIds = r.array(() => r.string());
  r.tags();
  return { transactionalIds };
}

export function writeDescribeTransactionsRequest(
  w: WireWriter,
  m: Sparse<DescribeTransactionsRequest>,
  _version: number,
): void {
  w.array(m.transactionalIds ?? [], (item) => w.string(item));
  w.tags();
}

export interface TopicData {
  readonly topic: string;
  readonly partitions: readonly number[];
}

export function readTopicData(r: WireReader, _version: number): TopicData {
  const topic = r.string();
  const partitions = r.array(() => r.int32());
  r.tags();
  return { topic, partitions };
}

export function writeTopicData(w: WireWriter, m: Sparse<TopicData>, _version: number): void {
  w.string(m.topic ?? '');
  w.array(m.partitions ?? [], (item) => w.int32(item));
  w.tags();
}

export interface TransactionState {
  readonly errorCode: number;
  readonly transactionalId: string;
  readonly transactionState: string;
  readonly transactionTimeoutMs: number;
  readonly transactionStartTimeMs: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly topics: readonly TopicData[];
}

export function readTransactionState(r: WireReader, version: number): TransactionState {
  const errorCode = r.int16();
  const transactionalId = r.string();
  const transactionState = r.string();
  const transactionTimeoutMs = r.int32();
  const transactionStartTimeMs = r.int64();
  const producerId = r.int64();
  const producerEpoch = r.int16();
  const topics = r.array(() => readTopicData(r, version));
  r.tags();
  return {
    errorCode,
    transactionalId,
    transactionState,
    transactionTimeoutMs,
    transactionStartTimeMs,
    producerId,
    producerEpoch,
    topics,
  };
}

export function writeTransactionState(w: WireWriter, m: Sparse<TransactionState>, version: number): void {
  w.int16(m.errorCode ?? 0);
  w.string(m.transactionalId ?? '');
  w.string(m.transactionState ?? '');
  w.int32(m.transactionTimeoutMs ?? 0);
  w.int64(m.transactionStartTimeMs ?? 0);
  w.int64(m.producerId ?? 0);
  w.int16(m.producerEpoch ?? 0);
  w.array(m.topics ?? [], (item) => writeTopicData(w, item, version));
  w.tags();
}

export interface DescribeTransactionsResponse {
  readonly throttleTimeMs: number;
  readonly transactionStates: readonly TransactionState[];
}

export function readDescribeTransactionsResponse(
  r: WireReader,
  version: number,
): DescribeTransactionsResponse {
  const throttleTimeMs = r.int32();
  const transactionStates = r.array(() => readTransactionState(r, version));
  r.tags();
  return { throttleTimeMs, transactionStates };
}

export function writeDescribeTransactionsResponse(
  w: WireWriter,
  m: Sparse<DescribeTransactionsResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.transactionStates ?? [], (item) => writeTransactionState(w, item, version));
  w.tags();
}

export const describeTransactionsApi = {
  key: 65,
  min: 0,
  max: 0,
  flexibleFrom: 0,
  readRequest: readDescribeTransactionsRequest,
  writeRequest: writeDescribeTransactionsRequest,
  readResponse: readDescribeTransactionsResponse,
  writeResponse: writeDescribeTransactionsResponse,
} as const;
