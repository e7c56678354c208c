/* Records of files that have a head and blocks. A position in such a file is where a block starts, and how many of its records
 * were taken: the `line` of the position, less 1. */

import { BatchBuilder, type Batch, type RowOrigin, type Field, type Value } from '#data';
import { MalformedRecord, type ContainerReader, type RowSink } from '#formats';
import type { CellOrigin, RecordPlace, RecordReader } from './records.ts';

export class ContainerRecords implements RecordReader {
  readonly #reader: ContainerReader;
  readonly #cells: readonly CellOrigin[];
  readonly #builder: BatchBuilder;
  #fixed: readonly Value[] = [];
  /** Of this file the head was taken. */
  #begun = false;
  /** Records of the open block that were taken; of a block that is not open yet, those that were taken earlier. */
  #taken = 0;
  /** How long the open block is; 0 while none is open. */
  #blockBytes = 0;
  #moved = 0;
  /** Where each row comes from: the offset of its block, and its number in it. */
  #origins: { readonly block: number; readonly record: number }[] = [];
  #place: RecordPlace | undefined;

  constructor(fields: readonly Field[], cells: readonly CellOrigin[], reader: ContainerReader) {
    this.#reader = reader;
    this.#cells = cells;
    this.#builder = new BatchBuilder(fields.map((f) => f.type));
  }
  setFixed(values: readonly Value[]): void {
    this.#fixed = values;
  }
  begin(head: Uint8Array | undefined, taken: number): void {
    this.#begun = head !== undefined;
    if (head !== undefined) this.#reader.readHead(head, 0, head.length);
    this.#taken = taken;
    this.#blockBytes = 0;
  }
  get head(): Uint8Array | undefined {
    return this.#begun ? this.#reader.head : undefined;
  }

  read(data: Buffer, from: number, final: boolean, rowsMax: number, place: RecordPlace): number {
    this.#place = place;
    this.#moved = 0;
    const before = this.#taken;
    let at = from;
    if (!this.#begun && at < data.length) {
      const end = this.#located(place, at, () => this.#reader.readHead(data, at, data.length));
      if (end === undefined) return this.#short(place, at, final);
      this.#begun = true;
      at = end;
    }
    while (!this.#builder.full && this.#builder.rows < rowsMax) {
      if (this.#blockBytes === 0) {
        if (at >= data.length) break;
        const end = this.#located(place, at, () => this.#open(data, at));
        if (end === undefined) {
          this.#short(place, at, final);
          break;
        }
        this.#blockBytes = end - at;
      }
      this.#records(at, rowsMax, place);
      if (this.#reader.left > 0) break;
      at += this.#blockBytes;
      this.#blockBytes = 0;
      this.#taken = 0;
    }
    this.#moved = this.#taken - before;
    return at;
  }
  /** A block of a position is gone into as far as it was taken. */
  #open(data: Buffer, at: number): number | undefined {
    const end = this.#reader.openBlock(data, at, data.length);
    if (end !== undefined) for (let i = 0; i < this.#taken; i++) this.#reader.next(() => {});
    return end;
  }
  #records(block: number, rowsMax: number, place: RecordPlace): void {
    const { columns } = this.#builder;
    const offset = place.offsetOf(block);
    const emit: RowSink = (row, kind) => {
      this.#cells.forEach((cell, i) => {
        columns[i]!.append(cell.kind === 'decoded' ? row[cell.index]! : this.#fixed[i]!);
      });
      this.#builder.endRow(kind);
      this.#origins.push({ block: offset, record: this.#taken });
    };
    while (this.#reader.left > 0 && !this.#builder.full && this.#builder.rows < rowsMax) {
      this.#located(place, block, () => this.#reader.next(emit));
      this.#taken++;
    }
  }
  #located<T>(place: RecordPlace, at: number, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof MalformedRecord)) throw error;
      throw error.placedAt(`${place.path}, block at byte ${place.offsetOf(at)}, record ${this.#taken}`);
    }
  }
  /** More bytes are needed; where none will come, the file is cut off. */
  #short(place: RecordPlace, at: number, final: boolean): number {
    if (!final) return at;
    const where = `${place.path}, byte ${place.offsetOf(at)}`;
    throw new MalformedRecord(
      'avro',
      'the file ends within a block',
      0,
      where,
      'The file was not written to its end.',
    );
  }
  lines(): number {
    return this.#moved;
  }
  build(): Batch {
    const origins = this.#origins;
    const place = this.#place;
    this.#origins = [];
    const origin = (row: number): RowOrigin => ({
      place: `${place!.path}, block at byte ${origins[row]!.block}, record ${origins[row]!.record}`,
    });
    return { ...this.#builder.build(), origin: place && origin };
  }
  close(): void {}
}
