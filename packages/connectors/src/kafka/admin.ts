/* Topics and groups of any Kafka: what the command `topic` lists, makes, shows, changes and deletes. */

import type { Admin, ClusterMetadata } from '@platformatic/kafka';
import { asMillraceError, flattened, told, unknown, type ClientError } from './admin-errors.ts';
import { propertyOptions } from './property-options.ts';
import { kafkaProperties } from './properties.ts';

export interface TopicPartition {
  readonly partition: number;
  readonly leader: number;
  readonly start: bigint;
  readonly end: bigint;
}
export interface TopicDescription {
  readonly topic: string;
  /** As Kafka's tools print it. */
  readonly id: string;
  readonly partitions: readonly TopicPartition[];
  /** What was set for this topic alone. */
  readonly configs: Readonly<Record<string, string>>;
}
export interface GroupState {
  readonly group: string;
  readonly state: string;
  readonly type: string;
}
export interface GroupLag {
  readonly topic: string;
  readonly partition: number;
  /** What is read next. */
  readonly offset: bigint;
  readonly end: bigint;
}
const topicResource = 2;
const setForTopic = 1;
const [earliest, latest] = [-2n, -1n];
const quoted = (name: string): string => `topic '${name}'`;
const operations = { set: 0, delete: 1 } as const;

export class KafkaAdmin {
  readonly #admin: Admin;

