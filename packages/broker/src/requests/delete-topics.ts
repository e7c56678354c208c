/* DeleteTopics (20): by name, from version 6 on by id too. */

import { errorCodes, zeroUuid, type ErrorName, type Messages, type Sparse } from '#kafka';
import { brokerFlag } from '../cluster/broker-configs.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Handler } from './handler.ts';

type Answer = Sparse<Messages['DeleteTopics']['response']['responses'][number]>;

export const deleteTopics: Handler<'DeleteTopics'> = async (request, { cluster, version, may }) => {
  const wanted =
    version >= 6 ? request.topics : request.topicNames.map((name) => ({ name, topicId: zeroUuid }));
  if (!brokerFlag(cluster.configs, 'delete.topic.enable')) {
    // Clients of that age do not know the other error.
    const errorCode = errorCodes[version < 3 ? 'INVALID_REQUEST' : 'TOPIC_DELETION_DISABLED'];
    return { responses: wanted.map(({ name, topicId }) => ({ name, topicId, errorCode })) };
  }
  const responses: Answer[] = [];
  for (const { name, topicId } of wanted) {
    const known = name ?? cluster.topics.byId(topicId)?.name;
    if (known !== undefined && !may('delete', 'topic', known))
      responses.push({
        name,
        topicId,
        ...failed('TOPIC_AUTHORIZATION_FAILED', 'Topic authorization failed.'),
      });
    else responses.push(await remove(name, topicId, cluster));
  }
  return { responses };
};

const failed = (error: ErrorName, errorMessage: string): Answer => ({
  errorCode: errorCodes[error],
  errorMessage,
});

async function remove(name: string | null, id: string, { topics }: Cluster): Promise<Answer> {
  const topic = name === null ? topics.byId(id) : topics.get(name);
  if (topic === undefined) {
    return name === null
      ? { name, topicId: id, ...failed('UNKNOWN_TOPIC_ID', 'This server does not host this topic ID.') }
      : {
          name,
          ...failed('UNKNOWN_TOPIC_OR_PARTITION', 'This server does not host this topic-partition.'),
        };
  }
  await topics.delete(topic);
  return { name: topic.name, topicId: topic.id, errorCode: 0 };
}
