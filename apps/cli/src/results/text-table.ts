/* The lines of a table with borders: widths from the rows that are given, numbers to the right. */

import { isNumber, widthOf } from './cell.ts';
import type { ResultShape } from './writer.ts';

export class TextTable {
  readonly #names: readonly string[];
  readonly #right: readonly boolean[];
  readonly #widths: number[];

  /** `ops`: the first cell of every row is the kind of change. */
  constructor({ fields }: ResultShape, sample: readonly (readonly string[])[], ops = false) {
    this.#names = [...(ops ? ['op'] : []), ...fields.map((f) => f.name)];
    this.#right = [...(ops ? [false] : []), ...fields.map(isNumber)];
    this.#widths = this.#names.map(widthOf);
    for (const cells of sample)
      for (let i = 0; i < cells.length; i++) {
        const width = widthOf(cells[i]!);
        if (width > this.#widths[i]!) this.#widths[i] = width;
      }
  }
  get rule(): string {
    return `+${this.#widths.map((w) => '-'.repeat(w + 2)).join('+')}+`;
  }
  head(): string[] {
    return [this.rule, this.line(this.#names), this.rule];
  }
  /** A cell that is wider than its column shifts what follows. */
  line(cells: readonly string[]): string {
    let text = '|';
    for (let i = 0; i < cells.length; i++) {
      const pad = ' '.repeat(Math.max(0, this.#widths[i]! - widthOf(cells[i]!)));
      text += this.#right[i] === true ? ` ${pad}${cells[i]!} |` : ` ${cells[i]!}${pad} |`;
    }
    return text;
  }
}

export const rowCount = (rows: number): string => `${rows} row${rows === 1 ? '' : 's'} in set`;
