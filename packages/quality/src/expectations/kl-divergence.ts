/* expect_column_kl_divergence_to_be_less_than: how far the column's distribution is from an expected one. */

import { UserError } from '#base';
import { cellKey, type Json } from '../cell.ts';
import { domainSql } from '../expectation/check-rows.ts';
import { expectation, type CheckContext, type Outcome } from '../expectation/expectation.ts';
import { column, flag, number, object, optional, share } from '../suite/args.ts';
import { columnNamed } from '../table/column.ts';
import { binCounts, valueCounts } from './distribution-counts.ts';
import { readPartition, type BinPartition, type ValuePartition } from './partition.ts';
import { quantileValues } from './quantiles.ts';

/** Bins of a column's own distribution: values far off make them many. */
const binsMax = 1000;

export const klDivergenceToBeLessThan = expectation({
  type: 'expect_column_kl_divergence_to_be_less_than',
  scope: 'column',
  args: {
    column,
    partition_object: optional(object),
    threshold: optional(number),
    internal_weight_holdout: optional(share, 0),
    tail_weight_holdout: optional(share, 0),
    bucketize_data: optional(flag, true),
  },
  check: async (args, context) => {
    const refuse = (message: string): never => {
      throw new UserError('QLT1010', { message: `expect_column_kl_divergence_to_be_less_than: ${message}` });
    };
    if (args.threshold !== undefined && args.threshold < 0) refuse('threshold is less than 0');
    const expected =
      args.partition_object !== undefined
        ? readPartition(args.partition_object)
        : args.bucketize_data
          ? await ownBins(context, args.column)
          : await ownValues(context, args.column);
    if (expected === undefined) return outcome(context, Number.NaN, args.threshold, {});
    const given = args.partition_object ?? {};
    if (args.tail_weight_holdout !== 0 && 'tail_weights' in given)
      refuse('tail_weight_holdout must be 0 where the partition has tail_weights');
    if (expected.kind === 'values') {
      if (args.internal_weight_holdout > 0) refuse('internal_weight_holdout is for partitions with bins');
      return await overValues(context, args.column, expected, args.tail_weight_holdout, args.threshold);
    }
    if (!args.bucketize_data) refuse('a partition with bins needs bucketize_data');
    return await overBins(context, args.column, expected, args);
  },
});

/** Relative entropy in nats; both sides are scaled to add up to 1. Infinite where something came that was not expected. */
function divergence(observed: readonly number[], expected: readonly number[]): number {
  const total = (weights: readonly number[]): number => weights.reduce((a, b) => a + b, 0);
  const [o, e] = [total(observed), total(expected)];
  return observed.reduce((sum, weight, i) => {
    const [p, q] = [weight / o, expected[i]! / e];
    return sum + (p === 0 ? 0 : p * Math.log(p / q));
  }, 0);
}
function outcome(
  context: CheckContext,
  value: number,
  threshold: number | undefined,
  details: Record<string, Json>,
): Outcome {
  return {
    success: threshold === undefined || value <= threshold,
    result:
      context.format.format === 'BOOLEAN_ONLY'
        ? {}
        : { observed_value: Number.isFinite(value) ? value : null, details },
  };
}

async function ownValues(context: CheckContext, name: string): Promise<ValuePartition> {
  const counts = await valueCounts(context, name);
  const all = counts.reduce((sum, [, n]) => sum + n, 0);
  return { kind: 'values', values: counts.map(([v]) => v), weights: counts.map(([, n]) => n / all) };
}
async function overValues(
  context: CheckContext,
  name: string,
  { values, weights }: ValuePartition,
  holdout: number,
  threshold: number | undefined,
): Promise<Outcome> {
  const counts = await valueCounts(context, columnNamed(context.table.columns, name).name);
  const all = counts.reduce((sum, [, n]) => sum + n, 0);
  const observed = new Map(counts.map(([value, n]) => [cellKey(value), n / all]));
  const known = new Set(values.map(cellKey));
  const surprises = counts.map(([value]) => value).filter((value) => !known.has(cellKey(value)));
  const shown = [...values, ...surprises];
  const pk = shown.map((value) => observed.get(cellKey(value)) ?? 0);
  // What was not expected shares the weight that is held out.
  const kept = surprises.length > 0 ? 1 - holdout : 1;
  const qk = [...weights.map((w) => w * kept), ...surprises.map(() => holdout / surprises.length)];
  return outcome(context, divergence(pk, qk), threshold, {
    observed_partition: { values: shown, weights: shownWeights(pk) },
    expected_partition: { values: shown, weights: qk },
  });
}

