/* FindCoordinator, versions 0 to 6. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface FindCoordinatorRequest {
  readonly key: string;
  readonly keyType: number;
  readonly coordinatorKeys: readonly string[];
}

export function readFindCoordinatorRequest(r: WireReader, version: number): FindCoordinatorRequest {
  const key = version <= 3 ? r.string() : '';
  const keyType = version >= 1 ? r.int8() : 0;
  const coordinatorKeys = version >= 4 ? r.array(() => r.string()) : [];
  r.tags();
  return { key, keyType, coordinatorKeys };
}

export function writeFindCoordinatorRequest(
  w: WireWriter,
  m: Sparse<FindCoordinatorRequest>,
  version: number,
): void {
  if (version <= 3) w.string(m.key ?? '');
  if (version >= 1) w.int8(m.keyType ?? 0);
  if (version >= 4) w.array(m.coordinatorKeys ?? [], (item) => w.string(item));
  w.tags();
}

export interface Coordinator {
  readonly key: string;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export function readCoordinator(r: WireReader, version: number): Coordinator {
  const key = version >= 4 ? r.string() : '';
  const nodeId = version >= 4 ? r.int32() : 0;
  const host = version >= 4 ? r.string() : '';
  const port = version >= 4 ? r.int32() : 0;
  const errorCode = version >= 4 ? r.int16() : 0;
  const errorMessage = version >= 4 ? r.nullableString() : '';
  r.tags();
  return { key, nodeId, host, port, errorCode, errorMessage };
}

export function writeCoordinator(w: WireWriter, m: Sparse<Coordinator>, version: number): void {
  if (version >= 4) w.string(m.key ?? '');
  if (version >= 4) w.int32(m.nodeId ?? 0);
  if (version >= 4) w.string(m.host ?? '');
  if (version >= 4) w.int32(m.port ?? 0);
  if (version >= 4) w.int16(m.errorCode ?? 0);
  if (version >= 4) w.string(m.errorMessage === undefined ? '' : m.errorMessage);
  w.tags();
}

export interface FindCoordinatorResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly coordinators: readonly Coordinator[];
}

export function readFindCoordinatorResponse(r: WireReader, version: number): FindCoordinatorResponse {
  const throttleTimeMs = version >= 1 ? r.int32() : 0;
  const errorCode = version <= 3 ? r.int16() : 0;
  const errorMessage = version >= 1 && version <= 3 ? r.nullableString() : '';
  const nodeId = version <= 3 ? r.int32() : 0;
  const host = version <= 3 ? r.string() : '';
  const port = version <= 3 ? r.int32() : 0;
  const coordinators = version >= 4 ? r.array(() => readCoordinator(r, version)) : [];
  r.tags();
  return { throttleTimeMs, errorCode, errorMessage, nodeId, host, port, coordinators };
}

export function writeFindCoordinatorResponse(
  w: WireWriter,
  m: Sparse<FindCoordinatorResponse>,
  version: number,
): void {
  if (version >= 1) w.int32(m.throttleTimeMs ?? 0);
  if (version <= 3) w.int16(m.errorCode ?? 0);
  if (version >= 1 && version <= 3) w.string(m.errorMessage === undefined ? '' : m.errorMessage);
  if (version <= 3) w.int32(m.nodeId ?? 0);
  if (version <= 3) w.string(m.host ?? '');
  if (version <= 3) w.int32(m.port ?? 0);
  if (version >= 4) w.array(m.coordinators ?? [], (item) => writeCoordinator(w, item, version));
  w.tags();
}

export const findCoordinatorApi = {
  key: 10,
  min: 0,
  max: 6,
  flexibleFrom: 3,
  readRequest: readFindCoordinatorRequest,
  writeRequest: writeFindCoordinatorRequest,
  readResponse: readFindCoordinatorResponse,
  writeResponse: writeFindCoordinatorResponse,
} as const;
