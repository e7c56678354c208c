/* FindCoordinator v2, OffsetFetch v5 and OffsetCommit v7: offsets kept under a consumer group's name,
 * without being a member of it. */

import { RequestWriter, type KafkaRequest } from './wire.ts';

export interface Coordinator {
  readonly error: number;
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

export function findCoordinatorRequest(group: string): KafkaRequest<Coordinator> {
  const w = new RequestWriter().string(group).int8(0);
  return {
    name: 'FindCoordinator',
    key: 10,
    version: 2,
    body: w.finish(),
    read: (r) => {
      r.int32(); // throttle time
      const error = r.int16();
      r.nullableString(); // message
      return { error, id: r.int32(), host: r.string(), port: r.int32() };
    },
  };
}

export interface GroupOffset {
  readonly topic: string;
  readonly partition: number;
  /** -1: none was committed. */
  readonly offset: number;
  readonly error: number;
}

export function offsetFetchRequest(
  group: string,
  partitions: readonly { readonly topic: string; readonly partition: number }[],
): KafkaRequest<{ readonly error: number; readonly offsets: readonly GroupOffset[] }> {
  const w = new RequestWriter().string(group);
  w.array([...Map.groupBy(partitions, (p) => p.topic)], ([topic, list]) => {
    w.string(topic).array(list, (p) => w.int32(p.partition));
  });
  return {
    name: 'OffsetFetch',
    key: 9,
    version: 5,
    body: w.finish(),
    read: (r) => {
      r.int32(); // throttle time
      const topics = r.array(() => {
        const topic = r.string();
        return r.array(() => {
          const partition = r.int32();
          const offset = r.int64();
          r.int32(); // leader epoch
          r.nullableString(); // metadata
          return { topic, partition, offset, error: r.int16() };
        });
      });
      return { offsets: topics.flat(), error: r.int16() };
    },
  };
}

export interface OffsetToCommit {
  readonly topic: string;
  readonly partition: number;
  /** Of the next record to read. */
  readonly offset: number;
}

/** Resolves to the first error code, or 0. */
export function offsetCommitRequest(group: string, offsets: readonly OffsetToCommit[]): KafkaRequest<number> {
  const w = new RequestWriter().string(group).int32(-1).string('').string(null);
  w.array([...Map.groupBy(offsets, (o) => o.topic)], ([topic, list]) => {
    w.string(topic).array(list, (o) => w.int32(o.partition).int64(o.offset).int32(-1).string(''));
  });
  return {
    name: 'OffsetCommit',
    key: 8,
    version: 7,
    body: w.finish(),
    read: (r) => {
      r.int32(); // throttle time
      const topics = r.array(() => {
        r.string();
        return r.array(() => {
          r.int32();
          return r.int16();
        });
      });
      return topics.flat().find((error) => error !== 0) ?? 0;
    },
  };
}
