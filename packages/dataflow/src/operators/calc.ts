/* Filter and projection in one compiled loop. Stateless; marks keep their place among the rows that pass. */

import type { CalcSpec } from '#job';
import { instantiateCalc, type CalcProgram, type EvalContext } from '#expr';
import { lastWatermark, type Batch, type Marks } from '#data';
import type { Operator, Output, Progress } from '../contracts/index.ts';
import { registerOperator } from './table.ts';

class CalcOperator implements Operator {
  readonly busy = false;
  readonly nextTimer = Infinity;
  readonly stateBytes = 0;
  readonly pending = 0;
  readonly #program: CalcProgram;
  readonly #context: EvalContext;
  readonly #readsWatermark: boolean;
  #now = 0;
  #watermark = -Infinity;

  constructor(spec: CalcSpec, context: EvalContext) {
    this.#program = instantiateCalc(spec.plan, true);
    this.#readsWatermark = spec.plan.readsWatermark;
    this.#context = { ...context, now: () => this.#now, watermark: () => this.#watermark };
  }
  push(_input: number, batch: Batch, from: number, out: Output): number {
    this.#now = out.now;
    const to = this.#readsWatermark ? this.#moveWatermark(batch.marks, from, batch.rows) : batch.rows;
    const result = this.#program.run(batch, from, this.#context, to);
    if (result.next === batch.rows) this.#watermark = Math.max(this.#watermark, lastWatermark(batch.marks));
    if (result.batch.rows > 0 || result.batch.marks.count > 0) out.emit(result.batch);
    return result.next;
  }
  /** Brings the watermark to the row at `from`; gives the first row that has another. */
  #moveWatermark({ count, at, watermark }: Marks, from: number, rows: number): number {
    for (let m = 0; m < count; m++) {
      if (at[m]! > from) return at[m]!;
      if (watermark[m]! > this.#watermark) this.#watermark = watermark[m]!;
    }
    return rows;
  }
  resume(): Progress {
    return 'done';
  }
  end(): void {}
  fire(): Progress {
    return 'done';
  }
  snapshot(): void {}
  restore(): void {}
}

registerOperator<CalcSpec>('calc', (spec, setup) => new CalcOperator(spec, setup.evaluation), {
  stateless: true,
});
