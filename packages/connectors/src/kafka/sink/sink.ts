/* Writes rows to a topic, blocks of them at once where their formats can, else one by one. An upsert table's deletes become tombstones: the key with a null value. */

import { ExternalError, UserError } from '#base';
import type { Options } from '#catalog';
import { changeKind, type Batch } from '#data';
import type { Sink, SinkContext, Trouble } from '#dataflow';
import { retrying } from '../client/backoff.ts';
import { KafkaCluster } from '../client/cluster.ts';
import type { Transport } from '../client/transport.ts';
import type { KafkaFlavour } from '../options.ts';
import { errorCodes } from '#kafka';
import type { EncodedHeader } from '#records';
import { brokerError } from '../requests/broker-errors.ts';
import type { Transaction } from '../requests/transactions.ts';
import type { KafkaProperties } from '../properties.ts';
import { obtainSchema } from '../../schemas/obtain-schema.ts';
import type { Registries } from '../registries.ts';
import type { BlockRows } from './block-rows.ts';
import { Identities } from './identities.ts';
import { keyPartitioner, partitioner, type Partitioner } from './partitioner.ts';
import { Producer, type TransactionDriver, type Witness } from './producer.ts';
import type { RowEncoder } from './row-encoder.ts';
import { UpsertBuffer } from './upsert-buffer.ts';

export interface KafkaSinkParts {
  readonly context: SinkContext;
  readonly options: Options;
  readonly flavour: KafkaFlavour;
  readonly topic: string;
  readonly properties: KafkaProperties;
  readonly transport: Transport;
  readonly encoder: RowEncoder;
  /** Gives undefined where rows go one by one. */
  readonly makeBlock: () => BlockRows | undefined;
  readonly registries: Registries;
}

export class KafkaSink implements Sink {
  readonly #parts: KafkaSinkParts;
  readonly #transactions: TransactionDriver | undefined;
  readonly cluster: KafkaCluster;
  #producer: Producer | undefined;
  #partitioner: Partitioner = () => 0;
  #partitions = 0;
  #block: BlockRows | undefined;
  /** Rows waiting for a later row of their key; upsert tables that ask for it. */
  readonly #buffer: UpsertBuffer | undefined;

  /** `transactions`: rows are written in those that `begin` begins. */
  constructor(parts: KafkaSinkParts, transactions?: TransactionDriver) {
    this.#parts = parts;
    this.#transactions = transactions;
    this.cluster = new KafkaCluster(parts.transport, parts.properties.bootstrap);
    this.#buffer = parts.flavour === 'upsert-kafka' ? UpsertBuffer.from(parts.options) : undefined;
  }

