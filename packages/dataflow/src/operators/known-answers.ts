/* Rows of a lookup join whose answers are known without waiting: from a cache, a table in memory, or because NULL equals
 * nothing. They go from the input's columns into the output's, and none of them is kept. */

import { limits } from '#base';
import { readRow, readValue, type Batch, type BatchBuilder, type LogicalType, type Row } from '#data';
import { evaluate, type EvalContext } from '#expr';
import type { LookupJoinSpec } from '#job';
import type { Lookup, OperatorContext, UnreadRow } from '../contracts/index.ts';
import type { OperatorSetup } from './table.ts';

const none: readonly Row[] = [];
/** Rows that are joined before the output is asked whether it is full. */
const turnRows = 256;

export class KnownAnswers {
  readonly #spec: LookupJoinSpec;
  readonly #lookup: Lookup;
  readonly #types: readonly LogicalType[];
  readonly #evaluation: EvalContext;
  readonly #context: OperatorContext;
  /** What was found for the row at hand and cannot be read: told of once the row goes out. */
  #unread: UnreadRow[] = [];
  readonly #keepUnread: ((row: UnreadRow) => void) | undefined;
  /** Of the rows that go out: the input's row, and what was looked up for it; null: nothing. */
  #rows = new Int32Array(limits.batchRowsMax);
  #answers: (Row | null)[] = [];

  constructor(spec: LookupJoinSpec, lookup: Lookup, { inputTypes, evaluation, context }: OperatorSetup) {
    this.#spec = spec;
    this.#types = inputTypes[0]!;
    this.#lookup = lookup;
    this.#evaluation = evaluation;
    this.#context = context;
    this.#keepUnread =
      context.unread &&
      ((row) => {
        this.#unread.push(row);
      });
  }
  /** The answer for a key, or undefined where it must be asked for and waited for. */
  answer(key: Row, unread: ((row: UnreadRow) => void) | undefined): readonly Row[] | undefined {
    if (this.#spec.asksNull !== true) for (const value of key) if (value === null) return none;
    if (!this.#spec.async && this.#lookup.find !== undefined) return this.#lookup.find(key, unread);
    return this.#lookup.known?.(key, unread);
  }
  /** Joins rows from `from` to before `to`, as far as answers are known and the batch that is built has room for the whole of
   *  each. Returns the first row that was not taken. */
  take(batch: Batch, from: number, to: number, out: BatchBuilder): number {
    const { keys, left } = this.#spec;
    let row = from;
    let [lookedUp, filtered] = [0, 0];
    while (row < to && !out.full) {
      this.#answers = [];
      const room = limits.batchRowsMax - out.rows;
      const turnEnd = Math.min(to, row + turnRows);
      for (; row < turnEnd; row++) {
        if (this.#unread.length > 0) this.#unread = [];
        const answer = this.answer(
          keys.map((k) => readValue(batch.columns[k.left]!, this.#types[k.left]!, row)),
          this.#keepUnread,
        );
        const before = this.#answers.length;
        if (answer === undefined || before + Math.max(1, answer.length) > room) break;
        lookedUp += answer.length + this.#unread.length;
        for (const unread of this.#unread) this.#context.unread!(unread);
        for (const found of answer) {
          if (this.#passes(batch, row, found)) this.#add(row, found);
          else filtered++;
        }
        if (left && this.#answers.length === before) this.#add(row, null);
      }
      this.#append(batch, out);
      if (row < turnEnd) break;
    }
    const { metrics } = this.#context;
    if (lookedUp > 0) metrics.count('numRowsLookedUp', lookedUp);
    if (filtered > 0) metrics.count('numRowsLookedUpFiltered', filtered);
    return row;
  }
  #passes(batch: Batch, row: number, found: Row): boolean {
    const { condition } = this.#spec;
    if (condition === undefined) return true;
    return evaluate(condition, [...readRow(batch, this.#types, row), ...found], this.#evaluation) === true;
  }
  #add(row: number, found: Row | null): void {
    this.#rows[this.#answers.push(found) - 1] = row;
  }
  #append({ columns, kinds }: Batch, out: BatchBuilder): void {
    const [rows, answers] = [this.#rows, this.#answers];
    const count = answers.length;
    if (count === 0) return;
    columns.forEach((column, c) => {
      out.columns[c]!.shareRows(column, rows, count);
    });
    for (let c = columns.length; c < out.columns.length; c++) {
      const builder = out.columns[c]!;
      for (const found of answers) {
        if (found === null) builder.appendNull();
        else builder.append(found[c - columns.length]!);
      }
    }
    out.endRows(count, kinds && Uint8Array.from(answers, (_, i) => kinds[rows[i]!]!));
  }
}
