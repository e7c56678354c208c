/* JoinGroup, versions 0 to 9. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface JoinGroupRequestProtocol {
  readonly name: string;
  readonly metadata: Uint8Array;
}

export function readJoinGroupRequestProtocol(r: WireReader, _version: number): JoinGroupRequestProtocol {
  const name = r.string();
  const metadata = r.bytes();
  r.tags();
  return { name, metadata };
}

export function writeJoinGroupRequestProtocol(
  w: WireWriter,
  m: Sparse<JoinGroupRequestProtocol>,
  _version: number,
): void {
  w.string(m.name ?? '');
  w.bytes(m.metadata ?? new Uint8Array(0));
  w.tags();
}

export interface JoinGroupRequest {
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly protocolType: string;
  readonly protocols: readonly JoinGroupRequestProtocol[];
  readonly reason: string | null;
}

export function readJoinGroupRequest(r: WireReader, version: number): JoinGroupRequest {
  const groupId = r.string();
  const sessionTimeoutMs = r.int32();
  const rebalanceTimeoutMs = version >= 1 ? r.int32() : -1;
  const memberId = r.string();
  const groupInstanceId = version >= 5 ? r.nullableString() : null;
  const protocolType = r.string();
  const protocols = r.array(() => readJoinGroupRequestProtocol(r, version));
  const reason = version >= 8 ? r.nullableString() : null;
  r.tags();
  return {
    groupId,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    memberId,
    groupInstanceId,
    protocolType,
    protocols,
    reason,
  };
}

export function writeJoinGroupRequest(w: WireWriter, m: Sparse<JoinGroupRequest>, version: number): void {
  w.string(m.groupId ?? '');
  w.int32(m.sessionTimeoutMs ?? 0);
  if (version >= 1) w.int32(m.rebalanceTimeoutMs ?? -1);
  w.string(m.memberId ?? '');
  if (version >= 5) w.string(m.groupInstanceId ?? null);
  w.string(m.protocolType ?? '');
  w.array(m.protocols ?? [], (item) => writeJoinGroupRequestProtocol(w, item, version));
  if (version >= 8) w.string(m.reason ?? null);
  w.tags();
}

export interface JoinGroupResponseMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly metadata: Uint8Array;
}

export function readJoinGroupResponseMember(r: WireReader, version: number): JoinGroupResponseMember {
  const memberId = r.string();
  const groupInstanceId = version >= 5 ? r.nullableString() : null;
  const metadata = r.bytes();
  r.tags();
  return { memberId, groupInstanceId, metadata };
}

export function writeJoinGroupResponseMember(
  w: WireWriter,
  m: Sparse<JoinGroupResponseMember>,
  version: number,
): void {
  w.string(m.memberId ?? '');
  if (version >= 5) w.string(m.groupInstanceId ?? null);
  w.bytes(m.metadata ?? new Uint8Array(0));
  w.tags();
}

export interface JoinGroupResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly generationId: number;
  readonly protocolType: string | null;
  readonly protocolName: string | null;
  readonly leader: string;
  readonly skipAssignment: boolean;
  readonly memberId: string;
  readonly members: readonly JoinGroupResponseMember[];
}

export function readJoinGroupResponse(r: WireReader, version: number): JoinGroupResponse {
  const throttleTimeMs = version >= 2 ? r.int32() : 0;
  const errorCode = r.int16();
  const generationId = r.int32();
  const protocolType = version >= 7 ? r.nullableString() : null;
  const protocolName = r.nullableString();
  const leader = r.string();
  const skipAssignment = version >= 9 ? r.bool() : false;
  const memberId = r.string();
  const members = r.array(() => readJoinGroupResponseMember(r, version));
  r.tags();
  return {
    throttleTimeMs,
    errorCode,
    generationId,
    protocolType,
    protocolName,
    leader,
    skipAssignment,
    memberId,
    members,
  };
}

export function writeJoinGroupResponse(w: WireWriter, m: Sparse<JoinGroupResponse>, version: number): void {
  if (version >= 2) w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  w.int32(m.generationId ?? -1);
  if (version >= 7) w.string(m.protocolType ?? null);
  w.string(m.protocolName === undefined ? '' : m.protocolName);
  w.string(m.leader ?? '');
  if (version >= 9) w.bool(m.skipAssignment ?? false);
  w.string(m.memberId ?? '');
  w.array(m.members ?? [], (item) => writeJoinGroupResponseMember(w, item, version));
  w.tags();
}

export const joinGroupApi = {
  key: 11,
  min: 0,
  max: 9,
  flexibleFrom: 6,
  readRequest: readJoinGroupRequest,
  writeRequest: writeJoinGroupRequest,
  readResponse: readJoinGroupResponse,
  writeResponse: writeJoinGroupResponse,
} as const;
