/* The aggregate functions by name: one line each. */

import type { Accumulator, AccumulatorFactory, AccumulatorSpec } from './accumulator.ts';
import { CountAccumulator } from './count.ts';
import { DistinctAccumulator } from './distinct.ts';
import { ExtremeAccumulator, RetractableExtremeAccumulator } from './extremes.ts';
import { FilteredAccumulator } from './filtered.ts';
import { FirstLastAccumulator, RetractableFirstLastAccumulator } from './first-last.ts';
import { CollectAccumulator, ListAggAccumulator } from './list-agg.ts';
import { sumAccumulator } from './sum.ts';

const factories: Readonly<Record<string, AccumulatorFactory>> = {
  COUNT: (spec) => new CountAccumulator(spec),
  SUM: (spec) => sumAccumulator(spec, 'sum'),
  $SUM0: (spec) => sumAccumulator(spec, 'sum0'),
  AVG: (spec) => sumAccumulator(spec, 'average'),
  MIN: (spec) =>
    spec.retract ? new RetractableExtremeAccumulator(spec, -1) : new ExtremeAccumulator(spec, -1),
  MAX: (spec) =>
    spec.retract ? new RetractableExtremeAccumulator(spec, 1) : new ExtremeAccumulator(spec, 1),
  FIRST_VALUE: (spec) =>
    spec.retract ? new RetractableFirstLastAccumulator(spec, false) : new FirstLastAccumulator(spec, false),
  LAST_VALUE: (spec) =>
    spec.retract ? new RetractableFirstLastAccumulator(spec, true) : new FirstLastAccumulator(spec, true),
  LISTAGG: (spec) => new ListAggAccumulator(spec),
  COLLECT: (spec) => new CollectAccumulator(spec),
};

/** The accumulators of one call, FILTER and DISTINCT included. */
export function makeAccumulator(spec: AccumulatorSpec): Accumulator {
  const factory = factories[spec.call.fn];
  if (factory === undefined) throw new TypeError(`no accumulator for ${spec.call.fn}`);
  const counted = spec.call.distinct ? new DistinctAccumulator(spec, () => factory(spec)) : factory(spec);
  return spec.call.filter === undefined ? counted : new FilteredAccumulator(counted, spec.call.filter);
}
