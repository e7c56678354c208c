/* A producer in transactions, a request at a time, that a simulation decides about: commit or abort. */

import { readResponse, writeRequest, type ApiName, type Messages, type Sparse } from '#kafka';
import type { Broker } from '#broker';
import { BatchWriter } from '#records';

export class TransactionalProducer {
  readonly #broker: () => Broker;
  readonly #id: string;
  #producerId = -1;
  #producerEpoch = -1;
  /** By partition: records of the open transaction. */
  readonly #written = new Map<number, number>();

  constructor(broker: () => Broker, id: string) {
    this.#broker = broker;
    this.#id = id;
  }
  get isOpen(): boolean {
    return this.#written.size > 0;
  }
  async write(topic: string, partition: number, values: readonly string[], timestamp: number): Promise<void> {
    if (!this.isOpen) {
      const request = { transactionalId: this.#id, transactionTimeoutMs: 900_000 };
      const identity = await this.#send('InitProducerId', 4, request);
      this.#producerId = identity.producerId;
      this.#producerEpoch = identity.producerEpoch;
    }
    const identity = { producerId: this.#producerId, producerEpoch: this.#producerEpoch };
    const sequence = this.#written.get(partition) ?? 0;
    if (sequence === 0)
      await this.#send('AddPartitionsToTxn', 3, {
        v3AndBelowTransactionalId: this.#id,
        v3AndBelowProducerId: identity.producerId,
        v3AndBelowProducerEpoch: identity.producerEpoch,
        v3AndBelowTopics: [{ name: topic, partitions: [partition] }],
      });
    const writer = new BatchWriter();
    for (const value of values) writer.add(null, Buffer.from(value), [], timestamp);
    const records = writer.finish('none', undefined, { ...identity, sequence });
    const { responses } = await this.#send('Produce', 8, {
      transactionalId: this.#id,
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: topic, partitionData: [{ index: partition, records: [records] }] }],
    });
    const { errorCode } = responses[0]!.partitionResponses[0]!;
    if (errorCode !== 0) throw new Error(`a record in a transaction was refused: ${errorCode}`);
    this.#written.set(partition, sequence + values.length);
  }
  async end(committed: boolean): Promise<void> {
    const { errorCode } = await this.#send('EndTxn', 3, {
      transactionalId: this.#id,
      producerId: this.#producerId,
      producerEpoch: this.#producerEpoch,
      committed,
    });
    if (errorCode !== 0) throw new Error(`a transaction did not end: ${errorCode}`);
    this.#written.clear();
  }
  async #send<N extends ApiName>(
    name: N,
    version: number,
    message: Sparse<Messages[N]['request']>,
  ): Promise<Messages[N]['response']> {
    const link = this.#broker().connect();
    const frame = Buffer.concat(
      writeRequest(name, message, { version, correlation: 1, clientId: 'outside' }),
    );
    const answer = await link.send(frame);
    link.close();
    return readResponse(name, version, answer!);
  }
}
