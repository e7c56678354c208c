/* An operator of a plan that only reads a snapshot, or shows what it declares: it counts nothing, and opens nothing. */

import { evalContext } from '#expr';
import type { OperatorPlan } from '#job';
import type { Operator } from '../contracts/index.ts';
import '../operators/all.ts';
import { operatorFactory } from '../operators/table.ts';
import type { JobSettings } from './settings.ts';
import type { NewStore } from './stores.ts';

export interface SpareSettings extends Pick<JobSettings, 'evaluation' | 'world'> {
  readonly newStore: NewStore;
}

export function spareOperator(plan: OperatorPlan, { evaluation, world, newStore }: SpareSettings): Operator {
  return operatorFactory(plan.operator)(plan.spec, {
    store: newStore(),
    inputTypes: plan.inputTypes,
    outputTypes: plan.outputTypes,
    instance: 0,
    instances: 1,
    evaluation: evalContext(evaluation, plan.id, () => world.now()),
    lookup: () => ({ open: async () => {}, close: async () => {} }),
    context: {
      wake: () => {},
      signal: new AbortController().signal,
      metrics: { count: () => {}, gauge: () => {} },
      lateRows: undefined,
    },
  });
}
