/* ListConfigResources, versions 0 to 1. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface ListConfigResourcesRequest {
  readonly resourceTypes: readonly number[];
}

export function readListConfigResourcesRequest(r: WireReader, version: number): ListConfigResourcesRequest {
  const resourceTypes = version >= 1 ? r.array(() => r.int8()) : [];
  r.tags();
  return { resourceTypes };
}

export function writeListConfigResourcesRequest(
  w: WireWriter,
  m: Sparse<ListConfigResourcesRequest>,
  version: number,
): void {
  if (version >= 1) w.array(m.resourceTypes ?? [], (item) => w.int8(item));
  w.tags();
}

export interface ConfigResource {
  readonly resourceName: string;
  readonly resourceType: number;
}

export function readConfigResource(r: WireReader, version: number): ConfigResource {
  const resourceName = r.string();
  const resourceType = version >= 1 ? r.int8() : 16;
  r.tags();
  return { resourceName, resourceType };
}

export function writeConfigResource(w: WireWriter, m: Sparse<ConfigResource>, version: number): void {
  w.string(m.resourceName ?? '');
  if (version >= 1) w.int8(m.resourceType ?? 16);
  w.tags();
}

export interface ListConfigResourcesResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly configResources: readonly ConfigResource[];
}

export function readListConfigResourcesResponse(r: WireReader, version: number): ListConfigResourcesResponse {
  const throttleTimeMs = r.int32();
  const errorCode = r.int16();
  const configResources = r.array(() => readConfigResource(r, version));
  r.tags();
  return { throttleTimeMs, errorCode, configResources };
}

export function writeListConfigResourcesResponse(
  w: WireWriter,
  m: Sparse<ListConfigResourcesResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  w.array(m.configResources ?? [], (item) => writeConfigResource(w, item, version));
  w.tags();
}

export const listConfigResourcesApi = {
  key: 74,
  min: 0,
  max: 1,
  flexibleFrom: 0,
  readRequest: readListConfigResourcesRequest,
  writeRequest: writeListConfigResourcesRequest,
  readResponse: readListConfigResourcesResponse,
  writeResponse: writeListConfigResourcesResponse,
} as const;
