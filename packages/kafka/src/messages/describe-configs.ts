/* DescribeConfigs, versions 1 to 4. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface DescribeConfigsResource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configurationKeys: readonly string[] | null;
}

export function readDescribeConfigsResource(r: WireReader, _version: number): DescribeConfigsResource {
  const resourceType = r.int8();
  const resourceName = r.string();
  const configurationKeys = r.nullableArray(() => r.string());
  r.tags();
  return { resourceType, resourceName, configurationKeys };
}

export function writeDescribeConfigsResource(
  w: WireWriter,
  m: Sparse<DescribeConfigsResource>,
  _version: number,
): void {
  w.int8(m.resourceType ?? 0);
  w.string(m.resourceName ?? '');
  w.array(m.configurationKeys === undefined ? [] : m.configurationKeys, (item) => w.string(item));
  w.tags();
}

export interface DescribeConfigsRequest {
  readonly resources: readonly DescribeConfigsResource[];
  readonly includeSynonyms: boolean;
  readonly includeDocumentation: boolean;
}

export function readDescribeConfigsRequest(r: WireReader, version: number): DescribeConfigsRequest {
  const resources = r.array(() => readDescribeConfigsResource(r, version));
  const includeSynonyms = r.bool();
  const includeDocumentation = version >= 3 ? r.bool() : false;
  r.tags();
  return { resources, includeSynonyms, includeDocumentation };
}

export function writeDescribeConfigsRequest(
  w: WireWriter,
  m: Sparse<DescribeConfigsRequest>,
  version: number,
): void {
  w.array(m.resources ?? [], (item) => writeDescribeConfigsResource(w, item, version));
  w.bool(m.includeSynonyms ?? false);
  if (version >= 3) w.bool(m.includeDocumentation ?? false);
  w.tags();
}

export interface DescribeConfigsSynonym {
  readonly name: string;
  readonly value: string | null;
  readonly source: number;
}

export function readDescribeConfigsSynonym(r: WireReader, _version: number): DescribeConfigsSynonym {
  const name = r.string();
  const value = r.nullableString();
  const source = r.int8();
  r.tags();
  return { name, value, source };
}

export function writeDescribeConfigsSynonym(
  w: WireWriter,
  m: Sparse<DescribeConfigsSynonym>,
  _version: number,
): void {
  w.string(m.name ?? '');
  w.string(m.value === undefined ? '' : m.value);
  w.int8(m.source ?? 0);
  w.tags();
}

export interface DescribeConfigsResourceResult {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
  readonly synonyms: readonly DescribeConfigsSynonym[];
  readonly configType: number;
  readonly documentation: string | null;
}

export function readDescribeConfigsResourceResult(
  r: WireReader,
  version: number,
): DescribeConfigsResourceResult {
  const name = r.string();
  const value = r.nullableString();
  const readOnly = r.bool();
  const configSource = r.int8();
  const isSensitive = r.bool();
  const synonyms = r.array(() => readDescribeConfigsSynonym(r, version));
  const configType = version >= 3 ? r.int8() : 0;
  const documentation = version >= 3 ? r.nullableString() : '';
  r.tags();
  return { name, value, readOnly, configSource, isSensitive, synonyms, configType, documentation };
}

export function writeDescribeConfigsResourceResult(
  w: WireWriter,
  m: Sparse<DescribeConfigsResourceResult>,
  version: number,
): void {
  w.string(m.name ?? '');
  w.string(m.value === undefined ? '' : m.value);
  w.bool(m.readOnly ?? false);
  w.int8(m.configSource ?? -1);
  w.bool(m.isSensitive ?? false);
  w.array(m.synonyms ?? [], (item) => writeDescribeConfigsSynonym(w, item, version));
  if (version >= 3) w.int8(m.configType ?? 0);
  if (version >= 3) w.string(m.documentation === undefined ? '' : m.documentation);
  w.tags();
}

export interface DescribeConfigsResult {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly DescribeConfigsResourceResult[];
}

export function readDescribeConfigsResult(r: WireReader, version: number): DescribeConfigsResult {
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  const resourceType = r.int8();
  const resourceName = r.string();
  const configs = r.array(() => readDescribeConfigsResourceResult(r, version));
  r.tags();
  return { errorCode, errorMessage, resourceType, resourceName, configs };
}

export function writeDescribeConfigsResult(
  w: WireWriter,
  m: Sparse<DescribeConfigsResult>,
  version: number,
): void {
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage === undefined ? '' : m.errorMessage);
  w.int8(m.resourceType ?? 0);
  w.string(m.resourceName ?? '');
  w.array(m.configs ?? [], (item) => writeDescribeConfigsResourceResult(w, item, version));
  w.tags();
}

export interface DescribeConfigsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly DescribeConfigsResult[];
}

export function readDescribeConfigsResponse(r: WireReader, version: number): DescribeConfigsResponse {
  const throttleTimeMs = r.int32();
  const results = r.array(() => readDescribeConfigsResult(r, version));
  r.tags();
  return { throttleTimeMs, results };
}

export function writeDescribeConfigsResponse(
  w: WireWriter,
  m: Sparse<DescribeConfigsResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.results ?? [], (item) => writeDescribeConfigsResult(w, item, version));
  w.tags();
}

export const describeConfigsApi = {
  key: 32,
  min: 1,
  max: 4,
  flexibleFrom: 4,
  readRequest: readDescribeConfigsRequest,
  writeRequest: writeDescribeConfigsRequest,
  readResponse: readDescribeConfigsResponse,
  writeResponse: writeDescribeConfigsResponse,
} as const;
