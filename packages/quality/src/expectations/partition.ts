/* A distribution as Great Expectations writes one: values with weights, or the edges of bins with weights. */

import { UserError } from '#base';
import type { Cell } from '../cell.ts';

export interface ValuePartition {
  readonly kind: 'values';
  readonly values: readonly Cell[];
  readonly weights: readonly number[];
}
export interface BinPartition {
  readonly kind: 'bins';
  /** Ascending; the first may be -Infinity, the last Infinity. */
  readonly bins: readonly number[];
  readonly weights: readonly number[];
  readonly tailWeights: readonly [number, number] | undefined;
}
export type Partition = ValuePartition | BinPartition;

const weightsFit = (weights: unknown, extra = 0): weights is readonly number[] =>
  Array.isArray(weights) &&
  weights.every((w) => typeof w === 'number' && w >= 0) &&
  Math.abs(weights.reduce((a: number, b: number) => a + b, 0) + extra - 1) < 1e-6;

/** Infinity may be the text 'Infinity' or 'inf', which JSON has no number for. */
const edge = (value: unknown): number =>
  typeof value === 'number' ? value : Number(String(value).replace(/^([+-]?)inf(inity)?$/i, '$1Infinity'));

/** Throws QLT1010 for what is no distribution: lengths that differ, weights that do not add up to 1. */
export function readPartition(given: Readonly<Record<string, unknown>>): Partition {
  const { values, bins, weights, tail_weights: tails } = given;
  if (Array.isArray(values) && weightsFit(weights) && values.length === weights.length)
    return { kind: 'values', values: values as Cell[], weights };
  const tailSum = Array.isArray(tails) && tails.length === 2 ? Number(tails[0]) + Number(tails[1]) : 0;
  if (Array.isArray(bins) && weightsFit(weights, tailSum) && bins.length === weights.length + 1) {
    const edges = bins.map(edge);
    if (edges.every((e, i) => !Number.isNaN(e) && (i === 0 || e > edges[i - 1]!)))
      return {
        kind: 'bins',
        bins: edges,
        weights,
        tailWeights: tails === undefined || tails === null ? undefined : (tails as [number, number]),
      };
  }
  throw new UserError('QLT1010', {
    message: 'partition_object is no distribution',
    hint: 'Expected {"values": […], "weights": […]}, or {"bins": […], "weights": […]} with ascending edges, one more than weights; weights and tail_weights add up to 1.',
  });
}
