/* Produce: record batches for partitions that one broker leads. */

import { byTopic, request, unansweredRequest, type KafkaRequest } from './request.ts';

const version = 8;

export interface ProducePartition {
  readonly topic: string;
  readonly partition: number;
  /** One or more record batches. Handed to the socket as they are: not to be changed before the answer. */
  readonly records: Uint8Array;
}
export interface Produced {
  readonly topic: string;
  readonly partition: number;
  readonly error: number;
  /** Of the first record; -1 where the broker no longer knows. */
  readonly offset: number;
  readonly message: string | null;
}

/** `acks` -1 waits for all replicas in sync, 1 for the leader, 0 for nothing: then there is no response. */
export function produceRequest(
  acks: -1 | 0 | 1,
  timeoutMs: number,
  partitions: readonly ProducePartition[],
  transactionalId: string | null,
): KafkaRequest<Produced[]> {
  const message = {
    transactionalId,
    acks,
    timeoutMs,
    topicData: byTopic(partitions, (name, list) => ({
      name,
      partitionData: list.map((p) => ({ index: p.partition, records: [p.records] })),
    })),
  };
  if (acks === 0) return unansweredRequest('Produce', version, message);
  return request('Produce', version, message, ({ responses }) =>
    responses.flatMap(({ name, partitionResponses }) =>
      partitionResponses.map((p) => ({
        topic: name,
        partition: p.index,
        error: p.errorCode,
        offset: p.baseOffset,
        message:
          p.errorMessage ??
          p.recordErrors.map((e) => e.batchIndexErrorMessage).find((m) => m !== null) ??
          null,
      })),
    ),
  );
}
