/* How an item is told apart in a ring: the first half of its head; the second is the number of words behind it. */

export const itemKind = { batch: 1, barrier: 2, lastBarrier: 3, end: 4, stop: 5 } as const;
/** In place of the epoch that a barrier's snapshots may refer to, where they are to be whole. */
export const noBase = -1;
