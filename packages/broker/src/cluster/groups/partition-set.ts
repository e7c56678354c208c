/* Sets of partitions, each as one text, `topic id/index`, and how the protocol writes them: by topic. */

export type PartitionKey = string;
export type PartitionSet = ReadonlySet<PartitionKey>;

export interface TopicPartitions {
  readonly topicId: string;
  readonly partitions: readonly number[];
}

export const noPartitions: PartitionSet = new Set();
export const partitionKey = (topicId: string, index: number): PartitionKey => `${topicId}/${index}`;

export const toSet = (topics: readonly TopicPartitions[]): PartitionSet =>
  new Set(topics.flatMap((t) => t.partitions.map((index) => partitionKey(t.topicId, index))));

/** By topic, in the order of their first partition here; indexes rise. */
export function byTopic(set: PartitionSet): TopicPartitions[] {
  const topics = new Map<string, number[]>();
  for (const key of set) {
    const [topicId, index] = splitKey(key);
    const partitions = topics.get(topicId);
    if (partitions === undefined) topics.set(topicId, [index]);
    else partitions.push(index);
  }
  return [...topics].map(([topicId, partitions]) => ({
    topicId,
    partitions: partitions.sort((a, b) => a - b),
  }));
}
export function splitKey(key: PartitionKey): readonly [topicId: string, index: number] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), Number(key.slice(slash + 1))];
}
export const isSubset = (one: PartitionSet, other: PartitionSet): boolean => {
  for (const key of one) if (!other.has(key)) return false;
  return true;
};
export const isDisjoint = (one: PartitionSet, other: PartitionSet): boolean => {
  for (const key of one) if (other.has(key)) return false;
  return true;
};
export const intersection = (one: PartitionSet, other: PartitionSet): PartitionSet =>
  new Set([...one].filter((key) => other.has(key)));
export const difference = (one: PartitionSet, other: PartitionSet): PartitionSet =>
  new Set([...one].filter((key) => !other.has(key)));
export const sameSet = (one: PartitionSet, other: PartitionSet): boolean =>
  one.size === other.size && isSubset(one, other);
