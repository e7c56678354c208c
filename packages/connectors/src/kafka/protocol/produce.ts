/* Produce v8: record batches for partitions that one broker leads. */

import { RequestWriter, type KafkaRequest } from './wire.ts';

export interface ProducePartition {
  readonly topic: string;
  readonly partition: number;
  /** One or more record batches. */
  readonly records: Uint8Array;
}
export interface Produced {
  readonly topic: string;
  readonly partition: number;
  readonly error: number;
  readonly message: string | null;
}

/** `acks` -1 waits for all replicas in sync, 1 for the leader, 0 for nothing: then there is no response. */
export function produceRequest(
  acks: -1 | 0 | 1,
  timeoutMs: number,
  partitions: readonly ProducePartition[],
): KafkaRequest<Produced[]> {
  const w = new RequestWriter().string(null).int16(acks).int32(timeoutMs);
  w.array([...Map.groupBy(partitions, (p) => p.topic)], ([topic, list]) => {
    w.string(topic).array(list, (p) => w.int32(p.partition).bytes(p.records));
  });
  const read =
    acks === 0
      ? undefined
      : (r: Parameters<NonNullable<KafkaRequest<Produced[]>['read']>>[0]): Produced[] => {
          const topics = r.array(() => {
            const topic = r.string();
            return r.array(() => {
              const partition = r.int32();
              const error = r.int16();
              r.int64(); // base offset
              r.int64(); // log append time
              r.int64(); // log start
              const recordErrors = r.array(() => {
                r.int32();
                return r.nullableString();
              });
              const message = r.nullableString() ?? recordErrors.find((m) => m !== null) ?? null;
              return { topic, partition, error, message };
            });
          });
          r.int32(); // throttle time
          return topics.flat();
        };
  return { name: 'Produce', key: 0, version: 8, body: w.finish(), read };
}
