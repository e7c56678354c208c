/* The window join: all rows in a list a side, with the end of their window; when one closes, each left row of it meets each
 * right one. */

import type { Row } from '#data';
import type { WindowJoinSpec } from '#job';
import { keyText, msOf, SlowReference } from './reference.ts';
import { hasFired } from './windows.ts';

export class WindowJoinReference extends SlowReference {
  readonly #spec: WindowJoinSpec;
  readonly #widths: readonly [number, number];
  readonly #holds: (left: Row, right: Row) => boolean;
  #rows: readonly [Row[], Row[]] = [[], []];

  /** `holds`: what must hold beside the keys. */
  constructor(
    spec: WindowJoinSpec,
    widths: readonly [number, number],
    holds: (left: Row, right: Row) => boolean = () => true,
  ) {
    super();
    this.#spec = spec;
    this.#widths = widths;
    this.#holds = holds;
  }
  #endOf(side: number, row: Row): number {
    return msOf(row[side === 0 ? this.#spec.leftEnd : this.#spec.rightEnd]!);
  }
  #meet(left: Row, right: Row): boolean {
    const { leftKeys, rightKeys, filterNulls } = this.#spec;
    if (leftKeys.some((k, i) => left[k] === null && filterNulls[i]!)) return false;
    return keyText(left, leftKeys) === keyText(right, rightKeys) && this.#holds(left, right);
  }

  row(side: number, row: Row): void {
    if (hasFired(this.#endOf(side, row), this.watermark)) this.late++;
    else this.#rows[side]!.push(row);
  }
  override mark(watermark: number): void {
    super.mark(watermark);
    const due = this.#rows.map((rows, side) =>
      rows.filter((r) => hasFired(this.#endOf(side, r), this.watermark)),
    );
    const ends = new Set(due.flatMap((rows, side) => rows.map((r) => this.#endOf(side, r))));
    for (const end of [...ends].sort((a, b) => a - b)) {
      const [lefts, rights] = due.map((rows, side) => rows.filter((r) => this.#endOf(side, r) === end));
      this.#close(lefts!, rights!);
    }
    this.#rows = [
      this.#rows[0].filter((r) => !due[0]!.includes(r)),
      this.#rows[1].filter((r) => !due[1]!.includes(r)),
    ];
  }
  #close(lefts: readonly Row[], rights: readonly Row[]): void {
    const { type } = this.#spec;
    const nulls = this.#widths.map((width) => new Array<null>(width).fill(null));
    for (const left of lefts) {
      const met = rights.filter((right) => this.#meet(left, right));
      if (type === 'semi' || type === 'anti') {
        if (met.length > 0 === (type === 'semi')) this.emit(0, left);
        continue;
      }
      for (const right of met) this.emit(0, [...left, ...right]);
      if (met.length === 0 && (type === 'left' || type === 'full')) this.emit(0, [...left, ...nulls[1]!]);
    }
    if (type !== 'right' && type !== 'full') return;
    for (const right of rights)
      if (!lefts.some((left) => this.#meet(left, right))) this.emit(0, [...nulls[0]!, ...right]);
  }
}
