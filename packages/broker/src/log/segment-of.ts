/* Which segment an offset belongs to. */

/** The index of the last segment that starts at `offset` or below; 0 where none does. `segments` start at rising offsets. */
export function segmentOf(segments: readonly { readonly baseOffset: number }[], offset: number): number {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (segments[middle]!.baseOffset <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
