/* The rotations of some bytes in order, by doubling how much of each is compared: n log n, whatever the bytes are. */

/** Where each rotation begins, in order; equal ones in any. */
export function sortRotations(data: Uint8Array): Int32Array {
  const n = data.length;
  let order = new Int32Array(n);
  let classes = Int32Array.from(data);
  let next = new Int32Array(n);
  countingSort(
    order,
    Int32Array.from(data, (_, i) => i),
    classes,
    256,
  );
  let count = classesOf(order, classes, next, 0);
  [classes, next] = [next, classes];
  for (let half = 1; half < n && count < n; half *= 2) {
    const shifted = new Int32Array(n);
    for (let i = 0; i < n; i++) shifted[i] = order[i]! >= half ? order[i]! - half : order[i]! - half + n;
    const sorted = new Int32Array(n);
    countingSort(sorted, shifted, classes, count);
    order = sorted;
    count = classesOf(order, classes, next, half);
    [classes, next] = [next, classes];
  }
  return order;
}

/** Keeps the order of equal ones. */
function countingSort(to: Int32Array, from: Int32Array, classes: Int32Array, count: number): void {
  const ends = new Int32Array(count);
  for (const i of from) ends[classes[i]!]!++;
  for (let c = 1; c < count; c++) ends[c]! += ends[c - 1]!;
  for (let k = from.length - 1; k >= 0; k--) {
    const i = from[k]!;
    to[--ends[classes[i]!]!] = i;
  }
}
/** Numbers of rotations that differ within twice `half`: equal ones have the same. Gives how many there are. */
function classesOf(order: Int32Array, classes: Int32Array, next: Int32Array, half: number): number {
  const n = order.length;
  const behind = (i: number): number => classes[i + half < n ? i + half : i + half - n]!;
  let count = 0;
  for (let k = 0; k < n; k++) {
    const [i, before] = [order[k]!, order[k - 1] ?? -1];
    if (before < 0 || classes[i] !== classes[before] || behind(i) !== behind(before)) count++;
    next[i] = count - 1;
  }
  return count;
}
