/* Holds each row against what is expected of it.
 *
 *   rows ──▶ find: those that any check does not hold for ──▶ counted │ reported │ fails the job
 *        └─▶ pass: all, but those that a check leaves out
 *
 * Stateless. A batch in which every row is as expected goes on as it is: one pass over its columns, and nothing copied. -U and
 * -D take back what was looked at before: they are left out where their row was, and neither counted nor reported. */

import { assert, UserError } from '#base';
import { emptyColumns, type Batch, type Column, type LogicalType } from '#data';
import { instantiateCalc, moveMarks, shownRow, type CalcProgram, type EvalContext } from '#expr';
import { newestValue, rowsChecked, rowsUnexpected, type CheckRowsSpec } from '#job';
import type { Operator, Output, Progress } from '../contracts/index.ts';
import { NewestValues } from './newest-values.ts';
import { registerOperator, type OperatorSetup } from './table.ts';

class CheckRowsOperator implements Operator {
  readonly busy = false;
  readonly nextTimer = Infinity;
  readonly stateBytes = 0;
  readonly pending = 0;
  readonly #spec: CheckRowsSpec;
  readonly #find: CalcProgram;
  readonly #pass: CalcProgram;
  readonly #context: EvalContext;
  readonly #badRow: OperatorSetup['context']['badRow'];
  readonly #count: (name: string, by: number) => void;
  readonly #types: readonly LogicalType[];
  readonly #empty: readonly Column[];
  /** Of the batch under way, by check. */
  readonly #unexpected: Float64Array;
  readonly #newestValues: NewestValues | undefined;
  /** By check of freshness, for the status of the job. */
  readonly #newest: Float64Array;
  #now = 0;

