/* Where partitions are to be, chosen by an administrator: on this broker, there being no other. */

interface Assignment {
  readonly brokerIds: readonly number[];
}

/** What is wrong with the replicas of a partition, or undefined. */
function replicasProblem({ brokerIds }: Assignment, nodeId: number): string | undefined {
  if (brokerIds.length === 0) return 'The manual partition assignment includes an empty replica list.';
  const twice = brokerIds.find((id, i) => brokerIds.indexOf(id) !== i);
  if (twice !== undefined)
    return `The manual partition assignment includes the broker ${twice} more than once.`;
  const nobody = brokerIds.find((id) => id !== nodeId);
  return nobody === undefined
    ? undefined
    : `The manual partition assignment includes broker ${nobody}, but no such broker is registered.`;
}
/** What is wrong with the first of them that is wrong. */
export function assignmentProblem(assignments: readonly Assignment[], nodeId: number): string | undefined {
  for (const assignment of assignments) {
    const problem = replicasProblem(assignment, nodeId);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
