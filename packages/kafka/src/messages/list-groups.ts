/* ListGroups, versions 0 to 5. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface ListGroupsRequest {
  readonly statesFilter: readonly string[];
  readonly typesFilter: readonly string[];
}

export function readListGroupsRequest(r: WireReader, version: number): ListGroupsRequest {
  const statesFilter = version >= 4 ? r.array(() => r.string()) : [];
  const typesFilter = version >= 5 ? r.array(() => r.string()) : [];
  r.tags();
  return { statesFilter, typesFilter };
}

export function writeListGroupsRequest(w: WireWriter, m: Sparse<ListGroupsRequest>, version: number): void {
  if (version >= 4) w.array(m.statesFilter ?? [], (item) => w.string(item));
  if (version >= 5) w.array(m.typesFilter ?? [], (item) => w.string(item));
  w.tags();
}

export interface ListedGroup {
  readonly groupId: string;
  readonly protocolType: string;
  readonly groupState: string;
  readonly groupType: string;
}

export function readListedGroup(r: WireReader, version: number): ListedGroup {
  const groupId = r.string();
  const protocolType = r.string();
  const groupState = version >= 4 ? r.string() : '';
  const groupType = version >= 5 ? r.string() : '';
  r.tags();
  return { groupId, protocolType, groupState, groupType };
}

export function writeListedGroup(w: WireWriter, m: Sparse<ListedGroup>, version: number): void {
  w.string(m.groupId ?? '');
  w.string(m.protocolType ?? '');
  if (version >= 4) w.string(m.groupState ?? '');
  if (version >= 5) w.string(m.groupType ?? '');
  w.tags();
}

export interface ListGroupsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly groups: readonly ListedGroup[];
}

export function readListGroupsResponse(r: WireReader, version: number): ListGroupsResponse {
  const throttleTimeMs = version >= 1 ? r.int32() : 0;
  const errorCode = r.int16();
  const groups = r.array(() => readListedGroup(r, version));
  r.tags();
  return { throttleTimeMs, errorCode, groups };
}

export function writeListGroupsResponse(w: WireWriter, m: Sparse<ListGroupsResponse>, version: number): void {
  if (version >= 1) w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  w.array(m.groups ?? [], (item) => writeListedGroup(w, item, version));
  w.tags();
}

export const listGroupsApi = {
  key: 16,
  min: 0,
  max: 5,
  flexibleFrom: 3,
  readRequest: readListGroupsRequest,
  writeRequest: writeListGroupsRequest,
  readResponse: readListGroupsResponse,
  writeResponse: writeListGroupsResponse,
} as const;
