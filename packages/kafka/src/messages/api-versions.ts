/* ApiVersions, versions 0 to 4. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import { tagged, type WireWriter } from '../wire/writer.ts';

export interface ApiVersionsRequest {
  readonly clientSoftwareName: string;
  readonly clientSoftwareVersion: string;
}

export function readApiVersionsRequest(r: WireReader, version: number): ApiVersionsRequest {
  const clientSoftwareName = version >= 3 ? r.string() : '';
  const clientSoftwareVersion = version >= 3 ? r.string() : '';
  r.tags();
  return { clientSoftwareName, clientSoftwareVersion };
}

export function writeApiVersionsRequest(w: WireWriter, m: Sparse<ApiVersionsRequest>, version: number): void {
  if (version >= 3) w.string(m.clientSoftwareName ?? '');
  if (version >= 3) w.string(m.clientSoftwareVersion ?? '');
  w.tags();
}

export interface FinalizedFeatureKey {
  readonly name: string;
  readonly maxVersionLevel: number;
  readonly minVersionLevel: number;
}

export function readFinalizedFeatureKey(r: WireReader, version: number): FinalizedFeatureKey {
  const name = version >= 3 ? r.string() : '';
  const maxVersionLevel = version >= 3 ? r.int16() : 0;
  const minVersionLevel = version >= 3 ? r.int16() : 0;
  r.tags();
  return { name, maxVersionLevel, minVersionLevel };
}

export function writeFinalizedFeatureKey(
  w: WireWriter,
  m: Sparse<FinalizedFeatureKey>,
  version: number,
): void {
  if (version >= 3) w.string(m.name ?? '');
  if (version >= 3) w.int16(m.maxVersionLevel ?? 0);
  if (version >= 3) w.int16(m.minVersionLevel ?? 0);
  w.tags();
}

export interface SupportedFeatureKey {
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
}

export function readSupportedFeatureKey(r: WireReader, version: number): SupportedFeatureKey {
  const name = version >= 3 ? r.string() : '';
  const minVersion = version >= 3 ? r.int16() : 0;
  const maxVersion = version >= 3 ? r.int16() : 0;
  r.tags();
  return { name, minVersion, maxVersion };
}

export function writeSupportedFeatureKey(
  w: WireWriter,
  m: Sparse<SupportedFeatureKey>,
  version: number,
): void {
  if (version >= 3) w.string(m.name ?? '');
  if (version >= 3) w.int16(m.minVersion ?? 0);
  if (version >= 3) w.int16(m.maxVersion ?? 0);
  w.tags();
}

export interface ApiVersion {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

export function readApiVersion(r: WireReader, _version: number): ApiVersion {
  const apiKey = r.int16();
  const minVersion = r.int16();
  const maxVersion = r.int16();
  r.tags();
  return { apiKey, minVersion, maxVersion };
}

export function writeApiVersion(w: WireWriter, m: Sparse<ApiVersion>, _version: number): void {
  w.int16(m.apiKey ?? 0);
  w.int16(m.minVersion ?? 0);
  w.int16(m.maxVersion ?? 0);
  w.tags();
}

export interface ApiVersionsResponse {
  readonly errorCode: number;
  readonly apiKeys: readonly ApiVersion[];
  readonly throttleTimeMs: number;
  readonly supportedFeatures: readonly SupportedFeatureKey[];
  readonly finalizedFeaturesEpoch: number;
  readonly finalizedFeatures: readonly FinalizedFeatureKey[];
  readonly zkMigrationReady: boolean;
}

export function readApiVersionsResponse(r: WireReader, version: number): ApiVersionsResponse {
  const errorCode = r.int16();
  const apiKeys = r.array(() => readApiVersion(r, version));
  const throttleTimeMs = version >= 1 ? r.int32() : 0;
  let supportedFeatures: readonly SupportedFeatureKey[] = [];
  let finalizedFeaturesEpoch: number = -1;
  let finalizedFeatures: readonly FinalizedFeatureKey[] = [];
  let zkMigrationReady: boolean = false;
  r.tags((tag) => {
    if (tag === 0) supportedFeatures = r.array(() => readSupportedFeatureKey(r, version));
    else if (tag === 1) finalizedFeaturesEpoch = r.int64();
    else if (tag === 2) finalizedFeatures = r.array(() => readFinalizedFeatureKey(r, version));
    else if (tag === 3) zkMigrationReady = r.bool();
    else return false;
    return true;
  });
  return {
    errorCode,
    apiKeys,
    throttleTimeMs,
    supportedFeatures,
    finalizedFeaturesEpoch,
    finalizedFeatures,
    zkMigrationReady,
  };
}

export function writeApiVersionsResponse(
  w: WireWriter,
  m: Sparse<ApiVersionsResponse>,
  version: number,
): void {
  w.int16(m.errorCode ?? 0);
  w.array(m.apiKeys ?? [], (item) => writeApiVersion(w, item, version));
  if (version >= 1) w.int32(m.throttleTimeMs ?? 0);
  w.tags([
    ...tagged(version >= 3 && m.supportedFeatures !== undefined && m.supportedFeatures.length > 0, 0, (t) =>
      t.array(m.supportedFeatures!, (item) => writeSupportedFeatureKey(t, item, version)),
    ),
    ...tagged(
      version >= 3 && m.finalizedFeaturesEpoch !== undefined && m.finalizedFeaturesEpoch !== -1,
      1,
      (t) => t.int64(m.finalizedFeaturesEpoch!),
    ),
    ...tagged(version >= 3 && m.finalizedFeatures !== undefined && m.finalizedFeatures.length > 0, 2, (t) =>
      t.array(m.finalizedFeatures!, (item) => writeFinalizedFeatureKey(t, item, version)),
    ),
    ...tagged(version >= 3 && m.zkMigrationReady !== undefined && m.zkMigrationReady !== false, 3, (t) =>
      t.bool(m.zkMigrationReady!),
    ),
  ]);
}

export const apiVersionsApi = {
  key: 18,
  min: 0,
  max: 4,
  flexibleFrom: 3,
  readRequest: readApiVersionsRequest,
  writeRequest: writeApiVersionsRequest,
  readResponse: readApiVersionsResponse,
  writeResponse: writeApiVersionsResponse,
} as const;
