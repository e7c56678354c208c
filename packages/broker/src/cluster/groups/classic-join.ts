/* JoinGroup in a classic group: who may come in, who waits for the next generation, and who just hears of this one.
 *
 *   no id yet      dynamic: an id is given out first (KIP-394, version 4 on) · static: in, or in place of its forerunner
 *   an id          promised: in · known: a change, or the leader, begins a rebalance; else the generation as it is */

import type { JoinGroupRequest, ErrorName } from '#kafka';
import type { Client } from '../client.ts';
import { refusedJoin, type ClassicGroup, type NewMember } from './classic-group.ts';
import { sameProtocols, type ClassicMember, type JoinAnswer } from './classic-members.ts';
import { randomUuid } from '../ids.ts';
import type { GroupSettings } from './settings.ts';
import type { World } from '#base';

export interface JoinAsk {
  readonly request: JoinGroupRequest;
  readonly client: Client;
  readonly version: number;
  readonly settings: GroupSettings;
  readonly world: World;
}

export function joinClassic(group: ClassicGroup, ask: JoinAsk): JoinAnswer | Promise<JoinAnswer> {
  const { request, settings } = ask;
  const { memberId } = request;
  if (!hasRoom(group, memberId, settings.membersMax)) {
    const member = group.members.get(memberId);
    if (member === undefined) group.breakPromise(memberId);
    else group.drop(member);
    return refusedJoin('GROUP_MAX_SIZE_REACHED', '');
  }
  if (!group.supports(request.protocolType, request.protocols))
    return refusedJoin('INCONSISTENT_GROUP_PROTOCOL', memberId);
  return memberId === '' ? joinUnnamed(group, ask) : joinNamed(group, ask);
}

function hasRoom({ state, members }: ClassicGroup, id: string, max: number): boolean {
  switch (state) {
    case 'Empty':
      return true;
    case 'PreparingRebalance':
      // Those who wait count: the last to come again are the ones too many.
      return members.get(id)?.join !== undefined || members.joining < max;
    default:
      return members.get(id) !== undefined || members.count < max;
  }
}

function wantedMember({ request, client, version }: JoinAsk, id: string): NewMember {
  return {
    id,
    instanceId: request.groupInstanceId,
    clientId: client.id,
    clientHost: client.host,
    sessionMs: request.sessionTimeoutMs,
    rebalanceMs: version === 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs,
    // The request's bytes lie in its frame, which is not to be held for them.
    protocols: request.protocols.map(({ name, metadata }) => ({ name, metadata: Buffer.from(metadata) })),
  };
}

function joinUnnamed(group: ClassicGroup, ask: JoinAsk): JoinAnswer | Promise<JoinAnswer> {
  const { request, client, version, world } = ask;
  const { groupInstanceId } = request;
  const id = `${groupInstanceId ?? client.id}-${randomUuid(world.rng)}`;
  if (groupInstanceId !== null) {
    const old = group.members.get(group.members.idOfInstance(groupInstanceId) ?? '');
    if (old !== undefined) return succeed(group, old, wantedMember(ask, id), version);
  } else if (version >= 4) {
    group.promise(id, request.sessionTimeoutMs);
    return refusedJoin('MEMBER_ID_REQUIRED', id);
  }
  return enter(group, ask, id);
}
function enter(group: ClassicGroup, ask: JoinAsk, id: string): Promise<JoinAnswer> {
  group.setProtocolType(ask.request.protocolType);
  return group.add(wantedMember(ask, id));
}

function joinNamed(group: ClassicGroup, ask: JoinAsk): JoinAnswer | Promise<JoinAnswer> {
  const { memberId, groupInstanceId } = ask.request;
  if (group.members.isPromised(memberId)) return enter(group, ask, memberId);
  const wrong: ErrorName | undefined = group.memberError(memberId, groupInstanceId);
  if (wrong !== undefined) return refusedJoin(wrong, memberId);
  const member = group.members.get(memberId)!;
  const wanted = wantedMember(ask, memberId);
  const same = sameProtocols(member.protocols, wanted.protocols);
  switch (group.state) {
    case 'CompletingRebalance':
      // Its first answer may have been lost.
      return same ? group.joined(member) : group.rejoin(member, wanted);
    case 'Stable':
      // A leader joins again when what it shares out has changed.
      return same && group.members.leader !== memberId
        ? group.joined(member, { withMembers: false })
        : group.rejoin(member, wanted);
    default:
      return group.rejoin(member, wanted);
  }
}

/** A static member comes back: while nothing else changed it gets its assignment without a rebalance. */
function succeed(
  group: ClassicGroup,
  old: ClassicMember,
  wanted: NewMember,
  version: number,
): JoinAnswer | Promise<JoinAnswer> {
  const oldLeader = group.members.leader ?? '';
  const member = group.replace(old, wanted);
  if (group.state !== 'Stable' || group.members.vote() !== group.protocolName)
    return group.rejoin(member, wanted);
  group.keep();
  // KIP-814: from version 9 on a leader can be told to leave the assignment as it is; an older client that came back as
  // the leader hears the old leader's id, so that it does not share out again.
  if (version >= 9) return group.joined(member, { skipAssignment: group.members.leader === member.id });
  return { ...group.joined(member, { withMembers: false }), leader: oldLeader };
}
