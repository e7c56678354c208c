/* TUMBLE, HOP and CUMULATE as table functions without an aggregation: each row once per window that holds it, with
 * window_start, window_end and window_time behind its columns. Stateless, so no row is late; one without a time is in no window, and is counted. */

import type { WindowTableSpec } from '#job';
import type { OperatorContext } from '../contracts/operator.ts';
import type { Run, RunOperator } from '../contracts/run-operator.ts';
import type { RunOutput } from '../frame/run-output.ts';
import { registerRunOperator, type RunSetup } from './table.ts';
import { isNullAt, timeAt, windowClock, WindowColumns, type WindowClock } from './window-time.ts';
import { Windows } from './windows.ts';

const rowsMax = 4096;

class WindowTableOperator implements RunOperator {
  readonly #spec: WindowTableSpec;
  readonly #context: OperatorContext;
  readonly #windows: Windows;
  readonly #clock: WindowClock;
  readonly #columns: WindowColumns;
  readonly #rows = new Int32Array(rowsMax);
  readonly #starts = new Float64Array(rowsMax);
  readonly #ends = new Float64Array(rowsMax);
  readonly #kinds = new Uint8Array(rowsMax);
  readonly #picks = Int32Array.from({ length: rowsMax }, (_, i) => i);
  /** The window of an unfinished row that comes next. */
  #window = 0;

  constructor(spec: WindowTableSpec, { context }: RunSetup) {
    this.#spec = spec;
    this.#context = context;
    this.#windows = new Windows(spec.shape);
    this.#clock = windowClock(spec.zone);
    this.#columns = new WindowColumns(spec.properties, this.#clock);
  }
  /** Ends of the windows that hold `time`, as Flink gives them: of a HOP the last comes first. */
  #inOrder(time: number): readonly number[] {
    const ends = this.#windows.ends(time);
    return this.#spec.shape.kind === 'hop' ? ends.reverse() : ends;
  }
  rows({ batch, from, to, now }: Run, out: RunOutput): number {
    const room = Math.min(out.room, rowsMax);
    const base = out.builder.rows;
    const { columns, kinds } = batch;
    const { time: column } = this.#spec;
    let n = 0;
    let row = from;
    for (; row < to; row++) {
      // A row that has no time is in no window.
      if (column !== undefined && isNullAt(columns[column]!, row)) {
        this.#context.metrics.count('numNullRowTimeRecordsDropped', 1);
        out.ends[row - from] = base + n;
        continue;
      }
      const time = this.#clock.toLocal(column === undefined ? now : timeAt(columns[column]!, row));
      const ends = this.#inOrder(time);
      for (; this.#window < ends.length && n < room; this.#window++, n++) {
        const end = ends[this.#window]!;
        this.#rows[n] = row;
        this.#ends[n] = end;
        this.#starts[n] = this.#windows.start(end);
        this.#kinds[n] = kinds === undefined ? 0 : kinds[row]!;
      }
      if (this.#window < ends.length) break;
      this.#window = 0;
      out.ends[row - from] = base + n;
    }
    out.endKnown = row - from;
    columns.forEach((c, i) => {
      out.columns[i]!.shareRows(c, this.#rows, n);
    });
    this.#columns.appendEach(out.columns, columns.length, this.#starts, this.#ends, this.#picks, now, n);
    out.builder.endRows(n, kinds === undefined ? undefined : this.#kinds);
    return row;
  }
}

registerRunOperator('window-table', (spec, setup) => new WindowTableOperator(spec, setup), {
  stateless: true,
});
