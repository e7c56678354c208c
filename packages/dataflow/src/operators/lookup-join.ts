/* Joins each row with what a table answers for its key at the time the row passes: FOR SYSTEM_TIME AS OF.
 *
 *   rows, marks ─▶ queue ─▶ ask ─▶ answers ─▶ out: from the head on (ordered), or as they come between marks (unordered)
 *
 * Keeps: rows in flight, which are asked again after a restore. At most `capacity` rows are in flight. Rows and marks
 * never pass a mark, so event time holds in both orders. Flink: AsyncLookupJoin, AsyncWaitOperator. */

import type { LookupJoinSpec } from '#job';
import { readRow, type Batch, type LogicalType, type Row, type Value } from '#data';
import { BatchBuilder } from '#data';
import { evaluate, type EvalContext } from '#expr';
import { readValueBytes, rowHeapBytes, writeValueBytes, type StateReader, type StateWriter } from '#state';
import type { Lookup, Operator, OperatorContext, Output, Progress } from '../contracts/index.ts';
import { firstMark } from './row-operator.ts';
import { registerOperator, type OperatorSetup } from './table.ts';

interface WaitingRow {
  readonly kind: 'row';
  readonly row: Row;
  readonly change: number;
  answer: readonly Row[] | undefined;
  /** How far its answer went out, and whether anything of it passed the condition. */
  next: number;
  matched: boolean;
}
type Waiting = { readonly kind: 'mark'; readonly watermark: number } | WaitingRow;

const waitingRow = (row: Row, change: number): WaitingRow => ({
  kind: 'row',
  row,
  change,
  answer: undefined,
  next: 0,
  matched: false,
});

class LookupJoinOperator implements Operator {
  readonly nextTimer = Infinity;
  readonly #spec: LookupJoinSpec;
  readonly #types: readonly LogicalType[];
  readonly #lookup: Lookup;
  readonly #evaluation: EvalContext;
  readonly #context: OperatorContext;
  readonly #builder: BatchBuilder;
  #queue: Waiting[] = [];
  /** A row whose answer did not fit into one batch. */
  #current: WaitingRow | undefined;
  #failure: unknown;
  /** Restored rows are asked once the lookup is open, at the first call. */
  #askAgain = false;

