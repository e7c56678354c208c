/* The frame of operators that take rows one by one and have one input: walks rows and marks in their order, and stops
 * where the output is full.
 *
 *   mark at 0 ─ row 0 ─ mark at 1 ─ row 1 ─ … ─ mark at n
 *
 * Taking a mark twice is harmless, for watermarks never go back; so a push that stopped short may start at its row anew.
 * A row whose output filled the batch counts as not taken until all of it is out: `drain`. */

import type { Batch, LogicalType, Marks } from '#data';
import { BatchBuilder } from '#data';
import type { StateReader, StateWriter } from '#state';
import type { Operator, Output, Progress } from '../contracts/index.ts';

/** The first mark at or behind row `from`. */
export function firstMark(marks: Marks, from: number): number {
  let low = 0;
  let high = marks.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (marks.at[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

export abstract class RowOperator implements Operator {
  protected readonly builder: BatchBuilder;
  busy = false;
  nextTimer = Infinity;
  protected watermark = -Infinity;
  /** The row that will be pushed next was taken already, and waited for its output to go out. */
  #draining = false;

  constructor(outputTypes: readonly LogicalType[]) {
    this.builder = new BatchBuilder(outputTypes);
  }
  get pending(): number {
    return 0;
  }
  /** An operator that keeps rows or accumulators says how much they take. */
  get stateBytes(): number {
    return 0;
  }

  push(_input: number, batch: Batch, from: number, out: Output): number {
    const { marks, rows } = batch;
    let m = firstMark(marks, from);
    for (let row = from; ; row++) {
      while (m < marks.count && marks.at[m]! <= row) {
        if (!this.#mark(marks.watermark[m]!, out)) return row;
        m++;
      }
      if (row === rows) break;
      if (this.builder.full && !this.flush(out)) return row;
      if (this.#draining) this.#draining = false;
      else {
        this.onRow(batch, row, out.now);
        this.#draining = this.busy = !this.drain(out);
        if (this.busy) return row;
      }
    }
    this.flush(out);
    return rows;
  }

  #mark(watermark: number, out: Output): boolean {
    if (Number.isNaN(watermark)) {
      this.builder.mark(watermark);
      return true;
    }
    if (watermark > this.watermark) this.watermark = watermark;
    return this.#advance(out);
  }
  /** Fires what is due; the mark itself goes out behind it. */
  #advance(out: Output): boolean {
    this.busy = !this.onWatermark(this.watermark, out);
    if (this.busy) return false;
    if (this.watermark > -Infinity) this.builder.mark(this.watermark);
    return true;
  }

  /** Emits what was built. False when the output is full afterwards. */
  protected flush(out: Output): boolean {
    if (!this.builder.empty) out.emit(this.builder.build());
    return !out.full;
  }

  resume(out: Output): Progress {
    if (!this.builder.empty && this.builder.full && !this.flush(out)) return 'more';
    if (this.busy) {
      if (!this.#draining) this.#advance(out);
      else this.busy = !this.drain(out);
      if (this.busy) return 'more';
    }
    this.flush(out);
    return 'done';
  }

  fire(out: Output): Progress {
    this.busy = !this.onTimer(out.now, out);
    if (!out.full) this.flush(out);
    return this.busy ? 'more' : 'done';
  }

  /** Takes one row. */
  protected abstract onRow(batch: Batch, row: number, now: number): void;
  /** Emits what the row taken last left to emit. False when the output filled: it will be called again. */
  protected drain(_out: Output): boolean {
    return true;
  }
  /** Event time reached `watermark`: emit what is due. False when the output filled: it will be called again. */
  protected onWatermark(_watermark: number, _out: Output): boolean {
    return true;
  }
  /** Processing time reached `now`. False when the output filled: `onWatermark` goes on with the rest. */
  protected onTimer(_now: number, _out: Output): boolean {
    return true;
  }
  end(_input: number, _out: Output): void {}

  snapshot(to: StateWriter): void {
    to.f64(this.watermark);
    this.save(to);
  }
  restore(from: StateReader): void {
    this.watermark = from.f64();
    this.load(from);
  }
  protected abstract save(to: StateWriter): void;
  protected abstract load(from: StateReader): void;
}
