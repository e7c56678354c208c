/* DeleteGroups, versions 0 to 2. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface DeleteGroupsRequest {
  readonly groupsNames: readonly string[];
}

export function readDeleteGroupsRequest(r: WireReader, _version: number): DeleteGroupsRequest {
  const groupsNames = r.array(() => r.string());
  r.tags();
  return { groupsNames };
}

export function writeDeleteGroupsRequest(
  w: WireWriter,
  m: Sparse<DeleteGroupsRequest>,
  _version: number,
): void {
  w.array(m.groupsNames ?? [], (item) => w.string(item));
  w.tags();
}

export interface DeletableGroupResult {
  readonly groupId: string;
  readonly errorCode: number;
}

export function readDeletableGroupResult(r: WireReader, _version: number): DeletableGroupResult {
  const groupId = r.string();
  const errorCode = r.int16();
  r.tags();
  return { groupId, errorCode };
}

export function writeDeletableGroupResult(
  w: WireWriter,
  m: Sparse<DeletableGroupResult>,
  _version: number,
): void {
  w.string(m.groupId ?? '');
  w.int16(m.errorCode ?? 0);
  w.tags();
}

export interface DeleteGroupsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly DeletableGroupResult[];
}

export function readDeleteGroupsResponse(r: WireReader, version: number): DeleteGroupsResponse {
  const throttleTimeMs = r.int32();
  const results = r.array(() => readDeletableGroupResult(r, version));
  r.tags();
  return { throttleTimeMs, results };
}

export function writeDeleteGroupsResponse(
  w: WireWriter,
  m: Sparse<DeleteGroupsResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.results ?? [], (item) => writeDeletableGroupResult(w, item, version));
  w.tags();
}

export const deleteGroupsApi = {
  key: 42,
  min: 0,
  max: 2,
  flexibleFrom: 2,
  readRequest: readDeleteGroupsRequest,
  writeRequest: writeDeleteGroupsRequest,
  readResponse: readDeleteGroupsResponse,
  writeResponse: writeDeleteGroupsResponse,
} as const;
