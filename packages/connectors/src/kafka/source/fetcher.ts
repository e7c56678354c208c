/* Keeps a bounded queue of fetched bytes filled: one fetch at a time to each broker, the next one sent
 * while the last one is being read.
 *
 *   partitions by leader ──▶ Fetch ──▶ [queue ≤ queueBytesMax] ──▶ take ──▶ source
 *        ▲                                                            │
 *        └───────────────── room again: pump ◀────── release ─────────┘
 *
 * A broker is asked only while none of its partitions has `chunksMax` answers waiting; so nothing is
 * fetched when the source is not read. Failures are retried with growing delays, after new metadata, until
 * `giveUpMs` passed. */

import { ExternalError, pause, toMillraceError, type MillraceError, type World } from '#base';
import type { Trouble } from '#dataflow';
import { errorCodes } from '#kafka';
import { Backoff } from '../client/backoff.ts';
import type { KafkaCluster } from '../client/cluster.ts';
import { brokerError, isRetryable } from '../requests/broker-errors.ts';
import {
  fetchRequest,
  type AbortedTransaction,
  type Fetched,
  type FetchedPartition,
} from '../requests/fetch.ts';
import type { KafkaProperties } from '../properties.ts';
import { nextOffset } from '#records';
import type { PartitionState, TopicPartition } from './partition.ts';

/** Answers of one partition that may wait to be read. */
const chunksMax = 2;
/** How long brokers may be unreachable before the job fails. */
const giveUpMs = 600_000;

/** Record batches of one partition, as one fetch brought them. */
export interface Chunk {
  readonly state: PartitionState;
  readonly records: Buffer;
  readonly aborted: readonly AbortedTransaction[];
  /** The answer that the bytes are part of. */
  readonly answer: Answer;
}

