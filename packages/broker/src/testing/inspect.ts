/* What a test may see and do without a client: topics, offsets, lag, a partition held back or led by another node. */

import { UserError, didYouMean } from '#base';
import type { Cluster } from '../cluster/cluster.ts';
import { configProblem } from '../cluster/config-problem.ts';
import { topicConfig, topicConfigs } from '../cluster/topic-configs.ts';
import { topicNameProblem } from '../cluster/topics.ts';
import type { Partition } from '../log/partition.ts';

export interface TopicOptions {
  readonly partitions?: number;
  /** A topic's configs by Kafka's names. */
  readonly config?: Readonly<Record<string, string>>;
}
export interface PartitionOffsets {
  readonly partition: number;
  readonly start: number;
  /** Behind the last record. */
  readonly end: number;
  /** Behind the last record that a read_committed consumer sees. */
  readonly stable: number;
}
export interface PartitionLag {
  readonly topic: string;
  readonly partition: number;
  readonly committed: number;
  readonly end: number;
  readonly lag: number;
}

/** The topics of a broker. */
export class BrokerTopics {
  readonly #cluster: Cluster;
  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }
  /** Throws UserError for a name that exists or may not be, and for configs that are not there. */
  create(name: string, { partitions = 1, config = {} }: TopicOptions = {}): void {
    const { topics } = this.#cluster;
    const refuse = (message: string, hint?: string): never => {
      throw new UserError('BRK1003', { message, hint });
    };
    const problem = topicNameProblem(name);
    if (problem !== undefined) refuse(problem);
    if (topics.get(name) !== undefined) refuse(`the topic "${name}" exists already`);
    if (!Number.isInteger(partitions) || partitions < 1)
      refuse(`a topic has 1 partition or more, not ${partitions}`);
    for (const [key, value] of Object.entries(config)) {
      const spec = topicConfig(key);
      if (spec === undefined)
        refuse(
          `a topic has no config "${key}"`,
          didYouMean(
            key,
            topicConfigs.map((s) => s.name),
          ),
        );
      const bad = configProblem(spec!, value);
      if (bad !== undefined) refuse(bad);
    }
    topics.create(name, partitions, new Map(Object.entries(config)));
  }
  list(): string[] {
    return [...this.#cluster.topics.all()].map((t) => t.name);
  }
  async delete(name: string): Promise<void> {
    const topic = this.#cluster.topics.get(name);
    if (topic === undefined) throw unknownTopic(this.#cluster, name);
    await this.#cluster.topics.delete(topic);
  }
}

export function unknownTopic({ topics }: Cluster, name: string): UserError {
  const names = [...topics.all()].map((t) => t.name);
  return new UserError('BRK1004', { message: `there is no topic "${name}"`, hint: didYouMean(name, names) });
}
export function partitionAt(cluster: Cluster, topic: string, index: number): Partition {
  const found = cluster.topics.get(topic);
  if (found === undefined) throw unknownTopic(cluster, topic);
  const partition = found.partitions[index];
  if (partition === undefined)
    throw new UserError('BRK1004', {
      message: `topic "${topic}" has no partition ${index}: it has ${found.partitions.length}`,
    });
  return partition;
}

export function offsetsOf(cluster: Cluster, topic: string): PartitionOffsets[] {
  const found = cluster.topics.get(topic);
  if (found === undefined) throw unknownTopic(cluster, topic);
  return found.partitions.map(({ index, log, stableOffset }) => ({
    partition: index,
    start: log.startOffset,
    end: log.endOffset,
    stable: stableOffset,
  }));
}
export function lagOf(cluster: Cluster, group: string): PartitionLag[] {
  return cluster.offsets.of(group).map(({ place: { topic, partition }, value: { offset } }) => {
    const end = cluster.topics.partition(topic, partition)?.log.endOffset ?? offset;
    return { topic, partition, committed: offset, end, lag: end - offset };
  });
}

/** Holds the partition back until the function that it gives is called. */
export function pausePartition(partition: Partition): () => void {
  let resume!: () => void;
  const paused = new Promise<void>((resolve) => {
    resume = resolve;
  });
  partition.paused = paused;
  return () => {
    if (partition.paused === paused) partition.paused = undefined;
    resume();
    partition.tell();
  };
}
export function moveLeader(partition: Partition, node: number): void {
  if (partition.leader === node) return;
  partition.leader = node;
  partition.leaderEpoch++;
  partition.tell();
}
