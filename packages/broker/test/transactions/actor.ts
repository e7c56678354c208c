/* What a transactional client does, a request at a time, each answered by the name of its error. A broker that is still
 * writing markers (CONCURRENT_TRANSACTIONS) is asked again. */

import { setTimeout as sleep } from 'node:timers/promises';
import { apis, errorName } from '#kafka';
import { batchOf, WireClient } from './wire-client.ts';

export interface Identity {
  readonly producerId: number;
  readonly producerEpoch: number;
}
export interface Initialised extends Identity {
  readonly error: string;
}
export const nobody: Identity = { producerId: -1, producerEpoch: -1 };

/** What a topic that was just made may answer. */
const unready = ['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_OR_FOLLOWER'];
const triesMax = 200;
const tryEveryMs = 20;

/** The name, of none 'NONE'. */
export const named = (code: number): string => (code === 0 ? 'NONE' : errorName(code));
/** A broker that is not there yet, or still at work. */
const busy = (error: string): boolean =>
  ['CONCURRENT_TRANSACTIONS', 'NOT_ENOUGH_REPLICAS', 'NOT_LEADER_OR_FOLLOWER'].includes(error) ||
  error.includes('COORDINATOR');

async function patiently<T>(ask: () => Promise<T>, errorOf: (answer: T) => string): Promise<T> {
  for (let tries = 0; ; tries++) {
    const answer = await ask();
    if (!busy(errorOf(answer)) || tries === triesMax) return answer;
    await sleep(tryEveryMs);
  }
}

interface SendOptions extends Identity {
  readonly sequence: number;
  readonly transactionalId?: string | null;
  readonly transactional?: boolean;
  readonly partition?: number;
  readonly version?: number;
  readonly values?: readonly string[];
}

export class Actor {
  readonly client: WireClient;
  readonly topic: string;
  readonly id: string;