  constructor(spec: LookupJoinSpec, setup: OperatorSetup) {
    this.#spec = spec;
    this.#types = setup.inputTypes[0]!;
    this.#evaluation = setup.evaluation;
    this.#context = setup.context;
    this.#builder = new BatchBuilder(setup.outputTypes);
    this.#lookup = setup.lookup(spec.connector, spec.table, {
      fields: spec.lookedUp,
      key: spec.keys.map((k) => k.right),
    });
  }
  get pending(): number {
    return this.#queue.reduce((n, w) => n + (w.kind === 'row' && w.answer === undefined ? 1 : 0), 0);
  }
  get busy(): boolean {
    return (
      this.#failure !== undefined || this.#askAgain || this.#current !== undefined || this.#firstReady() >= 0
    );
  }

  push(_input: number, batch: Batch, from: number, out: Output): number {
    const { marks, rows } = batch;
    let m = firstMark(marks, from);
    for (let row = from; ; row++) {
      for (; m < marks.count && marks.at[m]! <= row; m++)
        this.#queue.push({ kind: 'mark', watermark: marks.watermark[m]! });
      if (row === rows || this.#queue.length >= this.#spec.capacity) {
        this.#drain(out);
        return row;
      }
      this.#take(readRow(batch, this.#types, row), batch.kinds === undefined ? 0 : batch.kinds[row]!);
    }
  }
  #take(row: Row, change: number): void {
    const asked = waitingRow(row, change);
    this.#queue.push(asked);
    this.#ask(asked);
  }
  #ask(asked: WaitingRow): void {
    const key = this.#spec.keys.map((k) => asked.row[k.left]!);
    // NULL equals nothing, so there is nothing to ask.
    if (key.some((v) => v === null)) asked.answer = [];
    else if (!this.#spec.async && this.#lookup.find !== undefined) asked.answer = this.#lookup.find(key);
    else {
      this.#lookup.findAsync!(key)
        .then(
          (answer) => {
            asked.answer = answer;
          },
          (error: unknown) => {
            this.#failure = error;
          },
        )
        .finally(() => {
          this.#context.wake();
        });
    }
  }

  /** The first that may go out, or -1. Unordered: any answered row before the first mark. */
  #firstReady(): number {
    const [head] = this.#queue;
    if (head === undefined) return -1;
    if (head.kind === 'mark' || head.answer !== undefined) return 0;
    if (this.#spec.ordered) return -1;
    const end = this.#queue.findIndex((w) => w.kind === 'mark');
    return (end < 0 ? this.#queue : this.#queue.slice(0, end)).findIndex(
      (w) => w.kind === 'row' && w.answer !== undefined,
    );
  }
  resume(out: Output): Progress {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#askAgain) {
      this.#askAgain = false;
      for (const w of this.#queue) if (w.kind === 'row') this.#ask(w);
    }
    this.#drain(out);
    return this.busy ? 'more' : 'done';
  }
  #drain(out: Output): void {
    while (!this.#builder.full) {
      if (this.#current === undefined) {
        const at = this.#firstReady();
        if (at < 0) break;
        const [ready] = this.#queue.splice(at, 1);
        if (ready!.kind === 'mark') {
          this.#builder.mark(ready!.watermark);
          continue;
        }
        this.#current = ready as WaitingRow;
      }
      if (this.#append(this.#current)) this.#current = undefined;
    }
    if (!this.#builder.empty) out.emit(this.#builder.build());
  }
  /** Appends what is left of the row's answer. False when the batch filled before all was in. */
  #append(current: WaitingRow): boolean {
    const { row, change, answer } = current;
    for (; current.next < answer!.length; current.next++) {
      if (this.#builder.full) return false;
      const joined: readonly Value[] = [...row, ...answer![current.next]!];
      const { condition } = this.#spec;
      if (condition !== undefined && evaluate(condition, joined, this.#evaluation) !== true) continue;
      current.matched = true;
      this.#builder.appendRow(joined, change);
    }
    if (!current.matched && this.#spec.left)
      this.#builder.appendRow([...row, ...this.#spec.lookedUp.map(() => null)], change);
    return true;
  }

  end(): void {}
  fire(): Progress {
    return 'done';
  }
  get stateBytes(): number {
    const rows = this.#current === undefined ? this.#queue : [this.#current, ...this.#queue];
    let bytes = 0;
    for (const w of rows) {
      if (w.kind === 'mark') continue;
      bytes += rowHeapBytes(w.row);
      for (const found of w.answer ?? []) bytes += rowHeapBytes(found);
    }
    return bytes;
  }
  snapshot(to: StateWriter): void {
    to.i32(this.#queue.length);
    for (const w of this.#queue) {
      to.u8(w.kind === 'mark' ? 1 : 0);
      if (w.kind === 'mark') to.f64(w.watermark);
      else {
        to.u8(w.change);
        w.row.forEach((v, i) => {
          writeValueBytes(to, this.#types[i]!, v);
        });
      }
    }
  }
  restore(from: StateReader): void {
    this.#queue = Array.from({ length: from.i32() }, (): Waiting => {
      if (from.u8() === 1) return { kind: 'mark', watermark: from.f64() };
      const change = from.u8();
      return waitingRow(
        this.#types.map((t) => readValueBytes(from, t)),
        change,
      );
    });
    this.#askAgain = this.#queue.length > 0;
  }
}

registerOperator<LookupJoinSpec>('lookup-join', (spec, setup) => new LookupJoinOperator(spec, setup));
