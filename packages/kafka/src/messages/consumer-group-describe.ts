/* ConsumerGroupDescribe, versions 0 to 1. Made by `npm run protocol` from kafka-clients-4.1.0: not to be edited. */

import type { WireReader } from '../wire/reader.ts';
import type { Sparse } from '../wire/sparse.ts';
import { zeroUuid } from '../wire/uuid.ts';
import type { WireWriter } from '../wire/writer.ts';

export interface ConsumerGroupDescribeRequest {
  readonly groupIds: readonly string[];
  readonly includeAuthorizedOperations: boolean;
}

export function readConsumerGroupDescribeRequest(
  r: WireReader,
  _version: number,
): ConsumerGroupDescribeRequest {
  const groupIds = r.array(() => r.string());
  const includeAuthorizedOperations = r.bool();
  r.tags();
  return { groupIds, includeAuthorizedOperations };
}

export function writeConsumerGroupDescribeRequest(
  w: WireWriter,
  m: Sparse<ConsumerGroupDescribeRequest>,
  _version: number,
): void {
  w.array(m.groupIds ?? [], (item) => w.string(item));
  w.bool(m.includeAuthorizedOperations ?? false);
  w.tags();
}

export interface Member {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly rackId: string | null;
  readonly memberEpoch: number;
  readonly clientId: string;
  readonly clientHost: string;
  readonly subscribedTopicNames: readonly string[];
  readonly subscribedTopicRegex: string | null;
  readonly assignment: Assignment;
  readonly targetAssignment: Assignment;
  readonly memberType: number;
}

export function readMember(r: WireReader, version: number): Member {
  const memberId = r.string();
  const instanceId = r.nullableString();
  const rackId = r.nullableString();
  const memberEpoch = r.int32();
  const clientId = r.string();
  const clientHost = r.string();
  const subscribedTopicNames = r.array(() => r.string());
  const subscribedTopicRegex = r.nullableString();
  const assignment = readAssignment(r, version);
  const targetAssignment = readAssignment(r, version);
  const memberType = version >= 1 ? r.int8() : -1;
  r.tags();
  return {
    memberId,
    instanceId,
    rackId,
    memberEpoch,
    clientId,
    clientHost,
    subscribedTopicNames,
    subscribedTopicRegex,
    assignment,
    targetAssignment,
    memberType,
  };
}

export function writeMember(w: WireWriter, m: Sparse<Member>, version: number): void {
  w.string(m.memberId ?? '');
  w.string(m.instanceId ?? null);
  w.string(m.rackId ?? null);
  w.int32(m.memberEpoch ?? 0);
  w.string(m.clientId ?? '');
  w.string(m.clientHost ?? '');
  w.array(m.subscribedTopicNames ?? [], (item) => w.string(item));
  w.string(m.subscribedTopicRegex ?? null);
  writeAssignment(w, m.assignment ?? {}, version);
  writeAssignment(w, m.targetAssignment ?? {}, version);
  if (version >= 1) w.int8(m.memberType ?? -1);
  w.tags();
}

export interface DescribedGroup {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly groupId: string;
  readonly groupState: string;
  readonly groupEpoch: number;
  readonly assignmentEpoch: number;
  readonly assignorName: string;
  readonly members: readonly Member[];
  readonly authorizedOperations: number;
}

export function readDescribedGroup(r: WireReader, version: number): DescribedGroup {
  const errorCode = r.int16();
  const errorMessage = r.nullableString();
  const groupId = r.string();
  const groupState = r.string();
  const groupEpoch = r.int32();
  const assignmentEpoch = r.int32();
  const assignorName = r.string();
  const members = r.array(() => readMember(r, version));
  const authorizedOperations = r.int32();
  r.tags();
  return {
    errorCode,
    errorMessage,
    groupId,
    groupState,
    groupEpoch,
    assignmentEpoch,
    assignorName,
    members,
    authorizedOperations,
  };
}

export function writeDescribedGroup(w: WireWriter, m: Sparse<DescribedGroup>, version: number): void {
  w.int16(m.errorCode ?? 0);
  w.string(m.errorMessage ?? null);
  w.string(m.groupId ?? '');
  w.string(m.groupState ?? '');
  w.int32(m.groupEpoch ?? 0);
  w.int32(m.assignmentEpoch ?? 0);
  w.string(m.assignorName ?? '');
  w.array(m.members ?? [], (item) => writeMember(w, item, version));
  w.int32(m.authorizedOperations ?? -2147483648);
  w.tags();
}

export interface Assignment {
  readonly topicPartitions: readonly TopicPartitions[];
}

export function readAssignment(r: WireReader, version: number): Assignment {
  const topicPartitions = r.array(() => readTopicPartitions(r, version));
  r.tags();
  return { topicPartitions };
}

export function writeAssignment(w: WireWriter, m: Sparse<Assignment>, version: number): void {
  w.array(m.topicPartitions ?? [], (item) => writeTopicPartitions(w, item, version));
  w.tags();
}

export interface TopicPartitions {
  readonly topicId: string;
  readonly topicName: string;
  readonly partitions: readonly number[];
}

export function readTopicPartitions(r: WireReader, _version: number): TopicPartitions {
  const topicId = r.uuid();
  const topicName = r.string();
  const partitions = r.array(() => r.int32());
  r.tags();
  return { topicId, topicName, partitions };
}

export function writeTopicPartitions(w: WireWriter, m: Sparse<TopicPartitions>, _version: number): void {
  w.uuid(m.topicId ?? zeroUuid);
  w.string(m.topicName ?? '');
  w.array(m.partitions ?? [], (item) => w.int32(item));
  w.tags();
}

export interface ConsumerGroupDescribeResponse {
  readonly throttleTimeMs: number;
  readonly groups: readonly DescribedGroup[];
}

export function readConsumerGroupDescribeResponse(
  r: WireReader,
  version: number,
): ConsumerGroupDescribeResponse {
  const throttleTimeMs = r.int32();
  const groups = r.array(() => readDescribedGroup(r, version));
  r.tags();
  return { throttleTimeMs, groups };
}

export function writeConsumerGroupDescribeResponse(
  w: WireWriter,
  m: Sparse<ConsumerGroupDescribeResponse>,
  version: number,
): void {
  w.int32(m.throttleTimeMs ?? 0);
  w.array(m.groups ?? [], (item) => writeDescribedGroup(w, item, version));
  w.tags();
}

export const consumerGroupDescribeApi = {
  key: 69,
  min: 0,
  max: 1,
  flexibleFrom: 0,
  readRequest: readConsumerGroupDescribeRequest,
  writeRequest: writeConsumerGroupDescribeRequest,
  readResponse: readConsumerGroupDescribeResponse,
  writeResponse: writeConsumerGroupDescribeResponse,
} as const;
