/* The broker's configs that concern groups, with Kafka's names and defaults; read anew each time, for they may change. */

export class GroupSettings {
  readonly #configs: ReadonlyMap<string, string>;

  constructor(configs: ReadonlyMap<string, string>) {
    this.#configs = configs;
  }
  #number(name: string, otherwise: number): number {
    return Number(this.#configs.get(name) ?? otherwise);
  }
  get sessionMsMin(): number {
    return this.#number('group.min.session.timeout.ms', 6000);
  }
  get sessionMsMax(): number {
    return this.#number('group.max.session.timeout.ms', 1_800_000);
  }
  get initialDelayMs(): number {
    return this.#number('group.initial.rebalance.delay.ms', 3000);
  }
  get membersMax(): number {
    return this.#number('group.max.size', 2_147_483_647);
  }
  /** How long a member that was never told of a generation is waited for; Kafka has no config for it. */
  readonly newMemberJoinMs = 300_000;
  get offsetMetadataMax(): number {
    return this.#number('offset.metadata.max.bytes', 4096);
  }
  get offsetRetentionMs(): number {
    return this.#number('offsets.retention.minutes', 10_080) * 60_000;
  }
  get offsetCheckMs(): number {
    return this.#number('offsets.retention.check.interval.ms', 600_000);
  }
  get consumerSessionMs(): number {
    return this.#number('group.consumer.session.timeout.ms', 45_000);
  }
  get consumerHeartbeatMs(): number {
    return this.#number('group.consumer.heartbeat.interval.ms', 5000);
  }
  get consumerMembersMax(): number {
    return this.#number('group.consumer.max.size', 2_147_483_647);
  }
  /** Whether a group changes its protocol with its members in place: to KIP-848, and back. */
  get migration(): { readonly upgrade: boolean; readonly downgrade: boolean } {
    const policy = (this.#configs.get('group.consumer.migration.policy') ?? 'bidirectional').toLowerCase();
    return {
      upgrade: policy === 'bidirectional' || policy === 'upgrade',
      downgrade: policy === 'bidirectional' || policy === 'downgrade',
    };
  }
  /** The names, the default one first. */
  get assignors(): readonly string[] {
    return (this.#configs.get('group.consumer.assignors') ?? 'uniform,range').split(',').map((n) => n.trim());
  }
}
