/* The times that rows have for checks of freshness, computed for a stretch of a batch at once. */

import type { Batch } from '#data';
import { instantiateCalc, type CalcProgram, type EvalContext } from '#expr';
import type { FreshnessWatchSpec } from '#job';

export class NewestValues {
  readonly #program: CalcProgram;
  readonly #context: EvalContext;
  /** By check, then by row behind the first of the stretch: ms since the epoch, NaN where there is none. */
  readonly #times: Float64Array[];

  constructor(spec: FreshnessWatchSpec, context: EvalContext) {
    this.#program = instantiateCalc(spec.newest, true);
    this.#context = context;
    this.#times = spec.checks.map(() => new Float64Array(0));
  }
  /** Of rows [from, to); until the next call. Rows that are taken back have none. */
  of(batch: Batch, from: number, to: number): readonly Float64Array[] {
    const { kinds } = batch;
    for (let c = 0; c < this.#times.length; c++)
      if (this.#times[c]!.length < to - from) this.#times[c] = new Float64Array(to - from);
    for (let at = from; at < to; ) {
      const { batch: found, next } = this.#program.run(batch, at, this.#context, to);
      for (let c = 0; c < this.#times.length; c++) {
        const column = found.columns[c]!;
        if (column.layout !== 'time') throw new TypeError('what is newest is a timestamp');
        const { millis, valid } = column;
        const times = this.#times[c]!;
        for (let i = 0; i < found.rows; i++) {
          const kind = kinds?.[at + i] ?? 0;
          const counts = (valid === undefined || valid[i] !== 0) && kind !== 1 && kind !== 3;
          times[at - from + i] = counts ? millis[i]! : Number.NaN;
        }
      }
      at = next;
    }
    return this.#times;
  }
}
