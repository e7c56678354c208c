/* How an item is told apart in a ring: the first half of its head; the second is the number of words behind it. */

import type { Barrier } from '../channel.ts';

export const itemKind = { batch: 1, barrier: 2, end: 3, stop: 4 } as const;

/** A barrier is so many words. */
export const barrierWords = 4;
/** In place of the epoch that a barrier's snapshots may refer to, where they are to be whole. */
const noBase = -1;

export function writeBarrier(words: Float64Array, { epoch, base, last, streams }: Barrier): void {
  words[0] = epoch;
  words[1] = base ?? noBase;
  words[2] = last === true ? 1 : 0;
  words[3] = streams === true ? 1 : 0;
}
export function readBarrier(words: Float64Array): Barrier {
  const [epoch, base, last, streams] = words as unknown as readonly [number, number, number, number];
  return {
    kind: 'barrier',
    epoch,
    base: base === noBase ? undefined : base,
    last: last === 1,
    streams: streams === 1,
  };
}
