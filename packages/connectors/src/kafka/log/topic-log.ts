/* A compacted topic of one partition as a log that several processes share: all read it, one writes it at a time. The
 * schema registry keeps its schemas in one.
 *
 *   claim ──▶ InitProducerId under the topic's transactional id: everybody before has an older epoch
 *         ──▶ a record with the new epoch: from now on the partition refuses batches of older ones
 *
 * Batches carry producer id, epoch and sequence, and are part of no transaction: readers see them at once. A batch that is
 * sent again after an answer was lost is written once. */

import { ExternalError, pause, toMillraceError, UserError, type World } from '#base';
import { errorCodes } from '#kafka';
import { BatchWriter } from '#records';
import { KafkaAdmin } from '../admin.ts';
import { Backoff, retrying } from '../client/backoff.ts';
import { KafkaCluster } from '../client/cluster.ts';
import { propertyOptions } from '../property-options.ts';
import { kafkaProperties, type KafkaProperties } from '../properties.ts';
import { brokerError, endsTransaction, isRetryable } from '../requests/broker-errors.ts';
import { fetchRequest } from '../requests/fetch.ts';
import { latestOffset } from '../requests/list-offsets.ts';
import { produceRequest } from '../requests/produce.ts';
import { initProducerIdRequest, type ProducerIdentity } from '../requests/transactions.ts';
import { overSockets, type Reach } from '../transport-for.ts';
import { recordsIn, type LogEntry } from './entries.ts';

export interface TopicLogReader {
  onRecord(record: LogEntry): void;
  /** Everything in front of this offset was read. */
  onProgress(nextOffset: number): void;
  /** Reading ended for good. */
  onFailure(failure: unknown): void;
}
export interface TopicLogOptions {
  readonly world: World;
  readonly topic: string;
  /** Settings of Kafka's Java client, bootstrap.servers among them. */
  readonly properties: ReadonlyMap<string, string>;
  readonly warn: (message: string) => void;
  /** Of the topic when it is made; -1: the broker's default. */
  readonly replicas?: number;
  readonly reach?: Reach;
}
const partition = 0;
const fetchWaitMs = 500;
const transactionTimeoutMs = 60_000;
/** Claims that another one comes before, again and again. */
const claimTriesMax = 20;

export class TopicLog {
  readonly #options: TopicLogOptions;
  readonly #properties: KafkaProperties;
  readonly #cluster: KafkaCluster;
  readonly #stop = new AbortController();
  #producer: ProducerIdentity | undefined;
  #sequence = 0;
  #reading: Promise<void> | undefined;

