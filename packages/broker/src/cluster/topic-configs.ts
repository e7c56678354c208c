/* The configs that a topic has, with Kafka's names and defaults, and what the broker makes of them. */

import type { TargetCodec } from '../log/check-records.ts';
import type { AppendRules } from '../log/partition.ts';
import type { LogSettings } from '../log/partition-log.ts';

export type ConfigType = 'boolean' | 'string' | 'int' | 'long' | 'double' | 'list';
export interface ConfigSpec {
  readonly name: string;
  readonly type: ConfigType;
  readonly default: string;
  /** The broker's config that the default comes from. */
  readonly synonym?: string;
  /** Where the broker knows the default by another name, or (null) tells of none. */
  readonly fallback?: { readonly name: string; readonly value: string } | null;
  readonly values?: readonly string[];
  /** Capitals or not: `values` has them as capitals. */
  readonly anyCase?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** A value that counts though it is outside of the bounds. */
  readonly or?: number;
  /** A list of PARTITION:BROKER, or a star. */
  readonly places?: true;
}

const longMax = '9223372036854775807';
const spec = (
  name: string,
  type: ConfigType,
  value: string,
  more: Omit<ConfigSpec, 'name' | 'type' | 'default'> = {},
): ConfigSpec => ({ name, type, default: value, ...more });

/** By name, as kafka-configs --describe --all lists them. */
export const topicConfigs: readonly ConfigSpec[] = [
  spec('cleanup.policy', 'list', 'delete', { synonym: 'log.cleanup.policy', values: ['compact', 'delete'] }),
  spec('compression.gzip.level', 'int', '-1', { synonym: 'compression.gzip.level', min: 1, max: 9, or: -1 }),
  spec('compression.lz4.level', 'int', '9', { synonym: 'compression.lz4.level', min: 1, max: 17 }),
  spec('compression.type', 'string', 'producer', {
    synonym: 'compression.type',
    values: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
  }),
  spec('compression.zstd.level', 'int', '3', {
    synonym: 'compression.zstd.level',
    min: -131072,
    max: 22,
  }),
  spec('delete.retention.ms', 'long', '86400000', { synonym: 'log.cleaner.delete.retention.ms', min: 0 }),
  spec('file.delete.delay.ms', 'long', '60000', { synonym: 'log.segment.delete.delay.ms', min: 0 }),
  spec('flush.messages', 'long', longMax, { synonym: 'log.flush.interval.messages', min: 1 }),
  spec('flush.ms', 'long', longMax, { synonym: 'log.flush.interval.ms', fallback: null, min: 0 }),
  spec('follower.replication.throttled.replicas', 'list', '', { places: true }),
  spec('index.interval.bytes', 'int', '4096', { synonym: 'log.index.interval.bytes', min: 0 }),
  spec('leader.replication.throttled.replicas', 'list', '', { places: true }),
  spec('local.retention.bytes', 'long', '-2', { synonym: 'log.local.retention.bytes', min: -2 }),
  spec('local.retention.ms', 'long', '-2', { synonym: 'log.local.retention.ms', min: -2 }),
  spec('max.compaction.lag.ms', 'long', longMax, { synonym: 'log.cleaner.max.compaction.lag.ms', min: 1 }),
  spec('max.message.bytes', 'int', '1048588', { synonym: 'message.max.bytes', min: 0 }),
  spec('message.timestamp.after.max.ms', 'long', '3600000', {
    synonym: 'log.message.timestamp.after.max.ms',
    min: 0,
  }),
  spec('message.timestamp.before.max.ms', 'long', longMax, {
    synonym: 'log.message.timestamp.before.max.ms',
    min: 0,
  }),
  spec('message.timestamp.type', 'string', 'CreateTime', {
    synonym: 'log.message.timestamp.type',
    values: ['CreateTime', 'LogAppendTime'],
  }),
  spec('min.cleanable.dirty.ratio', 'double', '0.5', {
    synonym: 'log.cleaner.min.cleanable.ratio',
    min: 0,
    max: 1,
  }),
  spec('min.compaction.lag.ms', 'long', '0', { synonym: 'log.cleaner.min.compaction.lag.ms', min: 0 }),
  spec('min.insync.replicas', 'int', '1', { synonym: 'min.insync.replicas', min: 1 }),
  spec('preallocate', 'boolean', 'false', { synonym: 'log.preallocate' }),
  spec('remote.log.copy.disable', 'boolean', 'false'),
  spec('remote.log.delete.on.disable', 'boolean', 'false'),
  spec('remote.storage.enable', 'boolean', 'false'),
  spec('retention.bytes', 'long', '-1', { synonym: 'log.retention.bytes' }),
  spec('retention.ms', 'long', '604800000', {
    synonym: 'log.retention.ms',
    fallback: { name: 'log.retention.hours', value: '168' },
    min: -1,
  }),
  spec('segment.bytes', 'int', '1073741824', { synonym: 'log.segment.bytes', min: 1048576 }),
  spec('segment.index.bytes', 'int', '10485760', { synonym: 'log.index.size.max.bytes', min: 4 }),
  spec('segment.jitter.ms', 'long', '0', { synonym: 'log.roll.jitter.ms', fallback: null, min: 0 }),
  spec('segment.ms', 'long', '604800000', { synonym: 'log.roll.ms', fallback: null, min: 1 }),
  spec('unclean.leader.election.enable', 'boolean', 'false', { synonym: 'unclean.leader.election.enable' }),
];
/** The size of a segment without the bound of `segment.bytes`, for tests. As in Kafka it is told where it was set. */
export const internalSegmentBytes = spec('internal.segment.bytes', 'int', '');
const byName = new Map([...topicConfigs, internalSegmentBytes].map((s) => [s.name, s]));
export const topicConfig = (name: string): ConfigSpec | undefined => byName.get(name);

