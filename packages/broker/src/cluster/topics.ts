/* Topics and their partitions. Names and ids, configs, creation and deletion; every change is in the journal first. */

import type { World } from '#base';
import { Partition } from '../log/partition.ts';
import { randomId } from './ids.ts';
import { journalKey, journalOf } from './journal.ts';
import type { Store } from './store.ts';
import { TopicSettings } from './topic-configs.ts';

export interface Topic {
  readonly name: string;
  readonly id: string;
  readonly partitions: Partition[];
  /** What was set for this topic alone. */
  readonly configs: Map<string, string>;
}
interface StoredTopic {
  readonly id: string;
  readonly partitions: number;
  readonly configs: Readonly<Record<string, string>>;
}

const nameMax = 249;
/** Why a topic may not have this name, or undefined. */
export function topicNameProblem(name: string): string | undefined {
  if (name === '') return 'Topic name is invalid: the empty string is not allowed';
  if (name === '.' || name === '..') return `Topic name is invalid: '${name}' is not allowed`;
  if (name.length > nameMax)
    return `Topic name is invalid: the length of '${name}' is longer than the max allowed length ${nameMax}`;
  if (!/^[a-zA-Z0-9._-]+$/.test(name))
    return `Topic name is invalid: '${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
  return undefined;
}

export class Topics {
  readonly #store: Store;
  readonly #world: World;
  readonly #brokerConfigs: ReadonlyMap<string, string>;
  readonly #byName = new Map<string, Topic>();
  readonly #byId = new Map<string, Topic>();
  readonly #onDelete: ((topic: Topic) => void)[] = [];
  #changes = 0;

  constructor(store: Store, world: World, brokerConfigs: ReadonlyMap<string, string>) {
    this.#store = store;
    this.#world = world;
    this.#brokerConfigs = brokerConfigs;
    for (const [[name], value] of journalOf(store.journal, 'topic')) {
      const { id, partitions, configs } = value as unknown as StoredTopic;
      this.#open(name!, id, partitions, new Map(Object.entries(configs)));
    }
  }
  get(name: string): Topic | undefined {
    return this.#byName.get(name);
  }
  /** The topic whose name is the same but for dots and underscores: metrics could not tell them apart. */
  collision(name: string): string | undefined {
    const alike = (one: string): string => one.replaceAll('.', '_');
    if (alike(name) === name && !name.includes('_')) return undefined;
    for (const { name: other } of this.all()) if (alike(other) === alike(name)) return other;
    return undefined;
  }
  byId(id: string): Topic | undefined {
    return this.#byId.get(id);
  }
  /** Rises whenever a topic comes, goes or gets partitions. */
  get changes(): number {
    return this.#changes;
  }
  /** Calls `listener` for every topic that is deleted from now on. */
  onDelete(listener: (topic: Topic) => void): void {
    this.#onDelete.push(listener);
  }
  all(): Iterable<Topic> {
    return this.#byName.values();
  }
  partition(name: string, index: number): Partition | undefined {
    return this.#byName.get(name)?.partitions[index];
  }
  settings(configs: ReadonlyMap<string, string>): TopicSettings {
    return new TopicSettings(configs, this.#brokerConfigs);
  }

  /** The caller has checked the name, the number and the configs. */
  create(name: string, partitions: number, configs: ReadonlyMap<string, string>): Topic {
    const topic = this.#open(name, randomId(this.#world.rng), partitions, new Map(configs));
    this.#keep(topic);
    return topic;
  }
  /** More partitions: `count` in all. */
  grow(topic: Topic, count: number): void {
    while (topic.partitions.length < count) topic.partitions.push(this.#openPartition(topic));
    this.#changes++;
    this.#keep(topic);
  }
  configure(topic: Topic, configs: ReadonlyMap<string, string>): void {
    topic.configs.clear();
    for (const [key, value] of configs) topic.configs.set(key, value);
    const settings = this.settings(topic.configs);
    for (const partition of topic.partitions) {
      partition.rules = settings.appendRules;
      partition.log.configure(settings.logSettings);
    }
    this.#keep(topic);
  }
  async delete(topic: Topic): Promise<void> {
    this.#byName.delete(topic.name);
    this.#byId.delete(topic.id);
    this.#changes++;
    this.#store.journal.put(journalKey('topic', topic.name), undefined);
    for (const listener of this.#onDelete) listener(topic);
    for (const partition of topic.partitions) await partition.log.remove();
  }
  /** Every partition, as they are at the call. */
  partitions(): readonly Partition[] {
    return [...this.#byName.values()].flatMap((t) => t.partitions);
  }
  async close(): Promise<void> {
    await Promise.all(this.partitions().map((p) => p.log.close()));
  }

  #open(name: string, id: string, partitions: number, configs: Map<string, string>): Topic {
    const topic: Topic = { name, id, partitions: [], configs };
    while (topic.partitions.length < partitions) topic.partitions.push(this.#openPartition(topic));
    this.#byName.set(name, topic);
    this.#byId.set(id, topic);
    this.#changes++;
    return topic;
  }
  #openPartition(topic: Topic): Partition {
    const settings = this.settings(topic.configs);
    const index = topic.partitions.length;
    return new Partition(
      topic.name,
      index,
      this.#store.openLog(topic.name, index, settings.logSettings),
      settings.appendRules,
    );
  }
  #keep(topic: Topic): void {
    this.#store.journal.put(journalKey('topic', topic.name), {
      id: topic.id,
      partitions: topic.partitions.length,
      configs: Object.fromEntries(topic.configs),
    });
  }
}
