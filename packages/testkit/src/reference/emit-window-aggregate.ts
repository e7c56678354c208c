/* Windows whose results go out with each row, or at their end and then with each late row. One group a key and window. */

import type { Row } from '#data';
import type { EmitWindowAggregateSpec } from '#job';
import { SlowAggregate } from './aggregate.ts';
import { adds, at, keyText, msOf, rowText, SlowReference } from './reference.ts';
import { hasFired, propertiesOf, windowsOf, type Window } from './windows.ts';

interface Group {
  readonly key: Row;
  readonly window: Window;
  rows: number;
  aggregates: readonly SlowAggregate[];
  shown: Row | undefined;
  closed: boolean;
}

export class EmitWindowAggregateReference extends SlowReference {
  readonly #spec: EmitWindowAggregateSpec;
  readonly #groups = new Map<string, Group>();

  constructor(spec: EmitWindowAggregateSpec) {
    super();
    this.#spec = spec;
  }
  row(_input: number, row: Row, kind: number): void {
    const { shape, time, keys, earlyMs, lateMs, latenessMs } = this.#spec;
    const windows = windowsOf(shape, msOf(row[time!]!)).filter(
      (w) => !hasFired(w.end + latenessMs, this.watermark),
    );
    if (windows.length === 0) this.late++;
    for (const window of shape.kind === 'hop' ? windows.toReversed() : windows) {
      const group = at(this.#groups, `${window.end} ${keyText(row, keys)}`, () => ({
        key: keys.map((k) => row[k]!),
        window,
        rows: 0,
        aggregates: [],
        shown: undefined,
        closed: hasFired(window.end, this.watermark),
      }));
      this.#add(group, row, adds(kind));
      if ((group.closed ? lateMs : earlyMs) === 0) this.#show(group);
    }
  }
  #add(group: Group, row: Row, add: boolean): void {
    if (group.rows === 0) {
      if (!add) return;
      group.aggregates = this.#spec.calls.map((c) => new SlowAggregate(c));
    }
    group.rows += add ? 1 : -1;
    for (const aggregate of group.aggregates)
      if (add) aggregate.add(row);
      else aggregate.takeBack(row);
  }
  override mark(watermark: number): void {
    super.mark(watermark);
    const open = [...this.#groups].sort(([, a], [, b]) => a.window.end - b.window.end);
    for (const [name, group] of open) {
      if (!group.closed && hasFired(group.window.end, this.watermark)) {
        this.#show(group);
        group.closed = true;
      }
      if (hasFired(group.window.end + this.#spec.latenessMs, this.watermark)) this.#groups.delete(name);
    }
  }
  #show(group: Group): void {
    const { properties, updateBefore } = this.#spec;
    const { shown, key, window } = group;
    const now =
      group.rows === 0
        ? undefined
        : [...key, ...group.aggregates.map((a) => a.result()), ...propertiesOf(properties, window)];
    group.shown = now;
    if (now === undefined) {
      if (shown !== undefined) this.emit(3, shown);
    } else if (shown === undefined) this.emit(0, now);
    else if (rowText(shown) !== rowText(now)) {
      if (updateBefore) this.emit(1, shown);
      this.emit(2, now);
    }
  }
}
