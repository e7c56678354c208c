/* A largest set of pairs in which nobody stands twice (augmenting paths, Berge 1957). */

/** `edges`: for each on the left, who on the right may go with it. Gives how many pairs there can be. */
export function maximumMatching(edges: readonly (readonly number[])[], rightCount: number): number {
  const partner = new Array<number>(rightCount).fill(-1);
  const augment = (left: number, seen: Set<number>): boolean =>
    edges[left]!.some((right) => {
      if (seen.has(right)) return false;
      seen.add(right);
      if (partner[right]! >= 0 && !augment(partner[right]!, seen)) return false;
      partner[right] = left;
      return true;
    });
  return edges.filter((_, left) => augment(left, new Set())).length;
}
