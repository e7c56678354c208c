/* CreatePartitions, versions 0 to 3. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface CreatePartitionsAssignment {
  readonly brokerIds: readonly number[];
}

export function readCreatePartitionsAssignment(r: WireReader, _version: number): CreatePartitionsAssignment {
  const brokerIds = r.array(() => r.int32());
  r.tags();
  return { brokerIds };
}

export function writeCreatePartitionsAssignment(
  w: WireWriter,
  m: Sparse<CreatePartitionsAssignment>,
  _version: number,
): void {
  w.array(m.brokerIds ?? [], (item) => w.int32(item));
  w.tags();
}

export interface CreatePartitionsTopic {
  readonly name: string;
  readonly count: number;
  readonly assignments: readonly CreatePartitionsAssignment[] | null;
}

export function readCreatePartitionsTopic(r: WireReader, version: number): CreatePartitionsTopic {
  const name = r.string();
  const count = r.int32();
  const assignments = r.nullableArray(() => readCreatePartitionsAssignment(r, version));
  r.tags();
  return { name, count, assignments };
}

export function writeCreatePartitionsTopic(
  w: WireWriter,
  m: Sparse<CreatePartitionsTopic>,
  version: number,
): void {
  w.string(m.name ?? '');
  w.int32(m.count ?? 0);
  w.array(m.assignments === undefined ? [] : m.assignments, (item) =>
    writeCreatePartitionsAssignment(w, item, version),
  );
  w.tags();
}

export interface CreatePartitionsRequest {
  readonly topics: readonly CreatePartitionsTopic[];
  readonly timeoutMs: number;
  readonly validateOnly: boolean;
}

export function readCreatePartitionsRequest(r: WireReader, version: number): CreatePartitionsRequest {
  const topics = r.array(() => readCreatePartitionsTopic(r, version));
  const timeoutMs = r.int32();
  const validateOnly = r.bool();
  r.tags();
  return { topics, timeoutMs, validateOnly };
}

export function writeCreatePartitionsRequest(
  w: WireWriter,
  m: Sparse<CreatePartitionsRequest>,
  version: number,
): void {
  w.array(m.topics ?? [], (item) => writeCreatePartitionsTopic(w, item, version));
  w.int32(m.timeoutMs ?? 0);
  w.bool(m.validateOnly ?? false);
  w.tags();
}

export interface CreatePartitionsTopicResult {
  readonly name: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export function readCreatePartitionsTopicResult(
  r: WireReader,
  _version: number,
): CreatePartitionsTopicResult {
  const name = r.string();
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  r.tags();
  return { name, errorCode, errorMessage };
}

export function writeCreatePartitionsTopicResult(
  w: WireWriter,
  m: Sparse<CreatePartitionsTopicResult>,
  _version: number,
): void {
  w.string(m.name ?? '');
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage ?? null);
  w.tags();
}

export interface CreatePartitionsResponse {
  readonly throttleTimeMs: number;
  readonly results: readonly CreatePartitionsTopicResult[];
}

export function readCreatePartitionsResponse(r: WireReader, version: number): CreatePartitionsResponse {
  const throttleTimeMs = r.int32();
  const results = r.array(() => readCreatePartitionsTopicResult(r, version));
  r.tags();
  return { throttleTimeMs, results };
}

export function writeCreatePartitionsResponse(
  w: WireWriter,
  m: Sparse<CreatePartitionsResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.results ?? [], (item) => writeCreatePartitionsTopicResult(w, item, version));
  w.tags();
}

export const createPartitionsApi = {
  key: 37,
  min: 0,
  max: 3,
  flexibleFrom: 2,
  readRequest: readCreatePartitionsRequest,
  writeRequest: writeCreatePartitionsRequest,
  readResponse: readCreatePartitionsResponse,
  writeResponse: writeCreatePartitionsResponse,
} as const;
