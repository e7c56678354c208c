/* Joins each row with what a table answers for its key at the time the row passes: FOR SYSTEM_TIME AS OF.
 *
 *   rows, marks ─▶ queue ─▶ ask ─▶ answers ─▶ out: from the head on (ordered), or as they come between marks (unordered)
 *   a row whose answer is known at once, while nothing waits ─▶ out
 *
 * Keeps: rows in flight and the marks between them, which are asked again after a restore. At most `capacity` rows are in
 * flight. Rows and marks never pass a mark, so event time holds in both orders. Flink: AsyncLookupJoin, AsyncWaitOperator. */

import { BatchBuilder, isAdd, nullColumns, type Batch, type Column, type Row, type Value } from '#data';
import { evaluate, type EvalContext } from '#expr';
import type { KeptLookupJoinSpec, LookupJoinSpec } from '#job';
import type { F64Cells, PersistentStore, RowList, StateReader, StateWriter, U8Cells } from '#state';
import { valueBytes } from '#state';
import type {
  Lookup,
  Operator,
  OperatorContext,
  Output,
  Progress,
  Trouble,
  UnreadRow,
} from '../contracts/index.ts';
import { firstMark } from '../frame/run-frame.ts';
import { GivenAnswers } from './given-answers.ts';
import { KnownAnswers } from './known-answers.ts';
import { registerOperator, type OperatorSetup } from './table.ts';

interface WaitingRow {
  readonly kind: 'row';
  /** In the list of rows in flight. */
  readonly slot: number;
  answer: readonly Row[] | undefined;
  /** What was found for it and cannot be read: told of when it goes out, so that it is told as often as the row is joined. */
  unread: UnreadRow[] | undefined;
  /** How far its answer went out, and whether anything of it passed the condition. */
  next: number;
  matched: boolean;
}
type Waiting = { readonly kind: 'mark'; readonly slot: number; readonly watermark: number } | WaitingRow;

const waitingRow = (slot: number): WaitingRow => ({
  kind: 'row',
  slot,
  answer: undefined,
  unread: undefined,
  next: 0,
  matched: false,
});
/** What the list says of an entry: the kind of a row's change, or that it is a mark. */
const isMark = 4;

class LookupJoinOperator implements Operator {
  readonly nextTimer = Infinity;
  readonly #spec: LookupJoinSpec;
  readonly #lookup: Lookup;
  readonly #known: KnownAnswers;
  readonly #evaluation: EvalContext;
  readonly #context: OperatorContext;
  readonly #builder: BatchBuilder;
  readonly #store: PersistentStore;
  readonly #flight: RowList;
  readonly #changes: U8Cells;
  readonly #marks: F64Cells;
  /** A row of NULLs: what a mark has in the list. */
  readonly #nulls: readonly Column[];
  #queue: Waiting[] = [];
  /** A row whose answer did not fit into one batch. */
  #current: WaitingRow | undefined;
  #failure: unknown;
  /** Restored rows are asked once the lookup is open, at the first call. */
  #askAgain = false;
  #answerBytes = 0;
  readonly #given: GivenAnswers | undefined;

