/* EndTxn, versions 0 to 4. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

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
}

export function readEndTxnResponse(r: WireReader, _version: number): EndTxnResponse {
  const throttleTimeMs = r.int32();
  const errorCode = r.int16();
  r.tags();
  return { throttleTimeMs, errorCode };
}

export function writeEndTxnResponse(w: WireWriter, m: Sparse<EndTxnResponse>, _version: number): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  w.tags();
}

export const endTxnApi = {
  key: 26,
  min: 0,
  max: 4,
  flexibleFrom: 3,
  readRequest: readEndTxnRequest,
  writeRequest: writeEndTxnRequest,
  readResponse: readEndTxnResponse,
  writeResponse: writeEndTxnResponse,
} as const;
