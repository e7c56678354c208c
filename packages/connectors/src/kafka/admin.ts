/* Topics of any Kafka: what the command `topic` lists, makes, shows, changes and deletes. */

import { ExternalError, UserError, type MillraceError } from '#base';
import { Options } from '#catalog';
import type { Admin, ClusterMetadata } from '@platformatic/kafka';
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
const topicResource = 2;
const setForTopic = 1;
const [earliest, latest] = [-2n, -1n];
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
    const key = 'properties.bootstrap.servers';
    const options = new Options(
      new Map([[key, { key, type: 'string', doc: '' }]]),
      new Map([[key, { key, value: bootstrap }]]),
      new Map([['properties.', properties]]),
    );
    const { connection, clientId } = kafkaProperties(options, warn);
    const { Admin } = await import('@platformatic/kafka');
    return new KafkaAdmin(
      new Admin({ ...connection, clientId, bootstrapBrokers: bootstrap.split(','), retries: 2 }),
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
  async close(): Promise<void> {
    await this.#admin.close();
  }
}

const unknown = (what: string): UserError => new UserError('KAF3001', { message: `there is no ${what}` });

const quoted = (name: string): string => `topic '${name}'`;

/** What the client throws, as an error of ours: what the broker refuses is the user's, the rest is outside. */
async function told<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw asMillraceError(what, error);
  }
}
interface ClientError extends Error {
  readonly apiId?: string;
  readonly serverErrorMessage?: string;
  readonly errors?: readonly ClientError[];
}
function asMillraceError(what: string, thrown: unknown): MillraceError {
  const all = flattened(thrown as ClientError);
  const refused = all.find((e) => e.apiId !== undefined);
  if (refused?.apiId === 'UNKNOWN_TOPIC_OR_PARTITION') return unknown(what);
  if (refused !== undefined)
    return new UserError('KAF3002', {
      message: `Kafka refused, ${what}: ${refused.serverErrorMessage ?? refused.message} (${refused.apiId})`,
      cause: thrown,
    });
  return new ExternalError('KAF2001', {
    message: `Kafka did not answer, ${what}: ${all.at(-1)!.message}`,
    cause: thrown,
  });
}
const flattened = (error: ClientError): ClientError[] => [
  error,
  ...(error.errors ?? []).flatMap(flattened),
  ...(error.cause instanceof Error ? flattened(error.cause as ClientError) : []),
];
