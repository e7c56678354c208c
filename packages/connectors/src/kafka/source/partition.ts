/* The partitions that a reader reads: where each stands, and how a snapshot keeps that. */

import { assert } from '#base';
import type { RowOrigin } from '#data';

/** One partition as a split of the source. */
export class PartitionState {
  readonly split: number;
  readonly topic: string;
  readonly partition: number;
  /** The next offset to hand out: what a snapshot keeps. */
  consumed: number;
  /** The next offset to ask the broker for. */
  fetchOffset: number;
  /** Reading ends before this offset. */
  readonly stop: number | undefined;
  /** Of the topic that the offsets are of; undefined where brokers tell none. */
  topicId: string | undefined;
  /** Fetched and waiting to be read. */
  chunks = 0;
  ended = false;
  /** Its next record waits for a schema: nothing of it is read, and nothing asked for. */
  waits = false;
  /** Its event time is too far ahead: nothing of it is read, and nothing asked for. */
  paused = false;
  /** Of what was fetched and is not read. */
  bytes = 0;

  constructor(split: number, topic: string, partition: number, offset: number, stop: number | undefined) {
    this.split = split;
    this.topic = topic;
    this.partition = partition;
    this.consumed = offset;
    this.fetchOffset = offset;
    this.stop = stop;
  }
  get finished(): boolean {
    return this.stop !== undefined && this.consumed >= this.stop;
  }
  get isRead(): boolean {
    return !this.waits && !this.paused;
  }
  /** True when there is something left to ask the broker for. */
  get wantsMore(): boolean {
    return !this.ended && this.isRead && (this.stop === undefined || this.fetchOffset < this.stop);
  }
  get name(): string {
    return `topic '${this.topic}', partition ${this.partition}`;
  }
  /** Where a record lies, in messages. */
  place(offset: number): string {
    return `${this.name}, offset ${offset}`;
  }
  origin(offset: number, timestamp: number, replayed = 0): Required<RowOrigin> {
    const { topic, partition } = this;
    return { place: this.place(offset), position: { topic, partition, offset, timestamp }, replayed };
  }
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Which of `instances` readers reads a partition: spread evenly from a start that differs by topic. */
export function ownerOf(p: TopicPartition, instances: number): number {
  let hash = 0;
  for (let i = 0; i < p.topic.length; i++) hash = (Math.imul(hash, 31) + p.topic.charCodeAt(i)) | 0;
  return ((((hash * 31) >>> 0) & 0x7fffffff) + p.partition) % instances;
}

interface SavedPosition extends TopicPartition {
  readonly offset: number;
  readonly stop?: number;
  readonly topicId?: string;
}

const version = 1;

/** The position of each partition, by its topic and number. */
export function encodePositions(partitions: Iterable<PartitionState>): ReadonlyMap<string, Uint8Array> {
  const positions = new Map<string, Uint8Array>();
  for (const p of partitions) {
    const saved: SavedPosition = {
      topic: p.topic,
      partition: p.partition,
      offset: p.consumed,
      ...(p.stop === undefined ? {} : { stop: p.stop }),
      ...(p.topicId === undefined ? {} : { topicId: p.topicId }),
    };
    positions.set(splitId(p), new TextEncoder().encode(JSON.stringify({ version, ...saved })));
  }
  return positions;
}
/** A partition's name as a split, as Flink writes it. */
export const splitId = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

export function decodePositions(positions: Iterable<Uint8Array>): readonly SavedPosition[] {
  return Array.from(positions, (bytes) => {
    const saved = JSON.parse(new TextDecoder().decode(bytes)) as SavedPosition & { readonly version: number };
    assert(saved.version === version, 'a position of a version that this connector wrote');
    return saved;
  });
}
