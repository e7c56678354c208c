/* One instance of a source: polls the connector, computes columns, makes watermarks, sends barriers and the end.
 *
 *   connector.poll ─▶ batch of one split ─▶ [calc: computed columns] ─▶ [watermark per row and split] ─▶ exchanges
 *           └─ bad records ──────────────────────┴─ rows that fail ─▶ side output
 */

import { UserError } from '#base';
import { changeKind, noMarks, markBatch, emptyColumns, gatherBatch, type Batch, type Column } from '#data';
import { shownRow, type CalcProgram, type EvalContext, type RowTimes } from '#expr';
import { StateImage } from '#state';
import type { FieldDrift, Source, SourceCommit, Trouble } from '../contracts/index.ts';
import type { SourcePlan, WatermarkPlan } from '#job';
import type { BadRows } from './bad-rows.ts';
import type { Barrier, Item } from './channel.ts';
import type { NodeEvents, RunningNode } from './node.ts';
import type { NodeOutput } from './node-output.ts';
import { writeSourceState, type SourceStates } from './source-state.ts';
import { nullRowtime, type SilentSplits, type SplitProgress, SplitWatermarks } from './split-watermarks.ts';

/** How often the clock moves a quiet source's watermark, ms. */
const quietStepMs = 100;

export interface SourceParts {
  readonly source: Source;
  readonly output: NodeOutput;
  readonly side: NodeOutput | undefined;
  /** Undefined: the first bad row fails the job. */
  readonly badRows: BadRows | undefined;
  readonly events: NodeEvents;
  readonly context: EvalContext;
  readonly calc: CalcProgram | undefined;
  /** The watermark value of each row. */
  readonly watermark: RowTimes | undefined;
}

export class SourceNode implements RunningNode {
  readonly id: string;
  readonly title: string;
  readonly instance: number;
  readonly pending = 0;
  readonly output: NodeOutput;
  finished = false;
  rowsIn = 0;
  /** Set by the job: a barrier to send before the next batch. */
  barrier: Barrier | undefined;
  /** The last barrier is out: nothing is read behind it. */
  #held = false;
  /** 'drain' ends as if the input had; 'stop' ends before it: no watermark says that all has come. */
  stopRequested: 'stop' | 'drain' | undefined;
  readonly #plan: SourcePlan;
  readonly #parts: SourceParts;
  readonly #splits: SplitWatermarks;
  readonly #empty: readonly Column[];
  #waiting = false;
  #batch: Batch | undefined;
  #split = 0;
  #from = 0;
  #values = new Float64Array(0);
  #lastRowAt = -Infinity;
  #lastForcedAt = -Infinity;
  #restored = false;
  /** The turn in which it was last let: see source-turns.ts. */
  turn = 0;
  /** All other sources of the job are quiet too: set by the job before `step`. */
  quiet = true;