/** What came in one fetch: its memory is given back once all its chunks were read, and their rows taken. */
interface Answer {
  /** Chunks that wait or are read, and the fetch while it looks through the answer. */
  holders: number;
  release(): void;
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic} ${partition}`;

export interface FetcherContext {
  readonly world: World;
  readonly cluster: KafkaCluster;
  readonly properties: KafkaProperties;
  readonly signal: AbortSignal;
  /** There may be something to take, or `failure` is set. */
  wake(): void;
  warn(message: string): void;
  /** The partition's offset is out of range: resolves to where to go on. */
  reset(state: PartitionState): Promise<number>;
  /** The partition's topic is another one of the same name: resolves to where reading goes on. Rejects where it may not. */
  recreated(state: PartitionState): Promise<number>;
}

export class Fetcher {
  readonly #context: FetcherContext;
  /** By name; in the order in which brokers are asked for them. */
  readonly #partitions = new Map<string, PartitionState>();
  readonly #queue: Chunk[] = [];
  /** Answers that were read, some of whose rows may not have been taken. */
  readonly #read: Answer[] = [];
  readonly #queueBytesMax: number;
  #queueBytes = 0;
  readonly #busy = new Set<number>();
  readonly #backoff: Backoff;
  #recovering = false;
  #closed = false;
  /** Since nothing can be fetched. */
  #trouble: Trouble | undefined;
  /** What ended the fetching for good. */
  failure: MillraceError | undefined;

  constructor(context: FetcherContext) {
    this.#context = context;
    this.#queueBytesMax = context.properties.fetchBytesMax * 2;
    this.#backoff = new Backoff(context.world, giveUpMs);
  }

  add(state: PartitionState): void {
    this.#partitions.set(keyOf(state), state);
  }
  /** An answer is filled in the order of its request: what had records goes behind what had none. */
  #putLast(state: PartitionState): void {
    this.#partitions.delete(keyOf(state));
    this.add(state);
  }
  close(): void {
    this.#closed = true;
    for (const chunk of this.#queue.splice(0)) this.release(chunk);
    this.begin();
  }
  get #idle(): boolean {
    return this.#closed || this.failure !== undefined || this.#context.signal.aborted;
  }

  get bufferedBytes(): number {
    return this.#queueBytes;
  }
  /** Without those of paused partitions: what they wait for may be in others that are still to be fetched. */
  get #awaitedBytes(): number {
    let bytes = this.#queueBytes;
    for (const state of this.#partitions.values()) if (state.paused) bytes -= state.bytes;
    return bytes;
  }
  /** Why nothing can be fetched, while it is tried again and again. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }
  /** The rows of all chunks that were released have been taken: their bytes may be written over. */
  begin(): void {
    for (const answer of this.#read) answer.release();
    this.#read.length = 0;
  }
  /** The oldest fetched bytes of a partition that waits for nothing, or undefined. The taker gives them back with `release`: it reads them no more, but rows that it
   *  made of them may still lie in them until `begin`. */
  take(): Chunk | undefined {
    const at = this.#queue.findIndex(({ state }) => state.isRead);
    return at < 0 ? undefined : this.#queue.splice(at, 1)[0];
  }
  release(chunk: Chunk): void {
    this.#queueBytes -= chunk.records.length;
    chunk.state.bytes -= chunk.records.length;
    chunk.state.chunks--;
    this.#drop(chunk.answer);
    this.pump();
  }

  #drop(answer: Answer): void {
    if (--answer.holders > 0) return;
    if (this.#closed) answer.release();
    else this.#read.push(answer);
  }

  /** Starts every fetch that may start now. Called whenever something changed that may allow one. */
  pump(): void {
    if (this.#idle || this.#recovering || this.#awaitedBytes >= this.#queueBytesMax) return;
    const byLeader = new Map<number, PartitionState[]>();
    for (const state of this.#partitions.values()) {
      if (!state.wantsMore) continue;
      const leader = this.#context.cluster.leader(state.topic, state.partition);
      if (leader === undefined) {
        this.#recover(new ExternalError('KAF2002', { message: `${state.name} has no leader` }));
        return;
      }
      const group = byLeader.get(leader);
      if (group === undefined) byLeader.set(leader, [state]);
      else group.push(state);
    }
    for (const [leader, group] of byLeader) {
      if (this.#busy.has(leader) || group.some((p) => p.chunks >= chunksMax)) continue;
      this.#busy.add(leader);
      void this.#fetch(leader, group)
        .then(
          () => this.#busy.delete(leader),
          (error: unknown) => {
            this.#busy.delete(leader);
            this.#recover(error);
          },
        )
        .then(() => this.pump());
    }
  }

  async #fetch(leader: number, group: readonly PartitionState[]): Promise<void> {
    const { cluster, properties } = this.#context;
    const link = await cluster.link(leader, 'fetch');
    const wanted = group.map((p) => ({
      topic: p.topic,
      partition: p.partition,
      offset: p.fetchOffset,
      topicId: p.topicId,
    }));
    const fetched = await link.request(
      fetchRequest(wanted, {
        waitMsMax: properties.fetchWaitMsMax,
        bytesMin: properties.fetchBytesMin,
        bytesMax: properties.fetchBytesMax,
        partitionBytesMax: properties.partitionFetchBytesMax,
        committedOnly: properties.committedOnly,
      }),
    );
    const answer = { holders: 1, release: fetched.release };
    try {
      if (this.#idle) return;
      await this.#receive(fetched, answer);
    } finally {
      this.#drop(answer);
    }
    this.#backoff.succeeded();
    this.#trouble = undefined;
    this.#context.wake();
  }

  /** Puts what came into the queue. */
  async #receive(fetched: Fetched, answer: Answer): Promise<void> {
    if (fetched.error !== 0) throw brokerError(fetched.error, 'a fetch');
    let stale: number | undefined;
    const outOfRange: PartitionState[] = [];
    for (const partition of fetched.partitions) {
      const state = this.#partitions.get(keyOf(partition));
      if (state === undefined) continue;
      if (partition.error === errorCodes.NONE) this.#enqueue(state, partition, answer);
      else if (partition.error === errorCodes.OFFSET_OUT_OF_RANGE) outOfRange.push(state);
      else if (isRetryable(partition.error)) stale = partition.error;
      else throw brokerError(partition.error, `to read ${state.name}`);
    }
    for (const state of outOfRange) await this.#outOfRange(state);
    if (stale !== undefined) throw brokerError(stale, 'a fetch');
  }
  #enqueue(state: PartitionState, { records, aborted }: FetchedPartition, answer: Answer): void {
    if (records.length === 0) return;
    const next = nextOffset(records, state.fetchOffset);
    if (next <= state.fetchOffset) return;
    state.fetchOffset = next;
    this.#putLast(state);
    state.chunks++;
    this.#queueBytes += records.length;
    state.bytes += records.length;
    answer.holders++;
    this.#queue.push({ state, records, aborted, answer });
  }

  async #outOfRange(state: PartitionState): Promise<void> {
    const from = state.fetchOffset;
    const offset = await this.#context.reset(state);
    this.#context.warn(`${state.name}: offset ${from} is out of range, going on at ${offset}`);
    state.fetchOffset = offset;
    if (state.chunks === 0) state.consumed = offset;
  }

  /** Waits, asks for new metadata, and goes on; or gives up. */
  #recover(error: unknown): void {
    if (this.#idle || this.#recovering) return;
    const failure = toMillraceError(error);
    const retryable = failure instanceof ExternalError && failure.retryable;
    const delay = retryable ? this.#backoff.failed() : undefined;
    if (delay === undefined) {
      this.failure = failure;
      this.#context.wake();
      return;
    }
    this.#recovering = true;
    this.#trouble = { message: failure.message, since: this.#trouble?.since ?? this.#context.world.now() };
    void this.#wait(delay).then(() => {
      this.#recovering = false;
      this.pump();
    });
  }
  async #wait(delayMs: number): Promise<void> {
    const { world, cluster, signal } = this.#context;
    await pause(world, delayMs, signal);
    if (this.#idle) return;
    const topics = [...new Set([...this.#partitions.values()].map((p) => p.topic))];
    // When no broker answers, the next fetch fails and brings us back here, with a longer delay.
    const refreshed = await cluster.refresh(topics).catch(() => undefined);
    if (refreshed === undefined) return;
    try {
      await this.#followTopics();
    } catch (error) {
      this.failure ??= toMillraceError(error);
      this.#context.wake();
    }
  }
  /** Goes on in topics that were deleted and created again, once what came of the old ones was read. */
  async #followTopics(): Promise<void> {
    for (const state of this.#partitions.values()) {
      const now = this.#context.cluster.topicId(state.topic);
      if (now === undefined || state.topicId === undefined || now === state.topicId || state.chunks > 0)
        continue;
      const offset = await this.#context.recreated(state);
      state.topicId = now;
      state.fetchOffset = offset;
      state.consumed = offset;
    }
  }
}
