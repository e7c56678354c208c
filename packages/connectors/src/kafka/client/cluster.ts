/* A Kafka cluster as one client sees it: its brokers, one link to each for each use, and who leads which
 * partition. Nothing here tries again by itself: callers know how long that makes sense. */

import { ExternalError, UserError } from '#base';
import { apiVersionsRequest } from '../requests/api-versions.ts';
import { brokerError } from '../requests/broker-errors.ts';
import { fetchVersions } from '../requests/fetch.ts';
import { findCoordinatorRequest, type CoordinatorKind } from '../requests/find-coordinator.ts';
import { offsetCommitRequest, offsetFetchRequest } from '../requests/group-offsets.ts';
import type { GroupOffset, OffsetToCommit } from '../requests/group-offsets.ts';
import { listOffsetsRequest, type OffsetAnswer, type OffsetQuery } from '../requests/list-offsets.ts';
import { metadataRequest, metadataVersions, type Broker, type Metadata } from '../requests/metadata.ts';
import type { KafkaRequest } from '../requests/request.ts';
import { initProducerIdRequest, type ProducerIdentity } from '../requests/transactions.ts';
import type { BrokerLink, Transport } from './transport.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `host:port,host:port`, as in bootstrap.servers. Throws KAF1001. */
export function parseAddresses(text: string): Address[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const match = /^(?:[A-Z_]+:\/\/)?(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(item);
      if (match === null) {
        throw new UserError('KAF1001', {
          message: `'properties.bootstrap.servers': found '${item}', expected host:port`,
        });
      }
      return { host: (match[1] ?? match[2])!, port: Number(match[3]) };
    });
}

export class KafkaCluster {
  readonly #transport: Transport;
  readonly #bootstrap: readonly Address[];
  readonly #links = new Map<string, Promise<BrokerLink>>();
  #brokers = new Map<number, Broker>();
  /** By topic, then by partition: the broker's id. */
  #leaders = new Map<string, Map<number, number>>();
  readonly #topicIds = new Map<string, string | undefined>();
  readonly #wantsIds: boolean;
  /** Of Metadata requests; undefined until the brokers were asked what they know. */
  #version: (typeof metadataVersions)[keyof typeof metadataVersions] | undefined;
  #closed = false;

  /** `topicIds`: whoever reads wants to know when a topic is another one of the same name. */
  constructor(transport: Transport, bootstrap: readonly Address[], { topicIds = false } = {}) {
    this.#transport = transport;
    this.#bootstrap = bootstrap;
    this.#wantsIds = topicIds;
  }

  /** Asks any broker that answers. Remembers brokers and leaders. `topics` undefined: all there are. */
  async refresh(topics: readonly string[] | undefined, create = false): Promise<Metadata> {
    this.#version ??= this.#wantsIds ? await this.#newestMetadata() : metadataVersions.plain;
    const metadata = await this.#askAny(metadataRequest(topics, create, this.#version));
    this.#brokers = new Map(metadata.brokers.map((b) => [b.id, b]));
    for (const topic of metadata.topics) {
      this.#topicIds.set(topic.name, topic.id);
      this.#leaders.set(topic.name, new Map(topic.partitions.map((p) => [p.partition, p.leader])));
    }
    return metadata;
  }

