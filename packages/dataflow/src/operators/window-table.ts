/* TUMBLE, HOP and CUMULATE as table functions without an aggregation: each row once per window that holds it, with
 * window_start, window_end and window_time behind its columns. Stateless, so no row is late. */

import type { WindowTableSpec } from '#job';
import type { Batch } from '#data';
import { timeAt } from './window-aggregate.ts';
import { RowOperator } from './row-operator.ts';
import { registerOperator, type OperatorSetup } from './table.ts';
import { appendWindow, windowClock, type WindowClock } from './window-time.ts';
import { Windows } from './windows.ts';

class WindowTableOperator extends RowOperator {
  readonly #spec: WindowTableSpec;
  readonly #windows: Windows;
  readonly #clock: WindowClock;

  constructor(spec: WindowTableSpec, setup: OperatorSetup) {
    super(setup.outputTypes);
    this.#spec = spec;
    this.#windows = new Windows(spec.shape);
    this.#clock = windowClock(spec.zone);
  }
  protected onRow(batch: Batch, row: number, now: number): void {
    const { time: column, properties } = this.#spec;
    const time = this.#clock.toLocal(column === undefined ? now : timeAt(batch.columns[column]!, row));
    const width = batch.columns.length;
    const { columns } = this.builder;
    for (const end of this.#windows.ends(time)) {
      for (let c = 0; c < width; c++) columns[c]!.appendFrom(batch.columns[c]!, row);
      appendWindow(columns, width, properties, { start: this.#windows.start(end), end }, this.#clock, now);
      this.builder.endRow(batch.kinds === undefined ? 0 : batch.kinds[row]!);
    }
  }
  protected save(): void {}
  protected load(): void {}
}

registerOperator<WindowTableSpec>('window-table', (spec, setup) => new WindowTableOperator(spec, setup));
