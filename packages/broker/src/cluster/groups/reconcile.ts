/* One member's way from what it has to what it is meant to have (KIP-848): it gives up first, then goes to the new epoch,
 * then takes; a partition is never with two members.
 *
 *   Stable ── a newer target ─▶ UnrevokedPartitions ── gave them up ─▶ UnreleasedPartitions ── others gave up ─▶ Stable */

import { difference, intersection, isDisjoint, noPartitions, type PartitionSet } from './partition-set.ts';

export type ReconcileState = 'Stable' | 'UnrevokedPartitions' | 'UnreleasedPartitions';

export interface Assigned {
  readonly epoch: number;
  readonly previousEpoch: number;
  readonly state: ReconcileState;
  /** What it may read now, and what it is to give up before its epoch goes on. */
  readonly assigned: PartitionSet;
  readonly revoking: PartitionSet;
}
export interface Target {
  readonly epoch: number;
  readonly partitions: PartitionSet;
}

/** @param owned what the member says it holds; undefined when it does not say
 *  @param taken whether some member holds a partition or is still to give it up */
export function reconcile<M extends Assigned>(
  member: M,
  target: Target,
  owned: PartitionSet | undefined,
  taken: (partition: string) => boolean,
): M {
  const holds = (set: PartitionSet): boolean => owned === undefined || !isDisjoint(owned, set);
  switch (member.state) {
    case 'Stable':
      return member.epoch === target.epoch ? member : next(member, member.epoch, target, holds, taken);
    case 'UnrevokedPartitions':
      return holds(member.revoking) ? member : next(member, member.epoch + 1, target, holds, taken);
    case 'UnreleasedPartitions':
      return next(member, member.epoch, target, holds, taken);
  }
}

function next<M extends Assigned>(
  member: M,
  epoch: number,
  target: Target,
  holds: (set: PartitionSet) => boolean,
  taken: (partition: string) => boolean,
): M {
  const kept = intersection(member.assigned, target.partitions);
  const revoking = difference(member.assigned, kept);
  const wanted = [...difference(target.partitions, kept)];
  const free = wanted.filter((key) => !taken(key));
  if (revoking.size > 0 && holds(revoking))
    return moved(member, epoch, { state: 'UnrevokedPartitions', assigned: kept, revoking });
  return moved(member, target.epoch, {
    state: free.length < wanted.length ? 'UnreleasedPartitions' : 'Stable',
    assigned: new Set([...kept, ...free]),
    revoking: noPartitions,
  });
}
function moved<M extends Assigned>(
  member: M,
  epoch: number,
  change: Pick<Assigned, 'state' | 'assigned' | 'revoking'>,
): M {
  const previousEpoch = epoch === member.epoch ? member.previousEpoch : member.epoch;
  return { ...member, ...change, epoch, previousEpoch };
}
