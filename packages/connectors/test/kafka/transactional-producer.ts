/* A producer in transactions, a request at a time, that a test decides about: commit or abort. */

import { setTimeout as sleep } from 'node:timers/promises';
import { errorCodes, errorName, type ApiName, type Messages, type Sparse } from '#kafka';
import { BatchWriter } from '#records';

/** Asks the one broker. */
export type Send = <N extends ApiName>(
  name: N,
  message: Sparse<Messages[N]['request']>,
  version: number,
) => Promise<Messages[N]['response']>;

export interface KeyAndText {
  readonly key?: string;
  readonly value: string | null;
}

/** A broker that is not there yet, or still at work. */
const busy: readonly number[] = [
  errorCodes.CONCURRENT_TRANSACTIONS,
  errorCodes.COORDINATOR_LOAD_IN_PROGRESS,
  errorCodes.COORDINATOR_NOT_AVAILABLE,
  errorCodes.NOT_COORDINATOR,
  errorCodes.NOT_ENOUGH_REPLICAS,
  errorCodes.NOT_LEADER_OR_FOLLOWER,
  errorCodes.UNKNOWN_TOPIC_OR_PARTITION,
];
const tryEveryMs = 20;
const bytesOf = (text: string | null | undefined): Buffer | null =>
  text === null || text === undefined ? null : Buffer.from(text);

export class TransactionalProducer {
  readonly #send: Send;
  readonly #id: string;
  #identity = { producerId: -1, producerEpoch: -1 };
  /** By partition: records of the open transaction. */
  readonly #written = new Map<string, number>();

  constructor(send: Send, id: string) {
    this.#send = send;
    this.#id = id;
  }
  get isOpen(): boolean {
    return this.#written.size > 0;
  }
  /** One batch; begins a transaction where none is open. */
  async write(
    topic: string,
    partition: number,
    records: readonly KeyAndText[],
    timestamp: number,
  ): Promise<void> {
    if (!this.isOpen) await this.#begin();
    const place = `${topic}-${partition}`;
    const sequence = this.#written.get(place) ?? 0;
    if (sequence === 0) await this.#join(topic, partition);
    const writer = new BatchWriter();
    for (const { key, value } of records) writer.add(bytesOf(key), bytesOf(value), [], timestamp);
    const batch = writer.finish('none', undefined, { ...this.#identity, sequence });
    const request = {
      transactionalId: this.#id,
      acks: -1,
      timeoutMs: 10_000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records: [batch] }] }],
    };
    await patiently('Produce', async () => {
      const { responses } = await this.#send('Produce', request, 8);
      return responses[0]!.partitionResponses[0]!.errorCode;
    });
    this.#written.set(place, sequence + records.length);
  }
  async #begin(): Promise<void> {
    // The first one to ask makes the broker ready for transactions.
    await patiently('FindCoordinator', async () => {
      const found = await this.#send('FindCoordinator', { coordinatorKeys: [this.#id], keyType: 1 }, 4);
      return found.coordinators[0]!.errorCode;
    });
    const request = { transactionalId: this.#id, transactionTimeoutMs: 900_000 };
    await patiently('InitProducerId', async () => {
      const { errorCode, producerId, producerEpoch } = await this.#send('InitProducerId', request, 4);
      this.#identity = { producerId, producerEpoch };
      return errorCode;
    });
  }
  async #join(topic: string, partition: number): Promise<void> {
    const { producerId, producerEpoch } = this.#identity;
    const request = {
      v3AndBelowTransactionalId: this.#id,
      v3AndBelowProducerId: producerId,
      v3AndBelowProducerEpoch: producerEpoch,
      v3AndBelowTopics: [{ name: topic, partitions: [partition] }],
    };
    await patiently('AddPartitionsToTxn', async () => {
      const { resultsByTopicV3AndBelow } = await this.#send('AddPartitionsToTxn', request, 3);
      return resultsByTopicV3AndBelow[0]!.resultsByPartition[0]!.partitionErrorCode;
    });
  }
  async end(committed: boolean): Promise<void> {
    const request = { transactionalId: this.#id, ...this.#identity, committed };
    await patiently('EndTxn', async () => (await this.#send('EndTxn', request, 3)).errorCode);
    this.#written.clear();
  }
}

async function patiently(what: string, ask: () => Promise<number>): Promise<void> {
  for (;;) {
    const error = await ask();
    if (error === 0) return;
    if (!busy.includes(error)) throw new Error(`${what} of a test was refused: ${errorName(error)}`);
    await sleep(tryEveryMs);
  }
}
