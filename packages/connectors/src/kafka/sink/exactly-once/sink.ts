/* Exactly once: what is written between two barriers is one transaction, which a checkpoint decides about.
 *
 *   write … barrier: flushed, its identity goes into the manifest ─▶ manifest on disk ─▶ EndTxn
 *           the rows behind the barrier are part of the next transaction already
 *
 *   start: lock on the prefix ─▶ commit what the manifest lists ─▶ abort all else that is open ─▶ write
 *
 * The first instance of a sink opens before the others: it ends what all of them left. */

import { assert, pause, type MillraceError } from '#base';
import type { Batch } from '#data';
import type { Sink, SinkContext, Trouble } from '#dataflow';
import { Coordinators } from '../../client/coordinators.ts';
import type { Transaction } from '../../requests/transactions.ts';
import { KafkaSink, type KafkaSinkParts } from '../sink.ts';
import { PrefixLock } from './prefix-lock.ts';
import { readPrepared, writePrepared } from './prepared.ts';
import { TransactionClient } from './transaction-client.ts';
import { TransactionPool } from './transaction-pool.ts';
import { ownerOf, shortName, transactionalId, type IdOwner } from './transactional-id.ts';

/** The state of a transaction that has something in it and is not decided. */
const open = 'Ongoing';
/** A broker that does not answer holds no stop up for longer. */
const goodByeMsMax = 2_000;

export class ExactlyOnceKafkaSink implements Sink {
  readonly #context: SinkContext;
  readonly #topic: string;
  readonly #owner: IdOwner;
  readonly #sink: KafkaSink;
  readonly #coordinators: Coordinators;
  readonly #client: TransactionClient;
  readonly #lock: PrefixLock | undefined;
  #pool: TransactionPool | undefined;
  #failure: MillraceError | undefined;

  constructor(parts: KafkaSinkParts, prefix: string) {
    const { context, properties, topic } = parts;
    const { world, signal, writer } = context;
    this.#context = context;
    this.#topic = topic;
    this.#owner = { prefix, incarnation: writer.incarnation, sink: shortName(writer.sink) };
    this.#sink = new KafkaSink(parts, {
      join: (transaction, partitions) => this.#join(transaction, partitions),
      refused: (transaction, code) => this.#refused(transaction, code),
    });
    const { cluster } = this.#sink;
    const giveUpMs = properties.deliveryTimeoutMs;
    this.#coordinators = new Coordinators({ world, signal, cluster, giveUpMs });
    this.#client = new TransactionClient({
      world,
      signal,
      cluster,
      topic,
      giveUpMs,
      coordinators: this.#coordinators,
      timeoutMs: properties.transactionTimeoutMs,
      warn: (message) => context.warn(message),
    });
    if (context.instance === 0)
      this.#lock = new PrefixLock({
        world,
        signal,
        prefix,
        coordinators: this.#coordinators,
        job: writer.job,
        sink: writer.sink,
        giveUpMs: properties.startTimeoutMs,
        failed: (error) => this.#fail(error),
      });
  }
  #fail(error: MillraceError): void {
    this.#failure ??= error;
    this.#context.wake();
  }
  async #join(transaction: Transaction, partitions: readonly number[]): Promise<MillraceError | undefined> {
    const code = await this.#client.join(transaction, partitions);
    return code === 0 ? undefined : this.#refused(transaction, code);
  }
  /** A newer run of the job aborts transactions of this one: that is what is told then. */
  async #refused(transaction: Transaction, code: number): Promise<MillraceError> {
    const lock = this.#lock?.verify() ?? Promise.resolve();
    await lock.catch((error: unknown) => this.#fail(error as MillraceError));
    return this.#failure ?? this.#client.refused(transaction, code);
  }

  async open(prepared?: readonly Uint8Array[]): Promise<void> {
    await this.#sink.open();
    if (this.#lock !== undefined) {
      await this.#lock.acquire();
      for (const bytes of prepared ?? []) await this.#client.commit(readPrepared(bytes));
      await this.#abortOthers(prepared === undefined);
    }
    const { instance } = this.#context;
    this.#pool = new TransactionPool({
      client: this.#client,
      idOf: (number) => transactionalId(this.#owner, instance, number),
      ready: (transaction) => this.#sink.begin(transaction),
      failed: (error) => this.#fail(error),
    });
    await this.#pool.turn();
    this.#check();
  }
  /** Of this sink: all that is open, and whoever may still open some is fenced. At a fresh start also what is open of
   *  other incarnations, whichever sink wrote it. */
  async #abortOthers(fresh: boolean): Promise<void> {
    const { prefix, incarnation, sink } = this.#owner;
    const left = (await this.#client.list()).filter(({ id, state }) => {
      const owner = ownerOf(prefix, id);
      if (owner === undefined) return false;
      const isOwn = owner.incarnation === incarnation && owner.sink === sink;
      if (isOwn) return true;
      return state === open && (owner.sink === sink || (fresh && owner.incarnation !== incarnation));
    });
    await this.#client.abort(left.map((t) => t.id));
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
  write(batch: Batch, from: number): number {
    this.#check();
    return this.#sink.write(batch, from);
  }
  async flush(): Promise<void> {
    await this.#sink.flush();
  }
  async prepare(): Promise<Uint8Array | undefined> {
    this.#check();
    await this.#sink.flush();
    this.#check();
    const transaction = this.#sink.written;
    if (transaction === undefined) return undefined;
    const witness = this.#sink.leave();
    this.#pool!.prepared(transaction);
    void this.#pool!.turn();
    return writePrepared({ ...transaction, topic: this.#topic, witness });
  }
  async commit(prepared: Uint8Array): Promise<void> {
    const transaction = readPrepared(prepared);
    assert(transaction.topic === this.#topic, 'a sink commits what it wrote');
    await this.#client.commit(transaction);
    this.#pool?.committed(transaction);
  }

  get bufferedBytes(): number {
    return this.#sink.bufferedBytes;
  }
  get trouble(): Trouble | undefined {
    return this.#sink.trouble ?? this.#coordinators.trouble;
  }
  async close(): Promise<void> {
    const said = new AbortController();
    const saying = this.#sayGoodBye().finally(() => said.abort());
    await Promise.race([saying, pause(this.#context.world, goodByeMsMax, said.signal)]);
    await this.#sink.close();
  }
  /** Nobody has to wait for what is open, or for the lock. */
  async #sayGoodBye(): Promise<void> {
    const { written } = this.#sink;
    if (written !== undefined) await this.#client.abandon(written);
    await this.#lock?.release();
  }
}
