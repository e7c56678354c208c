/* Functions over the rows before each row in any order: all results of a partition computed anew before and after a change. */

import type { Row } from '#data';
import type { OverSortedSpec } from '#job';
import { compareRows } from './order.ts';
import { resultOf } from './over-aggregate.ts';
import { adds, at, keyText, rowText, SlowReference } from './reference.ts';

export class OverSortedReference extends SlowReference {
  readonly #spec: OverSortedSpec;
  readonly #partitions = new Map<string, Row[]>();

  constructor(spec: OverSortedSpec) {
    super();
    this.#spec = spec;
  }
  row(_input: number, row: Row, kind: number): void {
    const rows = at(this.#partitions, keyText(row, this.#spec.partition), () => []);
    const comes = adds(kind);
    const before = this.#results(rows);
    const next = rows.findIndex((r) => compareRows(r, row, this.#spec.keys) > 0);
    const place = comes
      ? next < 0
        ? rows.length
        : next
      : rows.findIndex((r) => rowText(r) === rowText(row));
    if (place < 0) return;
    const removed = rows.splice(place, comes ? 0 : 1, ...(comes ? [row] : []));
    const after = this.#results(rows);
    const longer = comes ? after : before;
    for (let i = 0; i < longer.length; i++) {
      const shorterAt = i < place ? i : i - 1;
      if (i === place)
        this.emit(comes ? kind : 3, comes ? after[i]! : [...removed[0]!, ...before[i]!.slice(row.length)]);
      else {
        const was = before[comes ? shorterAt : i]!;
        const is = after[comes ? i : shorterAt]!;
        if (rowText(was) === rowText(is)) continue;
        if (this.#spec.updateBefore) this.emit(1, was);
        this.emit(2, is);
      }
    }
  }
  /** The rows with their results. */
  #results(rows: readonly Row[]): Row[] {
    const { keys, unit, calls } = this.#spec;
    return rows.map((row, i) => {
      const last = unit === 'rows' ? i : rows.findLastIndex((r) => compareRows(r, row, keys) === 0);
      const frame = rows.slice(0, last + 1);
      return [...row, ...calls.map((c) => resultOf(c, frame))];
    });
  }
}
