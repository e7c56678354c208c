/* AlterConfigs, versions 0 to 2. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface AlterableConfig {
  readonly name: string;
  readonly value: string | null;
}

export function readAlterableConfig(r: WireReader, _version: number): AlterableConfig {
  const name = r.string();
  const value = r.nullableString();
  r.tags();
  return { name, value };
}

export function writeAlterableConfig(w: WireWriter, m: Sparse<AlterableConfig>, _version: number): void {
  w.string(m.name ?? '');
  w.string(m.value === undefined ? '' : m.value);
  w.tags();
}

export interface AlterConfigsResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly AlterableConfig[];
}

export function readAlterConfigsResource(r: WireReader, version: number): AlterConfigsResource {
  const resourceType = r.int8();
  const resourceName = r.string();
  const configs = r.array(() => readAlterableConfig(r, version));
  r.tags();
  return { resourceType, resourceName, configs };
}

export function writeAlterConfigsResource(
  w: WireWriter,
  m: Sparse<AlterConfigsResource>,
  version: number,
): void {
  w.int8(m.resourceType ?? 0);
  w.string(m.resourceName ?? '');
  w.array(m.configs ?? [], (item) => writeAlterableConfig(w, item, version));
  w.tags();
}

export interface AlterConfigsRequest {
  readonly resources: readonly AlterConfigsResource[];
  readonly validateOnly: boolean;
}

export function readAlterConfigsRequest(r: WireReader, version: number): AlterConfigsRequest {
  const resources = r.array(() => readAlterConfigsResource(r, version));
  const validateOnly = r.bool();
  r.tags();
  return { resources, validateOnly };
}

export function writeAlterConfigsRequest(
  w: WireWriter,
  m: Sparse<AlterConfigsRequest>,
  version: number,
): void {
  w.array(m.resources ?? [], (item) => writeAlterConfigsResource(w, item, version));
  w.bool(m.validateOnly ?? false);
  w.tags();
}

export interface AlterConfigsResourceResponse {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
}

export function readAlterConfigsResourceResponse(
  r: WireReader,
  _version: number,
): AlterConfigsResourceResponse {
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  const resourceType = r.int8();
  const resourceName = r.string();
  r.tags();
  return { errorCode, errorMessage, resourceType, resourceName };
}

export function writeAlterConfigsResourceResponse(
  w: WireWriter,
  m: Sparse<AlterConfigsResourceResponse>,
  _version: number,
): void {
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage === undefined ? '' : m.errorMessage);
  w.int8(m.resourceType ?? 0);
  w.string(m.resourceName ?? '');
  w.tags();
}

export interface AlterConfigsResponse {
  readonly throttleTimeMs: number;
  readonly responses: readonly AlterConfigsResourceResponse[];
}

export function readAlterConfigsResponse(r: WireReader, version: number): AlterConfigsResponse {
  const throttleTimeMs = r.int32();
  const responses = r.array(() => readAlterConfigsResourceResponse(r, version));
  r.tags();
  return { throttleTimeMs, responses };
}

export function writeAlterConfigsResponse(
  w: WireWriter,
  m: Sparse<AlterConfigsResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.responses ?? [], (item) => writeAlterConfigsResourceResponse(w, item, version));
  w.tags();
}

export const alterConfigsApi = {
  key: 33,
  min: 0,
  max: 2,
  flexibleFrom: 2,
  readRequest: readAlterConfigsRequest,
  writeRequest: writeAlterConfigsRequest,
  readResponse: readAlterConfigsResponse,
  writeResponse: writeAlterConfigsResponse,
} as const;
