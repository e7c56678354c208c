/* ListTransactions, versions 0 to 2. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface ListTransactionsRequest {
  readonly stateFilters: readonly string[];
  readonly producerIdFilters: readonly number[];
  readonly durationFilter: number;
  readonly transactionalIdPattern: string | null;
}

export function readListTransactionsRequest(r: WireReader, version: number): ListTransactionsRequest {
  const stateFilters = r.array(() => r.string());
  const producerIdFilters = r.array(() => r.int64());
  const durationFilter = version >= 1 ? r.int64() : -1;
  const transactionalIdPattern = version >= 2 ? r.nullableString() : null;
  r.tags();
  return { stateFilters, producerIdFilters, durationFilter, transactionalIdPattern };
}

export function writeListTransactionsRequest(
  w: WireWriter,
  m: Sparse<ListTransactionsRequest>,
  version: number,
): void {
  w.array(m.stateFilters ?? [], (item) => w.string(item));
  w.array(m.producerIdFilters ?? [], (item) => w.int64(item));
  if (version >= 1) w.int64(m.durationFilter ?? -1);
  if (version >= 2) w.string(m.transactionalIdPattern ?? null);
  w.tags();
}

export interface TransactionState {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly transactionState: string;
}

export function readTransactionState(r: WireReader, _version: number): TransactionState {
  const transactionalId = r.string();
  const producerId = r.int64();
  const transactionState = r.string();
  r.tags();
  return { transactionalId, producerId, transactionState };
}

export function writeTransactionState(w: WireWriter, m: Sparse<TransactionState>, _version: number): void {
  w.string(m.transactionalId ?? '');
  w.int64(m.producerId ?? 0);
  w.string(m.transactionState ?? '');
  w.tags();
}

export interface ListTransactionsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly unknownStateFilters: readonly string[];
  readonly transactionStates: readonly TransactionState[];
}

export function readListTransactionsResponse(r: WireReader, version: number): ListTransactionsResponse {
  const throttleTimeMs = r.int32();
  const errorCode = r.int16();
  const unknownStateFilters = r.array(() => r.string());
  const transactionStates = r.array(() => readTransactionState(r, version));
  r.tags();
  return { throttleTimeMs, errorCode, unknownStateFilters, transactionStates };
}

export function writeListTransactionsResponse(
  w: WireWriter,
  m: Sparse<ListTransactionsResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  w.array(m.unknownStateFilters ?? [], (item) => w.string(item));
  w.array(m.transactionStates ?? [], (item) => writeTransactionState(w, item, version));
  w.tags();
}

export const listTransactionsApi = {
  key: 66,
  min: 0,
  max: 2,
  flexibleFrom: 0,
  readRequest: readListTransactionsRequest,
  writeRequest: writeListTransactionsRequest,
  readResponse: readListTransactionsResponse,
  writeResponse: writeListTransactionsResponse,
} as const;
