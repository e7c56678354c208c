/* DeleteAcls, versions 1 to 3. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface DeleteAclsFilter {
  readonly resourceTypeFilter: number;
  readonly resourceNameFilter: string | null;
  readonly patternTypeFilter: number;
  readonly principalFilter: string | null;
  readonly hostFilter: string | null;
  readonly operation: number;
  readonly permissionType: number;
}

export function readDeleteAclsFilter(r: WireReader, _version: number): DeleteAclsFilter {
  const resourceTypeFilter = r.int8();
  const resourceNameFilter = r.nullableString();
  const patternTypeFilter = r.int8();
  const principalFilter = r.nullableString();
  const hostFilter = r.nullableString();
  const operation = r.int8();
  const permissionType = r.int8();
  r.tags();
  return {
    resourceTypeFilter,
    resourceNameFilter,
    patternTypeFilter,
    principalFilter,
    hostFilter,
    operation,
    permissionType,
  };
}

export function writeDeleteAclsFilter(w: WireWriter, m: Sparse<DeleteAclsFilter>, _version: number): void {
  w.int8(m.resourceTypeFilter ?? 0);
  w.string(m.resourceNameFilter === undefined ? '' : m.resourceNameFilter);
  w.int8(m.patternTypeFilter ?? 3);
  w.string(m.principalFilter === undefined ? '' : m.principalFilter);
  w.string(m.hostFilter === undefined ? '' : m.hostFilter);
  w.int8(m.operation ?? 0);
  w.int8(m.permissionType ?? 0);
  w.tags();
}

export interface DeleteAclsRequest {
  readonly filters: readonly DeleteAclsFilter[];
}

export function readDeleteAclsRequest(r: WireReader, version: number): DeleteAclsRequest {
  const filters = r.array(() => readDeleteAclsFilter(r, version));
  r.tags();
  return { filters };
}

export function writeDeleteAclsRequest(w: WireWriter, m: Sparse<DeleteAclsRequest>, version: number): void {
  w.array(m.filters ?? [], (item) => writeDeleteAclsFilter(w, item, version));
  w.tags();
}

export interface DeleteAclsMatchingAcl {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
  readonly patternType: number;
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}

export function readDeleteAclsMatchingAcl(r: WireReader, _version: number): DeleteAclsMatchingAcl {
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  const resourceType = r.int8();
  const resourceName = r.string();
  const patternType = r.int8();
  const principal = r.string();
  const host = r.string();
  const operation = r.int8();
  const permissionType = r.int8();
  r.tags();
  return {
    errorCode,
    errorMessage,
    resourceType,
    resourceName,
    patternType,
    principal,
    host,
    operation,
    permissionType,
  };
}

export function writeDeleteAclsMatchingAcl(
  w: WireWriter,
  m: Sparse<DeleteAclsMatchingAcl>,
  _version: number,
): void {
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage === undefined ? '' : m.errorMessage);
  w.int8(m.resourceType ?? 0);
  w.string(m.resourceName ?? '');
  w.int8(m.patternType ?? 3);
  w.string(m.principal ?? '');
  w.string(m.host ?? '');
  w.int8(m.operation ?? 0);
  w.int8(m.permissionType ?? 0);
  w.tags();
}

export interface DeleteAclsFilterResult {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly matchingAcls: readonly DeleteAclsMatchingAcl[];
}

export function readDeleteAclsFilterResult(r: WireReader, version: number): DeleteAclsFilterResult {
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  const matchingAcls = r.array(() => readDeleteAclsMatchingAcl(r, version));
  r.tags();
  return { errorCode, errorMessage, matchingAcls };
}

export function writeDeleteAclsFilterResult(
  w: WireWriter,
  m: Sparse<DeleteAclsFilterResult>,
  version: number,
): void {
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage === undefined ? '' : m.errorMessage);
  w.array(m.matchingAcls ?? [], (item) => writeDeleteAclsMatchingAcl(w, item, version));
  w.tags();
}

export interface DeleteAclsResponse {
  readonly throttleTimeMs: number;
  readonly filterResults: readonly DeleteAclsFilterResult[];
}

export function readDeleteAclsResponse(r: WireReader, version: number): DeleteAclsResponse {
  const throttleTimeMs = r.int32();
  const filterResults = r.array(() => readDeleteAclsFilterResult(r, version));
  r.tags();
  return { throttleTimeMs, filterResults };
}

export function writeDeleteAclsResponse(w: WireWriter, m: Sparse<DeleteAclsResponse>, version: number): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.filterResults ?? [], (item) => writeDeleteAclsFilterResult(w, item, version));
  w.tags();
}

export const deleteAclsApi = {
  key: 31,
  min: 1,
  max: 3,
  flexibleFrom: 2,
  readRequest: readDeleteAclsRequest,
  writeRequest: writeDeleteAclsRequest,
  readResponse: readDeleteAclsResponse,
  writeResponse: writeDeleteAclsResponse,
} as const;
