/* The transaction coordinator: who may write under a transactional id, and how each transaction ends.
 *
 *   InitProducerId ─▶ identity ─▶ partitions and groups join ─▶ EndTxn, time-out or a newer instance ─▶ markers
 *
 * Partitions and groups join by requests of their own (protocol 1), or with the first records and offsets (protocol 2).
 *
 * Keeps: the current step of every transactional id, in memory and in the journal, the journal first.
 * Promises: an identity is given to one instance; a decided transaction is carried out whatever happens, by the next
 * start if not by this one; EndTxn with the same identity and outcome succeeds however often it comes. */

import type { World } from '#base';
import type { ErrorName } from '#kafka';
import { brokerNumber, type BrokerConfigName, type BrokerValues } from '../broker-configs.ts';
import { journalKey, journalOf, type Journal } from '../journal.ts';
import { Deadlines } from './deadlines.ts';
import { endStep, type Protocol } from './end-transaction.ts';
import { initStep } from './init-producer.ts';
import { offsetsTopic, writeMarkers, type MarkerTargets } from './markers.ts';
import { ProducerIds } from './producer-ids.ts';
import {
  completed,
  fenced,
  fromJson,
  hasPartition,
  isDecided,
  newTransaction,
  toJson,
  withPartitions,
  type ProducerIdentity,
  type Transaction,
  type TransactionPartition,
} from './transaction.ts';

export interface TransactionParts extends MarkerTargets {
  readonly journal: Journal;
  readonly world: World;
  /** Kafka's server.properties. */
  readonly configs: BrokerValues;
  /** Lines for the operator. */
  readonly log: (line: string) => void;
}

/** Who the producer is from now on. */
type Identified = ProducerIdentity | { readonly error: ErrorName };

export class Transactions {
  readonly #parts: TransactionParts;
  readonly #producerIds: ProducerIds;
  readonly #byId = new Map<string, Transaction>();
  readonly #deadlines: Deadlines;
  #sweep: { cancel(): void } | undefined;

