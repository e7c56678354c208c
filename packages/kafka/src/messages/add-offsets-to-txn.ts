/* AddOffsetsToTxn, versions 0 to 4. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface AddOffsetsToTxnRequest {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly groupId: string;
}

export function readAddOffsetsToTxnRequest(r: WireReader, _version: number): AddOffsetsToTxnRequest {
  const transactionalId = r.string();
  const producerId = r.int64();
  const producerEpoch = r.int16();
  const groupId = r.string();
  r.tags();
  return { transactionalId, producerId, producerEpoch, groupId };
}

export function writeAddOffsetsToTxnRequest(
  w: WireWriter,
  m: Sparse<AddOffsetsToTxnRequest>,
  _version: number,
): void {
  w.string(m.transactionalId ?? '');
  w.int64(m.producerId ?? 0);
  w.int16(m.producerEpoch ?? 0);
  w.string(m.groupId ?? '');
  w.tags();
}

export interface AddOffsetsToTxnResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
}

export function readAddOffsetsToTxnResponse(r: WireReader, _version: number): AddOffsetsToTxnResponse {
  const throttleTimeMs = r.int32();
  const errorCode = r.int16();
  r.tags();
  return { throttleTimeMs, errorCode };
}

export function writeAddOffsetsToTxnResponse(
  w: WireWriter,
  m: Sparse<AddOffsetsToTxnResponse>,
  _version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  w.tags();
}

export const addOffsetsToTxnApi = {
  key: 25,
  min: 0,
  max: 4,
  flexibleFrom: 3,
  readRequest: readAddOffsetsToTxnRequest,
  writeRequest: writeAddOffsetsToTxnRequest,
  readResponse: readAddOffsetsToTxnResponse,
  writeResponse: writeAddOffsetsToTxnResponse,
} as const;
