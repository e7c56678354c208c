/* Fetch (1): record batches from given offsets on, by topic name or id. Waits until there are enough bytes or the time
 * is up. Committed readers see what is below the last stable offset, and which transactions were aborted (KIP-98). */

import { errorCodes, type ErrorName, type FetchRequest, type Messages, type Sparse } from '#kafka';
import { brokerNumber } from '../cluster/broker-configs.ts';
import { nextOffset } from '#records';
import type { FetchPlace, Opened } from '../cluster/fetch-sessions.ts';
import type { Partition } from '../log/partition.ts';
import { KafkaStorageError } from '../log/storage-error.ts';
import type { Handler, RequestContext } from './handler.ts';
import type { AnswerRoom } from '../server/request-memory.ts';
import { waitFor } from './wait-for.ts';

type TopicAnswer = Messages['Fetch']['response']['responses'][number];
type PartitionAnswer = Sparse<TopicAnswer['partitions'][number]>;

/** A place with the partition that it names, if there is one. */
interface Target {
  readonly place: FetchPlace;
  readonly partition: Partition | undefined;
  readonly missing: ErrorName;
  /** Who was asked. */
  readonly node: number;
}

export const fetch: Handler<'Fetch'> = async (request, context) => {
  const { cluster, room, signal } = context;
  const session = cluster.fetchSessions.open(request, cluster.world.now());
  if ('error' in session) return { errorCode: errorCodes[session.error], sessionId: 0, responses: [] };
  const bytesMax = Math.min(request.maxBytes, brokerNumber(cluster.configs, 'fetch.max.bytes'));
  const targets = session.places.map((place) => targetOf(place, context));
  // Where nothing is asked for, as when a client closes its session, nothing can come.
  if (targets.length > 0 && request.maxWaitMs > 0 && !isEnough(targets, request)) {
    const partitions = targets.map((t) => t.partition);
    await waitFor(partitions, () => isEnough(targets, request), request.maxWaitMs, cluster.world, signal);
  }
  return {
    errorCode: 0,
    sessionId: session.sessionId,
    responses: byTopic(readAll(targets, request, session, Math.min(bytesMax, room.left), room)),
  };
};

function targetOf(place: FetchPlace, { version, cluster: { topics }, client, may }: RequestContext): Target {
  const byId = version >= 13;
  const topic = byId ? topics.byId(place.topicId) : topics.get(place.topic);
  const mayRead = topic === undefined || may('read', 'topic', topic.name);
  if (!mayRead)
    return { place, partition: undefined, node: client.nodeId, missing: 'TOPIC_AUTHORIZATION_FAILED' };
  return {
    place,
    partition: topic?.partitions[place.wanted.partition],
    node: client.nodeId,
    missing: topic === undefined && byId ? 'UNKNOWN_TOPIC_ID' : 'UNKNOWN_TOPIC_OR_PARTITION',
  };
}

/** What a reader of this kind may see of the partition: offsets below. */
function visibleUpTo(partition: Partition, { isolationLevel }: FetchRequest): number {
  if (partition.paused !== undefined) return 0;
  return isolationLevel === 1 ? partition.stableOffset : partition.log.endOffset;
}

function errorOf({ place, partition, missing, node }: Target): ErrorName | undefined {
  if (partition === undefined) return missing;
  if (partition.leader !== node) return 'NOT_LEADER_OR_FOLLOWER';
  const { fetchOffset, currentLeaderEpoch } = place.wanted;
  const { startOffset, endOffset } = partition.log;
  return (
    epochError(partition, currentLeaderEpoch) ??
    (fetchOffset < startOffset || fetchOffset > endOffset ? 'OFFSET_OUT_OF_RANGE' : undefined)
  );
}

/** Whether the answer need not wait: `fetch.min.bytes` are there, or an error is to be told. */
function isEnough(targets: readonly Target[], request: FetchRequest): boolean {
  if (targets.some((t) => errorOf(t) !== undefined)) return true;
  let bytes = 0;
  for (const { place, partition } of targets) {
    const { fetchOffset, partitionMaxBytes } = place.wanted;
    const upTo = visibleUpTo(partition!, request);
    if (fetchOffset >= upTo) continue;
    // Clients ask for one byte, as a rule: there is no need to look where the batches lie.
    if (request.minBytes <= 1 && partitionMaxBytes > 0) return true;
    bytes += Math.min(partition!.log.bytesBetween(fetchOffset, upTo), partitionMaxBytes);
    if (bytes >= request.minBytes) return true;
  }
  return bytes >= request.minBytes;
}

