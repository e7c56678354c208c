/* Aggregates over TUMBLE, HOP and CUMULATE windows of rowtime, and over windows that the rows carry: each keeps all its rows. */

import type { Row } from '#data';
import type { WindowAggregateSpec } from '#job';
import { SlowAggregate } from './aggregate.ts';
import { adds, keyText, msOf, SlowReference } from './reference.ts';
import { hasFired, propertiesOf, windowsOf, type Window } from './windows.ts';

interface Open {
  readonly window: Window;
  readonly rows: { readonly row: Row; readonly kind: number }[];
}

export class WindowAggregateReference extends SlowReference {
  readonly #spec: WindowAggregateSpec;
  readonly #open = new Map<number, Open>();

  constructor(spec: WindowAggregateSpec) {
    super();
    this.#spec = spec;
  }
  row(_input: number, row: Row, kind: number): void {
    const windows = this.#windowsOf(row).filter((w) => !hasFired(w.end, this.watermark));
    if (windows.length === 0) this.late++;
    for (const window of windows) {
      const open = this.#open.get(window.end) ?? { window, rows: [] };
      this.#open.set(window.end, open);
      open.rows.push({ row, kind });
    }
  }
  #windowsOf(row: Row): Window[] {
    const { window } = this.#spec;
    if (window.kind === 'attached') return [{ start: 0, end: msOf(row[window.end]!) }];
    if (window.kind === 'proctime') throw new TypeError('the reference knows no clock');
    return windowsOf(window.shape, msOf(row[window.column]!));
  }
  override mark(watermark: number): void {
    super.mark(watermark);
    const due = [...this.#open.values()].filter((o) => hasFired(o.window.end, this.watermark));
    for (const open of due.sort((a, b) => a.window.end - b.window.end)) {
      this.#fire(open);
      this.#open.delete(open.window.end);
    }
  }
  #fire({ window, rows }: Open): void {
    const { keys, calls, properties } = this.#spec;
    const groups = new Map<string, { key: Row; count: number; aggregates: SlowAggregate[] }>();
    for (const { row, kind } of this.#inOrder(rows)) {
      const text = keyText(row, keys);
      const group = groups.get(text) ?? {
        key: keys.map((k) => row[k]!),
        count: 0,
        aggregates: calls.map((c) => new SlowAggregate(c)),
      };
      groups.set(text, group);
      group.count += adds(kind) ? 1 : -1;
      for (const aggregate of group.aggregates) {
        if (adds(kind)) aggregate.add(row);
        else aggregate.takeBack(row);
      }
    }
    for (const { key, count, aggregates } of groups.values())
      if (count > 0)
        this.emit(0, [...key, ...aggregates.map((a) => a.result()), ...propertiesOf(properties, window)]);
  }
  /** Windows that overlap are made of slices: the rows of one slice behind those of another, as Flink merges them. */
  #inOrder<T extends { readonly row: Row }>(rows: readonly T[]): readonly T[] {
    const { window } = this.#spec;
    if (window.kind !== 'rowtime' || window.shape.kind === 'tumble') return rows;
    const { shape, column } = window;
    const sliceMs = shape.kind === 'cumulate' ? shape.stepMs : commonMeasure(shape.sizeMs, shape.slideMs);
    const slice = ({ row }: T): number => Math.floor((msOf(row[column]!) - shape.offsetMs) / sliceMs);
    const newestFirst = shape.kind === 'hop' && shape.newestFirst;
    return [...rows].sort((a, b) => (newestFirst ? slice(b) - slice(a) : slice(a) - slice(b)));
  }
}

/** The greatest length of which both are multiples. */
function commonMeasure(a: number, b: number): number {
  let length = Math.min(a, b);
  while (a % length !== 0 || b % length !== 0) length--;
  return length;
}
