/* Heartbeat, versions 0 to 4. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface HeartbeatRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

export function readHeartbeatRequest(r: WireReader, version: number): HeartbeatRequest {
  const groupId = r.string();
  const generationId = r.int32();
  const memberId = r.string();
  const groupInstanceId = version >= 3 ? r.nullableString() : null;
  r.tags();
  return { groupId, generationId, memberId, groupInstanceId };
}

export function writeHeartbeatRequest(w: WireWriter, m: Sparse<HeartbeatRequest>, version: number): void {
  w.string(m.groupId ?? '');
  w.int32(m.generationId ?? 0);
  w.string(m.memberId ?? '');
  if (version >= 3) w.string(m.groupInstanceId ?? null);
  w.tags();
}

export interface HeartbeatResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
}

export function readHeartbeatResponse(r: WireReader, version: number): HeartbeatResponse {
  const throttleTimeMs = version >= 1 ? r.int32() : 0;
  const errorCode = r.int16();
  r.tags();
  return { throttleTimeMs, errorCode };
}

export function writeHeartbeatResponse(w: WireWriter, m: Sparse<HeartbeatResponse>, version: number): void {
  if (version >= 1) w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  w.tags();
}

export const heartbeatApi = {
  key: 12,
  min: 0,
  max: 4,
  flexibleFrom: 4,
  readRequest: readHeartbeatRequest,
  writeRequest: writeHeartbeatRequest,
  readResponse: readHeartbeatResponse,
  writeResponse: writeHeartbeatResponse,
} as const;
