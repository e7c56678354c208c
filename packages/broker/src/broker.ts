/* An embedded Kafka: one node that speaks Kafka's wire protocol, in this process.
 *
 *   const broker = await Broker.start({ port: 0 });
 *   … clients connect to broker.bootstrapServers …
 *   await broker.stop();
 *
 * Everything is in memory unless `dir` names a folder. Time comes from `world`. */

import { ExternalError, UserError } from '#base';
import { Cleaning } from './cluster/cleaning.ts';
import type { Cluster } from './cluster/cluster.ts';
import { takeSnapshot } from './cluster/snapshot.ts';
import { openCluster, openStore } from './open-cluster.ts';
import type { BrokerOptions } from './options.ts';
import { Faults, type Fault } from './server/faults.ts';
import { BrokerLink } from './server/link.ts';
import { listenerSetup, type ListenerSetup } from './server/listener-options.ts';
import { Listeners } from './server/listeners.ts';
import { Session } from './server/session.ts';
import {
  BrokerTopics,
  lagOf,
  moveLeader,
  offsetsOf,
  partitionAt,
  pausePartition,
  type PartitionLag,
  type PartitionOffsets,
} from './testing/inspect.ts';
import {
  produceRecords,
  readRecords,
  type ReadOptions,
  type RecordToProduce,
  type StoredRecord,
} from './testing/records.ts';

/** What clients in the process are told of a broker that opened no port. */
const unopenedPort = 9092;

export class Broker {
  /** Makes, lists and deletes topics without a client. */
  readonly topics: BrokerTopics;
  readonly #cluster: Cluster;
  readonly #faults: Faults;
  readonly #setups: readonly ListenerSetup[];
  readonly #listeners: Listeners;
  readonly #links = new Set<BrokerLink>();
  readonly #cleaning: Cleaning;
  #stopped: Promise<void> | undefined;

  private constructor(
    cluster: Cluster,
    { listeners, port = 0, host = '127.0.0.1', nodes = 1 }: BrokerOptions,
  ) {
    this.#cluster = cluster;
    this.topics = new BrokerTopics(cluster);
    this.#faults = new Faults(cluster.world);
    this.#cleaning = new Cleaning(cluster);
    this.#setups = (listeners ?? [{ protocol: 'PLAINTEXT', port }]).map(listenerSetup);
    this.#listeners = new Listeners({
      cluster,
      host,
      setups: this.#setups,
      nodes,
      session: (address, setup, nodeId, certified) => this.#session(address, setup, nodeId, certified),
    });
  }
  /** Opens what is stored and listens. Throws ExternalError when the port or the folder cannot be had. */
  static async start(options: BrokerOptions): Promise<Broker> {
    const store = openStore(options);
    let broker: Broker | undefined;
    try {
      const cluster = openCluster(store, options);
      broker = new Broker(cluster, options);
      const ports = broker.#listeners;
      cluster.endpoints.push(
        ...(options.listen === false ? ports.unopened(unopenedPort) : await ports.open()),
      );
      return broker;
    } catch (error) {
      await (broker?.stop() ?? store.close());
      throw error;
    }
  }

  /** `host:port`, for a client's bootstrap.servers. */
  get bootstrapServers(): string {
    const [first] = this.#cluster.endpoints;
    if (first === undefined) throw new UserError('BRK1001', { message: 'the broker does not listen' });
    return `${first.host}:${first.port}`;
  }
  /** The address of a listener by its name. */
  address(listener: string): string {
    const endpoint = this.#cluster.endpoints.find((e) => e.listener === listener);
    if (endpoint === undefined)
      throw new UserError('BRK1001', { message: `there is no listener ${listener}` });
    return `${endpoint.host}:${endpoint.port}`;
  }
  /** The whole broker as bytes, as it is now: for `start`. */
  snapshot(): Uint8Array {
    return takeSnapshot(this.#cluster);
  }
  /** Closes all connections, flushes and closes the logs. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }
  async #stop(): Promise<void> {
    this.#cleaning.stop();
    for (const link of this.#links) link.close();
    await this.#listeners.close();
    this.#cluster.transactions.close();
    this.#cluster.groups.close();
    await this.#cluster.topics.close();
    await this.#cluster.store.close();
  }

  #session(host: string, { name, mechanisms }: ListenerSetup, nodeId: number, certified?: string): Session {
    const [cluster, faults] = [this.#cluster, this.#faults];
    return new Session({ cluster, faults, host, listener: name, nodeId, mechanisms, certified });
  }

  /** A client in the same process, without a socket: frames in, frames out, lengths left off. For simulations.
   *  Throws ExternalError once the broker has stopped. */
  connect(nodeId = 1): BrokerLink {
    if (this.#stopped !== undefined)
      throw new ExternalError('BRK2006', { message: 'the broker has stopped' });
    const session = this.#session('/127.0.0.1', this.#setups[0]!, nodeId);
    const link = new BrokerLink(session, () => this.#links.delete(link));
    this.#links.add(link);
    return link;
  }
  /** Answers the next requests of a kind with an error, late, or by ending the connection. Gives a function that takes
   *  the fault away. */
  inject(fault: Fault): () => void {
    return this.#faults.inject(fault);
  }
  /** Ends every connection, as a network that fails; clients may connect again. */
  dropConnections(): void {
    this.#listeners.dropConnections();
    for (const link of this.#links) link.close();
  }
  /** Aborts the open transaction of this id and fences its producer, as when its time is over. */
  expireTransaction(transactionalId: string): void {
    if (!this.#cluster.transactions.expire(transactionalId))
      throw new UserError('BRK1003', {
        message: `no transaction is open under the transactional id "${transactionalId}"`,
      });
  }
  /** Holds a partition back: readers see nothing new and writers wait, until the function that it gives is called. */
  pause(topic: string, partition: number): () => void {
    return pausePartition(partitionAt(this.#cluster, topic, partition));
  }
  /** Makes another of the `nodes` the partition's leader: clients are told NOT_LEADER_OR_FOLLOWER and find it anew. */
  moveLeader(topic: string, partition: number, node: number): void {
    if (!this.#cluster.endpoints.some((e) => e.nodeId === node))
      throw new UserError('BRK1002', {
        message: `there is no node ${node}`,
        hint: 'Broker.start({ nodes: 2 })',
      });
    moveLeader(partitionAt(this.#cluster, topic, partition), node);
  }
  /** Appends records as a producer would, from inside. Gives the offset of the first. Throws UserError. */
  produce(topic: string, records: readonly RecordToProduce[], partition = 0): number {
    return produceRecords(this.#cluster, topic, partition, records);
  }
  /** The records of a partition, or of all partitions one after the other. */
  read(topic: string, options: ReadOptions = {}): StoredRecord[] {
    return readRecords(this.#cluster, topic, options);
  }
  /** Where each partition of a topic begins and ends. */
  offsets(topic: string): PartitionOffsets[] {
    return offsetsOf(this.#cluster, topic);
  }
  /** How far a group is behind the end, for every partition that it committed. */
  lag(group: string): PartitionLag[] {
    return lagOf(this.#cluster, group);
  }
}
