/* ConsumerGroupHeartbeat (68): all that a member of a consumer group says to the broker (KIP-848). */

import { uuidText } from '#kafka';
import { heartbeat, leave, refusedHeartbeat, requestError } from '../cluster/groups/consumer-heartbeat.ts';
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
  if (group?.kind !== 'consumer')
    return refusedHeartbeat({
      error: 'GROUP_ID_NOT_FOUND',
      message:
        group === undefined
          ? `Group ${groupId} not found.`
          : `Group ${groupId} is not a consumer group: its members use the classic protocol, and all must leave before others can use the consumer protocol.`,
    });
  if (memberEpoch < 0) return leave(group, request);
  const freshId = (): string => uuidText(Uint8Array.from({ length: 16 }, () => world.rng.below(256)));
  const visible = (name: string): boolean => may('describe', 'topic', name);
  return heartbeat(group, request, { client, freshId, visible }, settings.consumerHeartbeatMs);
};
