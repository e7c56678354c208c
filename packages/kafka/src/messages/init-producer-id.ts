/* InitProducerId, versions 0 to 5. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface InitProducerIdRequest {
  readonly transactionalId: string | null;
  readonly transactionTimeoutMs: number;
  readonly producerId: number;
  readonly producerEpoch: number;
}

export function readInitProducerIdRequest(r: WireReader, version: number): InitProducerIdRequest {
  const transactionalId = r.nullableString();
  const transactionTimeoutMs = r.int32();
  const producerId = version >= 3 ? r.int64() : -1;
  const producerEpoch = version >= 3 ? r.int16() : -1;
  r.tags();
  return { transactionalId, transactionTimeoutMs, producerId, producerEpoch };
}

export function writeInitProducerIdRequest(
  w: WireWriter,
  m: Sparse<InitProducerIdRequest>,
  version: number,
): void {
  w.string(m.transactionalId === undefined ? '' : m.transactionalId);
  w.int32(m.transactionTimeoutMs ?? 0);
  if (version >= 3) w.int64(m.producerId ?? -1);
  if (version >= 3) w.int16(m.producerEpoch ?? -1);
  w.tags();
}

export interface InitProducerIdResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly producerId: number;
  readonly producerEpoch: number;
}

export function readInitProducerIdResponse(r: WireReader, _version: number): InitProducerIdResponse {
  const throttleTimeMs = r.int32();
  const errorCode = r.int16();
  const producerId = r.int64();
  const producerEpoch = r.int16();
  r.tags();
  return { throttleTimeMs, errorCode, producerId, producerEpoch };
}

export function writeInitProducerIdResponse(
  w: WireWriter,
  m: Sparse<InitProducerIdResponse>,
  _version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  w.int64(m.producerId ?? -1);
  w.int16(m.producerEpoch ?? 0);
  w.tags();
}

export const initProducerIdApi = {
  key: 22,
  min: 0,
  max: 5,
  flexibleFrom: 2,
  readRequest: readInitProducerIdRequest,
  writeRequest: writeInitProducerIdRequest,
  readResponse: readInitProducerIdResponse,
  writeResponse: writeInitProducerIdResponse,
} as const;