  constructor(spec: CheckRowsSpec, { evaluation, context, outputTypes }: OperatorSetup) {
    this.#spec = spec;
    this.#find = instantiateCalc(spec.find, true);
    this.#pass = instantiateCalc(spec.pass, true);
    this.#badRow = context.badRow;
    this.#count = context.metrics.count;
    this.#types = outputTypes;
    this.#empty = emptyColumns(outputTypes);
    this.#unexpected = new Float64Array(spec.checks.length);
    this.#context = { ...evaluation, now: () => this.#now };
    const { freshness } = spec;
    this.#newestValues = freshness && new NewestValues(freshness, this.#context);
    this.#newest = new Float64Array(freshness?.checks.length ?? 0).fill(-Infinity);
    this.#newest.forEach((_, c) => {
      context.metrics.gauge(newestValue(c), () => this.#newest[c]!);
    });
  }
  push(_input: number, batch: Batch, from: number, out: Output): number {
    this.#now = out.now;
    let to = batch.rows;
    try {
      const found = this.#find.run(batch, from, this.#context, to);
      const failing = this.#firstFailing(found.batch, found.selected, from);
      // Rows in front of it go out first.
      if (failing === from) throw this.#failed(batch, found.batch, from);
      to = failing ?? found.next;
      const whole = from === 0 && to === batch.rows;
      const passed = found.batch.rows === 0 && whole ? { batch, next: to } : this.#passed(batch, from, to);
      to = passed.next;
      this.#report(batch, found.batch, found.selected, from, to);
      this.#noteNewest(batch, from, to);
      if (passed.batch.rows > 0 || passed.batch.marks.count > 0) out.emit(passed.batch);
      return to;
    } catch (error) {
      return this.#failedRow(batch, from, error, out);
    }
  }
  #passed(batch: Batch, from: number, to: number): { readonly batch: Batch; readonly next: number } {
    const { batch: rows, next } = this.#pass.run(batch, from, this.#context, to);
    return { batch: rows, next };
  }
  /** A row whose check fails to be computed is reported, and its marks go on. */
  #failedRow(batch: Batch, from: number, error: unknown, out: Output): number {
    if (this.#badRow === undefined || !(error instanceof UserError) || error.code === failCode) throw error;
    this.#badRow(batch, from, error);
    const marks = moveMarks(batch.marks, from, from + 1, new Int32Array(0), 0);
    if (marks.count > 0) out.emit({ rows: 0, columns: this.#empty, kinds: undefined, marks });
    return from + 1;
  }

  /** The first row of the batch that must fail the job. */
  #firstFailing(found: Batch, selected: Int32Array | undefined, from: number): number | undefined {
    if (found.rows === 0) return undefined;
    for (let i = 0; i < found.rows; i++) {
      if (takesBack(found, i)) continue;
      for (let c = 0; c < this.#spec.checks.length; c++)
        if (this.#spec.checks[c]!.action === 'fail' && isTrue(found.columns[c]!, i))
          return selected === undefined ? from + i : selected[i]!;
    }
    return undefined;
  }
  #failed(batch: Batch, found: Batch, row: number): UserError {
    const at = this.#spec.checks.findIndex((c, i) => c.action === 'fail' && isTrue(found.columns[i]!, 0));
    assert(at >= 0, 'the first row that was found is the one that fails');
    return this.#error(at, `: ${shownRow(batch, this.#types, row, this.#context)}`);
  }
  #error(check: number, where: string): UserError {
    const { expectation, subject, text } = this.#spec.checks[check]!;
    return new UserError(failCode, {
      message: `${expectation} does not hold for a row of "${this.#spec.table}" (${subject}: ${text})${where}`,
      hint: "'millrace.suite.on-failure' = warn, drop or dead-letter goes on; so does meta.millrace.action of the expectation.",
    });
  }

  /** Counts what was found in front of row `to`, and reports rows that go to the dead letters. */
  #report(batch: Batch, found: Batch, selected: Int32Array | undefined, from: number, to: number): void {
    this.#count(rowsChecked, looksAt(batch, from, to));
    const { checks } = this.#spec;
    for (let i = 0; i < found.rows; i++) {
      const row = selected === undefined ? from + i : selected[i]!;
      if (row >= to) break;
      if (takesBack(found, i)) continue;
      let letter = -1;
      let left = false;
      for (let c = 0; c < checks.length; c++) {
        if (!isTrue(found.columns[c]!, i)) continue;
        this.#unexpected[c]!++;
        const { action } = checks[c]!;
        if (action === 'dead-letter' && letter < 0) letter = c;
        left ||= action === 'drop';
      }
      if (letter >= 0) this.#badRow!(batch, row, this.#error(letter, ''), 'constraint');
      else if (left) this.#count('numRecordsSkipped', 1);
    }
    if (found.rows === 0) return;
    this.#unexpected.forEach((rows, c) => {
      if (rows > 0) this.#count(rowsUnexpected(c), rows);
    });
    this.#unexpected.fill(0);
  }
  #noteNewest(batch: Batch, from: number, to: number): void {
    const found = this.#newestValues?.of(batch, from, to) ?? [];
    for (let c = 0; c < found.length; c++)
      for (let i = 0; i < to - from; i++)
        if (found[c]![i]! > this.#newest[c]!) this.#newest[c] = found[c]![i]!;
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

const failCode = 'QLT3001';
const isTrue = (column: Column, row: number): boolean => {
  assert(column.layout === 'i32', 'a BOOLEAN is a column of words');
  return column.values[row] === 1 && (column.valid === undefined || column.valid[row] !== 0);
};
/** -U and -D. */
const takesBack = ({ kinds }: Batch, row: number): boolean =>
  kinds !== undefined && (kinds[row] === 1 || kinds[row] === 3);
function looksAt(batch: Batch, from: number, to: number): number {
  if (batch.kinds === undefined) return to - from;
  let rows = 0;
  for (let row = from; row < to; row++) if (!takesBack(batch, row)) rows++;
  return rows;
}

registerOperator<CheckRowsSpec>('check-rows', (spec, setup) => new CheckRowsOperator(spec, setup), {
  stateless: true,
});
