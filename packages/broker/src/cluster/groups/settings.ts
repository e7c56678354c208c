/* The broker's configs that concern groups, with Kafka's names; read anew each time, for they may change. */

import type { GroupConfigs } from '../group-configs.ts';
import { brokerNumber, brokerText, type BrokerConfigName, type BrokerValues } from '../broker-configs.ts';

export class GroupSettings {
  readonly #configs: BrokerValues;
  readonly #ofGroups: GroupConfigs;

  constructor(configs: BrokerValues, ofGroups: GroupConfigs) {
    this.#configs = configs;
    this.#ofGroups = ofGroups;
  }
  #number(name: BrokerConfigName): number {
    return brokerNumber(this.#configs, name);
  }
  get sessionMsMin(): number {
    return this.#number('group.min.session.timeout.ms');
  }
  get sessionMsMax(): number {
    return this.#number('group.max.session.timeout.ms');
  }
  get initialDelayMs(): number {
    return this.#number('group.initial.rebalance.delay.ms');
  }
  get membersMax(): number {
    return this.#number('group.max.size');
  }
  /** How long a member that was never told of a generation is waited for; Kafka has no config for it. */
  readonly newMemberJoinMs = 300_000;
  get offsetMetadataMax(): number {
    return this.#number('offset.metadata.max.bytes');
  }
  get offsetRetentionMs(): number {
    return this.#number('offsets.retention.minutes') * 60_000;
  }
  get offsetCheckMs(): number {
    return this.#number('offsets.retention.check.interval.ms');
  }
  consumerSessionMs(group: string): number {
    return this.#ofGroups.sessionMs(group);
  }
  consumerHeartbeatMs(group: string): number {
    return this.#ofGroups.heartbeatMs(group);
  }
  get consumerMembersMax(): number {
    return this.#number('group.consumer.max.size');
  }
  /** Whether a group changes its protocol with its members in place: to KIP-848, and back. */
  get migration(): { readonly upgrade: boolean; readonly downgrade: boolean } {
    const policy = brokerText(this.#configs, 'group.consumer.migration.policy').toLowerCase();
    return {
      upgrade: policy === 'bidirectional' || policy === 'upgrade',
      downgrade: policy === 'bidirectional' || policy === 'downgrade',
    };
  }
  /** The names, the default one first. */
  get assignors(): readonly string[] {
    return brokerText(this.#configs, 'group.consumer.assignors')
      .split(',')
      .map((n) => n.trim());
  }
}
