/* The first or the last row of each key: rows in a list a key. */

import type { Row } from '#data';
import type { DeduplicateSpec } from '#job';
import { at, keyText, msOf, SlowReference } from './reference.ts';

interface Kept {
  row: Row | undefined;
  isOut: boolean;
}

export class DeduplicateReference extends SlowReference {
  readonly #spec: DeduplicateSpec;
  readonly #keys = new Map<string, Kept>();

  constructor(spec: DeduplicateSpec) {
    super();
    this.#spec = spec;
  }
  row(_input: number, row: Row): void {
    const { keys, keep } = this.#spec;
    const waits = keep === 'first' && this.#spec.time !== undefined;
    if (waits && this.#timeOf(row) < this.watermark) {
      this.late++;
      return;
    }
    const known = at(this.#keys, keyText(row, keys), (): Kept => ({ row: undefined, isOut: false }));
    if (keep === 'last') this.#last(known, row);
    else if (!waits) {
      if (known.row === undefined) this.emit(0, row);
      known.row ??= row;
    } else if (known.row === undefined || (!known.isOut && this.#timeOf(row) < this.#timeOf(known.row)))
      known.row = row;
  }
  #timeOf(row: Row): number {
    return msOf(row[this.#spec.time!]!);
  }
  #last(known: Kept, row: Row): void {
    const { time, compared, updateBefore } = this.#spec;
    const before = known.row;
    const isSame = before !== undefined && keyText(before, compared) === keyText(row, compared);
    const isEarlier = before !== undefined && time !== undefined && this.#timeOf(row) < this.#timeOf(before);
    if (isEarlier || (time === undefined && isSame)) return;
    if (before !== undefined && updateBefore) this.emit(1, before);
    this.emit(before === undefined ? 0 : 2, row);
    known.row = row;
  }
  override mark(watermark: number): void {
    super.mark(watermark);
    const { keep, time } = this.#spec;
    if (keep === 'last' || time === undefined) return;
    const due = [...this.#keys.values()].filter((k) => !k.isOut && this.#timeOf(k.row!) <= this.watermark);
    for (const known of due.sort((a, b) => this.#timeOf(a.row!) - this.#timeOf(b.row!))) {
      this.emit(0, known.row!);
      known.isOut = true;
    }
  }
}
