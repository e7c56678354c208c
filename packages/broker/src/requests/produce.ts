/* Produce (0): one record batch a partition. With acks=-1 the answer waits for what the flush settings ask. With acks=0 there
 * is none: after an error the connection ends, so that the client looks for the leader anew. */

import {
  errorCodes,
  errorName,
  type ErrorName,
  type Messages,
  type ProduceRequest,
  type Sparse,
} from '#kafka';
import type { RecordError } from '../log/check-records.ts';
import { KafkaStorageError } from '../log/storage-error.ts';
import { ProtocolError } from '../server/endings.ts';
import type { Handler, RequestContext } from './handler.ts';
import { joinTransaction, producersOf } from './produce-transaction.ts';

type TopicAnswer = Messages['Produce']['response']['responses'][number];
type PartitionAnswer = TopicAnswer['partitionResponses'][number];

export const produce: Handler<'Produce'> = async (request, context) => {
  const { acks, transactionalId } = request;
  const knownAcks = acks === 0 || acks === 1 || acks === -1;
  const problem = knownAcks ? transactionProblem(request, context) : 'INVALID_REQUIRED_ACKS';
  await unpaused(request, context);
  const appended = request.topicData.map(({ name, partitionData }) => ({
    name,
    partitions: partitionData.map(({ index, records }) =>
      problem === undefined
        ? append({ topic: name, index, records: records?.[0], transactionalId }, context)
        : failed(index, problem),
    ),
  }));
  const responses: Sparse<TopicAnswer>[] = [];
  for (const { name, partitions } of appended)
    responses.push({ name, partitionResponses: await Promise.all(partitions) });
  if (acks !== 0) return { responses };
  endOnError(responses);
  return undefined;
};

/** Throws ProtocolError where a partition failed. */
function endOnError(responses: readonly Sparse<TopicAnswer>[]): void {
  for (const { name, partitionResponses } of responses)
    for (const { index, errorCode = 0 } of partitionResponses ?? [])
      if (errorCode !== 0)
        throw new ProtocolError(`a Produce with acks=0 to ${name}-${index} failed: ${errorName(errorCode)}`);
}

/** A partition that a test holds back keeps its writers waiting, for as long as they wait. */
async function unpaused(
  { topicData, timeoutMs }: ProduceRequest,
  { cluster }: RequestContext,
): Promise<void> {
  const paused = topicData
    .flatMap(({ name, partitionData }) =>
      partitionData.map(({ index }) => cluster.topics.partition(name, index)),
    )
    .flatMap((p) => (p?.paused === undefined ? [] : [p.paused]));
  if (paused.length === 0) return;
  await new Promise<void>((resolve) => {
    const timer = cluster.world.after(timeoutMs, resolve);
    void Promise.all(paused).then(() => {
      timer.cancel();
      resolve();
    });
  });
}

function failed(
  index: number,
  error: ErrorName,
  message?: string,
  records: readonly RecordError[] = [],
): Sparse<PartitionAnswer> {
  return {
    index,
    errorCode: errorCodes[error],
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    errorMessage: message ?? null,
    recordErrors: records.map((r) => ({ batchIndex: r.index, batchIndexErrorMessage: r.message })),
  };
}

/** What is wrong with the request as a whole: one transaction of one producer, or none. */
function transactionProblem(request: ProduceRequest, { may }: RequestContext): ErrorName | undefined {
  const producers = producersOf(request);
  if (producers === 0) return undefined;
  const { transactionalId } = request;
  if (transactionalId === null || !may('write', 'transactionalId', transactionalId))
    return 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED';
  return producers > 1 ? 'INVALID_PRODUCER_ID_MAPPING' : undefined;
}

interface Sent {
  readonly topic: string;
  readonly index: number;
  readonly records: Uint8Array | undefined;
  readonly transactionalId: string | null;
}

/** Appends at once; the answer may have to wait for a flush. */
function append(
  { topic, index, records, transactionalId }: Sent,
  context: RequestContext,
): Sparse<PartitionAnswer> | Promise<Sparse<PartitionAnswer>> {
  const { cluster, client, may } = context;
  if (!may('write', 'topic', topic)) return failed(index, 'TOPIC_AUTHORIZATION_FAILED');
  const partition = cluster.topics.partition(topic, index);
  if (partition === undefined) return failed(index, 'UNKNOWN_TOPIC_OR_PARTITION');
  if (partition.leader !== client.nodeId) return failed(index, 'NOT_LEADER_OR_FOLLOWER');
  if (partition.paused !== undefined) return failed(index, 'REQUEST_TIMED_OUT');
  if (records === undefined) return failed(index, 'INVALID_RECORD');
  const outside = joinTransaction(records, transactionalId ?? '', partition, context);
  if (outside !== undefined) return failed(index, outside.error, outside.message);
  const now = cluster.world.now();
  const result = partition.append(records, now);
  const { startOffset } = partition.log;
  if ('error' in result) {
    const answer = failed(index, result.error, result.message, result.records);
    return result.records === undefined ? answer : { ...answer, logStartOffset: startOffset };
  }
  const answer = {
    index,
    errorCode: 0,
    baseOffset: result.baseOffset,
    logAppendTimeMs: result.logAppendTime,
    logStartOffset: startOffset,
  };
  const flushed = partition.flushDue();
  if (flushed === undefined) return answer;
  return flushed.then(
    () => answer,
    (error: unknown) => {
      if (!(error instanceof KafkaStorageError)) throw error;
      return failed(index, 'KAFKA_STORAGE_ERROR', error.message);
    },
  );
}
