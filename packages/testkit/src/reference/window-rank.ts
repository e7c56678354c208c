/* The first rows of each partition of a window: all rows in a list, sorted when the window closes. */

import type { Row } from '#data';
import type { WindowRankSpec } from '#job';
import { compareRows } from './order.ts';
import { at, keyText, msOf, SlowReference } from './reference.ts';

export class WindowRankReference extends SlowReference {
  readonly #spec: WindowRankSpec;
  readonly #partitions = new Map<string, Row[]>();

  constructor(spec: WindowRankSpec) {
    super();
    this.#spec = spec;
  }
  row(_input: number, row: Row): void {
    if (this.#closesAt(row) <= this.watermark) this.late++;
    else at(this.#partitions, keyText(row, this.#spec.partition), () => []).push(row);
  }
  #closesAt(row: Row): number {
    const { end } = this.#spec;
    return end === undefined ? Infinity : msOf(row[end]!) - 1;
  }
  override mark(watermark: number): void {
    super.mark(watermark);
    const due = [...this.#partitions].filter(([, [first]]) => this.#closesAt(first!) <= this.watermark);
    due.sort(([, [a]], [, [b]]) => this.#closesAt(a!) - this.#closesAt(b!));
    for (const [key] of due) this.#emit(key);
  }
  end(): void {
    if (this.#spec.end === undefined) for (const key of this.#partitions.keys()) this.#emit(key);
  }
  #emit(key: string): void {
    const { from, to, keys, numbered, latestOfEquals } = this.#spec;
    const rows = this.#partitions.get(key)!;
    // Sorting keeps the order of arrival among equals.
    const sorted = (latestOfEquals ? rows.toReversed() : rows).toSorted((a, b) => compareRows(a, b, keys));
    for (const [i, row] of sorted.slice(from - 1, to).entries())
      this.emit(0, numbered ? [...row, BigInt(from + i)] : row);
    this.#partitions.delete(key);
  }
}