/** As many bins as the number of values and their spread ask for (Sturges, Freedman and Diaconis); none of no values. */
async function ownBins(context: CheckContext, name: string): Promise<BinPartition | undefined> {
  const [min, low, high, max] = (await quantileValues(context, name, [0, 0.25, 0.75, 1], 'nearest')).map(
    Number,
  ) as [number, number, number, number];
  const n = await context.scan.count(
    `count(${context.table.dialect.quote(name)}) FILTER (WHERE ${domainSql(context)})`,
  );
  if (n === 0) return undefined;
  const sturges = Math.ceil(Math.log2(n + 1));
  const spread = high - low;
  const count =
    spread < 1e-10 ? sturges : Math.max(sturges, Math.ceil((max - min) / ((2 * spread) / n ** (1 / 3))));
  if (count > binsMax)
    throw new UserError('QLT2007', {
      message: `the distribution of column "${name}" would have ${count} bins, more than ${binsMax}`,
      hint: 'A few values lie far off. Give the bins: partition_object.',
    });
  const bins = Array.from({ length: count + 1 }, (_, i) =>
    i === count ? max : min + (i * (max - min)) / count,
  );
  const counts = await binCounts(context, name, bins);
  const weights = counts.inside.map((c) => c / n);
  const tail = (1 - weights.reduce((a, b) => a + b, 0)) / 2;
  return { kind: 'bins', bins, weights, tailWeights: [tail, tail] };
}

/** Of no values there are no shares. */
const shownWeights = (weights: readonly number[]): Json => weights.map((w) => (Number.isNaN(w) ? null : w));

async function overBins(
  context: CheckContext,
  name: string,
  { bins, weights, tailWeights }: BinPartition,
  args: {
    readonly tail_weight_holdout: number;
    readonly internal_weight_holdout: number;
    readonly threshold: number | undefined;
  },
): Promise<Outcome> {
  const [leftOpen, rightOpen] = [bins[0] === -Infinity, bins.at(-1) === Infinity];
  if ((leftOpen || rightOpen) && tailWeights !== undefined)
    throw new UserError('QLT1010', { message: 'a partition with an infinite edge has no tail_weights' });
  if (leftOpen && rightOpen && args.tail_weight_holdout > 0)
    throw new UserError('QLT1010', { message: 'tail_weight_holdout is for partitions with a finite edge' });
  const counts = await binCounts(context, name, bins);
  const expected = withHoldout(weights, args.tail_weight_holdout, args.internal_weight_holdout);
  const observed = counts.inside.map((c) => c / counts.all);
  const [below, above] = [counts.below / counts.all, counts.above / counts.all];
  const half = leftOpen || rightOpen ? args.tail_weight_holdout : args.tail_weight_holdout / 2;
  const expectedTails = tailWeights ?? [half, half];
  const inner = <T>(all: readonly T[]): T[] => all.slice(leftOpen ? 1 : 0, rightOpen ? -1 : undefined);
  // An open bin is a tail itself.
  const tails = (all: readonly number[], left: number, right: number): [number, number] => [
    leftOpen ? all[0]! : left,
    rightOpen ? all.at(-1)! : right,
  ];
  const combined = (all: readonly number[], [left, right]: readonly [number, number]): number[] => [
    ...(leftOpen ? [] : [left]),
    ...all,
    ...(rightOpen ? [] : [right]),
  ];
  const value = divergence(combined(observed, [below, above]), combined(expected, expectedTails));
  return outcome(context, value, args.threshold, {
    observed_partition: {
      bins: inner(bins),
      weights: shownWeights(inner(observed)),
      tail_weights: shownWeights(tails(observed, below, above)),
    },
    expected_partition: {
      bins: inner(bins),
      weights: inner(expected),
      tail_weights: tails(expected, expectedTails[0], expectedTails[1]),
    },
  });
}
/** Bins that are expected to be empty share the weight that is held out for them. */
function withHoldout(weights: readonly number[], tail: number, internal: number): number[] {
  const scaled = weights.map((w) => w * (1 - tail - internal));
  const empty = scaled.filter((w) => w === 0).length;
  return internal > 0 && empty > 0 ? scaled.map((w) => (w === 0 ? internal / empty : w)) : scaled;
}
