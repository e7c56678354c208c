/* Reads topics. Partitions are splits; the position of each is the next offset to read.
 *
 *   open: topics → partitions → this reader's share → start offsets
 *   poll: announce splits ─ take a chunk ─ its record batches ─ rows until the batch is full
 *
 * Keeps: one position a partition, a bounded queue of fetched bytes. Promises: rows of a partition come in
 * the order of their offsets; a snapshot is the position behind what was handed out, so that restoring
 * reads every record after it exactly once. */

import { ExternalError, present, UserError, toMillraceError, type MillraceError } from '#base';
import type { Options } from '#catalog';
import type {
  FieldDrift,
  Polled,
  Source,
  SourceCommit,
  SourceContext,
  SplitPositions,
  Trouble,
} from '#dataflow';
import { retrying } from '../client/backoff.ts';
import { KafkaCluster } from '../client/cluster.ts';
import type { Transport } from '../client/transport.ts';
import {
  boundedChoice,
  startupChoice,
  topicChoice,
  type KafkaFlavour,
  type OffsetChoice,
  type TopicChoice,
} from '../options.ts';
import { errorCodes } from '#kafka';
import { brokerError } from '../requests/broker-errors.ts';
import type { OffsetToCommit } from '../requests/group-offsets.ts';
import type { TopicInfo } from '../requests/metadata.ts';
import type { KafkaProperties } from '../properties.ts';
import type { FetchSlots, MemoryLayer } from '#records';
import type { RegistrySettings } from '#formats';
import { AwaitedSchemas } from '../../schemas/awaited-schemas.ts';
import { openSchemaSource } from '../../schemas/schema-source.ts';
import { ChunkReader, type ParkedChunk } from './chunk-reader.ts';
import type { RecordDrift } from './record-drift.ts';
import { Fetcher, type Chunk } from './fetcher.ts';
import { resetOf, resolveOffsets } from './offsets.ts';
import {
  decodePositions,
  encodePositions,
  ownerOf,
  PartitionState,
  splitId,
  type TopicPartition,
} from './partition.ts';
import type { Registries } from '../registries.ts';
import type { MissingSchema, RecordsDecoder } from './row-decoder.ts';

export interface KafkaSourceParts {
  readonly context: SourceContext;
  readonly options: Options;
  readonly flavour: KafkaFlavour;
  readonly properties: KafkaProperties;
  readonly transport: Transport;
  readonly decoder: RecordsDecoder;
  readonly drift: RecordDrift;
  /** Where record batches are laid open; without, in ordinary memory. */
  readonly layer: MemoryLayer | undefined;
  /** Where the transport puts large answers. The source closes them. */
  readonly slots: FetchSlots;
  /** Of the formats of keys and values that have one. */
  readonly registries: Registries;
}

export class KafkaSource implements Source {
  readonly #context: SourceContext;
  readonly #properties: KafkaProperties;
  readonly #decoder: RecordsDecoder;
  readonly #drift: RecordDrift;
  readonly #cluster: KafkaCluster;
  readonly #topics: TopicChoice;
  readonly #start: OffsetChoice;
  readonly #end: OffsetChoice | undefined;
  readonly #discoveryMs: number;
  readonly #partitions: PartitionState[] = [];
  readonly #announcements: Polled[] = [];
  readonly #closing = new AbortController();
  readonly #signal: AbortSignal;
  readonly #fetcher: Fetcher;
  readonly #reader: ChunkReader;
  readonly #slots: FetchSlots;
  #chunk: Chunk | undefined;
  /** Records of the reader's current batch that were taken; negative when there is no batch. */
  #record = -1;
  /** Chunks whose next record waits for its schema. */
  readonly #parked = new Map<ParkedChunk, MissingSchema>();
  /** Chunks to be read on, once their partition is not paused. */
  readonly #reopened: ParkedChunk[] = [];
  readonly #schemas: Readonly<Partial<Record<MissingSchema['part'], AwaitedSchemas>>>;
  #schemaFailure: MillraceError | undefined;
  #left: number;
  #commits: Promise<void> = Promise.resolve();
  /** Behind what was handed out before the last snapshot. */
  #uncommitted: readonly OffsetToCommit[] = [];
  /** Tells the group how far reading came: for people and for 'group-offsets', never for restoring. */
  readonly commit: ((upTo: SourceCommit) => void) | undefined;

