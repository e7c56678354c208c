/* CreateTopics, versions 2 to 7. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import { zeroUuid } from '../wire/uuid.ts';
import { tagged, type WireWriter } from '../wire/writer.ts';

export interface CreatableTopicConfig {
  readonly name: string;
  readonly value: string | null;
}

export function readCreatableTopicConfig(r: WireReader, _version: number): CreatableTopicConfig {
  const name = r.string();
  const value = r.nullableString();
  r.tags();
  return { name, value };
}

export function writeCreatableTopicConfig(
  w: WireWriter,
  m: Sparse<CreatableTopicConfig>,
  _version: number,
): void {
  w.string(m.name ?? '');
  w.string(m.value === undefined ? '' : m.value);
  w.tags();
}

export interface CreatableReplicaAssignment {
  readonly partitionIndex: number;
  readonly brokerIds: readonly number[];
}

export function readCreatableReplicaAssignment(r: WireReader, _version: number): CreatableReplicaAssignment {
  const partitionIndex = r.int32();
  const brokerIds = r.array(() => r.int32());
  r.tags();
  return { partitionIndex, brokerIds };
}

export function writeCreatableReplicaAssignment(
  w: WireWriter,
  m: Sparse<CreatableReplicaAssignment>,
  _version: number,
): void {
  w.int32(m.partitionIndex ?? 0);
  w.array(m.brokerIds ?? [], (item) => w.int32(item));
  w.tags();
}

export interface CreatableTopic {
  readonly name: string;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly assignments: readonly CreatableReplicaAssignment[];
  readonly configs: readonly CreatableTopicConfig[];
}

export function readCreatableTopic(r: WireReader, version: number): CreatableTopic {
  const name = r.string();
  const numPartitions = r.int32();
  const replicationFactor = r.int16();
  const assignments = r.array(() => readCreatableReplicaAssignment(r, version));
  const configs = r.array(() => readCreatableTopicConfig(r, version));
  r.tags();
  return { name, numPartitions, replicationFactor, assignments, configs };
}

export function writeCreatableTopic(w: WireWriter, m: Sparse<CreatableTopic>, version: number): void {
  w.string(m.name ?? '');
  w.int32(m.numPartitions ?? 0);
  w.int16(m.replicationFactor ?? 0);
  w.array(m.assignments ?? [], (item) => writeCreatableReplicaAssignment(w, item, version));
  w.array(m.configs ?? [], (item) => writeCreatableTopicConfig(w, item, version));
  w.tags();
}

export interface CreateTopicsRequest {
  readonly topics: readonly CreatableTopic[];
  readonly timeoutMs: number;
  readonly validateOnly: boolean;
}

export function readCreateTopicsRequest(r: WireReader, version: number): CreateTopicsRequest {
  const topics = r.array(() => readCreatableTopic(r, version));
  const timeoutMs = r.int32();
  const validateOnly = r.bool();
  r.tags();
  return { topics, timeoutMs, validateOnly };
}

export function writeCreateTopicsRequest(
  w: WireWriter,
  m: Sparse<CreateTopicsRequest>,
  version: number,
): void {
  w.array(m.topics ?? [], (item) => writeCreatableTopic(w, item, version));
  w.int32(m.timeoutMs ?? 60000);
  w.bool(m.validateOnly ?? false);
  w.tags();
}

export interface CreatableTopicConfigs {
  readonly name: string;
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
}

export function readCreatableTopicConfigs(r: WireReader, version: number): CreatableTopicConfigs {
  const name = version >= 5 ? r.string() : '';
  const value = version >= 5 ? r.nullableString() : '';
  const readOnly = version >= 5 ? r.bool() : false;
  const configSource = version >= 5 ? r.int8() : -1;
  const isSensitive = version >= 5 ? r.bool() : false;
  r.tags();
  return { name, value, readOnly, configSource, isSensitive };
}

export function writeCreatableTopicConfigs(
  w: WireWriter,
  m: Sparse<CreatableTopicConfigs>,
  version: number,
): void {
  if (version >= 5) w.string(m.name ?? '');
  if (version >= 5) w.string(m.value === undefined ? '' : m.value);
  if (version >= 5) w.bool(m.readOnly ?? false);
  if (version >= 5) w.int8(m.configSource ?? -1);
  if (version >= 5) w.bool(m.isSensitive ?? false);
  w.tags();
}

export interface CreatableTopicResult {
  readonly name: string;
  readonly topicId: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly topicConfigErrorCode: number;
  readonly numPartitions: number;
  readonly replicationFactor: number;
  readonly configs: readonly CreatableTopicConfigs[] | null;
}

export function readCreatableTopicResult(r: WireReader, version: number): CreatableTopicResult {
  const name = r.string();
  const topicId = version >= 7 ? r.uuid() : zeroUuid;
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  const numPartitions = version >= 5 ? r.int32() : -1;
  const replicationFactor = version >= 5 ? r.int16() : -1;
  const configs = version >= 5 ? r.nullableArray(() => readCreatableTopicConfigs(r, version)) : [];
  let topicConfigErrorCode: number = 0;
  r.tags((tag) => {
    if (tag === 0) topicConfigErrorCode = r.int16();
    else return false;
    return true;
  });
  return {
    name,
    topicId,
    errorCode,
    errorMessage,
    topicConfigErrorCode,
    numPartitions,
    replicationFactor,
    configs,
  };
}

export function writeCreatableTopicResult(
  w: WireWriter,
  m: Sparse<CreatableTopicResult>,
  version: number,
): void {
  w.string(m.name ?? '');
  if (version >= 7) w.uuid(m.topicId ?? zeroUuid);
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage === undefined ? '' : m.errorMessage);
  if (version >= 5) w.int32(m.numPartitions ?? -1);
  if (version >= 5) w.int16(m.replicationFactor ?? -1);
  if (version >= 5)
    w.array(m.configs === undefined ? [] : m.configs, (item) => writeCreatableTopicConfigs(w, item, version));
  w.tags([
    ...tagged(version >= 5 && m.topicConfigErrorCode !== undefined && m.topicConfigErrorCode !== 0, 0, (t) =>
      t.int16(m.topicConfigErrorCode!),
    ),
  ]);
}

export interface CreateTopicsResponse {
  readonly throttleTimeMs: number;
  readonly topics: readonly CreatableTopicResult[];
}

export function readCreateTopicsResponse(r: WireReader, version: number): CreateTopicsResponse {
  const throttleTimeMs = r.int32();
  const topics = r.array(() => readCreatableTopicResult(r, version));
  r.tags();
  return { throttleTimeMs, topics };
}

export function writeCreateTopicsResponse(
  w: WireWriter,
  m: Sparse<CreateTopicsResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.topics ?? [], (item) => writeCreatableTopicResult(w, item, version));
  w.tags();
}

export const createTopicsApi = {
  key: 19,
  min: 2,
  max: 7,
  flexibleFrom: 5,
  readRequest: readCreateTopicsRequest,
  writeRequest: writeCreateTopicsRequest,
  readResponse: readCreateTopicsResponse,
  writeResponse: writeCreateTopicsResponse,
} as const;
