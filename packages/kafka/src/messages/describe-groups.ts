/* DescribeGroups, versions 0 to 6. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface DescribeGroupsRequest {
  readonly groups: readonly string[];
  readonly includeAuthorizedOperations: boolean;
}

export function readDescribeGroupsRequest(r: WireReader, version: number): DescribeGroupsRequest {
  const groups = r.array(() => r.string());
  const includeAuthorizedOperations = version >= 3 ? r.bool() : false;
  r.tags();
  return { groups, includeAuthorizedOperations };
}

export function writeDescribeGroupsRequest(
  w: WireWriter,
  m: Sparse<DescribeGroupsRequest>,
  version: number,
): void {
  w.array(m.groups ?? [], (item) => w.string(item));
  if (version >= 3) w.bool(m.includeAuthorizedOperations ?? false);
  w.tags();
}

export interface DescribedGroupMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly memberMetadata: Uint8Array;
  readonly memberAssignment: Uint8Array;
}

export function readDescribedGroupMember(r: WireReader, version: number): DescribedGroupMember {
  const memberId = r.string();
  const groupInstanceId = version >= 4 ? r.nullableString() : null;
  const clientId = r.string();
  const clientHost = r.string();
  const memberMetadata = r.bytes();
  const memberAssignment = r.bytes();
  r.tags();
  return { memberId, groupInstanceId, clientId, clientHost, memberMetadata, memberAssignment };
}

export function writeDescribedGroupMember(
  w: WireWriter,
  m: Sparse<DescribedGroupMember>,
  version: number,
): void {
  w.string(m.memberId ?? '');
  if (version >= 4) w.string(m.groupInstanceId ?? null);
  w.string(m.clientId ?? '');
  w.string(m.clientHost ?? '');
  w.bytes(m.memberMetadata ?? new Uint8Array(0));
  w.bytes(m.memberAssignment ?? new Uint8Array(0));
  w.tags();
}

export interface DescribedGroup {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly groupId: string;
  readonly groupState: string;
  readonly protocolType: string;
  readonly protocolData: string;
  readonly members: readonly DescribedGroupMember[];
  readonly authorizedOperations: number;
}

export function readDescribedGroup(r: WireReader, version: number): DescribedGroup {
  const errorCode = r.int16();
  const errorMessage = version >= 6 ? r.nullableString() : null;
  const groupId = r.string();
  const groupState = r.string();
  const protocolType = r.string();
  const protocolData = r.string();
  const members = r.array(() => readDescribedGroupMember(r, version));
  const authorizedOperations = version >= 3 ? r.int32() : -2147483648;
  r.tags();
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState,
    protocolType,
    protocolData,
    members,
    authorizedOperations,
  };
}

export function writeDescribedGroup(w: WireWriter, m: Sparse<DescribedGroup>, version: number): void {
  w.int16(m.errorCode ?? 0);
  if (version >= 6) w.string(m.errorMessage ?? null);
  w.string(m.groupId ?? '');
  w.string(m.groupState ?? '');
  w.string(m.protocolType ?? '');
  w.string(m.protocolData ?? '');
  w.array(m.members ?? [], (item) => writeDescribedGroupMember(w, item, version));
  if (version >= 3) w.int32(m.authorizedOperations ?? -2147483648);
  w.tags();
}

export interface DescribeGroupsResponse {
  readonly throttleTimeMs: number;
  readonly groups: readonly DescribedGroup[];
}

export function readDescribeGroupsResponse(r: WireReader, version: number): DescribeGroupsResponse {
  const throttleTimeMs = version >= 1 ? r.int32() : 0;
  const groups = r.array(() => readDescribedGroup(r, version));
  r.tags();
  return { throttleTimeMs, groups };
}

export function writeDescribeGroupsResponse(
  w: WireWriter,
  m: Sparse<DescribeGroupsResponse>,
  version: number,
): void {
  if (version >= 1) w.int32(m.throttleTimeMs ?? 0);
  w.array(m.groups ?? [], (item) => writeDescribedGroup(w, item, version));
  w.tags();
}

export const describeGroupsApi = {
  key: 15,
  min: 0,
  max: 6,
  flexibleFrom: 5,
  readRequest: readDescribeGroupsRequest,
  writeRequest: writeDescribeGroupsRequest,
  readResponse: readDescribeGroupsResponse,
  writeResponse: writeDescribeGroupsResponse,
} as const;
