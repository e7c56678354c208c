/* DescribeCluster, versions 0 to 1. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface DescribeClusterRequest {
  readonly includeClusterAuthorizedOperations: boolean;
  readonly endpointType: number;
}

export function readDescribeClusterRequest(r: WireReader, version: number): DescribeClusterRequest {
  const includeClusterAuthorizedOperations = r.bool();
  const endpointType = version >= 1 ? r.int8() : 1;
  r.tags();
  return { includeClusterAuthorizedOperations, endpointType };
}

export function writeDescribeClusterRequest(
  w: WireWriter,
  m: Sparse<DescribeClusterRequest>,
  version: number,
): void {
  w.bool(m.includeClusterAuthorizedOperations ?? false);
  if (version >= 1) w.int8(m.endpointType ?? 1);
  w.tags();
}

export interface DescribeClusterBroker {
  readonly brokerId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

export function readDescribeClusterBroker(r: WireReader, _version: number): DescribeClusterBroker {
  const brokerId = r.int32();
  const host = r.string();
  const port = r.int32();
  const rack = r.nullableString();
  r.tags();
  return { brokerId, host, port, rack };
}

export function writeDescribeClusterBroker(
  w: WireWriter,
  m: Sparse<DescribeClusterBroker>,
  _version: number,
): void {
  w.int32(m.brokerId ?? 0);
  w.string(m.host ?? '');
  w.int32(m.port ?? 0);
  w.string(m.rack ?? null);
  w.tags();
}

export interface DescribeClusterResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly endpointType: number;
  readonly clusterId: string;
  readonly controllerId: number;
  readonly brokers: readonly DescribeClusterBroker[];
  readonly clusterAuthorizedOperations: number;
}

export function readDescribeClusterResponse(r: WireReader, version: number): DescribeClusterResponse {
  const throttleTimeMs = r.int32();
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  const endpointType = version >= 1 ? r.int8() : 1;
  const clusterId = r.string();
  const controllerId = r.int32();
  const brokers = r.array(() => readDescribeClusterBroker(r, version));
  const clusterAuthorizedOperations = r.int32();
  r.tags();
  return {
    throttleTimeMs,
    errorCode,
    errorMessage,
    endpointType,
    clusterId,
    controllerId,
    brokers,
    clusterAuthorizedOperations,
  };
}

export function writeDescribeClusterResponse(
  w: WireWriter,
  m: Sparse<DescribeClusterResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage ?? null);
  if (version >= 1) w.int8(m.endpointType ?? 1);
  w.string(m.clusterId ?? '');
  w.int32(m.controllerId ?? -1);
  w.array(m.brokers ?? [], (item) => writeDescribeClusterBroker(w, item, version));
  w.int32(m.clusterAuthorizedOperations ?? -2147483648);
  w.tags();
}

export const describeClusterApi = {
  key: 60,
  min: 0,
  max: 1,
  flexibleFrom: 0,
  readRequest: readDescribeClusterRequest,
  writeRequest: writeDescribeClusterRequest,
  readResponse: readDescribeClusterResponse,
  writeResponse: writeDescribeClusterResponse,
} as const;
