/* LIMIT and OFFSET over inserts: the first rows by order of arrival.
 * Keeps: how many rows it has seen. */

import type { LimitSpec } from '#job';
import type { Scalar } from '#state';
import type { Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { registerRunOperator, type RunSetup } from './table.ts';

class LimitOperator implements RunOperator {
  readonly #from: number;
  readonly #to: number;
  readonly #seen: Scalar;

  constructor(spec: LimitSpec, setup: RunSetup) {
    this.#from = spec.offset;
    this.#to = spec.limit === undefined ? Infinity : spec.offset + spec.limit;
    this.#seen = setup.store.scalar({ name: 'seen', initial: 0, merge: 'sum' });
  }
  rows({ batch, from, to }: Run, out: RunOutput): number {
    let row = from;
    for (; row < to && !out.full; row++) {
      const seen = this.#seen.value;
      if (seen < this.#to) {
        this.#seen.value = seen + 1;
        if (seen >= this.#from) out.builder.appendFrom(batch.columns, row);
      }
      out.through();
    }
    return row;
  }
}

registerRunOperator('limit', (spec, setup) => new LimitOperator(spec, setup));
