/* The `range` assignor: each topic by itself, in runs of neighbours, to its readers in order of their names. Topics with
 * equal readers and equally many partitions are laid out equally, so that joins of them find their partner.
 *
 *   7 partitions, members a b c  ─▶  a 0 1 2 │ b 3 4 │ c 5 6 */

import { partitionKey, type PartitionKey } from '../partition-set.ts';
import type { Assignor, AssignorMember } from './assignor.ts';

/** Static members first, by the name that stays with them over restarts. */
function inOrder(one: AssignorMember, other: AssignorMember): number {
  if ((one.instanceId === null) !== (other.instanceId === null)) return one.instanceId === null ? 1 : -1;
  return (one.instanceId ?? one.id) < (other.instanceId ?? other.id) ? -1 : 1;
}

export const range: Assignor = (members, partitions) => {
  const assigned = new Map(members.map((m) => [m.id, new Set<PartitionKey>()]));
  const ordered = [...members].sort(inOrder);
  for (const [topic, count] of partitions) {
    const readers = ordered.filter((m) => m.topics.has(topic));
    const least = Math.floor(count / readers.length);
    const oneMore = count % readers.length;
    let next = 0;
    readers.forEach(({ id }, i) => {
      for (let left = least + (i < oneMore ? 1 : 0); left > 0; left--)
        assigned.get(id)!.add(partitionKey(topic, next++));
    });
  }
  return assigned;
};
