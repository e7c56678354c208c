/* Rows in an order of their partitions' own: they wait until the watermark passes them. */

import type { Row } from '#data';
import type { OrderedRowsSpec } from '#job';
import { compareRows } from './order.ts';
import { msOf, SlowReference, type Change } from './reference.ts';

export class OrderedRowsReference extends SlowReference {
  readonly #spec: OrderedRowsSpec;
  #waiting: Change[] = [];

  constructor(spec: OrderedRowsSpec) {
    super();
    this.#spec = spec;
  }
  #timeOf(row: Row): number {
    return msOf(row[this.#spec.keys[0]!.column]!);
  }
  row(_input: number, row: Row, kind: number): void {
    if (this.#timeOf(row) <= this.watermark) this.late++;
    else this.#waiting.push({ kind, row });
  }
  override mark(watermark: number): void {
    super.mark(watermark);
    const isDue = ({ row }: Change): boolean => this.#timeOf(row) <= this.watermark;
    const due = this.#waiting.filter(isDue);
    this.#waiting = this.#waiting.filter((change) => !isDue(change));
    for (const { kind, row } of due.sort((a, b) => compareRows(a.row, b.row, this.#spec.keys)))
      this.emit(kind, row);
  }
}
