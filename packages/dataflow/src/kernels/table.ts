/* The aggregate functions by name: one line each. */

import { ArrayAggKernel, JsonArrayAggKernel, JsonObjectAggKernel } from './array-agg.ts';
import { BitmapKernel, bitmapResults } from './bitmap-agg.ts';
import { CountKernel } from './count.ts';
import { ListAggKernel, RetractableFirstLastKernel } from './arrivals.ts';
import { ExactSumKernel, type SumForm } from './exact-sum.ts';
import { FloatSumKernel } from './float-sum.ts';
import type { Kernel, KernelSetup } from './kernel.ts';
import { KeptValueKernel } from './kept-value.ts';
import { CollectKernel, RetractableExtremeKernel } from './value-counts.ts';
import { LagKernel } from './lag.ts';
import { PercentileKernel } from './percentile.ts';
import { RankKernel } from './ranks.ts';
import { SingleValueKernel } from './single-value.ts';
import { UserAggregateKernel } from './user-aggregate.ts';
import { WelfordKernel } from './welford.ts';
import { userAggregate } from '#expr';

const kernels: Readonly<Record<string, (setup: KernelSetup) => Kernel>> = {
  COUNT: (setup) => new CountKernel(setup),
  SUM: (setup) => sum(setup, 'sum'),
  $SUM0: (setup) => sum(setup, 'sum0'),
  AVG: (setup) => sum(setup, 'average'),
  $WELFORD_M2: (setup) => new WelfordKernel(setup),
  MIN: (setup) =>
    setup.retract ? new RetractableExtremeKernel(setup, false) : new KeptValueKernel(setup, 'least'),
  MAX: (setup) =>
    setup.retract ? new RetractableExtremeKernel(setup, true) : new KeptValueKernel(setup, 'greatest'),
  FIRST_VALUE: (setup) =>
    setup.retract ? new RetractableFirstLastKernel(setup, false) : new KeptValueKernel(setup, 'first'),
  LAST_VALUE: (setup) =>
    setup.retract ? new RetractableFirstLastKernel(setup, true) : new KeptValueKernel(setup, 'last'),
  LISTAGG: (setup) => new ListAggKernel(setup),
  COLLECT: (setup) => new CollectKernel(setup),
  ARRAY_AGG: (setup) => new ArrayAggKernel(setup, false),
  $ARRAY_AGG_IGNORE_NULLS: (setup) => new ArrayAggKernel(setup, true),
  JSON_ARRAYAGG: (setup) => new JsonArrayAggKernel(setup, true),
  $JSON_ARRAYAGG_NULL_ON_NULL: (setup) => new JsonArrayAggKernel(setup, false),
  JSON_OBJECTAGG: (setup) => new JsonObjectAggKernel(setup, false),
  $JSON_OBJECTAGG_ABSENT_ON_NULL: (setup) => new JsonObjectAggKernel(setup, true),
  $SINGLE_VALUE: (setup) => new SingleValueKernel(setup),
  ROW_NUMBER: (setup) => new CountKernel(setup),
  RANK: (setup) => new RankKernel(setup, false),
  DENSE_RANK: (setup) => new RankKernel(setup, true),
  LAG: (setup) => new LagKernel(setup),
  PERCENTILE: (setup) => new PercentileKernel(setup),
  BITMAP_BUILD_AGG: (setup) => new BitmapKernel(setup, bitmapResults.OR, false),
  BITMAP_BUILD_CARDINALITY_AGG: (setup) => new BitmapKernel(setup, bitmapResults.OR, true),
  BITMAP_OR_AGG: (setup) => new BitmapKernel(setup, bitmapResults.OR, false),
  BITMAP_OR_CARDINALITY_AGG: (setup) => new BitmapKernel(setup, bitmapResults.OR, true),
  BITMAP_AND_AGG: (setup) => new BitmapKernel(setup, bitmapResults.AND, false),
  BITMAP_AND_CARDINALITY_AGG: (setup) => new BitmapKernel(setup, bitmapResults.AND, true),
  BITMAP_XOR_AGG: (setup) => new BitmapKernel(setup, bitmapResults.XOR, false),
  BITMAP_XOR_CARDINALITY_AGG: (setup) => new BitmapKernel(setup, bitmapResults.XOR, true),
};

function sum(setup: KernelSetup, form: SumForm): Kernel {
  const { kind } = setup.call.argTypes[0]!;
  return kind === 'FLOAT' || kind === 'DOUBLE'
    ? new FloatSumKernel(setup, form)
    : new ExactSumKernel(setup, form);
}

/** The kernel of a call, FILTER and DISTINCT aside: see aggregate-set.ts. */
export function makeKernel(setup: KernelSetup): Kernel {
  const user = userAggregate(setup.call.fn);
  if (user !== undefined) return new UserAggregateKernel(setup, user);
  const make = kernels[setup.call.fn];
  if (make === undefined) throw new TypeError(`no kernel for ${setup.call.fn}`);
  return make(setup);
}
