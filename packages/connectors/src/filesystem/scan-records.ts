/* Files through the scanner of their format: a window of the file is copied into the thread's memory, its lines are
 * found and scanned into columns that point back into it.
 *
 *   data ── copy ──▶ window │ starts, ends of lines ──▶ scanner ──▶ columns over the window
 *
 * A record that scanners do not take goes to the reference decoder; one that is longer than the window, or
 * does not fit a frame, becomes a batch of `RowRecords`. */

import { limits, present } from '#base';
import { columnBuilder, noMarks, type Batch, type Column, type Field, type Value } from '#data';
import {
  MalformedRecord,
  type Decoder,
  type FormatOptions,
  type FormatDescriptor,
  type RecordPositions,
  type Scanner,
} from '#formats';
import { threadMemory, type Region, type ThreadMemory } from '#wasm';
import type { CellOrigin, RecordPlace, RecordReader, RowRecords } from './records.ts';

const windowBytes = 1 << 20;
const newline = 10;
const carriageReturn = 13;

export class ScanRecords implements RecordReader {
  readonly #memory: ThreadMemory;
  readonly #window: Region;
  readonly #lists: Region;
  readonly #positions: RecordPositions;
  readonly #scanner: Scanner;
  readonly #fields: readonly Field[];
  readonly #cells: readonly CellOrigin[];
  readonly #byRow: RowRecords;
  #fixed: readonly Value[] = [];

  private constructor(
    memory: ThreadMemory,
    regions: readonly [Region, Region],
    scanner: Scanner,
    shape: {
      readonly fields: readonly Field[];
      readonly cells: readonly CellOrigin[];
      readonly byRow: RowRecords;
    },
  ) {
    this.#memory = memory;
    [this.#window, this.#lists] = regions;
    this.#scanner = scanner;
    this.#fields = shape.fields;
    this.#cells = shape.cells;
    this.#byRow = shape.byRow;
    const { address } = this.#lists;
    const endsAddress = address + limits.batchRowsMax * 4;
    this.#positions = {
      starts: new Int32Array(memory.memory.buffer, address, limits.batchRowsMax),
      ends: new Int32Array(memory.memory.buffer, endsAddress, limits.batchRowsMax),
      startsAddress: address,
      endsAddress,
    };
  }

  /** Undefined when a decoded field is not for scanners, or there is no memory: then `byRow` does it alone.
   *  */
  static create(
    fields: readonly Field[],
    cells: readonly CellOrigin[],
    format: FormatDescriptor,
    options: FormatOptions,
    record: readonly Field[],
    byRow: RowRecords,
    onLoss: Decoder['onLoss'] = undefined,
  ): ScanRecords | undefined {
    const memory = threadMemory();
    const decoded = fields.filter((_, i) => cells[i]!.kind === 'decoded');
    const rowsMax = limits.batchRowsMax;
    const scanner = format.scanner?.({ memory, fields: decoded, record, options, rowsMax });
    if (scanner === undefined) return undefined;
    scanner.onLoss = onLoss;
    const window = memory.allocate(windowBytes);
    const lists = memory.allocate(limits.batchRowsMax * 8);
    if (window !== undefined && lists !== undefined)
      return new ScanRecords(memory, [window, lists], scanner, { fields, cells, byRow });
    if (window !== undefined) memory.free(window);
    if (lists !== undefined) memory.free(lists);
    scanner.release();
    return undefined;
  }

  setFixed(values: readonly Value[]): void {
    this.#fixed = values;
    this.#byRow.setFixed(values);
  }

  read(data: Buffer, from: number, final: boolean, rowsMax: number, place: RecordPlace): number {
    this.#scanner.begin();
    const records = this.#findLines(data, from, final, rowsMax);
    if (records === 0) return this.#readLong(data, from, final, rowsMax, place);
    const { starts, ends } = this.#positions;
    const base = this.#window.address - from;
    this.#memory.bytes.set(data.subarray(from, ends[records - 1]! - base), this.#window.address);
    for (let record = 0; record < records; record++) {
      record = this.#scanner.scan(this.#positions, record, records);
      if (record === records) break;
      // An empty line holds no record.
      if (starts[record]! === ends[record]!) continue;
      const start = starts[record]! - base;
      if (this.#reference(record, data, start, ends[record]! - base, place)) continue;
      return this.#scanner.rows > 0 ? start : this.#byRow.read(data, start, final, 1, place);
    }
    return this.#next;
  }
  /** Behind the lines that `#findLines` found. */
  #next = 0;

  /** Notes where the lines from `from` on will lie in the window; returns how many. */
  #findLines(data: Buffer, from: number, final: boolean, rowsMax: number): number {
    const { starts, ends } = this.#positions;
    const base = this.#window.address - from;
    const recordsMax = Math.min(rowsMax, limits.batchRowsMax);
    let start = from;
    let records = 0;
    while (start < data.length && records < recordsMax) {
      const at = data.indexOf(newline, start);
      if (at < 0 && !final) break;
      const lineEnd = at < 0 ? data.length : at;
      if (lineEnd - from > windowBytes) break;
      starts[records] = start + base;
      ends[records] =
        (lineEnd > start && data[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd) + base;
      records++;
      start = at < 0 ? data.length : at + 1;
    }
    this.#next = start;
    return records;
  }
  /** A line that is longer than the window, or not there as a whole yet. */
  #readLong(data: Buffer, from: number, final: boolean, rowsMax: number, place: RecordPlace): number {
    if (data.length - from <= windowBytes) return from;
    return this.#byRow.read(data, from, final, Math.min(rowsMax, 1), place);
  }
  /** False when the record's rows do not fit the frame. */
  #reference(record: number, data: Buffer, start: number, end: number, place: RecordPlace): boolean {
    try {
      return this.#scanner.reference(this.#positions, record);
    } catch (error) {
      if (!(error instanceof MalformedRecord)) throw error;
      if (!this.#scanner.skipsMalformed) throw error.locatedAt(place.describe(start), data, start, end);
      place.skipped();
      return true;
    }
  }

  build(): Batch {
    const { rows } = this.#scanner;
    if (rows === 0) return this.#byRow.build();
    const decoded = this.#scanner.columns();
    const columns = this.#cells.map((cell, i) =>
      cell.kind === 'decoded'
        ? present(decoded[cell.index], 'a column of the scanner')
        : constantColumn(this.#fields[i]!, this.#fixed[i]!, rows),
    );
    return { rows, columns, kinds: undefined, marks: noMarks };
  }
  close(): void {
    this.#scanner.release();
    this.#memory.free(this.#window);
    this.#memory.free(this.#lists);
  }
}

function constantColumn(field: Field, value: Value, rows: number): Column {
  const builder = columnBuilder(field.type);
  for (let row = 0; row < rows; row++) builder.append(value);
  return builder.build();
}
