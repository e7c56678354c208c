/* LIMIT and OFFSET over inserts: the first rows by order of arrival.
 * Keeps: how many rows it has seen. */

import type { LimitSpec } from '#job';
import type { Batch } from '#data';
import type { StateReader, StateWriter } from '#state';
import { RowOperator } from './row-operator.ts';
import { registerOperator, type OperatorSetup } from './table.ts';

class LimitOperator extends RowOperator {
  readonly #from: number;
  readonly #to: number;
  #seen = 0;

  constructor(spec: LimitSpec, setup: OperatorSetup) {
    super(setup.outputTypes);
    this.#from = spec.offset;
    this.#to = spec.limit === undefined ? Infinity : spec.offset + spec.limit;
  }
  protected onRow(batch: Batch, row: number): void {
    if (this.#seen >= this.#to) return;
    if (this.#seen++ >= this.#from) this.builder.appendFrom(batch.columns, row);
  }
  protected save(to: StateWriter): void {
    to.f64(this.#seen);
  }
  protected load(from: StateReader): void {
    this.#seen = from.f64();
  }
}

registerOperator<LimitSpec>('limit', (spec, setup) => new LimitOperator(spec, setup));