/** A topic's configs: what was set for it, then the broker's synonym, then the default. */
export class TopicSettings {
  readonly #own: ReadonlyMap<string, string>;
  readonly #broker: ReadonlyMap<string, string>;

  constructor(own: ReadonlyMap<string, string>, broker: ReadonlyMap<string, string>) {
    this.#own = own;
    this.#broker = broker;
  }
  get(name: string): string {
    const { default: value, synonym } = byName.get(name)!;
    const set = this.#own.get(name) ?? (synonym === undefined ? undefined : this.#broker.get(synonym));
    return set?.trim() ?? value;
  }
  number(name: string): number {
    return Number(this.get(name));
  }
  get #segmentBytes(): number {
    const internal = this.#own.get(internalSegmentBytes.name);
    return internal === undefined ? this.number('segment.bytes') : Number(internal);
  }
  /** A bound of which -1 means none. */
  #bound(name: string): number {
    const value = this.number(name);
    return value < 0 ? Infinity : value;
  }
  /** A number of which the largest means never. */
  #orNever(name: string): number {
    const value = this.number(name);
    return value >= Number(longMax) ? Infinity : value;
  }
  get appendRules(): AppendRules {
    return {
      batchBytesMax: this.number('max.message.bytes'),
      appendTime: this.get('message.timestamp.type') === 'LogAppendTime',
      beforeMsMax: this.number('message.timestamp.before.max.ms'),
      afterMsMax: this.number('message.timestamp.after.max.ms'),
      keyed: this.get('cleanup.policy').includes('compact'),
      deletable: this.get('cleanup.policy').includes('delete'),
      segmentBytes: this.#segmentBytes,
      codec: this.#targetCodec,
    };
  }
  get #targetCodec(): TargetCodec | undefined {
    const type = this.get('compression.type');
    switch (type) {
      case 'gzip': {
        const level = this.number('compression.gzip.level');
        return { codec: type, level: level < 0 ? undefined : level };
      }
      case 'zstd':
        return { codec: type, level: this.number('compression.zstd.level') };
      case 'lz4':
      case 'snappy':
        return { codec: type, level: undefined };
      case 'uncompressed':
        return { codec: 'none', level: undefined };
      default:
        return undefined;
    }
  }
  get logSettings(): LogSettings {
    const policy = this.get('cleanup.policy')
      .split(',')
      .map((p) => p.trim());
    return {
      segmentBytes: this.#segmentBytes,
      // What must be compacted in time has to leave the active segment in time.
      segmentMs: Math.min(
        this.number('segment.ms'),
        policy.includes('compact') ? this.#orNever('max.compaction.lag.ms') : Infinity,
      ),
      segmentJitterMs: this.#orNever('segment.jitter.ms'),
      segmentIndexBytes: this.number('segment.index.bytes'),
      indexIntervalBytes: this.number('index.interval.bytes'),
      retentionMs: this.#bound('retention.ms'),
      retentionBytes: this.#bound('retention.bytes'),
      delete: policy.includes('delete'),
      compact: policy.includes('compact'),
      deleteRetentionMs: this.number('delete.retention.ms'),
      compactionLagMs: this.number('min.compaction.lag.ms'),
      compactionLagMsMax: this.#orNever('max.compaction.lag.ms'),
      dirtyRatio: this.number('min.cleanable.dirty.ratio'),
      flushMessages: this.#orNever('flush.messages'),
      flushMs: this.#orNever('flush.ms'),
    };
  }
}