  /** Finishes what was decided before the stop, and waits for what was open. */
  constructor(parts: TransactionParts) {
    this.#parts = parts;
    this.#producerIds = new ProducerIds(parts.journal);
    this.#deadlines = new Deadlines(parts.world, (id) => {
      this.expire(id);
    });
    for (const [[id], value] of journalOf(parts.journal, 'transaction'))
      this.#byId.set(id!, fromJson(id!, value));
    for (const transaction of this.all()) {
      if (isDecided(transaction)) this.#behind(this.#carryOut(transaction, true));
      else if (transaction.state === 'Ongoing') this.#setDeadline(transaction);
    }
    if (this.#byId.size > 0) this.#sweepLater();
  }
  get(transactionalId: string): Transaction | undefined {
    return this.#byId.get(transactionalId);
  }
  all(): readonly Transaction[] {
    return [...this.#byId.values()];
  }
  /** The partition of Kafka's own topic that a group's offsets would be in. */
  offsetsPartition(group: string): TransactionPartition {
    let hash = 0;
    for (let i = 0; i < group.length; i++) hash = (Math.imul(hash, 31) + group.charCodeAt(i)) | 0;
    return { topic: offsetsTopic, partition: (hash & 0x7fff_ffff) % this.#offsetsPartitions };
  }
  hasOffsetsPartition(index: number): boolean {
    return index >= 0 && index < this.#offsetsPartitions;
  }
  get #offsetsPartitions(): number {
    return this.#number('offsets.topic.num.partitions');
  }

  /** The identity of a producer. Without a transactional id a fresh one; with it the next one, under which everybody
   *  before is fenced. `known`: who the client says that it already is. */
  initProducer(
    transactionalId: string | null,
    timeoutMs: number,
    known: ProducerIdentity | undefined,
  ): Identified {
    if (transactionalId === null) return { producerId: this.#producerIds.take(), producerEpoch: 0 };
    if (transactionalId === '') return { error: 'INVALID_REQUEST' };
    if (timeoutMs <= 0 || timeoutMs > this.#number('transaction.max.timeout.ms'))
      return { error: 'INVALID_TRANSACTION_TIMEOUT' };
    const now = this.#parts.world.now();
    const current =
      this.#byId.get(transactionalId) ??
      newTransaction(transactionalId, this.#producerIds.take(), timeoutMs, now);
    const step = initStep(current, { timeoutMs, known }, () => this.#producerIds.take(), now);
    switch (step.kind) {
      case 'refused':
        return { error: step.error };
      case 'abort':
        this.#abortFenced(current);
        return { error: 'CONCURRENT_TRANSACTIONS' };
      case 'ready':
        this.#keep(step.next);
        return step.next;
    }
  }

  /** Partitions join the transaction, which begins with the first of them. Undefined: they are in. */
  add(
    transactionalId: string,
    producer: ProducerIdentity,
    partitions: readonly TransactionPartition[],
  ): ErrorName | undefined {
    // A transaction that is being completed may get another producer id by that: who asks is not known before.
    const before = this.#byId.get(transactionalId);
    if (before !== undefined && isDecided(before)) return 'CONCURRENT_TRANSACTIONS';
    const found = this.#of(transactionalId, producer);
    if (typeof found === 'string') return found;
    if (found.state === 'Ongoing' && partitions.every((p) => hasPartition(found, p))) return undefined;
    const next = withPartitions(found, partitions, this.#parts.world.now());
    this.#keep(next);
    if (found.state !== 'Ongoing') this.#setDeadline(next);
    return undefined;
  }
  /** Why a producer may not write to a partition under this transaction now (KIP-890), or undefined. */
  problemOf(
    transactionalId: string,
    producer: ProducerIdentity,
    partition: TransactionPartition,
  ): ErrorName | undefined {
    const found = this.#of(transactionalId, producer);
    if (typeof found === 'string') return found;
    if (isDecided(found)) return 'CONCURRENT_TRANSACTIONS';
    return hasPartition(found, partition) ? undefined : 'TRANSACTION_ABORTABLE';
  }
  #of(transactionalId: string, { producerId, producerEpoch }: ProducerIdentity): Transaction | ErrorName {
    if (transactionalId === '') return 'INVALID_REQUEST';
    const found = this.#byId.get(transactionalId);
    if (found === undefined || found.producerId !== producerId) return 'INVALID_PRODUCER_ID_MAPPING';
    return found.producerEpoch === producerEpoch ? found : 'PRODUCER_FENCED';
  }

  /** EndTxn. Resolves when the transaction is complete, with the identity for the next one: it ended as asked, now or
   *  before. */
  async end(
    transactionalId: string,
    producer: ProducerIdentity,
    commit: boolean,
    protocol: Protocol,
  ): Promise<Identified> {
    if (transactionalId === '') return { error: 'INVALID_REQUEST' };
    const current = this.#byId.get(transactionalId);
    if (current === undefined) return { error: 'INVALID_PRODUCER_ID_MAPPING' };
    const asked = { producer, outcome: commit ? 'commit' : 'abort', protocol } as const;
    const step = endStep(current, asked, () => this.#producerIds.take(), this.#parts.world.now());
    switch (step.kind) {
      case 'refused':
        return { error: step.error };
      case 'again':
        return current;
      case 'decided':
        return this.#carryOut(this.#keep(step.next), false);
    }
  }
  /** The open transaction is aborted and its producer fenced, as when its time is over. False: none is open. */
  expire(transactionalId: string): boolean {
    const found = this.#byId.get(transactionalId);
    if (found?.state !== 'Ongoing') return false;
    this.#abortFenced(found);
    return true;
  }
  #abortFenced(transaction: Transaction): void {
    const next = fenced(transaction, () => this.#producerIds.take(), this.#parts.world.now());
    this.#behind(this.#carryOut(this.#keep(next), false));
  }
  /** Nobody waits for it. What could not be flushed stays decided, and the next start carries it out. */
  #behind(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      this.#parts.log(`a transaction was not completed: ${String(error)}`);
    });
  }
  /** Writes the markers of a decided transaction. Without a flush to wait for it is complete on return. */
  #carryOut(transaction: Transaction, again: boolean): Promise<Transaction> {
    this.#deadlines.clear(transaction.transactionalId);
    const { world } = this.#parts;
    const flushes = writeMarkers(transaction, this.#parts, world.now(), again);
    const complete = (): Transaction => this.#keep(completed(transaction, world.now()));
    return flushes.length > 0 ? Promise.all(flushes).then(complete) : Promise.resolve(complete());
  }

  #keep(transaction: Transaction): Transaction {
    const { transactionalId } = transaction;
    this.#parts.journal.put(journalKey('transaction', transactionalId), toJson(transaction));
    this.#byId.set(transactionalId, transaction);
    if (this.#sweep === undefined) this.#sweepLater();
    return transaction;
  }
  #setDeadline({ transactionalId, startedAt, timeoutMs }: Transaction): void {
    this.#deadlines.set(transactionalId, startedAt + timeoutMs);
  }
  #number(name: BrokerConfigName): number {
    return brokerNumber(this.#parts.configs, name);
  }

  #sweepLater(): void {
    const every = this.#number('transaction.remove.expired.transaction.cleanup.interval.ms');
    this.#sweep = this.#parts.world.after(every, () => {
      this.#sweep = undefined;
      this.forgetIdle();
      if (this.#byId.size > 0) this.#sweepLater();
    });
  }
  /** Takes away the ids that nobody used for `transactional.id.expiration.ms`. */
  forgetIdle(): void {
    const before = this.#parts.world.now() - this.#number('transactional.id.expiration.ms');
    for (const transaction of this.all()) {
      if (transaction.state === 'Ongoing' || isDecided(transaction) || transaction.updatedAt > before)
        continue;
      this.#byId.delete(transaction.transactionalId);
      this.#parts.journal.put(journalKey('transaction', transaction.transactionalId), undefined);
    }
  }
  /** No timer is left. */
  close(): void {
    this.#deadlines.close();
    this.#sweep?.cancel();
  }
}
