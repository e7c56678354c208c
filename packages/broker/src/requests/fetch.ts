/* Fetch (1): record batches from given offsets on, by topic name or id. Waits until there are enough bytes or the time
 * is up. Committed readers see what is below the last stable offset, and which transactions were aborted (KIP-98). */

import { errorCodes, type ErrorName, type FetchRequest, type Messages, type Sparse } from '#kafka';
import { readRecordBatch } from '#records';
import type { Partition } from '../log/partition.ts';
import type { Topic } from '../cluster/topics.ts';
import type { Handler, RequestContext } from './handler.ts';
import { waitFor } from './wait-for.ts';

type TopicAnswer = Messages['Fetch']['response']['responses'][number];
type PartitionAnswer = TopicAnswer['partitions'][number];
type Wanted = FetchRequest['topics'][number]['partitions'][number];

interface Place {
  readonly topic: Topic | undefined;
  readonly name: string;
  readonly id: string;
  readonly wanted: readonly Wanted[];
}

export const fetch: Handler<'Fetch'> = async (request, context) => {
  const { cluster, version, signal } = context;
  const places = request.topics.map(
    (t): Place => ({
      topic: version >= 13 ? cluster.topics.byId(t.topicId) : cluster.topics.get(t.topic),
      name: t.topic,
      id: t.topicId,
      wanted: t.partitions,
    }),
  );
  let read = readAll(places, request, context);
  if (!read.decided && read.bytes < request.minBytes && request.maxWaitMs > 0) {
    const partitions = places.flatMap((p) => p.wanted.map((w) => p.topic?.partitions[w.partition]));
    // Nothing is asked for, as when a client closes its fetch session: nothing can come.
    if (partitions.length === 0) return { responses: [] };
    const enough = (): boolean => {
      read = readAll(places, request, context);
      return read.decided || read.bytes >= request.minBytes;
    };
    await waitFor(partitions, enough, request.maxWaitMs, cluster.world, signal);
    read = readAll(places, request, context);
  }
  return { responses: read.topics };
};

interface Read {
  readonly topics: readonly Sparse<TopicAnswer>[];
  readonly bytes: number;
  /** An error, which is told at once. */
  readonly decided: boolean;
}

function readAll(places: readonly Place[], request: FetchRequest, context: RequestContext): Read {
  let bytes = 0;
  let decided = false;
  const topics = places.map(
    ({ topic, name, id, wanted }): Sparse<TopicAnswer> => ({
      topic: name,
      topicId: id,
      partitions: wanted.map((w) => {
        const partition = topic?.partitions[w.partition];
        const answer =
          partition === undefined
            ? failed(
                w.partition,
                topic === undefined && context.version >= 13
                  ? 'UNKNOWN_TOPIC_ID'
                  : 'UNKNOWN_TOPIC_OR_PARTITION',
              )
            : readOne(partition, w, request, request.maxBytes - bytes, bytes === 0);
        for (const batch of answer.records ?? []) bytes += batch.length;
        if (answer.errorCode !== 0) decided = true;
        return answer;
      }),
    }),
  );
  return { topics, bytes, decided };
}

function failed(partitionIndex: number, error: ErrorName): Sparse<PartitionAnswer> {
  return { partitionIndex, errorCode: errorCodes[error], highWatermark: -1, records: [] };
}

function readOne(
  partition: Partition,
  wanted: Wanted,
  { isolationLevel }: FetchRequest,
  bytesLeft: number,
  first: boolean,
): Sparse<PartitionAnswer> {
  const { log } = partition;
  const wrongEpoch = epochError(partition, wanted.currentLeaderEpoch);
  if (wrongEpoch !== undefined) return failed(wanted.partition, wrongEpoch);
  const { fetchOffset } = wanted;
  if (fetchOffset < log.startOffset || fetchOffset > log.endOffset)
    return failed(wanted.partition, 'OFFSET_OUT_OF_RANGE');
  const stable = partition.stableOffset;
  const committed = isolationLevel === 1;
  const upTo = committed ? stable : log.endOffset;
  const bytesMax = Math.max(0, Math.min(wanted.partitionMaxBytes, bytesLeft));
  const records = fetchOffset < upTo ? log.read(fetchOffset, upTo, bytesMax, first) : [];
  return {
    partitionIndex: wanted.partition,
    errorCode: 0,
    highWatermark: log.endOffset,
    lastStableOffset: stable,
    logStartOffset: log.startOffset,
    abortedTransactions: committed
      ? partition.producers
          .abortedIn(fetchOffset, behind(records, fetchOffset))
          .map(({ producerId, firstOffset }) => ({ producerId, firstOffset }))
      : null,
    records,
  };
}

/** The offset behind these batches. */
function behind(batches: readonly Buffer[], from: number): number {
  const last = batches.at(-1);
  return last === undefined ? from : readRecordBatch(last, 0)!.lastOffset + 1;
}

/** KIP-320: a client that knows another leader epoch than ours. */
export function epochError(partition: Partition, epoch: number): ErrorName | undefined {
  if (epoch < 0 || epoch === partition.leaderEpoch) return undefined;
  return epoch < partition.leaderEpoch ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH';
}
