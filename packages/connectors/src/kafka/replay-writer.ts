/* Sends records to topics, each once: with them, in one transaction, goes how far the sender has come, as offsets of a group.
 *
 *   begin: what a killed sender left open is aborted ─▶ marks: where it stands ─▶ add … ─▶ commit: records and marks, or neither
 *
 * Two senders of one id do not run at a time: the second fences the first. */

import { UserError, type World } from '#base';
import { errorCodes } from '#kafka';
import { encodeHeaders } from '#records';
import { KafkaCluster } from './client/cluster.ts';
import { Coordinators, type Question } from './client/coordinators.ts';
import { kafkaProperties, type KafkaProperties } from './properties.ts';
import { propertyOptions } from './property-options.ts';
import { brokerError } from './requests/broker-errors.ts';
import type { OffsetToCommit } from './requests/group-offsets.ts';
import {
  addOffsetsRequest,
  commitRequest,
  transactionOffsetsRequest,
  type Transaction,
} from './requests/transactions.ts';
import { TransactionClient } from './sink/exactly-once/transaction-client.ts';
import { keyPartitioner, type Partitioner } from './sink/partitioner.ts';
import { Producer } from './sink/producer.ts';
import type { OutgoingRecord } from './topic-writer.ts';
import { overSockets } from './transport-for.ts';

/** How far a sender has come in what it reads. */
export interface Mark extends OffsetToCommit {
  readonly group: string;
}

interface Target {
  readonly producer: Producer;
  readonly partitions: number;
  readonly partitioner: Partitioner;
}

export class ReplayWriter {
  readonly #world: World;
  readonly #properties: KafkaProperties;
  readonly #cluster: KafkaCluster;
  readonly #coordinators: Coordinators;
  readonly #signal = new AbortController().signal;
  readonly #targets = new Map<string, Target>();
  readonly #marks = new Map<string, Mark>();
  readonly #id: string;
  #transaction: Transaction | undefined;
  #wake: () => void = () => {};

  /** `id`: the transactional id; `properties`: settings of Kafka's Java client, bootstrap.servers among them. */
  constructor(world: World, id: string, given: ReadonlyMap<string, string>, warn: (message: string) => void) {
    // What brokers allow unless they are told otherwise.
    const own = new Map([['transaction.timeout.ms', '900000'], ...given]);
    const properties = kafkaProperties(propertyOptions(own), warn);
    this.#world = world;
    this.#id = id;
    this.#properties = properties;
    this.#cluster = new KafkaCluster(overSockets(world, properties), properties.bootstrap);
    this.#coordinators = new Coordinators({
      world,
      signal: this.#signal,
      cluster: this.#cluster,
      giveUpMs: properties.deliveryTimeoutMs,
    });
  }
  /** Begins a transaction: what is open under the id is aborted. */
  async begin(): Promise<void> {
    this.#transaction = await this.#client('').begin(this.#id, this.#transaction);
    for (const { producer } of this.#targets.values()) producer.begin(this.#transaction);
  }
  /** Where a group stands in these partitions; those that it has nothing of are left out. To be asked once a transaction has
   *  begun. */
  async marks(
    group: string,
    partitions: readonly { readonly topic: string; readonly partition: number }[],
  ): Promise<readonly OffsetToCommit[]> {
    const found = await this.#cluster.groupOffsets(group, partitions);
    return found.filter((o) => o.offset >= 0);
  }
  /** Resolves when there is room for more. Throws KAF3001 for a topic that there is not. */
  async add(
    topic: string,
    { partition, key, value, headers }: OutgoingRecord,
    timestamp: number,
  ): Promise<void> {
    const { producer, partitions, partitioner } = await this.#target(topic);
    while (!producer.hasRoom && producer.failure === undefined)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (producer.failure !== undefined) throw producer.failure;
    const at = partition !== undefined && partition < partitions ? partition : partitioner(key);
    producer.add(at, key, value, encodeHeaders(headers), timestamp);
  }
  /** Goes with the records of this transaction. */
  mark(mark: Mark): void {
    this.#marks.set(`${mark.group} ${mark.topic} ${mark.partition}`, mark);
  }
  async commit(): Promise<void> {
    for (const { producer } of this.#targets.values()) await producer.flush();
    const transaction = this.#transaction!;
    for (const [group, marks] of Map.groupBy(this.#marks.values(), (m) => m.group)) {
      await this.#ask(
        about('transaction', this.#id, 'to mark replay'),
        addOffsetsRequest(transaction, group),
      );
      await this.#ask(
        about('group', group, 'to mark replay'),
        transactionOffsetsRequest(transaction, group, marks),
      );
    }
    if (this.#marks.size > 0)
      await this.#ask(about('transaction', this.#id, 'to commit replay'), commitRequest(transaction));
    this.#marks.clear();
    for (const { producer } of this.#targets.values()) producer.leave();
  }
  async #ask(...[question, request]: Parameters<Coordinators['ask']>): Promise<void> {
    const { error } = await this.#coordinators.ask(question, request);
    if (error !== 0) throw brokerError(error, `${question.what} '${question.key}'`);
  }
  async #target(topic: string): Promise<Target> {
    const known = this.#targets.get(topic);
    if (known !== undefined) return known;
    const { topics } = await this.#cluster.refresh([topic]);
    const error = topics[0]?.error ?? 0;
    if (error === errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
      throw new UserError('KAF3001', {
        message: `there is no topic '${topic}'`,
        hint: `Create it: millrace topic create ${topic}`,
      });
    if (error !== 0) throw brokerError(error, `the partitions of topic '${topic}'`);
    const partitions = topics[0]!.partitions.length;
    const client = this.#client(topic);
    const producer = new Producer({
      world: this.#world,
      cluster: this.#cluster,
      properties: this.#properties,
      topic,
      partitions,
      signal: this.#signal,
      wake: () => {
        this.#wake();
      },
      transactions: {
        join: async (transaction, list) => {
          const code = await client.join(transaction, list);
          return code === 0 ? undefined : await client.refused(transaction, code);
        },
        refused: (transaction, code) => client.refused(transaction, code),
      },
    });
    producer.begin(this.#transaction!);
    const target = { producer, partitions, partitioner: keyPartitioner(partitions, 0) };
    this.#targets.set(topic, target);
    return target;
  }
  #client(topic: string): TransactionClient {
    return new TransactionClient({
      world: this.#world,
      cluster: this.#cluster,
      coordinators: this.#coordinators,
      topic,
      timeoutMs: this.#properties.transactionTimeoutMs,
      giveUpMs: this.#properties.deliveryTimeoutMs,
      signal: this.#signal,
      warn: () => {},
    });
  }
  async close(): Promise<void> {
    for (const { producer } of this.#targets.values()) producer.close();
    await this.#cluster.close();
  }
}

const about = (kind: Question['kind'], key: string, what: string): Question => ({ kind, key, what });
