/* Writes record batches: gathers records by partition, sends full or lingering batches, tries again in
 * order.
 *
 *   add ──▶ open batch ─ full, lingered or flushed ─▶ [ready batches] ──▶ one request a partition ──▶ acks
 *                                                      in a transaction: its partition joins first
 *
 * One batch of a partition is on its way at a time, so a retry never overtakes. Keeps: at most
 * `bufferBytesMax` of records. Promises: what was added before `flush` resolves is in the topic: once in a
 * transaction or under an identity, for brokers leave out a batch that is sent again; else maybe twice after a retry. */

import {
  assert,
  ExternalError,
  pause,
  toMillraceError,
  UserError,
  type MillraceError,
  type Timer,
  type World,
} from '#base';
import { Backoff } from '../client/backoff.ts';
import type { KafkaCluster } from '../client/cluster.ts';
import { brokerError, endsTransaction, isRetryable } from '../requests/broker-errors.ts';
import { produceRequest, type Produced } from '../requests/produce.ts';
import type { Transaction } from '../requests/transactions.ts';
import { isForgotten, type Identities } from './identities.ts';
import type { KafkaProperties } from '../properties.ts';
import { BatchPool } from './batch-pool.ts';
import type { Trouble } from '#dataflow';
import { errorCodes, errorName } from '#kafka';
import { threadMemory, type Region } from '#wasm';
import {
  batchHomeBytes,
  BatchWriter,
  recordCount,
  recordOverheadMax,
  renumberBatch,
  type BatchProducer,
  type EncodedHeader,
  type RecordBlock,
} from '#records';

const bufferBytesMax = 32 << 20;
/** Partitions with batches in the thread's memory, and how large these may be. */
const homesMax = 16;
const homeBatchBytesMax = 1 << 20;

interface Outgoing {
  readonly partition: number;
  readonly writer: BatchWriter;
  readonly ready: Uint8Array[];
  inFlight: boolean;
  /** It is in the transaction. */
  joined: boolean;
  /** Records in closed batches, of the transaction or under the identity. */
  records: number;
}

/** A record of the topic by which the fate of its transaction can be found out. */
export interface Witness {
  readonly partition: number;
  readonly offset: number;
}
/** What a producer needs of transactions. */
export interface TransactionDriver {
  /** Brings partitions of the topic into the transaction. Tried once. Resolves to why they will never be in it. */
  join(transaction: Transaction, partitions: readonly number[]): Promise<MillraceError | undefined>;
  /** Why brokers refuse records of the transaction, for good. */
  refused(transaction: Transaction, code: number): Promise<MillraceError>;
}

export interface ProducerContext {
  readonly world: World;
  readonly cluster: KafkaCluster;
  readonly properties: KafkaProperties;
  readonly topic: string;
  readonly partitions: number;
  readonly signal: AbortSignal;
  /** Records are written in transactions only: those that `begin` begins. */
  readonly transactions?: TransactionDriver | undefined;
  /** Of records outside transactions, by which brokers know a batch that is sent again. */
  readonly identities?: Identities | undefined;
  /** There is room again, everything is written, or `failure` is set. */
  wake(): void;
}

export class Producer {
  readonly #context: ProducerContext;
  readonly #outgoing: Outgoing[];
  readonly #backoff: Backoff;
  /** Bytes in open and ready batches. */
  #bytes = 0;
  readonly #homes: Region[] = [];
  readonly #pool = new BatchPool();
  #busy = new Set<number>();
  #linger: Timer | undefined;
  #recovering = false;
  /** A broker does not know what was written under the identity: it gives way to another once nothing is on its way. */
  #forgotten = false;
  failure: MillraceError | undefined;
  /** While it tries again. */
  trouble: Trouble | undefined;
  #idle: (() => void)[] = [];
  #transaction: Transaction | undefined;
  #joining = false;
  #witness: Witness | undefined;

