/* What the scripts act on: a broker, ours or the real one, asked over connections of its own. What they saw
 * is told without ids, times and names that differ from run to run, so that two brokers can be compared. */

import { errorName, type ApiName, type JoinGroupRequest, type Messages, type Sparse } from '#kafka';
import type { Asking } from './wire-client.ts';

/** Versions that today's clients speak; a script may ask another. */
const newest: { readonly [N in ApiName]?: number } = {
  FindCoordinator: 6,
  JoinGroup: 9,
  SyncGroup: 5,
  Heartbeat: 4,
  LeaveGroup: 5,
  OffsetCommit: 9,
  OffsetFetch: 9,
  OffsetDelete: 0,
  DescribeGroups: 6,
  ListGroups: 5,
  DeleteGroups: 2,
  ConsumerGroupHeartbeat: 1,
  ConsumerGroupDescribe: 1,
  CreateTopics: 7,
  DeleteTopics: 6,
  CreatePartitions: 3,
  Metadata: 12,
};

/** Kafka's ConsumerProtocolSubscription, version 0. */
export function subscription(...topics: string[]): Buffer {
  const parts = topics.map((t) => {
    const length = Buffer.alloc(2);
    length.writeInt16BE(t.length);
    return Buffer.concat([length, Buffer.from(t)]);
  });
  const head = Buffer.alloc(6);
  head.writeInt32BE(topics.length, 2);
  return Buffer.concat([head, ...parts, Buffer.from([0xff, 0xff, 0xff, 0xff])]);
}

/** Kafka's ConsumerProtocolAssignment of partitions of one topic, version 0. */
export function assignment(topic: string, ...partitions: number[]): Buffer {
  const name = Buffer.from(topic);
  const bytes = Buffer.alloc(2 + 4 + 2 + name.length + 4 + 4 * partitions.length + 4);
  let at = bytes.writeInt16BE(0);
  at = bytes.writeInt32BE(1, at);
  at = bytes.writeInt16BE(name.length, at);
  at += name.copy(bytes, at);
  at = bytes.writeInt32BE(partitions.length, at);
  for (const partition of partitions) at = bytes.writeInt32BE(partition, at);
  bytes.writeInt32BE(-1, at);
  return bytes;
}
export class Scene {
  readonly group: string;
  readonly topic: string;
  readonly #connect: () => Promise<Asking>;
  readonly #clients: Asking[] = [];

