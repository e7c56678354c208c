/* What a broker does with its logs by the clock: retention every `log.retention.check.interval.ms`, compaction every
 * `log.cleaner.backoff.ms`, one log after the other. */

import type { Timer } from '#base';
import { brokerFlag, brokerNumber, type BrokerConfigName } from './broker-configs.ts';
import type { Cluster } from './cluster.ts';

export class Cleaning {
  readonly #cluster: Cluster;
  readonly #timers = new Map<BrokerConfigName, Timer>();
  #compacting: Promise<void> | undefined;
  #stopped = false;

  /** Starts it. */
  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#every('log.retention.check.interval.ms', () => this.#retain());
    if (brokerFlag(cluster.configs, 'log.cleaner.enable'))
      this.#every('log.cleaner.backoff.ms', () => this.#startCompacting());
  }
  #every(config: BrokerConfigName, task: () => void): void {
    const { world, configs } = this.#cluster;
    const again = (): void => {
      this.#timers.set(config, world.after(brokerNumber(configs, config), run));
    };
    const run = (): void => {
      task();
      again();
    };
    again();
  }
  /** Trouble with one log is told and does not stop the others. */
  #retain(): void {
    const { topics, world, log } = this.#cluster;
    const now = world.now();
    const producersBefore = now - brokerNumber(this.#cluster.configs, 'producer.id.expiration.ms');
    for (const partition of topics.partitions())
      try {
        partition.retain(now, producersBefore);
      } catch (error) {
        log(`retention of ${partition.topic}-${partition.index}: ${String(error)}`);
      }
  }
  #startCompacting(): void {
    this.#compacting ??= this.#compact().finally(() => {
      this.#compacting = undefined;
    });
  }
  async #compact(): Promise<void> {
    const { topics, world, log } = this.#cluster;
    for (const partition of topics.partitions()) {
      if (this.#stopped) return;
      try {
        await partition.compact(world.now(), () => world.breathe());
      } catch (error) {
        log(`compaction of ${partition.topic}-${partition.index}: ${String(error)}`);
      }
    }
  }
  /** Logs that are being compacted end that when they are closed. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers.values()) timer.cancel();
  }
}
