/* Rows of files that hold columns.
 *
 *   footer ──▶ group: the ranges of its columns that are read ──▶ rows ──▶ batch
 *
 * The next group is brought once the rows of the one before are through: a source holds the columns of one group. A position is
 * a group, and how many of its rows were taken. */

import type { FileHandle } from 'node:fs/promises';
import { toMillraceError } from '#base';
import { BatchBuilder, type Batch, type Field, type RowOrigin, type Value } from '#data';
import type { ColumnFile, ColumnFileReader, RowGroup } from '#formats';
import { inFile, openFile, readFooter, readRange } from './read-footer.ts';
import type { CellOrigin } from './records.ts';

/** Is told what columns a file has; true: nothing of it is to be read. Throws what is to fail. */
export type SeesColumns = (columns: () => readonly Field[]) => boolean;

/** How far a file is read. */
export interface GroupPosition {
  group: number;
  taken: number;
}

export class GroupRecords {
  readonly #path: string;
  readonly position: GroupPosition;
  readonly #fixed: readonly Value[];
  readonly #shape: GroupShape;
  readonly #builder: BatchBuilder;
  readonly #wake: () => void;
  readonly #see: SeesColumns;
  #handle: FileHandle | undefined;
  #groups: readonly RowGroup[] | undefined;
  /** The group of the position, once its columns are there and the rows taken are passed over. */
  #group: RowGroup | undefined;
  #error: unknown;
  #closed = false;

  /** `position` is moved by `read`. `wake` is called when that may have more. */
  constructor(
    path: string,
    position: GroupPosition,
    fixed: readonly Value[],
    shape: GroupShape,
    see: SeesColumns,
    wake: () => void,
  ) {
    this.#path = path;
    this.position = position;
    this.#fixed = fixed;
    this.#shape = shape;
    this.#builder = new BatchBuilder(shape.fields.map((f) => f.type));
    this.#see = see;
    this.#wake = wake;
    this.#bring();
  }
  /** Every row was read. */
  get finished(): boolean {
    return this.#groups !== undefined && this.position.group >= this.#groups.length;
  }
  #bring(): void {
    this.#next()
      .catch((error: unknown) => {
        this.#error = error;
      })
      .finally(() => {
        if (this.#closed) void this.#handle?.close().catch(() => {});
        else this.#wake();
      });
  }
  async #next(): Promise<void> {
    const { file, reader } = this.#shape;
    if (this.#groups === undefined) {
      const { handle, bytes } = await openFile(this.#path);
      this.#handle = handle;
      const footer = await readFooter(handle, this.#path, bytes, file);
      if (this.#see(() => file.columns(footer).fields)) return;
      this.#groups = inFile(this.#path, () => reader.open(footer, bytes));
    }
    for (let next = this.#groups[this.position.group]; next?.rows === 0 || next?.leftOut === true; ) {
      if (next.leftOut) this.#shape.leftOut();
      this.position.taken = 0;
      next = this.#groups[++this.position.group];
    }
    const group = this.#groups[this.position.group];
    if (group === undefined) return;
    for (const [i, { start, end }] of group.ranges.entries()) {
      const bytes = await readRange(this.#handle!, this.#path, start, end);
      if (this.#closed) return;
      inFile(this.#path, () => {
        group.take(i, bytes);
      });
    }
    for (let i = 0; i < this.position.taken; i++) inFile(this.#placeOf(i), () => group.next());
    this.#group = group;
  }
  #placeOf(row: number, group = this.position.group): string {
    return `${this.#path}, row group ${group}, row ${row}`;
  }

  /** Up to `rowsMax` rows; none while their group is on its way. */
  read(rowsMax: number): Batch {
    if (this.#error !== undefined) throw toMillraceError(this.#error);
    const group = this.#group;
    const position = this.position;
    const from = position.taken;
    const number = position.group;
    if (group !== undefined) {
      while (position.taken < group.rows && !this.#builder.full && this.#builder.rows < rowsMax) {
        const row = inFile(this.#placeOf(position.taken), () => group.next());
        this.#shape.cells.forEach((cell, i) => {
          this.#builder.columns[i]!.append(cell.kind === 'decoded' ? row[cell.index]! : this.#fixed[i]!);
        });
        this.#builder.endRow();
        position.taken++;
      }
      if (position.taken === group.rows) {
        position.group++;
        position.taken = 0;
        this.#group = undefined;
        if (!this.finished) this.#bring();
      }
    }
    const origin = (row: number): RowOrigin => ({ place: this.#placeOf(from + row, number) });
    return { ...this.#builder.build(), origin };
  }
  close(): void {
    this.#closed = true;
    void this.#handle?.close().catch(() => {});
  }
}

/** What all files of a table share. */
export interface GroupShape {
  readonly file: ColumnFile;
  readonly reader: ColumnFileReader;
  readonly fields: readonly Field[];
  readonly cells: readonly CellOrigin[];
  /** A group was passed over. */
  leftOut(): void;
}