  private constructor(client: WireClient, topic: string, id: string) {
    this.client = client;
    this.topic = topic;
    this.id = id;
  }
  /** With a topic of two partitions and a transactional id of its own. */
  static async on(servers: string, name: string): Promise<Actor> {
    const client = await WireClient.connect(servers);
    await client.ask('CreateTopics', {
      topics: [{ name, numPartitions: 2, replicationFactor: 1 }],
      timeoutMs: 10_000,
    });
    const actor = new Actor(client, name, name);
    await actor.#ready();
    return actor;
  }
  /** The coordinators are found and lead, and so do the topic's partitions. */
  async #ready(): Promise<void> {
    const { client, topic } = this;
    for (const keyType of [0, 1])
      await patiently(
        () => client.ask('FindCoordinator', { coordinatorKeys: [topic], keyType }, 4),
        (answer) => named(answer.coordinators[0]!.errorCode),
      );
    await patiently(
      () => this.described(),
      (answer) => answer,
    );
    const partitions = [0, 1].map((partitionIndex) => ({ partitionIndex, timestamp: -1 }));
    for (let tries = 0; tries < triesMax; tries++) {
      const { topics } = await client.ask('ListOffsets', { topics: [{ name: topic, partitions }] });
      if (topics[0]!.partitions.every((p) => !unready.includes(named(p.errorCode)))) return;
      await sleep(tryEveryMs);
    }
  }
  close(): void {
    this.client.close();
  }
  /** Once: CONCURRENT_TRANSACTIONS is told. */
  async initOnce(
    known = nobody,
    { id = this.id as string | null, timeoutMs = 60_000, version = apis.InitProducerId.max as number } = {},
  ): Promise<Initialised> {
    const request = { transactionalId: id, transactionTimeoutMs: timeoutMs, ...known };
    const { errorCode, producerId, producerEpoch } = await this.client.ask(
      'InitProducerId',
      request,
      version,
    );
    return { error: named(errorCode), producerId, producerEpoch };
  }
  init(known = nobody, options: Parameters<Actor['initOnce']>[1] = {}): Promise<Initialised> {
    return patiently(
      () => this.initOnce(known, options),
      (a) => a.error,
    );
  }
  async add(
    who: Identity,
    { id = this.id, topic = this.topic, partitions = [0], version = 3 } = {},
  ): Promise<string> {
    return patiently(
      async () => {
        const { resultsByTopicV3AndBelow } = await this.client.ask(
          'AddPartitionsToTxn',
          {
            v3AndBelowTransactionalId: id,
            v3AndBelowProducerId: who.producerId,
            v3AndBelowProducerEpoch: who.producerEpoch,
            v3AndBelowTopics: [{ name: topic, partitions }],
          },
          version,
        );
        return resultsByTopicV3AndBelow
          .flatMap((t) => [...t.resultsByPartition])
          .sort((a, b) => a.partitionIndex - b.partitionIndex)
          .map((p) => named(p.partitionErrorCode))
          .join();
      },
      (e) => e,
    );
  }
  async addGroup(who: Identity, group: string, { id = this.id, version = 4 } = {}): Promise<string> {
    return patiently(
      async () => {
        const request = { transactionalId: id, ...who, groupId: group };
        return named((await this.client.ask('AddOffsetsToTxn', request, version)).errorCode);
      },
      (e) => e,
    );
  }
  async commitOffsets(
    who: Identity,
    group: string,
    { id = this.id, topic = this.topic, metadata = '', generationId = -1, memberId = '', version = 4 } = {},
  ): Promise<string> {
    const partition = { partitionIndex: 0, committedOffset: 5, committedMetadata: metadata };
    const request = { transactionalId: id, groupId: group, ...who, generationId, memberId };
    return patiently(
      async () => {
        const { topics } = await this.client.ask(
          'TxnOffsetCommit',
          {
            ...request,
            topics: [{ name: topic, partitions: [partition] }],
          },
          version,
        );
        return named(topics[0]!.partitions[0]!.errorCode);
      },
      (e) => e,
    );
  }
  /** By protocol 1. */
  async end(who: Identity, committed: boolean, { id = this.id, version = 4 } = {}): Promise<string> {
    return (await this.endAsked(who, committed, { id, version })).error;
  }
  /** By protocol 2: with who the producer is from then on. */
  endAsked(
    { producerId, producerEpoch }: Identity,
    committed: boolean,
    { id = this.id, version = 5 } = {},
  ): Promise<Initialised> {
    const request = { transactionalId: id, producerId, producerEpoch, committed };
    return patiently(
      async () => {
        const { errorCode, ...next } = await this.client.ask('EndTxn', request, version);
        return {
          error: named(errorCode),
          producerId: next.producerId,
          producerEpoch: next.producerEpoch,
        };
      },
      (a) => a.error,
    );
  }
  async send(options: SendOptions): Promise<string> {
    const { transactional = true, transactionalId = transactional ? this.id : null } = options;
    const { values = ['a'], partition = 0, version = 11, producerId, producerEpoch, sequence } = options;
    const records = batchOf(values, { producerId, producerEpoch, sequence, transactional });
    const topicData = [{ name: this.topic, partitionData: [{ index: partition, records: [records] }] }];
    return patiently(
      async () => {
        const request = { transactionalId, acks: -1, timeoutMs: 10_000, topicData };
        const { responses } = await this.client.ask('Produce', request, version);
        const { errorCode, baseOffset } = responses[0]!.partitionResponses[0]!;
        return errorCode === 0 ? `at ${baseOffset}` : named(errorCode);
      },
      (e) => e,
    );
  }
  /** State, epoch, partitions. */
  async described(id = this.id): Promise<string> {
    const { transactionStates } = await this.client.ask('DescribeTransactions', { transactionalIds: [id] });
    const { errorCode, transactionState, producerEpoch, topics, transactionTimeoutMs } =
      transactionStates[0]!;
    if (errorCode !== 0) return named(errorCode);
    if (transactionState.startsWith('Prepare')) {
      await sleep(tryEveryMs);
      return this.described(id);
    }
    const places = topics
      .flatMap((t) =>
        t.partitions.map((p) =>
          t.topic.startsWith('__') ? t.topic : `${t.topic.replace(this.topic, 'topic')}-${p}`,
        ),
      )
      .sort();
    return `${transactionState} epoch ${producerEpoch} timeout ${transactionTimeoutMs} [${places.join()}]`;
  }
  /** Ends a transaction in some partitions from outside; their errors. */
  async mark(
    { producerId, producerEpoch }: Identity,
    commit: boolean,
    { topic = this.topic, partitions = [0], coordinatorEpoch = 0 } = {},
  ): Promise<string> {
    const marker = { producerId, producerEpoch, transactionResult: commit, coordinatorEpoch };
    const answer = await this.client.ask('WriteTxnMarkers', {
      markers: [{ ...marker, topics: [{ name: topic, partitionIndexes: partitions }] }],
    });
    return answer.markers
      .flatMap((m) => m.topics.flatMap((t) => [...t.partitions]))
      .sort((a, b) => a.partitionIndex - b.partitionIndex)
      .map((p) => named(p.errorCode))
      .join();
  }
  /** What a group committed of partition 0. */
  async committed(group: string): Promise<string> {
    const wanted = { groupId: group, topics: [{ name: this.topic, partitionIndexes: [0] }] };
    const { groups } = await this.client.ask('OffsetFetch', { groups: [wanted] }, 9);
    return String(groups[0]!.topics[0]!.partitions[0]!.committedOffset);
  }
  /** Producers of partition 0: epoch, last sequence, open from. */
  async producers(): Promise<string> {
    const { topics } = await this.client.ask('DescribeProducers', {
      topics: [{ name: this.topic, partitionIndexes: [0] }],
    });
    const [partition] = topics[0]!.partitions;
    return partition!.activeProducers
      .map((p) => `epoch ${p.producerEpoch} sequence ${p.lastSequence} open ${p.currentTxnStartOffset}`)
      .sort()
      .join('; ');
  }
  /** The last stable offset of partition 0, its end, and which transactions in it were aborted. */
  async fetched(committed: boolean): Promise<string> {
    const request = {
      maxWaitMs: 0,
      minBytes: 0,
      maxBytes: 1 << 20,
      isolationLevel: committed ? 1 : 0,
      topics: [
        { topic: this.topic, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1 << 20 }] },
      ],
    };
    const { responses } = await this.client.ask('Fetch', request, 12);
    const { lastStableOffset, highWatermark, abortedTransactions, records } = responses[0]!.partitions[0]!;
    const bytes = (records ?? []).reduce((n, r) => n + r.length, 0);
    const aborted = abortedTransactions?.map((a) => a.firstOffset).sort((a, b) => a - b) ?? 'none told';
    return `stable ${lastStableOffset} end ${highWatermark} bytes ${bytes} aborted ${String(aborted)}`;
  }
}