function readAll(
  targets: readonly Target[],
  request: FetchRequest,
  session: Opened,
  bytesMax: number,
  room: AnswerRoom,
): { readonly place: FetchPlace; readonly answer: PartitionAnswer }[] {
  let left = bytesMax;
  let first = true;
  const answers = targets.map((target) => {
    const answer = readOne(target, request, { bytesLeft: left, first, room });
    for (const chunk of answer.records ?? []) {
      left -= chunk.length;
      first = false;
    }
    return { place: target.place, answer };
  });
  room.take(bytesMax - left);
  const told = session.incremental ? answers.filter(isNews) : answers;
  for (const { place, answer } of told) {
    place.highWatermark = answer.highWatermark ?? -1;
    place.logStartOffset = answer.logStartOffset ?? -1;
    if ((answer.records ?? []).length > 0) session.served(place);
  }
  return told;
}
const isNews = ({ place, answer }: { place: FetchPlace; answer: PartitionAnswer }): boolean =>
  answer.errorCode !== 0 ||
  (answer.records ?? []).length > 0 ||
  answer.highWatermark !== place.highWatermark ||
  answer.logStartOffset !== place.logStartOffset;

interface Bounds {
  readonly bytesLeft: number;
  /** Nothing is in the answer yet: the first batch comes whole, however long it is. */
  readonly first: boolean;
  readonly room: AnswerRoom;
}

function readOne(target: Target, request: FetchRequest, { bytesLeft, first, room }: Bounds): PartitionAnswer {
  const { wanted } = target.place;
  const failed = (name: ErrorName): PartitionAnswer => ({
    partitionIndex: wanted.partition,
    errorCode: errorCodes[name],
    highWatermark: -1,
    abortedTransactions: target.partition === undefined ? [] : null,
    records: [],
  });
  const error = errorOf(target);
  if (error !== undefined) return failed(error);
  const { log, producers, stableOffset } = target.partition!;
  const upTo = visibleUpTo(target.partition!, request);
  const bytesMax = Math.max(0, Math.min(wanted.partitionMaxBytes, bytesLeft));
  let records: readonly Buffer[] = [];
  try {
    if (wanted.fetchOffset < upTo)
      records = log.read(wanted.fetchOffset, upTo, bytesMax, first, (bytes) => room.buffer(bytes));
  } catch (thrown) {
    if (!(thrown instanceof KafkaStorageError)) throw thrown;
    return failed('KAFKA_STORAGE_ERROR');
  }
  return {
    partitionIndex: wanted.partition,
    errorCode: 0,
    highWatermark: log.endOffset,
    lastStableOffset: stableOffset,
    logStartOffset: log.startOffset,
    abortedTransactions:
      request.isolationLevel === 1
        ? producers
            .abortedIn(wanted.fetchOffset, behind(records, wanted.fetchOffset))
            .map(({ producerId, firstOffset }) => ({ producerId, firstOffset }))
        : null,
    records,
  };
}

/** The offset behind these chunks of the log; a chunk holds one batch or more. */
function behind(chunks: readonly Buffer[], from: number): number {
  const last = chunks.at(-1);
  return last === undefined ? from : nextOffset(last, from);
}

function byTopic(
  answers: readonly { readonly place: FetchPlace; readonly answer: PartitionAnswer }[],
): Sparse<TopicAnswer>[] {
  const topics = new Map<string, { topic: string; topicId: string; partitions: PartitionAnswer[] }>();
  for (const { place, answer } of answers) {
    const key = `${place.topic}/${place.topicId}`;
    let topic = topics.get(key);
    if (topic === undefined)
      topics.set(key, (topic = { topic: place.topic, topicId: place.topicId, partitions: [] }));
    topic.partitions.push(answer);
  }
  return [...topics.values()];
}

/** KIP-320: a client that knows another leader epoch than ours. */
export function epochError(partition: Partition, epoch: number): ErrorName | undefined {
  if (epoch < 0 || epoch === partition.leaderEpoch) return undefined;
  return epoch < partition.leaderEpoch ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH';
}
