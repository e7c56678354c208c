/* DescribeLogDirs (35): where the partitions lie, how large they are, and how much room there is. A broker has one place. */

import { errorCodes, type Messages, type Sparse } from '#kafka';
import type { Cluster } from '../cluster/cluster.ts';
import { KafkaStorageError } from '../log/storage-error.ts';
import { clusterName } from '../security/acls.ts';
import type { Handler } from './handler.ts';

type Wanted = Messages['DescribeLogDirs']['request']['topics'];
type Topic = Messages['DescribeLogDirs']['response']['results'][number]['topics'][number];

export const describeLogDirs: Handler<'DescribeLogDirs'> = async (request, { cluster, may }) => {
  if (!may('describe', 'cluster', clusterName))
    return { errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED, results: [] };
  const { store, log } = cluster;
  const logDir = store.place;
  try {
    const space = await store.space();
    return {
      errorCode: 0,
      results: [{ errorCode: 0, logDir, topics: sizes(request.topics, cluster), ...space }],
    };
  } catch (error) {
    if (!(error instanceof KafkaStorageError)) throw error;
    log(error.message);
    return { errorCode: 0, results: [{ errorCode: errorCodes.KAFKA_STORAGE_ERROR, logDir, topics: [] }] };
  }
};

/** Of the partitions that are wanted and there, all of them for null; topics without any are left out. */
function sizes(wanted: Wanted, { topics }: Cluster): Sparse<Topic>[] {
  const asked = wanted && Map.groupBy(wanted, (t) => t.topic);
  return [...topics.all()].flatMap(({ name, partitions }) => {
    const indexes = asked && new Set(asked.get(name)?.flatMap((t) => t.partitions));
    const found = partitions.filter((p) => indexes === null || indexes.has(p.index));
    if (found.length === 0) return [];
    return {
      name,
      partitions: found.map(({ index, log }) => ({
        partitionIndex: index,
        partitionSize: log.bytes,
        offsetLag: 0,
        isFutureKey: false,
      })),
    };
  });
}
