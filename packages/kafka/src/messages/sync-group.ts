/* SyncGroup, versions 0 to 5. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface SyncGroupRequestAssignment {
  readonly memberId: string;
  readonly assignment: Uint8Array;
}

export function readSyncGroupRequestAssignment(r: WireReader, _version: number): SyncGroupRequestAssignment {
  const memberId = r.string();
  const assignment = r.bytes();
  r.tags();
  return { memberId, assignment };
}

export function writeSyncGroupRequestAssignment(
  w: WireWriter,
  m: Sparse<SyncGroupRequestAssignment>,
  _version: number,
): void {
  w.string(m.memberId ?? '');
  w.bytes(m.assignment ?? new Uint8Array(0));
  w.tags();
}

export interface SyncGroupRequest {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignments: readonly SyncGroupRequestAssignment[];
}

export function readSyncGroupRequest(r: WireReader, version: number): SyncGroupRequest {
  const groupId = r.string();
  const generationId = r.int32();
  const memberId = r.string();
  const groupInstanceId = version >= 3 ? r.nullableString() : null;
  const protocolType = version >= 5 ? r.nullableString() : null;
  const protocolName = version >= 5 ? r.nullableString() : null;
  const assignments = r.array(() => readSyncGroupRequestAssignment(r, version));
  r.tags();
  return { groupId, generationId, memberId, groupInstanceId, protocolType, protocolName, assignments };
}

export function writeSyncGroupRequest(w: WireWriter, m: Sparse<SyncGroupRequest>, version: number): void {
  w.string(m.groupId ?? '');
  w.int32(m.generationId ?? 0);
  w.string(m.memberId ?? '');
  if (version >= 3) w.string(m.groupInstanceId ?? null);
  if (version >= 5) w.string(m.protocolType ?? null);
  if (version >= 5) w.string(m.protocolName ?? null);
  w.array(m.assignments ?? [], (item) => writeSyncGroupRequestAssignment(w, item, version));
  w.tags();
}

export interface SyncGroupResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly assignment: Uint8Array;
}

export function readSyncGroupResponse(r: WireReader, version: number): SyncGroupResponse {
  const throttleTimeMs = version >= 1 ? r.int32() : 0;
  const errorCode = r.int16();
  const protocolType = version >= 5 ? r.nullableString() : null;
  const protocolName = version >= 5 ? r.nullableString() : null;
  const assignment = r.bytes();
  r.tags();
  return { throttleTimeMs, errorCode, protocolType, protocolName, assignment };
}

export function writeSyncGroupResponse(w: WireWriter, m: Sparse<SyncGroupResponse>, version: number): void {
  if (version >= 1) w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  if (version >= 5) w.string(m.protocolType ?? null);
  if (version >= 5) w.string(m.protocolName ?? null);
  w.bytes(m.assignment ?? new Uint8Array(0));
  w.tags();
}

export const syncGroupApi = {
  key: 14,
  min: 0,
  max: 5,
  flexibleFrom: 4,
  readRequest: readSyncGroupRequest,
  writeRequest: writeSyncGroupRequest,
  readResponse: readSyncGroupResponse,
  writeResponse: writeSyncGroupResponse,
} as const;
