/* Configs of single groups (KIP-848): what of the broker's group.consumer.* another value counts for. A group need not be
 * there to have some. */

import { journalKey, journalOf, type Journal } from './journal.ts';
import { brokerNumber, type BrokerConfigName, type BrokerValues } from './broker-configs.ts';
import type { ConfigSpec } from './topic-configs.ts';

const spec = (name: string, synonym: BrokerConfigName, value: string): ConfigSpec => ({
  name,
  type: 'int',
  default: value,
  synonym,
  min: 1,
});

/** By name. The synonym says which config of the broker counts where the group has none. */
export const groupConfigSpecs: readonly ConfigSpec[] = [
  spec('consumer.heartbeat.interval.ms', 'group.consumer.heartbeat.interval.ms', '5000'),
  spec('consumer.session.timeout.ms', 'group.consumer.session.timeout.ms', '45000'),
];
export const groupConfig = (name: string): ConfigSpec | undefined =>
  groupConfigSpecs.find((s) => s.name === name);

const kind = 'group-config';

export class GroupConfigs {
  readonly #journal: Journal;
  readonly #broker: BrokerValues;
  readonly #values = new Map<string, ReadonlyMap<string, string>>();

  constructor(journal: Journal, broker: BrokerValues) {
    this.#journal = journal;
    this.#broker = broker;
    for (const [[group, name], value] of journalOf(journal, kind)) {
      const known = this.#values.get(group!) ?? new Map<string, string>();
      this.#values.set(group!, new Map([...known, [name!, value as string]]));
    }
  }
  /** What was set for the group. */
  of(group: string): ReadonlyMap<string, string> {
    return this.#values.get(group) ?? new Map();
  }
  /** Groups for which something was set. */
  groups(): Iterable<string> {
    return this.#values.keys();
  }
  set(group: string, values: ReadonlyMap<string, string>): void {
    for (const name of new Set([...this.of(group).keys(), ...values.keys()]))
      this.#journal.put(journalKey(kind, group, name), values.get(name));
    if (values.size === 0) this.#values.delete(group);
    else this.#values.set(group, values);
  }
  #number(group: string, name: string): number {
    const own = this.of(group).get(name);
    return own === undefined
      ? brokerNumber(this.#broker, groupConfig(name)!.synonym as BrokerConfigName)
      : Number(own);
  }
  sessionMs(group: string): number {
    return this.#number(group, 'consumer.session.timeout.ms');
  }
  heartbeatMs(group: string): number {
    return this.#number(group, 'consumer.heartbeat.interval.ms');
  }
}