  private constructor(admin: Admin) {
    this.#admin = admin;
  }
  /** `properties`: settings of Kafka's Java client, bootstrap.servers among them. */
  static async open(
    properties: ReadonlyMap<string, string>,
    warn: (message: string) => void,
  ): Promise<KafkaAdmin> {
    const bootstrap = properties.get('bootstrap.servers') ?? '';
    const { security, clientId, requestTimeoutMs, connectTimeoutMs } = kafkaProperties(
      propertyOptions(properties),
      warn,
    );
    const { Admin } = await import('@platformatic/kafka');
    return new KafkaAdmin(
      new Admin({
        ...(security.tls === undefined ? {} : { tls: security.tls }),
        ...(security.sasl === undefined ? {} : { sasl: security.sasl }),
        requestTimeout: requestTimeoutMs,
        connectTimeout: connectTimeoutMs,
        clientId,
        bootstrapBrokers: bootstrap.split(','),
        retries: 2,
      }),
    );
  }
  async list(internal: boolean): Promise<string[]> {
    return (await told('the topics', this.#admin.listTopics({ includeInternals: internal }))).sort();
  }
  async describe(name: string): Promise<TopicDescription> {
    const topic = (await this.#metadata(name)).topics.get(name)!;
    const indexes = topic.partitions.map((_, i) => i);
    const [start, end] = await Promise.all([
      this.#offsets(name, indexes, earliest),
      this.#offsets(name, indexes, latest),
    ]);
    const [described] = await told(
      quoted(name),
      this.#admin.describeConfigs({ resources: [{ resourceType: topicResource, resourceName: name }] }),
    );
    const own = (described?.configs ?? []).filter((c) => c.configSource === setForTopic);
    return {
      topic: name,
      id: Buffer.from(topic.id.replaceAll('-', ''), 'hex').toString('base64url'),
      partitions: topic.partitions.map(({ leader }, i) => ({
        partition: i,
        leader,
        start: start.get(i) ?? 0n,
        end: end.get(i) ?? 0n,
      })),
      configs: Object.fromEntries(own.map((c) => [c.name, c.value ?? ''])),
    };
  }
  async #metadata(name: string): Promise<ClusterMetadata> {
    try {
      return await this.#admin.metadata({ topics: [name], autocreateTopics: false });
    } catch (error) {
      if (flattened(error as ClientError).some((e) => /unknown topic/i.test(e.message)))
        throw unknown(quoted(name));
      throw asMillraceError(quoted(name), error);
    }
  }
  async #offsets(name: string, indexes: readonly number[], timestamp: bigint): Promise<Map<number, bigint>> {
    const partitions = indexes.map((partitionIndex) => ({ partitionIndex, timestamp }));
    const [topic] = await told(quoted(name), this.#admin.listOffsets({ topics: [{ name, partitions }] }));
    return new Map(topic?.partitions.map((p) => [p.partitionIndex, p.offset]));
  }
  /** `partitions` and `replicas`: -1 for the broker's default. Gives how many partitions it has. */
  async create(
    name: string,
    partitions: number,
    replicas: number,
    configs: Readonly<Record<string, string>>,
  ): Promise<number> {
    const pairs = Object.entries(configs).map(([key, value]) => ({ name: key, value }));
    const [created] = await told(
      quoted(name),
      this.#admin.createTopics({ topics: [name], partitions, replicas, configs: pairs }),
    );
    return created?.partitions ?? partitions;
  }
  /** Sets configs; an undefined value goes back to the default. */
  async configure(name: string, configs: Readonly<Record<string, string | undefined>>): Promise<void> {
    const changes = Object.entries(configs).map(([key, value]) =>
      value === undefined
        ? ({ name: key, configOperation: operations.delete } as const)
        : ({ name: key, configOperation: operations.set, value } as const),
    );
    if (changes.length === 0) return;
    await told(
      quoted(name),
      this.#admin.incrementalAlterConfigs({
        resources: [{ resourceType: topicResource, resourceName: name, configs: changes as never }],
      }),
    );
  }
  async grow(name: string, partitions: number): Promise<void> {
    await told(
      quoted(name),
      this.#admin.createPartitions({ topics: [{ name, count: partitions, assignments: null as never }] }),
    );
  }
  async delete(name: string): Promise<void> {
    await told(quoted(name), this.#admin.deleteTopics({ topics: [name] }));
  }

  /** Deletes the records of each partition in front of an offset. */
  async deleteRecords(name: string, before: ReadonlyMap<number, bigint>): Promise<void> {
    const partitions = [...before].map(([partition, offset]) => ({ partition, offset }));
    await told(quoted(name), this.#admin.deleteRecords({ topics: [{ name, partitions }] }));
  }

  /** Groups and what they are doing, by name. */
  async groups(): Promise<GroupState[]> {
    const groups = await told('the groups', this.#admin.listGroups());
    return [...groups.values()]
      .map(({ id, state, groupType }) => ({ group: id, state: String(state), type: groupType ?? 'classic' }))
      .sort((a, b) => (a.group < b.group ? -1 : 1));
  }
  /** How far a group has come in each partition that it committed an offset of. Throws KAF3001 for a group without any. */
  async lag(group: string, topic?: string): Promise<GroupLag[]> {
    const [found] = await told(`group '${group}'`, this.#admin.listConsumerGroupOffsets({ groups: [group] }));
    const topics = (found?.topics ?? []).filter((t) => topic === undefined || t.name === topic);
    if (topics.length === 0)
      throw unknown(
        `committed offset of group '${group}'${topic === undefined ? '' : ` in topic '${topic}'`}`,
      );
    const lags = await Promise.all(
      topics.map(async ({ name, partitions }) => {
        const indexes = partitions.map((p) => p.partitionIndex);
        const end = await this.#offsets(name, indexes, latest);
        return partitions.map(
          (p): GroupLag => ({
            topic: name,
            partition: p.partitionIndex,
            offset: p.committedOffset,
            end: end.get(p.partitionIndex) ?? p.committedOffset,
          }),
        );
      }),
    );
    return lags
      .flat()
      .sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition));
  }
  /** The first offset of each partition whose record is of `timestamp`, ms, or later; the end where none is. */
  async offsetsAt(topic: string, timestamp: bigint): Promise<Map<number, bigint>> {
    const { partitions } = await this.describe(topic);
    const found = await this.#offsets(
      topic,
      partitions.map((p) => p.partition),
      timestamp,
    );
    return new Map(
      partitions.map((p) => {
        const at = found.get(p.partition);
        return [p.partition, at === undefined || at < 0n ? p.end : at];
      }),
    );
  }
  /** Commits offsets in the group's name; the broker refuses while it has members. */
  async commit(group: string, topic: string, offsets: ReadonlyMap<number, bigint>): Promise<void> {
    const partitionOffsets = [...offsets].map(([partition, offset]) => ({ partition, offset }));
    await told(
      `group '${group}'`,
      this.#admin.alterConsumerGroupOffsets({ groupId: group, topics: [{ name: topic, partitionOffsets }] }),
    );
  }
  async close(): Promise<void> {
    await this.#admin.close();
  }
}
