/* Aggregates over TUMBLE, HOP and CUMULATE windows of rowtime, and over windows that the rows carry: each keeps all its rows. */

import type { Row } from '#data';
import type { WindowAggregateSpec } from '#job';
import { SlowAggregate } from './aggregate.ts';
import { adds, at, keyText, msOf, SlowReference } from './reference.ts';
import { hasFired, propertiesOf, windowsOf, type Window } from './windows.ts';

interface Open {
  readonly window: Window;
  readonly rows: { readonly row: Row; readonly kind: number }[];
}

interface Group {
  readonly key: Row;
  count: number;
  readonly aggregates: readonly SlowAggregate[];
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
    if (window.kind !== 'rowtime') throw new TypeError('the reference knows neither clock nor partials');
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
    const groups = new Map<string, Group>();
    for (const slice of this.#slices(rows))
      for (const [text, group] of this.#groupsOf(slice)) {
        const known = groups.get(text);
        if (known === undefined) groups.set(text, group);
        else {
          known.count += group.count;
          known.aggregates.forEach((a, i) => {
            a.merge(group.aggregates[i]!);
          });
        }
      }
    for (const { key, count, aggregates } of groups.values())
      if (count > 0)
        this.emit(0, [
          ...key,
          ...aggregates.map((a) => a.result()),
          ...propertiesOf(this.#spec.properties, window),
        ]);
  }
  #groupsOf(rows: Open['rows']): Map<string, Group> {
    const { keys, calls } = this.#spec;
    const groups = new Map<string, Group>();
    for (const { row, kind } of rows) {
      const group = at(groups, keyText(row, keys), () => ({
        key: keys.map((k) => row[k]!),
        count: 0,
        aggregates: calls.map((c) => new SlowAggregate(c)),
      }));
      group.count += adds(kind) ? 1 : -1;
      for (const aggregate of group.aggregates) {
        if (adds(kind)) aggregate.add(row);
        else aggregate.takeBack(row);
      }
    }
    return groups;
  }
  /** Windows that overlap are made of slices: the rows of one slice behind those of another, as Flink merges them. A row is
   *  taken back within its slice. */
  #slices(rows: Open['rows']): Open['rows'][] {
    const { window } = this.#spec;
    if (window.kind !== 'rowtime' || window.shape.kind === 'tumble') return [rows];
    const { shape, column } = window;
    const sliceMs = shape.kind === 'cumulate' ? shape.stepMs : commonMeasure(shape.sizeMs, shape.slideMs);
    const slices = new Map<string, Open['rows']>();
    for (const one of rows)
      at(slices, String(Math.floor((msOf(one.row[column]!) - shape.offsetMs) / sliceMs)), () => []).push(one);
    const newestFirst = shape.kind === 'hop' && shape.newestFirst;
    const ordered = [...slices].sort(([a], [b]) => Number(newestFirst ? b : a) - Number(newestFirst ? a : b));
    return ordered.map(([, slice]) => slice);
  }
}

/** The greatest length of which both are multiples. */
function commonMeasure(a: number, b: number): number {
  let length = Math.min(a, b);
  while (a % length !== 0 || b % length !== 0) length--;
  return length;
}
