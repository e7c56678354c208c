/* LeaveGroup, versions 0 to 5. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface MemberIdentity {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly reason: string | null;
}

export function readMemberIdentity(r: WireReader, version: number): MemberIdentity {
  const memberId = version >= 3 ? r.string() : '';
  const groupInstanceId = version >= 3 ? r.nullableString() : null;
  const reason = version >= 5 ? r.nullableString() : null;
  r.tags();
  return { memberId, groupInstanceId, reason };
}

export function writeMemberIdentity(w: WireWriter, m: Sparse<MemberIdentity>, version: number): void {
  if (version >= 3) w.string(m.memberId ?? '');
  if (version >= 3) w.string(m.groupInstanceId ?? null);
  if (version >= 5) w.string(m.reason ?? null);
  w.tags();
}

export interface LeaveGroupRequest {
  readonly groupId: string;
  readonly memberId: string;
  readonly members: readonly MemberIdentity[];
}

export function readLeaveGroupRequest(r: WireReader, version: number): LeaveGroupRequest {
  const groupId = r.string();
  const memberId = version <= 2 ? r.string() : '';
  const members = version >= 3 ? r.array(() => readMemberIdentity(r, version)) : [];
  r.tags();
  return { groupId, memberId, members };
}

export function writeLeaveGroupRequest(w: WireWriter, m: Sparse<LeaveGroupRequest>, version: number): void {
  w.string(m.groupId ?? '');
  if (version <= 2) w.string(m.memberId ?? '');
  if (version >= 3) w.array(m.members ?? [], (item) => writeMemberIdentity(w, item, version));
  w.tags();
}

export interface MemberResponse {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly errorCode: number;
}

export function readMemberResponse(r: WireReader, version: number): MemberResponse {
  const memberId = version >= 3 ? r.string() : '';
  const groupInstanceId = version >= 3 ? r.nullableString() : '';
  const errorCode = version >= 3 ? r.int16() : 0;
  r.tags();
  return { memberId, groupInstanceId, errorCode };
}

export function writeMemberResponse(w: WireWriter, m: Sparse<MemberResponse>, version: number): void {
  if (version >= 3) w.string(m.memberId ?? '');
  if (version >= 3) w.string(m.groupInstanceId === undefined ? '' : m.groupInstanceId);
  if (version >= 3) w.int16(m.errorCode ?? 0);
  w.tags();
}

export interface LeaveGroupResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly members: readonly MemberResponse[];
}

export function readLeaveGroupResponse(r: WireReader, version: number): LeaveGroupResponse {
  const throttleTimeMs = version >= 1 ? r.int32() : 0;
  const errorCode = r.int16();
  const members = version >= 3 ? r.array(() => readMemberResponse(r, version)) : [];
  r.tags();
  return { throttleTimeMs, errorCode, members };
}

export function writeLeaveGroupResponse(w: WireWriter, m: Sparse<LeaveGroupResponse>, version: number): void {
  if (version >= 1) w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  if (version >= 3) w.array(m.members ?? [], (item) => writeMemberResponse(w, item, version));
  w.tags();
}

export const leaveGroupApi = {
  key: 13,
  min: 0,
  max: 5,
  flexibleFrom: 4,
  readRequest: readLeaveGroupRequest,
  writeRequest: writeLeaveGroupRequest,
  readResponse: readLeaveGroupResponse,
  writeResponse: writeLeaveGroupResponse,
} as const;