  constructor(parts: KafkaSourceParts) {
    const { context, options, properties, flavour } = parts;
    this.#context = context;
    this.#properties = properties;
    this.#decoder = parts.decoder;
    this.#drift = parts.drift;
    this.#cluster = new KafkaCluster(parts.transport, properties.bootstrap, { topicIds: true });
    const { group } = properties;
    if (group !== undefined)
      this.commit = (upTo) => {
        if (!context.restartable && upTo !== 'end') return;
        this.#commit(group, upTo === 'snapshot' ? this.#uncommitted : this.#consumed());
      };
    this.#topics = topicChoice(options, flavour);
    this.#start = startupChoice(options, flavour);
    this.#end = boundedChoice(options);
    this.#discoveryMs =
      flavour === 'kafka' ? (options.durationMs('scan.topic-partition-discovery.interval') ?? 0) : 0;
    this.#left = context.limit ?? Number.POSITIVE_INFINITY;
    this.#signal = AbortSignal.any([context.signal, this.#closing.signal]);
    this.#slots = parts.slots;
    this.#schemas = {
      ...this.#awaited('key', parts.registries.key),
      ...this.#awaited('value', parts.registries.value),
    };
    this.#reader = new ChunkReader(properties.committedOnly, parts.layer);
    this.#fetcher = new Fetcher({
      world: context.world,
      cluster: this.#cluster,
      properties,
      signal: this.#signal,
      wake: () => context.wake(),
      warn: (message) => context.warn(message),
      reset: (state) => this.#reset(state),
      recreated: (state) => this.#recreated(state),
    });
  }

  #awaited(
    part: MissingSchema['part'],
    settings: RegistrySettings | undefined,
  ): Partial<Record<MissingSchema['part'], AwaitedSchemas>> {
    if (settings === undefined) return {};
    const { world } = this.#context;
    const awaited = new AwaitedSchemas({
      world,
      signal: this.#signal,
      startTimeoutMs: this.#properties.startTimeoutMs,
      open: () => openSchemaSource(world, settings),
      learned: (id, schema, name) => {
        this.#decoder.learn({ part, id }, schema);
        if (part === 'value') this.#drift.schema(name, schema);
        if (this.#drift.hasAsked) return;
        for (const [parked, missing] of this.#parked)
          if (missing.part === part && missing.id === id) this.#reopen(parked);
        this.#fetcher.pump();
        this.#context.wake();
      },
      failed: (error) => {
        this.#schemaFailure ??= error;
        this.#context.wake();
      },
    });
    return { [part]: awaited };
  }

  async open(positions: SplitPositions | undefined): Promise<void> {
    await this.#retrying(async () => {
      const found = await this.#findPartitions();
      const mine = found.filter((p) => ownerOf(p, this.#context.instances) === this.#context.instance);
      if (positions === undefined) await this.#addFresh(mine, this.#start);
      else await this.#addRestored(mine, positions);
    });
    this.#warnOfState();
    this.#fetcher.pump();
    if (this.#discoveryMs > 0 && this.#end === undefined) this.#discoverLater();
  }
  #warnOfState(): void {
    const { group } = this.#properties;
    const { restartable, instance } = this.#context;
    if (group === undefined || restartable || instance > 0 || this.#end !== undefined) return;
    this.#context.warn(
      `no offsets are committed to group '${group}': the job keeps state in memory, and rows that only its state holds would be lost with it. A restart begins where 'scan.startup.mode' says.`,
    );
  }
  #retrying<T>(attempt: () => Promise<T>): Promise<T> {
    return retrying(this.#context.world, this.#signal, this.#properties.startTimeoutMs, attempt);
  }

  async #findPartitions(): Promise<TopicPartition[]> {
    const choice = this.#topics;
    const { topics } = await this.#cluster.refresh(choice.kind === 'names' ? choice.names : undefined);
    const wanted =
      choice.kind === 'names' ? topics : topics.filter((t) => !t.internal && choice.pattern.test(t.name));
    if (wanted.length === 0 && choice.kind === 'pattern') {
      this.#context.warn(`no topic matches 'topic-pattern' = '${choice.pattern.source}' yet`);
    }
    return wanted.flatMap((topic) => partitionsOf(topic));
  }

  #add(
    p: TopicPartition,
    offset: number,
    stop: number | undefined,
    topicId = this.#cluster.topicId(p.topic),
  ): void {
    const state = new PartitionState(this.#partitions.length, p.topic, p.partition, offset, stop);
    state.topicId = topicId;
    this.#partitions.push(state);
    this.#fetcher.add(state);
    this.#announcements.push({ kind: 'split-start', split: state.split, id: splitId(p) });
    this.#endIfFinished(state);
  }
  #known(p: TopicPartition): boolean {
    return this.#partitions.some((q) => q.topic === p.topic && q.partition === p.partition);
  }
  async #addFresh(partitions: readonly TopicPartition[], start: OffsetChoice): Promise<void> {
    const fresh = partitions.filter((p) => !this.#known(p));
    if (fresh.length === 0) return;
    const starts = await resolveOffsets(this.#cluster, fresh, start, this.#properties);
    const stops = this.#end && (await resolveOffsets(this.#cluster, fresh, this.#end, this.#properties));
    for (const p of fresh) this.#add(p, starts.get(p)!, stops?.get(p));
  }
  /** Partitions of the snapshot go on where they stood; those that came since are read from their
   *  beginning. */
  async #addRestored(mine: readonly TopicPartition[], positions: SplitPositions): Promise<void> {
    const { instance, instances } = this.#context;
    for (const saved of decodePositions(positions.values())) {
      if (ownerOf(saved, instances) === instance && !this.#known(saved))
        this.#add(saved, saved.offset, saved.stop, saved.topicId);
    }
    await this.#addFresh(mine, { kind: 'earliest' });
  }

  #discoverLater(): void {
    const timer = this.#context.world.after(this.#discoveryMs, () => {
      if (this.#signal.aborted) return;
      void this.#discover().finally(() => this.#discoverLater());
    });
    this.#signal.addEventListener('abort', () => timer.cancel(), { once: true });
  }
  async #discover(): Promise<void> {
    try {
      const found = await this.#findPartitions();
      const before = this.#partitions.length;
      const mine = found.filter((p) => ownerOf(p, this.#context.instances) === this.#context.instance);
      await this.#addFresh(mine, { kind: 'earliest' });
      if (this.#partitions.length === before) return;
      this.#context.wake();
      this.#fetcher.pump();
    } catch (error) {
      // The next interval tries again; reading itself has its own retries and its own end.
      this.#context.warn(`looking for new partitions failed: ${toMillraceError(error).message}`);
    }
  }

  async #reset(state: PartitionState): Promise<number> {
    const reset = resetOf(this.#start, this.#properties);
    if (reset === 'none') {
      throw new UserError('KAF1004', {
        message: `${state.name}: offset ${state.fetchOffset} is out of range`,
        hint: `Set 'properties.auto.offset.reset' to 'earliest' or 'latest' to go on there.`,
      });
    }
    const offsets = await this.#retrying(() =>
      resolveOffsets(this.#cluster, [state], { kind: reset }, this.#properties),
    );
    return offsets.get(state)!;
  }

  /** All records of the new topic are new, too. */
  async #recreated(state: PartitionState): Promise<number> {
    const message = `${state.name}: the topic was deleted and created again while offset ${state.fetchOffset} of it was to be read`;
    if (state.stop !== undefined || resetOf(this.#start, this.#properties) === 'none')
      throw new UserError('KAF1004', {
        message,
        hint: `Set 'properties.auto.offset.reset' to 'earliest' to go on at the beginning of the new one, in a table without an end.`,
      });
    const earliest = { kind: 'earliest' } as const;
    const offsets = await this.#retrying(() =>
      resolveOffsets(this.#cluster, [state], earliest, this.#properties),
    );
    const offset = offsets.get(state)!;
    this.#context.warn(`${message}: going on at ${offset} of the new one`);
    return offset;
  }

  poll(): Polled {
    const announcement = this.#announcements.shift();
    if (announcement !== undefined) return announcement;
    if (this.#left <= 0) return { kind: 'end' };
    if (this.#drift.hasAsked) return { kind: 'wait' };
    this.#reader.begin();
    this.#fetcher.begin();
    for (;;) {
      const state = this.#openChunk();
      if (state === undefined) break;
      this.#readChunk(state);
      this.#endIfFinished(state);
      if (this.#decoder.rows > 0 || this.#decoder.full) return this.#handOut(state);
      if (this.#drift.hasAsked) return { kind: 'wait' };
    }
    if (this.#fetcher.failure !== undefined) throw this.#fetcher.failure;
    if (this.#schemaFailure !== undefined) throw this.#schemaFailure;
    const ended = this.#announcements.shift();
    if (ended !== undefined) return ended;
    if (this.#end !== undefined && this.#partitions.every((p) => p.ended)) return { kind: 'end' };
    return { kind: 'wait' };
  }
  pauseSplits(ahead: ReadonlySet<number>): void {
    for (const state of this.#partitions) state.paused = ahead.has(state.split);
    if (this.#chunk?.state.paused === true) {
      this.#reopened.push(this.#reader.park());
      this.#chunk = undefined;
      this.#record = -1;
    }
    this.#fetcher.pump();
  }
  #handOut(state: PartitionState): Polled {
    const batch = this.#decoder.build();
    if (batch.rows <= this.#left) {
      this.#left -= batch.rows;
      return { kind: 'batch', split: state.split, batch };
    }
    const rows = this.#left;
    this.#left = 0;
    return { kind: 'batch', split: state.split, batch: { ...batch, rows } };
  }

  /** The partition of the chunk being read, with another chunk opened when the last one is done. */
  #openChunk(): PartitionState | undefined {
    this.#chunk ??= this.#nextChunk();
    return this.#chunk?.state;
  }
  #nextChunk(): Chunk | undefined {
    const at = this.#reopened.findIndex(({ chunk }) => chunk.state.isRead);
    if (at >= 0) {
      const [reopened] = this.#reopened.splice(at, 1);
      this.#reader.reopen(reopened!);
      this.#record = -1;
      return reopened!.chunk;
    }
    const chunk = this.#fetcher.take();
    if (chunk === undefined) return undefined;
    this.#reader.open(chunk);
    this.#record = -1;
    return chunk;
  }

  /** Decodes until the output is full or the chunk is read. */
  #readChunk(state: PartitionState): void {
    for (;;) {
      if (this.#record < 0) {
        const next = this.#nextBatch(state);
        if (next === 'full') return;
        if (next === 'end') break;
      }
      const { index, batch } = this.#reader;
      const end = endBefore(index.offsets, index.count, state.stop);
      const from = this.#record;
      const known = this.#drift.before(state, index, from, end);
      if (known === from && this.#drift.hasAsked) return;
      this.#record = this.#decoder.take(state, batch!, index, from, known);
      this.#drift.records(state, index, from, this.#record);
      if (this.#record > 0) state.consumed = Math.max(state.consumed, index.offsets[this.#record - 1]! + 1);
      const { missing } = this.#decoder;
      if (missing !== undefined) return this.#park(state, missing);
      if (this.#record < end) return;
      this.#record = -1;
      this.#reader.finishBatch();
      const cut = end < index.count;
      state.consumed = Math.max(state.consumed, cut ? state.stop! : batch!.lastOffset + 1);
      if (cut) break;
    }
    this.#fetcher.release(this.#chunk!);
    this.#chunk = undefined;
  }
  /** Puts the chunk aside until its next record's schema has come; other partitions are read. */
  #park(state: PartitionState, missing: MissingSchema): void {
    state.waits = true;
    this.#parked.set(this.#reader.park(), missing);
    this.#chunk = undefined;
    this.#record = -1;
    present(this.#schemas[missing.part], 'a format whose schemas have ids has a registry').want(
      missing.id,
      missing.guid,
    );
  }
  #reopen(parked: ParkedChunk): void {
    this.#parked.delete(parked);
    parked.chunk.state.waits = false;
    this.#reopened.push(parked);
  }
  #nextBatch(state: PartitionState): 'batch' | 'full' | 'end' {
    const next = this.#reader.next(this.#decoder.rows > 0, (last) => {
      state.consumed = Math.max(state.consumed, last + 1);
    });
    // A fetch from the middle of a batch brings the whole batch.
    if (next === 'batch')
      this.#record = endBefore(this.#reader.index.offsets, this.#reader.index.count, state.consumed);
    return next;
  }

  #endIfFinished(state: PartitionState): void {
    if (!state.finished || state.ended) return;
    state.ended = true;
    this.#announcements.push({ kind: 'split-end', split: state.split });
  }

  snapshot(): SplitPositions {
    this.#uncommitted = this.#consumed();
    return encodePositions(this.#partitions);
  }
  #consumed(): readonly OffsetToCommit[] {
    return this.#partitions.map((p) => ({ topic: p.topic, partition: p.partition, offset: p.consumed }));
  }
  #commit(group: string, offsets: readonly OffsetToCommit[]): void {
    if (this.#closing.signal.aborted || offsets.length === 0) return;
    this.#commits = this.#commits
      .then(() => this.#cluster.commitOffsets(group, offsets))
      .catch((error: unknown) => {
        if (error instanceof ExternalError)
          this.#context.warn(`offsets of group '${group}' not kept: ${error.message}`);
        else throw error;
      });
  }

  get trouble(): Trouble | undefined {
    return this.#fetcher.trouble ?? this.#schemas.value?.trouble ?? this.#schemas.key?.trouble;
  }
  get drift(): readonly FieldDrift[] {
    return this.#drift.found;
  }
  get bufferedBytes(): number {
    return this.#fetcher.bufferedBytes;
  }
  async close(): Promise<void> {
    this.#fetcher.close();
    if (this.#chunk !== undefined) this.#fetcher.release(this.#chunk);
    this.#chunk = undefined;
    for (const { chunk } of [...this.#parked.keys(), ...this.#reopened.splice(0)])
      this.#fetcher.release(chunk);
    this.#parked.clear();
    this.#schemas.key?.close();
    this.#schemas.value?.close();
    await this.#commits.catch(() => undefined);
    this.#closing.abort();
    await this.#cluster.close();
    this.#slots.close();
    this.#reader.close();
    this.#decoder.close?.();
  }
}

function partitionsOf(topic: TopicInfo): TopicPartition[] {
  if (topic.error === errorCodes.UNKNOWN_TOPIC_OR_PARTITION) {
    throw new UserError('KAF1005', {
      message: `no topic '${topic.name}'`,
      hint: 'Create it, or correct its name.',
    });
  }
  if (topic.error !== 0) throw brokerError(topic.error, `the partitions of topic '${topic.name}'`);
  const broken = topic.partitions.find((p) => p.leader < 0);
  if (broken !== undefined) {
    throw new ExternalError('KAF2002', {
      message: `partition ${broken.partition} of '${topic.name}' has no leader`,
    });
  }
  return topic.partitions.map((p) => ({ topic: topic.name, partition: p.partition }));
}

/** How many of the first `count` offsets, which ascend, lie before `bound`. */
function endBefore(offsets: Float64Array, count: number, bound: number | undefined): number {
  if (bound === undefined || count === 0 || offsets[count - 1]! < bound) return count;
  let end = 0;
  while (offsets[end]! < bound) end++;
  return end;
}
