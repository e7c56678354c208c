/* DescribeAcls, versions 1 to 3. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface DescribeAclsRequest {
  readonly resourceTypeFilter: number;
  readonly resourceNameFilter: string | null;
  readonly patternTypeFilter: number;
  readonly principalFilter: string | null;
  readonly hostFilter: string | null;
  readonly operation: number;
  readonly permissionType: number;
}

export function readDescribeAclsRequest(r: WireReader, _version: number): DescribeAclsRequest {
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

export function writeDescribeAclsRequest(
  w: WireWriter,
  m: Sparse<DescribeAclsRequest>,
  _version: number,
): void {
  w.int8(m.resourceTypeFilter ?? 0);
  w.string(m.resourceNameFilter === undefined ? '' : m.resourceNameFilter);
  w.int8(m.patternTypeFilter ?? 3);
  w.string(m.principalFilter === undefined ? '' : m.principalFilter);
  w.string(m.hostFilter === undefined ? '' : m.hostFilter);
  w.int8(m.operation ?? 0);
  w.int8(m.permissionType ?? 0);
  w.tags();
}

export interface AclDescription {
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}

export function readAclDescription(r: WireReader, _version: number): AclDescription {
  const principal = r.string();
  const host = r.string();
  const operation = r.int8();
  const permissionType = r.int8();
  r.tags();
  return { principal, host, operation, permissionType };
}

export function writeAclDescription(w: WireWriter, m: Sparse<AclDescription>, _version: number): void {
  w.string(m.principal ?? '');
  w.string(m.host ?? '');
  w.int8(m.operation ?? 0);
  w.int8(m.permissionType ?? 0);
  w.tags();
}

export interface DescribeAclsResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly patternType: number;
  readonly acls: readonly AclDescription[];
}

export function readDescribeAclsResource(r: WireReader, version: number): DescribeAclsResource {
  const resourceType = r.int8();
  const resourceName = r.string();
  const patternType = r.int8();
  const acls = r.array(() => readAclDescription(r, version));
  r.tags();
  return { resourceType, resourceName, patternType, acls };
}

export function writeDescribeAclsResource(
  w: WireWriter,
  m: Sparse<DescribeAclsResource>,
  version: number,
): void {
  w.int8(m.resourceType ?? 0);
  w.string(m.resourceName ?? '');
  w.int8(m.patternType ?? 3);
  w.array(m.acls ?? [], (item) => writeAclDescription(w, item, version));
  w.tags();
}

export interface DescribeAclsResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resources: readonly DescribeAclsResource[];
}

export function readDescribeAclsResponse(r: WireReader, version: number): DescribeAclsResponse {
  const throttleTimeMs = r.int32();
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  const resources = r.array(() => readDescribeAclsResource(r, version));
  r.tags();
  return { throttleTimeMs, errorCode, errorMessage, resources };
}

export function writeDescribeAclsResponse(
  w: WireWriter,
  m: Sparse<DescribeAclsResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage === undefined ? '' : m.errorMessage);
  w.array(m.resources ?? [], (item) => writeDescribeAclsResource(w, item, version));
  w.tags();
}

export const describeAclsApi = {
  key: 29,
  min: 1,
  max: 3,
  flexibleFrom: 2,
  readRequest: readDescribeAclsRequest,
  writeRequest: writeDescribeAclsRequest,
  readResponse: readDescribeAclsResponse,
  writeResponse: writeDescribeAclsResponse,
} as const;
