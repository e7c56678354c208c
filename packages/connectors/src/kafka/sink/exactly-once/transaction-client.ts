/* Transactions of one sink: begun, joined by partitions, committed from what a manifest keeps, and aborted where nobody
 * will commit them. */

import { ExternalError, UserError, type MillraceError, type World } from '#base';
import { errorCodes, errorName } from '#kafka';
import { retrying } from '../../client/backoff.ts';
import type { KafkaCluster } from '../../client/cluster.ts';
import type { Coordinators, Question } from '../../client/coordinators.ts';
import { brokerError, endsTransaction } from '../../requests/broker-errors.ts';
import {
  describeTransactionRequest,
  listTransactionsRequest,
  type KnownTransaction,
} from '../../requests/list-transactions.ts';
import {
  addPartitionsRequest,
  commitRequest,
  initProducerIdRequest,
  type ProducerIdentity,
  type Transaction,
} from '../../requests/transactions.ts';
import { outcomeOf } from './outcome.ts';
import type { PreparedTransaction } from './prepared.ts';

/** Transactions that are aborted at a time. */
const abortsMax = 32;

export interface TransactionClientParts {
  readonly world: World;
  readonly cluster: KafkaCluster;
  readonly coordinators: Coordinators;
  readonly topic: string;
  readonly timeoutMs: number;
  readonly giveUpMs: number;
  readonly signal: AbortSignal;
  readonly warn: (message: string) => void;
}

const about = (id: string, what: string): Question => ({
  kind: 'transaction',
  key: id,
  what: `${what} '${id}'`,
});

export class TransactionClient {
  readonly #parts: TransactionClientParts;

  constructor(parts: TransactionClientParts) {
    this.#parts = parts;
  }

  /** The next transaction under an id: what is open there is aborted, and who had it is fenced. `known`: only who had it
   *  before may have it. */
  async begin(id: string, known?: ProducerIdentity): Promise<Transaction> {
    const { coordinators, timeoutMs } = this.#parts;
    const request = initProducerIdRequest(id, timeoutMs, known);
    const answer = await coordinators.ask(about(id, 'to begin transaction'), request);
    if (answer.error === errorCodes.INVALID_TRANSACTION_TIMEOUT) throw timeoutTooLong(timeoutMs);
    if (endsTransaction(answer.error)) throw fencedError(id);
    if (answer.error !== 0) throw brokerError(answer.error, `to begin transaction '${id}'`);
    return { id, producerId: answer.producerId, producerEpoch: answer.producerEpoch };
  }

  /** Brings partitions of the topic into a transaction; tried once. Resolves to 0, or to the code that says that the
   *  transaction is over. */
  async join(transaction: Transaction, partitions: readonly number[]): Promise<number> {
    const { coordinators, topic } = this.#parts;
    const what = `partitions of '${topic}' in transaction`;
    const { error } = await coordinators.once(
      about(transaction.id, what),
      addPartitionsRequest(
        transaction,
        partitions.map((partition) => ({ topic, partition })),
      ),
    );
    if (error !== 0 && !endsTransaction(error)) throw brokerError(error, `${what} '${transaction.id}'`);
    return error;
  }

  /** Why it may no longer be written to: its time was over, which a restart cures, or somebody else has its id. */
  async refused(transaction: Transaction, code: number): Promise<MillraceError> {
    const { id, producerId, producerEpoch } = transaction;
    const found = await this.#parts.coordinators
      .ask(about(id, 'the state of transaction'), describeTransactionRequest(id))
      .catch(() => undefined);
    if (found === undefined || found.error !== 0 || found.state === 'Ongoing')
      return new ExternalError('KAF2002', {
        message: `Kafka refused transaction '${id}': ${errorName(code)}`,
      });
    const aborted = found.state === 'CompleteAbort' || found.state === 'PrepareAbort';
    const byTime = aborted && found.producerId === producerId && found.producerEpoch === producerEpoch + 1;
    if (!byTime) return fencedError(id);
    return new ExternalError('KAF2006', {
      message: `transaction '${id}' was open longer than ${this.#parts.timeoutMs} ms, and Kafka aborted it`,
      hint: "Take checkpoints more often, or raise 'properties.transaction.timeout.ms'.",
    });
  }

  /** Succeeds however often it is asked for. Throws KAF2004 when the transaction was aborted before. */
  async commit(prepared: PreparedTransaction): Promise<void> {
    const { world, cluster, coordinators, giveUpMs, signal, warn } = this.#parts;
    const { id } = prepared;
    const { error } = await coordinators.ask(about(id, 'to commit transaction'), commitRequest(prepared));
    if (error === 0) return;
    if (!endsTransaction(error)) throw brokerError(error, `to commit transaction '${id}'`);
    // The id has another epoch by now: it was committed before, or it is lost.
    const outcome = await retrying(world, signal, giveUpMs, () => outcomeOf(cluster, prepared));
    if (outcome === 'aborted') throw lostError(prepared);
    if (outcome === 'unknown')
      warn(
        `Kafka no longer knows how transaction '${id}' into '${prepared.topic}' ended, and its records are gone: taken as committed`,
      );
  }

  /** Aborts each of these, and fences whoever had it. */
  async abort(ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += abortsMax)
      await Promise.all(ids.slice(from, from + abortsMax).map((id) => this.begin(id)));
  }

  /** Lets go of an open transaction of one's own, with one request: readers of committed records wait for it no longer. */
  async abandon(transaction: Transaction): Promise<void> {
    const { id } = transaction;
    const request = initProducerIdRequest(id, this.#parts.timeoutMs, transaction);
    // The answer to the first is that the abort is under way.
    await this.#parts.coordinators.once(about(id, 'to abort transaction'), request).catch(() => {});
  }

  /** All that brokers know. */
  async list(): Promise<KnownTransaction[]> {
    const { world, signal, giveUpMs } = this.#parts;
    return retrying(world, signal, giveUpMs, () => this.#listOnce());
  }
  async #listOnce(): Promise<KnownTransaction[]> {
    const { cluster, topic } = this.#parts;
    const { brokers } = await cluster.refresh([topic]);
    const answers = await Promise.all(
      brokers.map(async ({ id }) => {
        const link = await cluster.link(id, 'coordinator');
        return link.request(listTransactionsRequest());
      }),
    );
    const refused = answers.find((a) => a.error !== 0);
    if (refused !== undefined) throw brokerError(refused.error, 'a list of transactions');
    return answers.flatMap((a) => a.transactions);
  }
}

function timeoutTooLong(timeoutMs: number): UserError {
  return new UserError('KAF1009', {
    message: `Kafka takes no transactions of 'properties.transaction.timeout.ms' = ${timeoutMs}: it is more than the broker's transaction.max.timeout.ms`,
    hint: "Lower it (a broker's default is 900000), but not below the time that a restart may take; or raise transaction.max.timeout.ms.",
  });
}
export function fencedError(id: string): ExternalError {
  return new ExternalError('KAF2005', {
    message: `another writer has taken transaction '${id}' over: this one may write no more`,
    hint: "Does the same job run elsewhere, or another with this 'sink.transactional-id-prefix'?",
    retryable: false,
  });
}
function lostError({ id, topic }: PreparedTransaction): ExternalError {
  return new ExternalError('KAF2004', {
    message: `rows are lost: transaction '${id}' into '${topic}', which a checkpoint relies on, was aborted before it could be committed`,
    hint: "It was open longer than 'properties.transaction.timeout.ms', or another writer aborted it. --fresh begins anew.",
    retryable: false,
  });
}