  constructor(spec: LookupJoinSpec, setup: OperatorSetup, given?: GivenAnswers) {
    const [types] = setup.inputTypes;
    this.#spec = spec;
    this.#given = given;
    this.#evaluation = setup.evaluation;
    this.#context = setup.context;
    this.#builder = new BatchBuilder(setup.outputTypes, true);
    this.#store = setup.store;
    this.#flight = setup.store.list({ name: 'flight', row: types!, cells: { change: 'u8', mark: 'f64' } });
    this.#changes = this.#flight.u8('change');
    this.#marks = this.#flight.f64('mark');
    this.#nulls = nullColumns(types!);
    this.#lookup = setup.lookup(spec.connector, spec.table, {
      fields: spec.lookedUp,
      key: spec.keys.map((k) => k.right),
      timeoutMs: spec.timeoutMs,
    });
    this.#known = new KnownAnswers(spec, this.#lookup, setup);
  }
  get pending(): number {
    return this.#queue.reduce((n, w) => n + (w.kind === 'row' && w.answer === undefined ? 1 : 0), 0);
  }
  get trouble(): Trouble | undefined {
    return this.#lookup.trouble;
  }
  get busy(): boolean {
    return (
      this.#failure !== undefined || this.#askAgain || this.#current !== undefined || this.#firstReady() >= 0
    );
  }

  push(_input: number, batch: Batch, from: number, out: Output): number {
    const { marks, rows } = batch;
    this.#store.beginRun(out.now);
    let m = firstMark(marks, from);
    for (let row = from; ; ) {
      for (; m < marks.count && marks.at[m]! <= row; m++) this.#mark(marks.watermark[m]!);
      if (row < rows && !this.#waits)
        row = this.#known.take(batch, row, m < marks.count ? marks.at[m]! : rows, this.#builder);
      const full = this.#queue.length >= this.#spec.capacity || this.#builder.full;
      if (row === rows || full) {
        for (; m < marks.count && marks.at[m]! <= row; m++) this.#mark(marks.watermark[m]!);
        this.#drain(out);
        this.#store.endRun(row - from);
        return row;
      }
      if (m < marks.count && marks.at[m]! <= row) continue;
      this.#take(batch, row++);
    }
  }
  /** Rows in flight, which others must not pass. */
  get #waits(): boolean {
    return this.#given !== undefined || this.#current !== undefined || this.#queue.length > 0;
  }
  #mark(watermark: number): void {
    if (!this.#waits) {
      this.#builder.mark(watermark);
      return;
    }
    const slot = this.#flight.append(this.#nulls, 0);
    this.#changes.values[slot] = isMark;
    this.#marks.values[slot] = watermark;
    this.#queue.push({ kind: 'mark', slot, watermark });
  }
  #take({ columns, kinds }: Batch, row: number): void {
    const slot = this.#flight.append(columns, row);
    this.#changes.values[slot] = kinds === undefined ? 0 : kinds[row]!;
    const asked = waitingRow(slot);
    this.#queue.push(asked);
    this.#ask(asked);
  }
  #ask(asked: WaitingRow): void {
    // What it gave when it came is known once all in front of it is out.
    if (this.#given !== undefined && !isAdd(this.#changes.values[asked.slot]!)) {
      this.#answered(asked, []);
      return;
    }
    const key = this.#spec.keys.map((k) => this.#flight.row[k.left]!.get(asked.slot));
    const unread =
      this.#context.unread &&
      ((row: UnreadRow) => {
        (asked.unread ??= []).push(row);
      });
    const known = this.#known.answer(key, unread);
    if (known !== undefined) this.#answered(asked, known);
    else {
      this.#lookup.findAsync!(key, unread)
        .then(
          (answer) => {
            this.#answered(asked, answer);
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
  #answered(asked: WaitingRow, answer: readonly Row[]): void {
    asked.answer = answer;
    this.#answerBytes += answerBytes(answer);
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
    this.#store.beginRun(out.now);
    if (this.#askAgain) {
      this.#askAgain = false;
      for (const w of this.#queue) if (w.kind === 'row') this.#ask(w);
    }
    this.#drain(out);
    this.#store.endRun(0);
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
          this.#flight.remove(ready!.slot);
          continue;
        }
        this.#current = ready as WaitingRow;
        this.#tell(this.#current);
      }
      if (!this.#append(this.#current)) break;
      this.#flight.remove(this.#current.slot);
      if (this.#given === undefined || isAdd(this.#changes.values[this.#current.slot]!))
        this.#answerBytes -= answerBytes(this.#current.answer!);
      this.#current = undefined;
    }
    if (!this.#builder.empty) out.emit(this.#builder.build());
  }
  #tell({ answer, unread = [] }: WaitingRow): void {
    const { metrics } = this.#context;
    metrics.count('numRowsLookedUp', answer!.length + unread.length);
    for (const row of unread) this.#context.unread?.(row);
  }
  /** Appends what is left of the row's answer. False when the batch filled before all was in. */
  #append(current: WaitingRow): boolean {
    const { slot } = current;
    const row: readonly Value[] = this.#flight.row.map((c) => c.get(slot));
    const change = this.#changes.values[slot]!;
    if (this.#given !== undefined && current.next === 0 && !this.#fill(current, row, change)) return true;
    const answer = current.answer;
    for (; current.next < answer!.length; current.next++) {
      if (this.#builder.full) return false;
      const joined: readonly Value[] = [...row, ...answer![current.next]!];
      const { condition } = this.#spec;
      if (condition !== undefined && evaluate(condition, joined, this.#evaluation) !== true) {
        this.#context.metrics.count('numRowsLookedUpFiltered', 1);
        continue;
      }
      current.matched = true;
      this.#builder.appendRow(joined, change);
    }
    if (!current.matched && this.#spec.left)
      this.#builder.appendRow([...row, ...this.#spec.lookedUp.map(() => null)], change);
    return true;
  }

  /** With what is kept: the answer of a row that comes is kept as far as it passes, that of one which goes is taken from
   *  there. False: nothing is known of a row that goes, as when its time was over. */
  #fill(current: WaitingRow, row: Row, change: number): boolean {
    const { condition } = this.#spec;
    if (isAdd(change)) {
      const passes = (r: Row): boolean =>
        condition === undefined || evaluate(condition, [...row, ...r], this.#evaluation) === true;
      this.#given!.keep(row, current.answer!.filter(passes));
      return true;
    }
    const answer = this.#given!.take(row);
    if (answer !== undefined) current.answer = answer;
    return answer !== undefined;
  }

  end(): void {}
  fire(): Progress {
    return 'done';
  }
  get store(): PersistentStore {
    return this.#store;
  }
  get stateBytes(): number {
    return this.#store.bytes + this.#answerBytes;
  }
  snapshot(to: StateWriter): void {
    this.#store.snapshot(to);
  }
  restore(from: StateReader): void {
    this.#store.restore(from);
    this.restored();
  }
  restored(): void {
    for (let slot = this.#flight.first(); slot >= 0; slot = this.#flight.next(slot)) {
      if (this.#changes.values[slot] !== isMark) this.#queue.push(waitingRow(slot));
      else this.#queue.push({ kind: 'mark', slot, watermark: this.#marks.values[slot]! });
    }
    this.#askAgain = this.#queue.length > 0;
  }
}

/** What an answer holds until it is out. */
function answerBytes(answer: readonly Row[]): number {
  let bytes = 0;
  for (const row of answer) bytes += valueBytes(row);
  return bytes;
}

registerOperator<LookupJoinSpec>('lookup-join', (spec, setup) => new LookupJoinOperator(spec, setup), {
  stateless: true,
});
registerOperator<KeptLookupJoinSpec>(
  'kept-lookup-join',
  (spec, setup) => new LookupJoinOperator(spec, setup, new GivenAnswers(spec, setup)),
);
