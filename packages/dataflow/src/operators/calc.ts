/* Filter and projection in one compiled loop. Stateless; marks keep their place among the rows that pass. A row that fails is
 * left out where somebody takes it. */

import { UserError } from '#base';
import type { CalcSpec } from '#job';
import { instantiateCalc, moveMarks, type CalcProgram, type CalcResult, type EvalContext } from '#expr';
import { emptyColumns, lastWatermark, type Batch, type Column, type Marks } from '#data';
import type { Operator, Output, Progress } from '../contracts/index.ts';
import { registerOperator, type OperatorSetup } from './table.ts';

class CalcOperator implements Operator {
  readonly busy = false;
  readonly nextTimer = Infinity;
  readonly stateBytes = 0;
  readonly pending = 0;
  readonly #program: CalcProgram;
  readonly #context: EvalContext;
  readonly #readsWatermark: boolean;
  readonly #badRow: OperatorSetup['context']['badRow'];
  readonly #empty: readonly Column[];
  #now = 0;
  #watermark = -Infinity;

  constructor(spec: CalcSpec, { evaluation, context: { badRow }, outputTypes }: OperatorSetup) {
    this.#program = instantiateCalc(spec.plan, true);
    this.#readsWatermark = spec.plan.readsWatermark;
    this.#badRow = badRow;
    this.#empty = badRow === undefined ? [] : emptyColumns(outputTypes);
    this.#context = { ...evaluation, now: () => this.#now, watermark: () => this.#watermark };
  }
  push(_input: number, batch: Batch, from: number, out: Output): number {
    this.#now = out.now;
    const to = this.#readsWatermark ? this.#moveWatermark(batch.marks, from, batch.rows) : batch.rows;
    const result = this.#run(batch, from, to);
    if (result.next === batch.rows) this.#watermark = Math.max(this.#watermark, lastWatermark(batch.marks));
    if (result.batch.rows > 0 || result.batch.marks.count > 0) out.emit(result.batch);
    return result.next;
  }
  /** A row that fails is reported, and its marks go on. */
  #run(batch: Batch, from: number, to: number): Pick<CalcResult, 'batch' | 'next'> {
    try {
      return this.#program.run(batch, from, this.#context, to);
    } catch (error) {
      if (this.#badRow === undefined || !(error instanceof UserError)) throw error;
      this.#badRow(batch, from, error);
      const next = from + 1;
      const marks = moveMarks(batch.marks, from, next, new Int32Array(0), 0);
      return { batch: { rows: 0, columns: this.#empty, kinds: undefined, marks }, next };
    }
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

registerOperator<CalcSpec>('calc', (spec, setup) => new CalcOperator(spec, setup), {
  stateless: true,
});
