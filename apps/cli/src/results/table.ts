/* A result as a table with borders, as Flink's SQL client draws it.
 *
 *   changes ──▶ the first rows wait until they are many, or a moment passed ──▶ widths are fixed ──▶ rows as they come
 *
 * A row that is wider than the widths found shifts its own borders; no cell is cut unless the terminal asks for it. */

import type { Change } from '#engine';
import { cellText, cutTo } from './cell.ts';
import { rowCount, TextTable } from './text-table.ts';
import type { ResultShape, ResultWriter } from './writer.ts';

/** Rows that the widths of the columns are taken from. */
const sampleRowsMax = 500;

export class TableWriter implements ResultWriter {
  readonly #shape: ResultShape;
  readonly #cellWidthMax: number;
  #sample: string[][] = [];
  #table: TextTable | undefined;
  #rows = 0;

  /** Cells wider than `cellWidthMax` are cut. */
  constructor(shape: ResultShape, cellWidthMax: number) {
    this.#shape = shape;
    this.#cellWidthMax = cellWidthMax;
  }
  take(changes: readonly Change[]): string {
    const lines: string[] = [];
    for (const change of changes) {
      const cells = this.#cells(change);
      this.#rows++;
      if (this.#table !== undefined) lines.push(`${this.#table.line(cells)}\n`);
      else {
        this.#sample.push(cells);
        if (this.#sample.length >= sampleRowsMax) lines.push(this.pause());
      }
    }
    return lines.join('');
  }
  #cells({ kind, row }: Change): string[] {
    const { fields, kinds, zone } = this.#shape;
    const cells = row.map((value, i) => cutTo(cellText(value, fields[i]!, zone), this.#cellWidthMax));
    return kinds ? [kind, ...cells] : cells;
  }
  pause(): string {
    if (this.#sample.length === 0) return '';
    const sample = this.#sample;
    this.#sample = [];
    const table = new TextTable(this.#shape, sample, this.#shape.kinds);
    this.#table = table;
    return `${[...table.head(), ...sample.map((cells) => table.line(cells))].join('\n')}\n`;
  }
  end(): string {
    const text = this.pause();
    if (this.#table === undefined) return 'Empty set\n';
    return `${text}${this.#table.rule}\n${rowCount(this.#rows)}\n`;
  }
}
