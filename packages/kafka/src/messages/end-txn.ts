/* EndTxn, versions 0 to 5. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface EndTxnRequest {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly committed: boolean;
}

export function readEndTxnRequest(r: WireReader, _version: number): EndTxnRequest {
  const transactionalId = r.string();
  const producerId = r.int64();
  const producerEpoch = r.int16();
  const committed = r.bool();
  r.tags();
  return { transactionalId, producerId, producerEpoch, committed };
}

export function writeEndTxnRequest(w: WireWriter, m: Sparse<EndTxnRequest>, _version: number): void {
  w.string(m.transactionalId ?? '');
  w.int64(m.producerId ?? 0);
  w.int16(m.producerEpoch ?? 0);
  w.bool(m.committed ?? false);
  w.tags();
}

export interface EndTxnResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly producerId: number;
  readonly producerEpoch: number;
}

export function readEndTxnResponse(r: WireReader, version: number): EndTxnResponse {
  const throttleTimeMs = r.int32();
  const errorCode = r.int16();
  const producerId = version >= 5 ? r.int64() : -1;
  const producerEpoch = version >= 5 ? r.int16() : -1;
  r.tags();
  return { throttleTimeMs, errorCode, producerId, producerEpoch };
}

export function writeEndTxnResponse(w: WireWriter, m: Sparse<EndTxnResponse>, version: number): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  if (version >= 5) w.int64(m.producerId ?? -1);
  if (version >= 5) w.int16(m.producerEpoch ?? -1);
  w.tags();
}

export const endTxnApi = {
  key: 26,
  min: 0,
  max: 5,
  flexibleFrom: 3,
  readRequest: readEndTxnRequest,
  writeRequest: writeEndTxnRequest,
  readResponse: readEndTxnResponse,
  writeResponse: writeEndTxnResponse,
} as const;
