/* DeleteTopics, versions 1 to 6. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import { zeroUuid } from '../wire/uuid.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface DeleteTopicState {
  readonly name: string | null;
  readonly topicId: string;
}

export function readDeleteTopicState(r: WireReader, version: number): DeleteTopicState {
  const name = version >= 6 ? r.nullableString() : null;
  const topicId = version >= 6 ? r.uuid() : zeroUuid;
  r.tags();
  return { name, topicId };
}

export function writeDeleteTopicState(w: WireWriter, m: Sparse<DeleteTopicState>, version: number): void {
  if (version >= 6) w.string(m.name ?? null);
  if (version >= 6) w.uuid(m.topicId ?? zeroUuid);
  w.tags();
}

export interface DeleteTopicsRequest {
  readonly topics: readonly DeleteTopicState[];
  readonly topicNames: readonly string[];
  readonly timeoutMs: number;
}

export function readDeleteTopicsRequest(r: WireReader, version: number): DeleteTopicsRequest {
  const topics = version >= 6 ? r.array(() => readDeleteTopicState(r, version)) : [];
  const topicNames = version <= 5 ? r.array(() => r.string()) : [];
  const timeoutMs = r.int32();
  r.tags();
  return { topics, topicNames, timeoutMs };
}

export function writeDeleteTopicsRequest(
  w: WireWriter,
  m: Sparse<DeleteTopicsRequest>,
  version: number,
): void {
  if (version >= 6) w.array(m.topics ?? [], (item) => writeDeleteTopicState(w, item, version));
  if (version <= 5) w.array(m.topicNames ?? [], (item) => w.string(item));
  w.int32(m.timeoutMs ?? 0);
  w.tags();
}

export interface DeletableTopicResult {
  readonly name: string | null;
  readonly topicId: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

export function readDeletableTopicResult(r: WireReader, version: number): DeletableTopicResult {
  const name = r.nullableString();
  const topicId = version >= 6 ? r.uuid() : zeroUuid;
  const errorCode = r.int16();
  const errorMessage = version >= 5 ? r.nullableString() : null;
  r.tags();
  return { name, topicId, errorCode, errorMessage };
}

export function writeDeletableTopicResult(
  w: WireWriter,
  m: Sparse<DeletableTopicResult>,
  version: number,
): void {
  w.string(m.name === undefined ? '' : m.name);
  if (version >= 6) w.uuid(m.topicId ?? zeroUuid);
  w.int16(m.errorCode ?? 0);
  if (version >= 5) w.string(m.errorMessage ?? null);
  w.tags();
}

export interface DeleteTopicsResponse {
  readonly throttleTimeMs: number;
  readonly responses: readonly DeletableTopicResult[];
}

export function readDeleteTopicsResponse(r: WireReader, version: number): DeleteTopicsResponse {
  const throttleTimeMs = r.int32();
  const responses = r.array(() => readDeletableTopicResult(r, version));
  r.tags();
  return { throttleTimeMs, responses };
}

export function writeDeleteTopicsResponse(
  w: WireWriter,
  m: Sparse<DeleteTopicsResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.responses ?? [], (item) => writeDeletableTopicResult(w, item, version));
  w.tags();
}

export const deleteTopicsApi = {
  key: 20,
  min: 1,
  max: 6,
  flexibleFrom: 4,
  readRequest: readDeleteTopicsRequest,
  writeRequest: writeDeleteTopicsRequest,
  readResponse: readDeleteTopicsResponse,
  writeResponse: writeDeleteTopicsResponse,
} as const;
