/* Metadata v8: which brokers there are and which of them leads each partition. */

import { RequestWriter, type KafkaRequest } from './wire.ts';

export interface Broker {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}
export interface PartitionInfo {
  readonly partition: number;
  readonly error: number;
  /** -1 while there is none. */
  readonly leader: number;
  readonly leaderEpoch: number;
}
export interface TopicInfo {
  readonly name: string;
  readonly error: number;
  readonly internal: boolean;
  readonly partitions: readonly PartitionInfo[];
}
export interface Metadata {
  readonly brokers: readonly Broker[];
  readonly topics: readonly TopicInfo[];
}

/** `topics` undefined: all. `create`: the broker may make missing topics, where it is set up to. */
export function metadataRequest(
  topics: readonly string[] | undefined,
  create: boolean,
): KafkaRequest<Metadata> {
  const w = new RequestWriter();
  if (topics === undefined) w.int32(-1);
  else w.array(topics, (t) => w.string(t));
  w.int8(create ? 1 : 0)
    .int8(0)
    .int8(0);
  return {
    name: 'Metadata',
    key: 3,
    version: 8,
    body: w.finish(),
    read: (r) => {
      r.int32(); // throttle time
      const brokers = r.array(() => {
        const broker = { id: r.int32(), host: r.string(), port: r.int32() };
        r.nullableString(); // rack
        return broker;
      });
      r.nullableString(); // cluster id
      r.int32(); // controller
      const topics = r.array(() => {
        const error = r.int16();
        const name = r.string();
        const internal = r.int8() !== 0;
        const partitions = r.array(() => {
          const info = { error: r.int16(), partition: r.int32(), leader: r.int32(), leaderEpoch: r.int32() };
          for (let lists = 0; lists < 3; lists++) r.array(() => r.int32()); // replicas, in sync, offline
          return info;
        });
        r.int32(); // authorized operations
        return { name, error, internal, partitions };
      });
      return { brokers, topics };
    },
  };
}
