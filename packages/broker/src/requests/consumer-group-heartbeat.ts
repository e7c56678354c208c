/* ConsumerGroupHeartbeat (68): all that a member of a consumer group says to the broker (KIP-848). */

import type { ConsumerGroup } from '../cluster/groups/consumer-group.ts';
import {
  heartbeat,
  leave,
  refusedHeartbeat,
  requestError,
  type HeartbeatAnswer,
} from '../cluster/groups/consumer-heartbeat.ts';
import type { Refusal } from '../cluster/groups/refusal.ts';
import { randomId } from '../cluster/ids.ts';
import type { Handler } from './handler.ts';

export const consumerGroupHeartbeat: Handler<'ConsumerGroupHeartbeat'> = (
  request,
  { cluster, client, version, may },
) => {
  const { groups, world } = cluster;
  const { settings } = groups;
  const wrong = requestError(request, version, settings.assignors);
  const { groupId, memberEpoch } = request;
  if (!may('read', 'group', groupId))
    return refusedHeartbeat({ error: 'GROUP_AUTHORIZATION_FAILED', message: 'Group authorization failed.' });
  if (request.subscribedTopicNames?.some((name) => !may('describe', 'topic', name)))
    return refusedHeartbeat({ error: 'TOPIC_AUTHORIZATION_FAILED', message: 'Topic authorization failed.' });
  if (wrong !== undefined) return refusedHeartbeat(wrong);
  const group = groups.consumerFor(groupId, memberEpoch === 0);
  const freshId = (): string => randomId(world.rng);
  const visible = (name: string): boolean => may('describe', 'topic', name);
  const beat = (of: ConsumerGroup): HeartbeatAnswer =>
    heartbeat(of, request, { client, freshId, visible }, settings.consumerHeartbeatMs(groupId));
  if (group?.kind === 'consumer') return memberEpoch < 0 ? leave(group, request) : beat(group);
  if (group === undefined || memberEpoch !== 0)
    return refusedHeartbeat(noConsumerGroup(groupId, group === undefined));
  const upgraded = groups.upgrade(group, (to) => {
    const answer = beat(to);
    return [answer, answer.errorCode === undefined || answer.errorCode === 0];
  });
  return 'error' in upgraded ? refusedHeartbeat(upgraded) : upgraded;
};

const noConsumerGroup = (groupId: string, missing: boolean): Refusal => ({
  error: 'GROUP_ID_NOT_FOUND',
  message: missing ? `Group ${groupId} not found.` : `Group ${groupId} is not a consumer group.`,
});
