/* What a server-side assignor of KIP-848 does: who of a consumer group reads what. A pure function. */

import type { PartitionSet } from '../partition-set.ts';

export interface AssignorMember {
  readonly id: string;
  readonly instanceId: string | null;
  /** Ids of the topics that it reads and that are there. */
  readonly topics: ReadonlySet<string>;
  /** What it was assigned before. */
  readonly before: PartitionSet;
}
/** Every partition of a topic that somebody reads goes to exactly one of its readers.
 *  @param partitions how many a topic has, by topic id. */
export type Assignor = (
  members: readonly AssignorMember[],
  partitions: ReadonlyMap<string, number>,
) => ReadonlyMap<string, PartitionSet>;
