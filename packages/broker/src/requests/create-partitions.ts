/* CreatePartitions (37): more partitions for a topic, never fewer. */

import { errorCodes, type CreatePartitionsRequest, type ErrorName, type Messages } from '#kafka';
import type { Cluster } from '../cluster/cluster.ts';
import { partitionsMax, tooManyPartitions } from './create-topics.ts';
import { assignmentProblem } from '../cluster/assignments.ts';
import type { Handler } from './handler.ts';

type Wanted = CreatePartitionsRequest['topics'][number];
type Answer = Messages['CreatePartitions']['response']['results'][number];

export const createPartitions: Handler<'CreatePartitions'> = (request, { cluster, may }) => ({
  results: request.topics.map((wanted) =>
    may('alter', 'topic', wanted.name)
      ? grow(wanted, request.validateOnly, cluster)
      : {
          name: wanted.name,
          errorCode: errorCodes.TOPIC_AUTHORIZATION_FAILED,
          errorMessage: 'The topic authorization is failed.',
        },
  ),
});

function grow(
  { name, count, assignments }: Wanted,
  validateOnly: boolean,
  { topics, nodeId }: Cluster,
): Answer {
  const failed = (error: ErrorName, errorMessage: string | null): Answer => ({
    name,
    errorCode: errorCodes[error],
    errorMessage,
  });
  const topic = topics.get(name);
  if (topic === undefined) return failed('UNKNOWN_TOPIC_OR_PARTITION', null);
  const now = topic.partitions.length;
  if (count === now) return failed('INVALID_PARTITIONS', `Topic already has ${now} partition(s).`);
  if (count < now)
    return failed(
      'INVALID_PARTITIONS',
      `The topic ${name} currently has ${now} partition(s); ${count} would not be an increase.`,
    );
  if (count - now > partitionsMax) return failed('POLICY_VIOLATION', tooManyPartitions);
  if (assignments !== null && assignments.length !== count - now)
    return failed(
      'INVALID_REPLICA_ASSIGNMENT',
      `Attempted to add ${count - now} additional partition(s), but only ${assignments.length} assignment(s) were specified.`,
    );
  const misplaced = assignmentProblem(assignments ?? [], nodeId);
  if (misplaced !== undefined) return failed('INVALID_REPLICA_ASSIGNMENT', misplaced);
  if (!validateOnly) topics.grow(topic, count);
  return { name, errorCode: 0, errorMessage: null };
}
