/* CreateAcls, versions 1 to 3. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface AclCreation {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly resourcePatternType: number;
  readonly principal: string;
  readonly host: string;
  readonly operation: number;
  readonly permissionType: number;
}

export function readAclCreation(r: WireReader, _version: number): AclCreation {
  const resourceType = r.int8();
  const resourceName = r.string();
  const resourcePatternType = r.int8();
  const principal = r.string();
  const host = r.string();
  const operation = r.int8();
  const permissionType = r.int8();
  r.tags();
  return { resourceType, resourceName, resourcePatternType, principal, host, operation, permissionType };
}

export function writeAclCreation(w: WireWriter, m: Sparse<AclCreation>, _version: number): void {
  w.int8(m.resourceType ?? 0);
  w.string(m.resourceName ?? '');
  w.int8(m.resourcePatternType ?? 3);
  w.string(m.principal ?? '');
  w.string(m.host ?? '');
  w.int8(m.operation ?? 0);
  w.int8(m.permissionType ?? 0);
  w.tags();
}

export interface CreateAclsRequest {
  readonly creations: readonly AclCreation[];
}

export function readCreateAclsRequest(r: WireReader, version: number): CreateAclsRequest {
  const creations = r.array(() => readAclCreation(r, version));
  r.tags();
  return { creations };
}

export function writeCreateAclsRequest(w: WireWriter, m: Sparse<CreateAclsRequest>, version: number): void {
  w.array(m.creations ?? [], (item) => writeAclCreation(w, item, version));
  w.tags();
}

export interface AclCreationResult {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export function readAclCreationResult(r: WireReader, _version: number): AclCreationResult {
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  r.tags();
  return { errorCode, errorMessage };
}

export function writeAclCreationResult(w: WireWriter, m: Sparse<AclCreationResult>, _version: number): void {
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage === undefined ? '' : m.errorMessage);
  w.tags();
}

export interface CreateAclsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly AclCreationResult[];
}

export function readCreateAclsResponse(r: WireReader, version: number): CreateAclsResponse {
  const throttleTimeMs = r.int32();
  const results = r.array(() => readAclCreationResult(r, version));
  r.tags();
  return { throttleTimeMs, results };
}

export function writeCreateAclsResponse(w: WireWriter, m: Sparse<CreateAclsResponse>, version: number): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.results ?? [], (item) => writeAclCreationResult(w, item, version));
  w.tags();
}

export const createAclsApi = {
  key: 30,
  min: 1,
  max: 3,
  flexibleFrom: 2,
  readRequest: readCreateAclsRequest,
  writeRequest: writeCreateAclsRequest,
  readResponse: readCreateAclsResponse,
  writeResponse: writeCreateAclsResponse,
} as const;