  constructor(plan: SourcePlan, instance: number, parts: SourceParts) {
    this.id = plan.id;
    this.title = plan.title;
    this.instance = instance;
    this.#plan = plan;
    this.#parts = parts;
    this.output = parts.output;
    this.#splits = new SplitWatermarks(plan.idleTimeoutMs, plan.watermark?.expression === 'source');
    this.#empty = emptyColumns(plan.outputTypes);
  }
  get rowsOut(): number {
    return this.output.rows;
  }
  get heldBytes(): number {
    return this.#parts.source.bufferedBytes ?? 0;
  }
  get blocked(): boolean {
    return !this.finished && !this.#waiting && this.#isFull;
  }
  get #isFull(): boolean {
    return this.output.full || this.#parts.badRows?.blocked === true;
  }
  get watermark(): number {
    return this.output.watermark;
  }
  get idle(): boolean {
    return this.output.idle;
  }
  /** The connector has something new. */
  wake(): void {
    this.#waiting = false;
  }
  get alignment(): SourcePlan['alignment'] {
    return this.#plan.alignment;
  }
  /** Splits whose event time is beyond `limit` wait from now on, where the connector can do that. */
  alignTo(limit: number, now: number): void {
    const { source } = this.#parts;
    if (source.pauseSplits === undefined) return;
    const ahead = this.#splits.ahead(limit);
    if (!this.#splits.pause(ahead, now)) return;
    source.pauseSplits(ahead);
    this.#waiting = false;
  }
  get hasPaused(): boolean {
    return this.#splits.hasPaused;
  }
  /** Where its event time is: -Infinity before its first mark, undefined where it makes none. */
  get progress(): number | undefined {
    return this.#plan.watermark === undefined || this.#plan.finalWatermarkOnly
      ? undefined
      : this.output.watermark;
  }
  /** Something is asked of it that does not wait for its turn: a barrier, a stop, a timer. */
  get hasToAnswer(): boolean {
    return this.barrier !== undefined || this.stopRequested !== undefined;
  }
  /** It holds no other source back: idle, or at its end. */
  get isIdle(): boolean {
    return this.finished || this.output.idle;
  }
  get lastRowAt(): number {
    return this.#lastRowAt;
  }

  get nextTimer(): number {
    if (this.finished || this.#held) return Infinity;
    const quiet =
      this.#plan.quietTimeoutMs > 0 && this.#lastRowAt > -Infinity && this.#splits.current > -Infinity
        ? Math.max(this.#lastRowAt + this.#plan.quietTimeoutMs, this.#lastForcedAt + quietStepMs)
        : Infinity;
    return Math.min(this.#plan.watermark === undefined ? Infinity : this.#splits.nextTick, quiet);
  }

  step(now: number): boolean {
    if (this.finished || this.#held || this.#isFull) return false;
    // Letters first: what follows may be a barrier.
    if (this.#parts.badRows?.flush() === true) return true;
    const goesOn = this.#step(now);
    return this.#parts.badRows?.flush() === true || goesOn;
  }
  #step(now: number): boolean {
    this.output.now = now;
    if (this.#restored) {
      this.#restored = false;
      this.#lastRowAt = now;
      this.#lastForcedAt = now;
    }
    if (this.#batch !== undefined) {
      this.#emitRows(now);
      return true;
    }
    if (this.barrier !== undefined) {
      this.#sendBarrier();
      return true;
    }
    if (this.stopRequested === 'stop') return this.#end(true);
    if (this.stopRequested === 'drain') return this.#finish();
    if (!this.#waiting) {
      if (this.#poll(now)) return true;
    }
    return now >= this.nextTimer && this.#tick(now);
  }

  #poll(now: number): boolean {
    const polled = this.#parts.source.poll();
    switch (polled.kind) {
      case 'wait':
        if (this.#sendMark(this.#splits.beforeWait())) return true;
        this.#waiting = true;
        return false;
      case 'split-start':
        this.#splits.start(polled.split, now, polled.id);
        return true;
      case 'split-end':
        this.#sendMark(this.#splits.end(polled.split));
        return true;
      case 'end':
        return this.#finish();
      case 'batch':
        this.rowsIn += polled.batch.rows;
        this.#parts.badRows?.seen(polled.batch.rows);
        if (polled.batch.rows > 0) this.#lastRowAt = now;
        this.#splits.start(polled.split, now);
        this.#batch = polled.batch;
        this.#split = polled.split;
        this.#from = 0;
        this.#emitRows(now);
        return true;
    }
  }

  #emitRows(now: number): void {
    const batch = this.#batch!;
    const { calc } = this.#parts;
    let out = batch;
    if (calc === undefined) this.#batch = undefined;
    else {
      const result = this.#compute(calc, batch);
      if (this.#from >= batch.rows) this.#batch = undefined;
      if (result === undefined) return;
      out = result;
    }
    out = this.#withRowtime(out, batch);
    this.output.emit({ ...out, marks: this.#marks(out, now) });
  }
  /** The next rows with their computed columns; undefined: none, for they failed and were reported. */
  #compute(calc: CalcProgram, batch: Batch): Batch | undefined {
    const { badRows, context } = this.#parts;
    while (this.#from < batch.rows || batch.rows === 0) {
      try {
        const result = calc.run(batch, this.#from, context);
        this.#from = result.next;
        return result.batch;
      } catch (error) {
        if (!(error instanceof UserError) || badRows?.takesErrors !== true) throw error;
        badRows.row('cast', batch, this.#plan.fields, this.#from++, error);
        if (badRows.full) return undefined;
      }
    }
    return undefined;
  }

  #marks(batch: Batch, now: number): Batch['marks'] {
    const { watermark } = this.#plan;
    if (watermark === undefined || this.#plan.finalWatermarkOnly) return noMarks;
    if (watermark.expression === 'source') return this.#splits.pass(batch.marks);
    if (this.#values.length < batch.rows) this.#values = new Float64Array(Math.max(1024, batch.rows));
    this.#parts.watermark!(batch, 0, batch.rows, this.#values);
    return this.#splits.rows(this.#split, batch, this.#values, now);
  }

  /** The rows that have a rowtime. Those without fail the job, or are reported as the rows that came: those of `polled` before
   *  `#from` are what `batch` was computed of. */
  #withRowtime(batch: Batch, polled: Batch): Batch {
    const { watermark, outputTypes, fields } = this.#plan;
    const valid = watermark && batch.columns[watermark.rowtime]!.valid;
    if (valid === undefined) return batch;
    const { badRows, context } = this.#parts;
    const start = this.#parts.calc === undefined ? 0 : this.#from - batch.rows;
    const keep: number[] = [];
    for (let row = 0; row < batch.rows; row++) {
      if (hasRowtime(batch, valid, row, watermark!)) keep.push(row);
      else if (badRows?.takesErrors === true)
        badRows.row('cast', polled, fields, start + row, nullRowtime(watermark!.rowtimeName));
      else throw nullRowtime(watermark!.rowtimeName, shownRow(batch, outputTypes, row, context));
    }
    return keep.length === batch.rows ? batch : gatherBatch(batch, outputTypes, keep);
  }

  #tick(now: number): boolean {
    const idle = this.#splits.tick(now);
    if (this.#sendMark(idle)) return true;
    const { quietTimeoutMs } = this.#plan;
    if (quietTimeoutMs <= 0 || !this.quiet || now - this.#lastRowAt < quietTimeoutMs) {
      this.#lastForcedAt = now;
      return false;
    }
    const since = Math.max(this.#lastRowAt, this.#lastForcedAt);
    this.#lastForcedAt = now;
    return this.#sendMark(this.#splits.force(this.#splits.current + Math.max(0, now - since)));
  }

  #sendMark(watermark: number | undefined): boolean {
    if (watermark === undefined || this.#plan.watermark === undefined || this.#plan.finalWatermarkOnly)
      return false;
    this.output.emit(markBatch(this.#empty, watermark));
    return true;
  }

  #sendBarrier(): void {
    const barrier = this.barrier!;
    this.barrier = undefined;
    this.#held = barrier.last === true;
    this.#parts.events.snapshotted(this.id, this.instance, barrier.epoch, new StateImage(this.#snapshot()));
    this.#broadcast(barrier);
  }
  #broadcast(item: Exclude<Item, { kind: 'batch' }>): void {
    this.output.broadcast(item);
    this.#parts.side?.broadcast(item);
  }

  #finish(): boolean {
    if (!this.#finalSent) {
      this.#finalSent = true;
      this.#parts.badRows?.ended();
      this.output.emit(markBatch(this.#empty, Infinity));
      return true;
    }
    return this.#end(false);
  }
  #finalSent = false;
  /** Its snapshot once it has finished: positions of splits that are read to their end count at another parallelism. */
  finalState: Uint8Array | undefined;
  #end(stopped: boolean): true {
    this.finished = true;
    this.finalState = this.#snapshot();
    this.#broadcast(stopped ? { kind: 'end', stopped: true } : { kind: 'end' });
    return true;
  }

  /** Its position may be kept outside of the job. */
  get commits(): boolean {
    return this.#parts.source.commit !== undefined;
  }
  commit(upTo: SourceCommit): void {
    this.#parts.source.commit?.(upTo);
  }
  /** Why it cannot read at the moment. */
  get drift(): readonly FieldDrift[] | undefined {
    return this.#parts.source.drift;
  }
  get trouble(): Trouble | undefined {
    return this.finished ? undefined : this.#parts.source.trouble;
  }
  /** Where its splits are; undefined where it makes no watermarks. */
  get splits(): readonly SplitProgress[] | undefined {
    return this.#plan.watermark === undefined ? undefined : this.#splits.progress();
  }
  /** Splits that hold the watermark back because they have had none. */
  get silentSplits(): SilentSplits | undefined {
    const { watermark } = this.#plan;
    return this.finished || watermark === undefined ? undefined : this.#splits.silent;
  }

  #snapshot(): Uint8Array {
    return writeSourceState({
      finished: this.finished,
      lastRowAt: this.#lastRowAt,
      positions: this.#parts.source.snapshot(),
      watermarks: this.#splits.state(),
    });
  }
  /** Goes on from what all instances wrote. */
  restore(states: SourceStates): void {
    if (states.finished(this.instance)) {
      this.finished = true;
      this.finalState = states.own(this.instance);
      this.#broadcast({ kind: 'end' });
      return;
    }
    // The time that the process was away is not quiet: it counts anew from the first step.
    this.#restored = states.hadRows(this.instance);
    this.#splits.restore(states.watermarks(this.instance));
  }
  async close(): Promise<void> {
    await this.#parts.source.close();
  }
}

/** A -D that carries its key alone has none, and needs none. */
const hasRowtime = (
  { kinds }: Batch,
  valid: Uint8Array,
  row: number,
  { keyOnlyDelete }: WatermarkPlan,
): boolean => valid[row] !== 0 || (keyOnlyDelete && kinds?.[row] === changeKind.delete);