  async open(): Promise<void> {
    const { context, options, properties, topic, flavour } = this.#parts;
    const partitions = await retrying(context.world, context.signal, properties.startTimeoutMs, () =>
      this.#countPartitions(),
    );
    this.#partitions = partitions;
    await this.#obtainSchemas();
    const { world, signal } = context;
    const identities =
      this.#transactions === undefined
        ? await Identities.obtain({ world, signal, cluster: this.cluster, properties })
        : undefined;
    this.#producer = new Producer({
      world,
      cluster: this.cluster,
      properties,
      topic,
      partitions,
      signal,
      transactions: this.#transactions,
      identities,
      wake: () => context.wake(),
    });
    this.#partitioner =
      flavour === 'kafka'
        ? partitioner(options, partitions, context.instance)
        : keyPartitioner(partitions, context.instance);
    // A buffer keeps rows by key, one by one.
    if (this.#buffer === undefined) this.#block = this.#parts.makeBlock();
    this.#buffer?.start(context.world, (key, value, timestamp) =>
      this.#send(key, value, this.#parts.encoder.schemaHeaders(key, value), timestamp),
    );
  }
  /** The ids that messages carry, before the first of them. */
  async #obtainSchemas(): Promise<void> {
    const { context, encoder, properties, registries, topic } = this.#parts;
    for (const part of ['key', 'value'] as const) {
      const schema = encoder.schemas[part];
      const settings = registries[part];
      if (schema === undefined || settings === undefined) continue;
      const subject = settings.subject ?? `${topic}-${part}`;
      const guid = await obtainSchema({
        world: context.world,
        signal: context.signal,
        startTimeoutMs: properties.startTimeoutMs,
        settings,
        subject,
        schema,
      });
      if (settings.idInHeader[part]) encoder.nameSchemaInHeader(part, guid);
    }
  }
  /** How many partitions the topic has; the broker may create it, where it is set up to. */
  async #countPartitions(): Promise<number> {
    const { topic } = this.#parts;
    const { topics } = await this.cluster.refresh([topic], true);
    const error = topics[0]?.error ?? 0;
    if (error === errorCodes.UNKNOWN_TOPIC_OR_PARTITION) {
      throw new ExternalError('KAF2002', {
        message: `no topic '${topic}'`,
        hint: 'Create it, or correct its name.',
      });
    }
    if (error !== 0) throw brokerError(error, `the partitions of topic '${topic}'`);
    return topics[0]!.partitions.length;
  }

  /** Rows are part of this transaction from now on; those before are flushed. */
  begin(transaction: Transaction): void {
    this.#producer!.begin(transaction);
  }
  /** The transaction, where there is something in it. */
  get written(): Transaction | undefined {
    return this.#producer?.written;
  }
  /** Takes no rows until the next transaction begins. Gives a record of the last one. */
  leave(): Witness | undefined {
    return this.#producer!.leave();
  }

  #send(
    key: Uint8Array | null,
    value: Uint8Array | null,
    headers: Parameters<Producer['add']>[3],
    timestamp: number,
  ): void {
    this.#producer!.add(this.#partitioner(key), key, value, headers, timestamp);
  }

  write(batch: Batch, from: number): number {
    const producer = this.#producer!;
    if (producer.failure !== undefined) throw producer.failure;
    let row = from;
    while (row < batch.rows && producer.hasRoom) {
      const next = this.#block === undefined ? row : this.#writeBlock(this.#block, producer, batch, row);
      if (next === row) this.#writeOrRefuse(producer, batch, row++);
      else row = next;
    }
    this.#parts.encoder.release();
    return row;
  }
  #writeBlock(block: BlockRows, producer: Producer, batch: Batch, from: number): number {
    return block.write(batch, from, {
      producer,
      partitioner: this.#partitioner,
      partitions: this.#partitions,
      now: this.#parts.context.world.now(),
    });
  }
  /** A row whose format or time cannot be written is reported, where somebody takes it. */
  #writeOrRefuse(producer: Producer, batch: Batch, row: number): void {
    const { refusals } = this.#parts.context;
    try {
      this.#writeRow(producer, batch, row);
    } catch (error) {
      if (refusals === undefined || !(error instanceof UserError)) throw error;
      refusals.row(batch, row, error);
    }
  }
  #writeRow(producer: Producer, batch: Batch, row: number): void {
    const { encoder, context, flavour } = this.#parts;
    const upsert = flavour === 'upsert-kafka';
    const kind = batch.kinds?.[row] ?? changeKind.insert;
    if (upsert && kind === changeKind.updateBefore) return;
    const timestamp = encoder.timestamp(batch, row) ?? context.world.now();
    const key = encoder.key(batch, row, kind);
    const value = upsert && kind === changeKind.delete ? null : encoder.value(batch, row, kind);
    const ids = encoder.schemaHeaders(key, value);
    if (this.#buffer === undefined)
      this.#send(key, value, withIds(encoder.headers(batch, row), ids), timestamp);
    else {
      producer.check(key, value, ids);
      this.#buffer.put(key!, value, timestamp);
    }
  }

  get bufferedBytes(): number {
    return this.#producer?.bufferedBytes ?? 0;
  }
  get trouble(): Trouble | undefined {
    return this.#producer?.trouble;
  }
  async flush(): Promise<void> {
    this.#buffer?.flush();
    await this.#producer?.flush();
    this.#parts.context.wake();
  }
  async close(): Promise<void> {
    this.#buffer?.stop();
    this.#block?.release();
    this.#block = undefined;
    this.#producer?.close();
    await this.cluster.close();
  }
}

/** Behind the row's own headers: of several of one name the last one counts. */
const withIds = (own: readonly EncodedHeader[], ids: readonly EncodedHeader[]): readonly EncodedHeader[] =>
  ids.length === 0 ? own : [...own, ...ids];