  constructor(context: ProducerContext) {
    this.#context = context;
    this.#outgoing = Array.from({ length: context.partitions }, (_, partition) => ({
      partition,
      writer: new BatchWriter(this.#home(partition)),
      ready: [],
      inFlight: false,
      joined: false,
      records: 0,
    }));
    this.#backoff = new Backoff(context.world, context.properties.deliveryTimeoutMs);
  }

  /** The first partitions' batches are made in the thread's memory, where there is room. */
  #home(partition: number): Buffer | undefined {
    const { batchBytes } = this.#context.properties;
    if (partition >= homesMax || batchBytes > homeBatchBytesMax) return undefined;
    const memory = threadMemory();
    const region = memory.allocate(batchHomeBytes(batchBytes));
    if (region === undefined) return undefined;
    this.#homes.push(region);
    return Buffer.from(memory.bytes.buffer, region.address, region.bytes);
  }

  get bufferedBytes(): number {
    return this.#bytes;
  }
  /** False while the buffer is full, or where there is no transaction; `wake` follows. */
  get hasRoom(): boolean {
    const { transactions } = this.#context;
    return this.#bytes < bufferBytesMax && (transactions === undefined || this.#transaction !== undefined);
  }

  /** What is added from now on is part of this transaction. Everything before is flushed. */
  begin(transaction: Transaction): void {
    for (const out of this.#outgoing) {
      assert(out.writer.count === 0 && out.ready.length === 0, 'a transaction begins with nothing under way');
      out.joined = false;
      out.records = 0;
    }
    this.#transaction = transaction;
    this.#witness = undefined;
    this.#context.wake();
  }
  /** The transaction that has something in it. */
  get written(): Transaction | undefined {
    return this.#outgoing.some((o) => o.joined) ? this.#transaction : undefined;
  }
  /** Ends writing in the transaction, flushed before; gives one of its records. There is no room until the next begins. */
  leave(): Witness | undefined {
    this.#transaction = undefined;
    return this.#witness;
  }

  /** Bytes until the buffer is full. */
  get room(): number {
    return bufferBytesMax - this.#bytes;
  }

  /** An upper bound of a record's bytes. Throws UserError when it can never be sent. */
  check(key: Uint8Array | null, value: Uint8Array | null, headers: readonly EncodedHeader[]): number {
    const max = this.#context.properties.requestBytesMax;
    let size = (key?.length ?? 0) + (value?.length ?? 0) + recordOverheadMax;
    for (const h of headers) size += h.key.length + (h.value?.length ?? 0) + recordOverheadMax;
    if (size > max) throw tooLarge(size, max);
    return size;
  }

  add(
    partition: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers: readonly EncodedHeader[],
    timestamp: number,
  ): void {
    const { properties } = this.#context;
    const size = this.check(key, value, headers);
    const out = this.#outgoing[partition];
    assert(out !== undefined, 'a partition of the topic');
    if (out.writer.count > 0 && out.writer.bytes + size > properties.batchBytes) {
      this.#close(out);
      this.#pump();
    }
    const before = out.writer.bytes;
    out.writer.add(key, value, headers, timestamp);
    this.#bytes += out.writer.bytes - before;
    if (out.writer.bytes >= properties.batchBytes) this.#close(out);
    if (out.writer.count === 0) this.#pump();
    else this.#lingerOnce();
  }

  /** Adds messages to a partition: as `add`, for those that `records.order` names in [from, to). */
  addBlock(partition: number, records: RecordBlock, from: number, to: number): void {
    const { properties } = this.#context;
    const out = this.#outgoing[partition];
    assert(out !== undefined, 'a partition of the topic');
    const bounds = { batchBytes: properties.batchBytes, recordBytesMax: properties.requestBytesMax };
    for (let at = from; at < to; ) {
      const before = out.writer.bytes;
      const next = records.write(out.writer, at, to, bounds);
      this.#bytes += out.writer.bytes - before;
      if (next === at && out.writer.count === 0) {
        // Alone it is too large for the block, and maybe for Kafka.
        const i = records.order[at++]!;
        this.add(partition, records.key(i), records.value(i), [], records.timestamps[i]!);
        continue;
      }
      at = next;
      if (at < to || out.writer.bytes >= properties.batchBytes) {
        this.#close(out);
        this.#pump();
      }
    }
    if (out.writer.count > 0) this.#lingerOnce();
  }

  #close(out: Outgoing): void {
    this.#bytes -= out.writer.bytes;
    const { compression } = this.#context.properties;
    const { count } = out.writer;
    const batch = out.writer.finish(compression, this.#pool.copy, this.#producerOf(out));
    out.records += count;
    this.#bytes += batch.length;
    out.ready.push(batch);
  }
  #producerOf({ records }: Outgoing): BatchProducer | undefined {
    const { transactions, identities } = this.#context;
    const sequence = records & 0x7fff_ffff;
    if (transactions === undefined)
      return identities && { ...identities.current, transactional: false, sequence };
    assert(this.#transaction !== undefined, 'records are added in a transaction');
    const { producerId, producerEpoch } = this.#transaction;
    return { producerId, producerEpoch, sequence };
  }
  #lingerOnce(): void {
    this.#linger ??= this.#context.world.after(this.#context.properties.lingerMs, () => {
      this.#linger = undefined;
      this.#closeAll();
    });
  }
  #closeAll(): void {
    for (const out of this.#outgoing) if (out.writer.count > 0) this.#close(out);
    this.#pump();
  }

  /** Resolves when everything added so far is written; rejects when writing failed for good. */
  async flush(): Promise<void> {
    this.#closeAll();
    while (this.failure === undefined && this.#outgoing.some((o) => o.ready.length > 0 || o.inFlight)) {
      if (this.#context.signal.aborted)
        throw new ExternalError('KAF2001', { message: 'writing to Kafka was aborted' });
      await new Promise<void>((done) => this.#idle.push(done));
    }
    if (this.failure !== undefined) throw this.failure;
  }
  /** Nothing may be added afterwards. */
  close(): void {
    this.#linger?.cancel();
    for (const region of this.#homes.splice(0)) threadMemory().free(region);
  }
  #settled(): void {
    const waiting = this.#idle;
    this.#idle = [];
    for (const done of waiting) done();
    this.#context.wake();
  }

  #pump(): void {
    if (this.failure !== undefined || this.#recovering || this.#context.signal.aborted) return;
    if (this.#forgotten) {
      if (!this.#outgoing.some((o) => o.inFlight)) void this.#renumber(this.#context.identities!);
      return;
    }
    const { cluster, topic, transactions } = this.#context;
    const byLeader = new Map<number, Outgoing[]>();
    const outside: Outgoing[] = [];
    for (const out of this.#outgoing) {
      if (out.inFlight || out.ready.length === 0) continue;
      if (transactions !== undefined && !out.joined) {
        outside.push(out);
        continue;
      }
      const leader = cluster.leader(topic, out.partition);
      if (leader === undefined) {
        this.#recover(
          new ExternalError('KAF2002', { message: `partition ${out.partition} of '${topic}' has no leader` }),
        );
        return;
      }
      const group = byLeader.get(leader);
      if (group === undefined) byLeader.set(leader, [out]);
      else group.push(out);
    }
    for (const [leader, group] of byLeader)
      if (!this.#busy.has(leader)) void this.#send(leader, this.#fitting(group));
    if (outside.length > 0 && !this.#joining) void this.#join(transactions!, outside);
  }
  /** Brings partitions into the transaction, for what waits to be sent to them. */
  async #join(transactions: TransactionDriver, outside: readonly Outgoing[]): Promise<void> {
    this.#joining = true;
    try {
      const partitions = outside.map((o) => o.partition);
      this.failure ??= await transactions.join(this.#transaction!, partitions);
      if (this.failure === undefined) for (const out of outside) out.joined = true;
      this.#backoff.succeeded();
      this.trouble = undefined;
    } catch (error) {
      this.#recover(error);
    }
    this.#joining = false;
    this.#settled();
    this.#pump();
  }
  /** As many partitions as fit into one request. */
  #fitting(group: readonly Outgoing[]): Outgoing[] {
    const chosen: Outgoing[] = [];
    let bytes = 0;
    for (const out of group) {
      bytes += out.ready[0]!.length;
      if (chosen.length > 0 && bytes > this.#context.properties.requestBytesMax) break;
      chosen.push(out);
    }
    return chosen;
  }

  async #send(leader: number, group: readonly Outgoing[]): Promise<void> {
    const { cluster, properties, topic } = this.#context;
    this.#busy.add(leader);
    for (const out of group) out.inFlight = true;
    let failure: unknown;
    try {
      const link = await cluster.link(leader, 'produce');
      const batches = group.map((o) => ({ topic, partition: o.partition, records: o.ready[0]! }));
      const answers = await link.request(
        produceRequest(properties.acks, properties.requestTimeoutMs, batches, this.#transaction?.id ?? null),
      );
      failure = await this.#failureOf(this.#acknowledge(group, properties.acks === 0 ? undefined : answers));
    } catch (error) {
      failure = error;
    }
    this.#busy.delete(leader);
    for (const out of group) out.inFlight = false;
    if (failure === undefined) {
      this.#backoff.succeeded();
      this.trouble = undefined;
    } else this.#recover(failure);
    this.#settled();
    this.#pump();
  }
  /** Drops the batches that were written. Returns the answer for another one: the first, or one that will be the same
   *  however often it is asked for. */
  #acknowledge(group: readonly Outgoing[], answers: readonly Produced[] | undefined): Produced | undefined {
    let refused: Produced | undefined;
    for (const out of group) {
      const answer = answers?.find((a) => a.partition === out.partition);
      assert(answers === undefined || answer !== undefined, 'an answer for every partition');
      if (answer === undefined || isWritten(answer.error)) {
        this.#drop(out.ready.shift()!);
        if (answer !== undefined && answer.offset >= 0)
          this.#witness ??= { partition: out.partition, offset: answer.offset };
      } else if (refused === undefined || !isRetryable(answer.error)) refused = answer;
    }
    return refused;
  }
  /** What went wrong. What will go wrong again is `failure` by then. */
  async #failureOf(refused: Produced | undefined): Promise<MillraceError | undefined> {
    if (refused === undefined) return undefined;
    const { transactions, identities, topic } = this.#context;
    if (transactions !== undefined && endsTransaction(refused.error)) {
      this.failure ??= await transactions.refused(this.#transaction!, refused.error);
      return this.failure;
    }
    if (identities !== undefined && isForgotten(refused.error)) {
      this.#forgotten = true;
      const message = `Kafka does not know the producer of records for '${topic}' any more: ${errorName(refused.error)}`;
      return new ExternalError('KAF2002', { message, retryable: true });
    }
    const why = refused.message === null ? '' : ` (${refused.message})`;
    return brokerError(refused.error, `records for '${topic}'${why}`);
  }

  /** Goes on under another identity, with what is not written yet as its first records. */
  async #renumber(identities: Identities): Promise<void> {
    this.#recovering = true;
    let failure: unknown;
    try {
      await identities.renew();
      for (const out of this.#outgoing) {
        out.records = 0;
        for (const batch of out.ready) {
          renumberBatch(batch, this.#producerOf(out)!);
          out.records += recordCount(batch);
        }
      }
      this.#forgotten = false;
    } catch (error) {
      failure = error;
    }
    this.#recovering = false;
    if (failure === undefined) this.#pump();
    else this.#recover(failure);
  }

  #drop(batch: Uint8Array): void {
    this.#bytes -= batch.length;
    this.#pool.giveBack(batch);
  }

  #recover(error: unknown): void {
    if (this.failure !== undefined || this.#recovering) return;
    const failure = toMillraceError(error);
    const retryable = failure instanceof ExternalError && failure.retryable;
    const delay = retryable ? this.#backoff.failed() : undefined;
    if (delay === undefined) {
      this.failure = failure;
      this.#settled();
      return;
    }
    this.#recovering = true;
    this.trouble = { message: failure.message, since: this.trouble?.since ?? this.#context.world.now() };
    void this.#wait(delay).then(() => {
      this.#recovering = false;
      this.#pump();
    });
  }
  async #wait(delayMs: number): Promise<void> {
    const { world, cluster, topic, signal } = this.#context;
    await pause(world, delayMs, signal);
    // When no broker answers, the next request fails and brings us back here, with a longer delay.
    await cluster.refresh([topic]).catch(() => undefined);
  }
}

/** A batch that is sent again after its answer was lost is written already. */
const isWritten = (error: number): boolean => error === 0 || error === errorCodes.DUPLICATE_SEQUENCE_NUMBER;

function tooLarge(size: number, max: number): UserError {
  return new UserError('KAF1007', {
    message: `a record of about ${size} bytes is larger than 'properties.max.request.size' = ${max}`,
    hint: `Raise it, and the topic's max.message.bytes.`,
  });
}