  constructor(options: TopicLogOptions) {
    this.#options = options;
    this.#properties = kafkaProperties(propertyOptions(options.properties), options.warn);
    const reach = options.reach ?? overSockets;
    this.#cluster = new KafkaCluster(reach(options.world, this.#properties), this.#properties.bootstrap);
  }
  get #topic(): string {
    return this.#options.topic;
  }
  #retrying<T>(attempt: () => Promise<T>): Promise<T> {
    return retrying(this.#options.world, this.#stop.signal, this.#properties.deliveryTimeoutMs, attempt);
  }

  /** Throws KAF3004 for a topic of several partitions, and what Kafka refuses. */
  async read(reader: TopicLogReader): Promise<void> {
    await this.#makeTopic();
    const until = await this.end();
    await new Promise<void>((resolve, reject) => {
      let behind = true;
      const progress = (next: number): void => {
        reader.onProgress(next);
        if (behind && next >= until) {
          behind = false;
          resolve();
        }
      };
      this.#reading = this.#follow({
        ...reader,
        onRecord: (r) => reader.onRecord(r),
        onProgress: progress,
      }).catch((error) => {
        if (behind) reject(error);
        reader.onFailure(error);
      });
      progress(0);
    });
  }
  async #makeTopic(): Promise<void> {
    const found = (await this.#retrying(() => this.#cluster.refresh([this.#topic]))).topics[0];
    if (found !== undefined && found.error === 0) {
      this.#checkPartitions(found.partitions.length);
      return;
    }
    const admin = await KafkaAdmin.open(this.#options.properties, this.#options.warn);
    try {
      await admin.create(this.#topic, 1, this.#options.replicas ?? -1, { 'cleanup.policy': 'compact' });
    } catch (error) {
      // Another process made it meanwhile.
      const again = await this.#cluster.refresh([this.#topic]);
      if (again.topics[0]?.error !== 0) throw error;
    } finally {
      await admin.close();
    }
    await this.#retrying(async () => {
      const { topics } = await this.#cluster.refresh([this.#topic]);
      const error = topics[0]?.error ?? errorCodes.UNKNOWN_TOPIC_OR_PARTITION;
      if (error !== 0) throw brokerError(error, `the topic '${this.#topic}'`);
      this.#checkPartitions(topics[0]!.partitions.length);
    });
  }
  #checkPartitions(count: number): void {
    if (count === 1) return;
    throw new UserError('KAF3004', {
      message: `the topic '${this.#topic}' has ${count} partitions, and a log has one`,
      hint: 'Name another topic, or let it be made.',
    });
  }
  /** The offset that the next record gets. */
  async end(): Promise<number> {
    const query = { topic: this.#topic, partition, timestamp: latestOffset };
    return this.#retrying(
      async () => (await this.#withLeader(() => this.#cluster.listOffsets([query], false)))[0]!.offset,
    );
  }
  /** Runs what goes to the partition's leader; what fails is tried with the leader of then. */
  async #withLeader<T>(work: (leader: number) => Promise<T>): Promise<T> {
    try {
      const leader = this.#cluster.leader(this.#topic, partition);
      if (leader === undefined)
        throw new ExternalError('KAF2002', { message: `'${this.#topic}' has no leader` });
      return await work(leader);
    } catch (error) {
      await this.#cluster.refresh([this.#topic]).catch(() => {});
      throw error;
    }
  }

  async #follow(reader: TopicLogReader): Promise<void> {
    const backoff = new Backoff(this.#options.world, this.#properties.deliveryTimeoutMs);
    let next = 0;
    while (!this.#stop.signal.aborted) {
      try {
        next = await this.#fetch(next, reader);
        backoff.succeeded();
      } catch (thrown) {
        if (this.#stop.signal.aborted) return;
        const error = toMillraceError(thrown);
        const delay = error instanceof ExternalError && error.retryable ? backoff.failed() : undefined;
        if (delay === undefined) throw error;
        await pause(this.#options.world, delay, this.#stop.signal);
      }
    }
  }
  async #fetch(offset: number, reader: TopicLogReader): Promise<number> {
    return this.#withLeader(async (leader) => {
      const link = await this.#cluster.link(leader, 'log-fetch');
      const { fetchBytesMax, partitionFetchBytesMax } = this.#properties;
      const fetched = await link.request(
        fetchRequest([{ topic: this.#topic, partition, offset }], {
          waitMsMax: fetchWaitMs,
          bytesMin: 1,
          bytesMax: fetchBytesMax,
          partitionBytesMax: partitionFetchBytesMax,
          committedOnly: false,
        }),
      );
      try {
        const found = fetched.partitions[0];
        const error = fetched.error || found?.error || 0;
        if (error !== 0) throw brokerError(error, `to read '${this.#topic}'`);
        let next = offset;
        for (const entry of recordsIn(found?.records ?? Buffer.alloc(0), offset)) {
          if (entry.kind === 'record') reader.onRecord(entry.record);
          next = entry.next;
        }
        if (next > offset) reader.onProgress(next);
        return next;
      } finally {
        fetched.release();
      }
    });
  }

  /** From now on writers before are refused. Resolves to the offset of the record, which says so to the partition. */
  async claim(record: LogEntry): Promise<number> {
    for (let tries = 0; tries < claimTriesMax; tries++) {
      this.#producer = await this.#retrying(() => this.#initProducer());
      this.#sequence = 0;
      const offset = await this.append(record);
      if (offset !== undefined) return offset;
    }
    throw new ExternalError('KAF2002', { message: `other processes write '${this.#topic}' all the time` });
  }
  async #initProducer(): Promise<ProducerIdentity> {
    const id = `${this.#topic}-writer`;
    const link = await this.#cluster.coordinator('transaction', id, 'log-claim');
    const { error, ...identity } = await link.request(initProducerIdRequest(id, transactionTimeoutMs));
    if (error !== 0) throw brokerError(error, `a producer id for '${id}'`);
    return identity;
  }
  /** Resolves to the record's offset once all replicas in sync have it, or to undefined when another process claimed the
   *  topic. */
  async append({ key, value }: LogEntry): Promise<number | undefined> {
    const producer = this.#producer;
    if (producer === undefined) return undefined;
    const writer = new BatchWriter();
    writer.add(Buffer.from(key), value === null ? null : Buffer.from(value), [], this.#options.world.now());
    const batch = writer.finish('none', undefined, {
      ...producer,
      sequence: this.#sequence,
      transactional: false,
    });
    const offset = await this.#retrying(() => this.#withLeader((leader) => this.#produce(leader, batch)));
    if (offset === undefined) this.#producer = undefined;
    else this.#sequence++;
    return offset;
  }
  async #produce(leader: number, records: Uint8Array): Promise<number | undefined> {
    const link = await this.#cluster.link(leader, 'log-produce');
    const request = produceRequest(
      -1,
      this.#properties.requestTimeoutMs,
      [{ topic: this.#topic, partition, records }],
      null,
    );
    const [produced] = await link.request(request);
    const error = produced?.error ?? errorCodes.UNKNOWN_SERVER_ERROR;
    if (error === 0) return produced!.offset;
    if (endsTransaction(error)) return undefined;
    const refused = brokerError(error, `to write '${this.#topic}'`);
    throw isRetryable(error)
      ? refused
      : new ExternalError('KAF2002', { message: refused.message, retryable: false });
  }
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#cluster.close();
    await this.#reading;
  }
}
