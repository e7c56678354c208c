/* Lengths of Huffman codes, none longer than a bound. */

/** A length for every symbol, of those that do not come too. Frequencies are halved until the longest code fits. */
export function codeLengths(counts: Uint32Array, bitsMax: number): Uint8Array {
  for (let weights = Float64Array.from(counts, (n) => Math.max(1, n)); ; ) {
    const lengths = huffman(weights);
    if (Math.max(...lengths) <= bitsMax) return lengths;
    weights = weights.map((w) => Math.floor(w / 2) + 1);
  }
}

/** Two queues: symbols by weight, and sums, which come in order by themselves. */
function huffman(weights: Float64Array): Uint8Array {
  const order = Array.from(weights, (_, i) => i).toSorted((a, b) => weights[a]! - weights[b]!);
  const n = order.length;
  const sums = new Float64Array(n - 1);
  const parents = new Int32Array(2 * n - 1);
  let [leaf, sum] = [0, 0];
  for (let made = 0; made < n - 1; made++) {
    let weight = 0;
    for (let k = 0; k < 2; k++) {
      const takesLeaf = leaf < n && (sum >= made || weights[order[leaf]!]! <= sums[sum]!);
      weight += takesLeaf ? weights[order[leaf]!]! : sums[sum]!;
      parents[takesLeaf ? order[leaf++]! : n + sum++] = n + made;
    }
    sums[made] = weight;
  }
  const depths = new Uint8Array(2 * n - 1);
  for (let node = 2 * n - 3; node >= n; node--) depths[node] = depths[parents[node]!]! + 1;
  return Uint8Array.from(order, (_, i) => depths[parents[i]!]! + 1);
}