  /** With ids where brokers can be asked for records by them too. */
  async #newestMetadata(): Promise<(typeof metadataVersions)[keyof typeof metadataVersions]> {
    const { error, versions } = await this.#askAny(apiVersionsRequest());
    if (error !== 0) throw brokerError(error, 'to say what it knows');
    const { withIds, plain } = metadataVersions;
    const knows = (versions('Metadata') ?? 0) >= withIds && (versions('Fetch') ?? 0) >= fetchVersions.byId;
    return knows ? withIds : plain;
  }
  /** The id of a topic, as of the last refresh; undefined where brokers do not tell. */
  topicId(topic: string): string | undefined {
    return this.#topicIds.get(topic);
  }

  /** The broker that leads a partition, or undefined when none is known. */
  leader(topic: string, partition: number): number | undefined {
    const id = this.#leaders.get(topic)?.get(partition);
    return id === undefined || !this.#brokers.has(id) ? undefined : id;
  }

  /** A link to a broker that metadata named. `use` keeps apart what must not wait for each other. */
  link(broker: number, use: string): Promise<BrokerLink> {
    const address = this.#brokers.get(broker);
    if (address === undefined) {
      return Promise.reject(
        new ExternalError('KAF2001', { message: `Kafka's broker ${broker} is not known` }),
      );
    }
    return this.#linkTo(address, use);
  }

  async #linkTo(address: Address, use: string): Promise<BrokerLink> {
    if (this.#closed)
      throw new ExternalError('KAF2001', { message: 'the connection was closed', retryable: false });
    const key = `${use} ${address.host}:${address.port}`;
    const existing = this.#links.get(key);
    if (existing !== undefined) {
      const link = await existing.catch(() => undefined);
      if (link?.open) return link;
      if (this.#links.get(key) === existing) this.#links.delete(key);
      else return this.#linkTo(address, use);
    }
    const connecting = this.#transport.connect(address.host, address.port);
    this.#links.set(key, connecting);
    const link = await connecting;
    if (this.#closed) await link.close();
    return link;
  }

  /** Known brokers first, then those of bootstrap.servers. */
  async #askAny<T>(request: KafkaRequest<T>): Promise<T> {
    let failure: unknown;
    for (const address of [...this.#brokers.values(), ...this.#bootstrap]) {
      try {
        const link = await this.#linkTo(address, 'control');
        return await link.request(request);
      } catch (error) {
        if (!(error instanceof ExternalError)) throw error;
        failure ??= error;
      }
    }
    throw failure;
  }

  /** The offsets that `queries` ask for, from the leaders of their partitions. */
  async listOffsets(queries: readonly OffsetQuery[], committedOnly: boolean): Promise<OffsetAnswer[]> {
    const byLeader = Map.groupBy(queries, (q) => this.leader(q.topic, q.partition));
    const answers: OffsetAnswer[] = [];
    for (const [leader, group] of byLeader) {
      if (leader === undefined) {
        const first = group[0]!;
        throw new ExternalError('KAF2002', {
          message: `partition ${first.partition} of '${first.topic}' has no leader`,
        });
      }
      const link = await this.link(leader, 'control');
      answers.push(...(await link.request(listOffsetsRequest(group, committedOnly))));
    }
    const refused = answers.find((a) => a.error !== 0);
    if (refused !== undefined) {
      throw brokerError(refused.error, `the offsets of partition ${refused.partition} of '${refused.topic}'`);
    }
    return answers;
  }

  /** A link to the broker that keeps what is known of `key`. `use` keeps apart what must not wait for each other. */
  async coordinator(kind: CoordinatorKind, key: string, use: string): Promise<BrokerLink> {
    const found = await this.#askAny(findCoordinatorRequest(kind, key));
    if (found.error !== 0) throw brokerError(found.error, `the coordinator of ${kind} '${key}'`);
    return this.#linkTo(found, use);
  }
  /** Committed offsets of a group; -1 where there is none. */
  async groupOffsets(
    group: string,
    partitions: readonly { readonly topic: string; readonly partition: number }[],
  ): Promise<readonly GroupOffset[]> {
    const link = await this.coordinator('group', group, 'group');
    const answer = await link.request(offsetFetchRequest(group, partitions));
    const error = answer.error || answer.offsets.find((o) => o.error !== 0)?.error || 0;
    if (error !== 0) throw brokerError(error, `the offsets of group '${group}'`);
    return answer.offsets;
  }
  async commitOffsets(group: string, offsets: readonly OffsetToCommit[]): Promise<void> {
    if (offsets.length === 0) return;
    const link = await this.coordinator('group', group, 'group');
    const error = await link.request(offsetCommitRequest(group, offsets));
    if (error !== 0) throw brokerError(error, `to keep the offsets of group '${group}'`);
  }

  /** A producer id for writing outside transactions. Resolves to the error beside it, 0 for none. */
  newProducer(): Promise<ProducerIdentity & { readonly error: number }> {
    // The broker wants some time-out, and does not use it.
    return this.#askAny(initProducerIdRequest(null, 0));
  }

  async close(): Promise<void> {
    this.#closed = true;
    const links = await Promise.allSettled(this.#links.values());
    await Promise.all(links.map((link) => (link.status === 'fulfilled' ? link.value.close() : undefined)));
  }
}