  /** @param name unique, for the names of its group and topic */
  constructor(connect: () => Promise<Asking>, name: string) {
    this.#connect = connect;
    this.group = `group-${name}`;
    this.topic = `topic-${name}`;
  }
  /** Over a connection of its own: a request that waits holds up no other. */
  async ask<N extends ApiName>(
    name: N,
    request: Sparse<Messages[N]['request']>,
    version = newest[name] ?? 0,
  ): Promise<Messages[N]['response']> {
    const client = await this.#connect();
    this.#clients.push(client);
    return client.ask(name, version, request);
  }
  /** On our broker, where it is there at once. */
  async createTopicHere(partitions = 1, name = this.topic): Promise<string> {
    const created = await this.ask('CreateTopics', {
      topics: [{ name, numPartitions: partitions, replicationFactor: 1 }],
      timeoutMs: 10_000,
    });
    if (created.topics[0]!.errorCode !== 0) throw new Error(errorName(created.topics[0]!.errorCode));
    return created.topics[0]!.topicId;
  }
  async createTopic(partitions = 1, name = this.topic): Promise<string> {
    const id = await this.createTopicHere(partitions, name);
    for (;;) {
      const { topics } = await this.ask('Metadata', { topics: [{ name }], allowAutoTopicCreation: false });
      if (topics[0]!.errorCode === 0 && topics[0]!.partitions.every((p) => p.errorCode === 0)) break;
    }
    // The real broker's groups hear of a topic later than its clients.
    for (let known = 0; known < partitions; ) {
      const probe = { groupId: `${name}-probe`, subscribedTopicNames: [name] };
      const { assignment } = await this.beat(probe);
      known = assignment?.topicPartitions[0]?.partitions.length ?? 0;
      await this.beat({ ...probe, memberEpoch: -1 });
    }
    return id;
  }
  /** The real broker makes its offsets topic when it is asked for a coordinator first. */
  async findCoordinator(): Promise<void> {
    for (;;) {
      const found = await this.ask('FindCoordinator', { keyType: 0, coordinatorKeys: [this.group] });
      if (found.coordinators[0]!.errorCode === 0) return;
    }
  }
  close(): void {
    for (const client of this.#clients) client.close();
  }

  join(wanted: Partial<JoinGroupRequest> = {}, version?: number): Promise<Messages['JoinGroup']['response']> {
    return this.ask(
      'JoinGroup',
      {
        groupId: this.group,
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 10_000,
        memberId: '',
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: subscription(this.topic) }],
        ...wanted,
      },
      version,
    );
  }
  /** A member in the next generation, its id asked for first. */
  async enter(wanted: Partial<JoinGroupRequest> = {}): Promise<Messages['JoinGroup']['response']> {
    const first = await this.join(wanted);
    if (errorName(first.errorCode) !== 'MEMBER_ID_REQUIRED') return first;
    return this.join({ ...wanted, memberId: first.memberId });
  }
  sync(
    member: { memberId: string; generationId: number },
    assignments: readonly { memberId: string; assignment: Uint8Array }[] = [],
    more: Sparse<Messages['SyncGroup']['request']> = {},
  ): Promise<Messages['SyncGroup']['response']> {
    return this.ask('SyncGroup', {
      groupId: this.group,
      memberId: member.memberId,
      generationId: member.generationId,
      protocolType: 'consumer',
      protocolName: 'range',
      assignments,
      ...more,
    });
  }
  /** A stable group of one. */
  async alone(
    wanted: Partial<JoinGroupRequest> = {},
    all: Buffer = Buffer.from('all'),
  ): Promise<Messages['JoinGroup']['response']> {
    const member = await this.enter(wanted);
    await this.sync(member, [{ memberId: member.memberId, assignment: all }], {
      groupInstanceId: wanted.groupInstanceId ?? null,
    });
    return member;
  }
  async heartbeat(
    memberId: string,
    generationId: number,
    groupInstanceId: string | null = null,
  ): Promise<string> {
    const request = { groupId: this.group, memberId, generationId, groupInstanceId };
    return errorName((await this.ask('Heartbeat', request)).errorCode);
  }
  async commit(
    offset: number,
    more: Sparse<Messages['OffsetCommit']['request']> = {},
    version?: number,
    partition: Sparse<Messages['OffsetCommit']['request']['topics'][number]['partitions'][number]> = {},
  ): Promise<string> {
    const answer = await this.ask(
      'OffsetCommit',
      {
        groupId: this.group,
        generationIdOrMemberEpoch: -1,
        topics: [
          {
            name: this.topic,
            partitions: [{ partitionIndex: 0, committedOffset: offset, ...partition }],
          },
        ],
        ...more,
      },
      version,
    );
    return errorName(answer.topics[0]!.partitions[0]!.errorCode);
  }
  async committed(
    more: Sparse<Messages['OffsetFetch']['request']['groups'][number]> = {},
  ): Promise<{ error: string; offsets: readonly number[] }> {
    const answer = await this.ask('OffsetFetch', {
      groups: [{ groupId: this.group, topics: [{ name: this.topic, partitionIndexes: [0] }], ...more }],
    });
    const group = answer.groups[0]!;
    return {
      error: errorName(group.errorCode),
      offsets: group.topics.flatMap((t) => t.partitions.map((p) => p.committedOffset)),
    };
  }
  async state(): Promise<string> {
    const { groups } = await this.ask('DescribeGroups', { groups: [this.group] });
    return `${groups[0]!.groupState} ${errorName(groups[0]!.errorCode)}`;
  }
  /** A KIP-848 heartbeat; a first one where no more is said. */
  beat(
    more: Sparse<Messages['ConsumerGroupHeartbeat']['request']> = {},
    version?: number,
  ): Promise<Messages['ConsumerGroupHeartbeat']['response']> {
    const first = (more.memberEpoch ?? 0) === 0;
    return this.ask(
      'ConsumerGroupHeartbeat',
      {
        groupId: this.group,
        memberId: 'one',
        memberEpoch: 0,
        rebalanceTimeoutMs: first ? 10_000 : -1,
        subscribedTopicNames: first ? [this.topic] : null,
        topicPartitions: first ? [] : null,
        ...more,
      },
      version,
    );
  }
}

/** What a member of a consumer group was told. */
export const told = ({
  errorCode,
  memberEpoch,
  assignment,
}: Messages['ConsumerGroupHeartbeat']['response']) => ({
  error: errorName(errorCode),
  epoch: memberEpoch,
  assigned: assignment?.topicPartitions.flatMap((t) => [...t.partitions].sort((a, b) => a - b)) ?? null,
});
