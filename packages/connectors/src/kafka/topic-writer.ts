/* Writes single records into a topic, where its writer chooses the partition or Kafka's own rule does: what the command
 * `topic produce` needs and no table gives. */

import { UserError, type World } from '#base';
import { encodeHeaders } from '#records';
import { KafkaCluster } from './client/cluster.ts';
import { errorCodes } from '#kafka';
import { brokerError } from './requests/broker-errors.ts';
import { propertyOptions } from './property-options.ts';
import { kafkaProperties } from './properties.ts';
import { Identities } from './sink/identities.ts';
import { keyPartitioner, type Partitioner } from './sink/partitioner.ts';
import { Producer } from './sink/producer.ts';
import { overSockets } from './transport-for.ts';

export interface OutgoingRecord {
  /** By the key's hash where it is undefined. */
  readonly partition: number | undefined;
  readonly key: Uint8Array | null;
  /** Null: a tombstone. */
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
}

export class TopicWriter {
  readonly #world: World;
  readonly #cluster: KafkaCluster;
  readonly #producer: Producer;
  readonly #partitioner: Partitioner;
  readonly #partitions: number;
  readonly #topic: string;
  readonly #room: { wake: () => void };

  private constructor(parts: {
    readonly world: World;
    readonly cluster: KafkaCluster;
    readonly producer: Producer;
    readonly partitions: number;
    readonly topic: string;
    readonly room: { wake: () => void };
  }) {
    this.#world = parts.world;
    this.#cluster = parts.cluster;
    this.#producer = parts.producer;
    this.#partitions = parts.partitions;
    this.#partitioner = keyPartitioner(parts.partitions, 0);
    this.#topic = parts.topic;
    this.#room = parts.room;
  }

  /** `properties`: settings of Kafka's Java client, bootstrap.servers among them. Throws KAF3001 for a topic that there is
   *  not. */
  static async open(
    world: World,
    topic: string,
    given: ReadonlyMap<string, string>,
    warn: (message: string) => void,
  ): Promise<TopicWriter> {
    const properties = kafkaProperties(propertyOptions(given), warn);
    const cluster = new KafkaCluster(overSockets(world, properties), properties.bootstrap);
    const { topics } = await cluster.refresh([topic], true);
    const error = topics[0]?.error ?? 0;
    if (error === errorCodes.UNKNOWN_TOPIC_OR_PARTITION)
      throw new UserError('KAF3001', {
        message: `there is no topic '${topic}'`,
        hint: `Create it: millrace topic create ${topic}`,
      });
    if (error !== 0) throw brokerError(error, `the partitions of topic '${topic}'`);
    const partitions = topics[0]!.partitions.length;
    const room = { wake: (): void => {} };
    const { signal } = new AbortController();
    const producer = new Producer({
      world,
      cluster,
      properties,
      topic,
      partitions,
      signal,
      identities: await Identities.obtain({ world, signal, cluster, properties }),
      wake: () => {
        room.wake();
      },
    });
    return new TopicWriter({ world, cluster, producer, partitions, topic, room });
  }

  /** Resolves when there is room for more. Throws KAF3003 for a partition that there is not, and what writing failed with. */
  async add({ partition, key, value, headers }: OutgoingRecord): Promise<void> {
    if (partition !== undefined && partition >= this.#partitions)
      throw new UserError('KAF3003', {
        message: `topic '${this.#topic}' has no partition ${partition}: it has ${this.#partitions}`,
      });
    while (!this.#producer.hasRoom && this.#producer.failure === undefined)
      await new Promise<void>((resolve) => {
        this.#room.wake = resolve;
      });
    if (this.#producer.failure !== undefined) throw this.#producer.failure;
    const at = partition ?? this.#partitioner(key);
    this.#producer.add(at, key, value, encodeHeaders(headers), this.#world.now());
  }
  /** Everything added is in the topic. */
  async close(): Promise<void> {
    try {
      await this.#producer.flush();
    } finally {
      this.#producer.close();
      await this.#cluster.close();
    }
  }
}
