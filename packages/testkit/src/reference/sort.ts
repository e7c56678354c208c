/* ORDER BY the rowtime: rows wait until the watermark passes them. */

import type { Row } from '#data';
import type { SortSpec } from '#job';
import { compareRows } from './order.ts';
import { msOf, SlowReference } from './reference.ts';

export class SortReference extends SlowReference {
  readonly #spec: SortSpec;
  #waiting: Row[] = [];
  #sentMs = -Infinity;

  constructor(spec: SortSpec) {
    super();
    this.#spec = spec;
  }
  #timeOf(row: Row): number {
    return msOf(row[this.#spec.keys[0]!.column]!);
  }
  row(_input: number, row: Row): void {
    if (this.#timeOf(row) <= this.#sentMs) this.late++;
    else this.#waiting.push(row);
  }
  override mark(watermark: number): void {
    super.mark(watermark);
    const due = this.#waiting.filter((r) => this.#timeOf(r) <= this.watermark);
    this.#waiting = this.#waiting.filter((r) => this.#timeOf(r) > this.watermark);
    for (const row of due.sort((a, b) => compareRows(a, b, this.#spec.keys))) {
      this.emit(0, row);
      this.#sentMs = this.#timeOf(row);
    }
  }
}
