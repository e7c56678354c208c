/* Files through the scanner of their format: records are found in the thread's memory and scanned into columns that point
 * back into it. Bytes that lie elsewhere are copied into a window of it.
 *
 *   data ( ── copy ──▶ window ) ── block framing ──▶ starts, ends ── scanner ──▶ columns over data or window
 *
 * A record that scanners do not take goes to the reference decoder; one that is longer than the window, or
 * does not fit a frame, becomes a batch of `RowRecords`. */

import { limits, present } from '#base';
import {
  columnBuilder,
  noMarks,
  type Batch,
  type Column,
  type Field,
  type RowOrigin,
  type Value,
} from '#data';
import type {
  BlockFraming,
  Decoder,
  FormatOptions,
  FormatDescriptor,
  RecordPositions,
  Scanner,
} from '#formats';
import { threadMemory, type Region, type ThreadMemory } from '#wasm';
import {
  leaveOut,
  countLines,
  type CellOrigin,
  type RecordPlace,
  type RecordReader,
  type RowRecords,
} from './records.ts';

const windowBytes = 1 << 20;
/** Bytes are copied so many at a time: a batch of short records does not need the whole window. */
const copyBytes = 1 << 17;
/** The start behind the last record is written too. */
const positionsMax = limits.batchRowsMax + 1;

export class ScanRecords implements RecordReader {
  readonly #memory: ThreadMemory;
  readonly #window: Region;
  readonly #lists: Region;
  readonly #positions: RecordPositions;
  readonly #framing: BlockFraming;
  readonly #scanner: Scanner;
  readonly #fields: readonly Field[];
  readonly #cells: readonly CellOrigin[];
  readonly #byRow: RowRecords;
  #fixed: readonly Value[] = [];
  /** What was read last: bytes [#from, #to) of `#data`, which lie in the memory from `#address` on. */
  #data: Buffer | undefined;
  #from = 0;
  #to = 0;
  #address = 0;

  private constructor(
    memory: ThreadMemory,
    regions: readonly [Region, Region],
    framing: BlockFraming,
    scanner: Scanner,
    shape: {
      readonly fields: readonly Field[];
      readonly cells: readonly CellOrigin[];
      readonly byRow: RowRecords;
    },
  ) {
    this.#memory = memory;
    [this.#window, this.#lists] = regions;
    this.#framing = framing;
    this.#scanner = scanner;
    this.#fields = shape.fields;
    this.#cells = shape.cells;
    this.#byRow = shape.byRow;
    const { address } = this.#lists;
    const endsAddress = address + positionsMax * 4;
    this.#positions = {
      starts: new Int32Array(memory.memory.buffer, address, positionsMax),
      ends: new Int32Array(memory.memory.buffer, endsAddress, positionsMax),
      startsAddress: address,
      endsAddress,
    };
  }

  /** Undefined when the options or a decoded field are not for scanners, or there is no memory: then `byRow` does it
   *  alone. */
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
    const framing = format.blockFraming?.(memory, options);
    if (framing === undefined) return undefined;
    const scanner = format.scanner?.({ memory, fields: decoded, record, options, rowsMax });
    if (scanner === undefined) return undefined;
    scanner.onLoss = onLoss;
    const window = memory.allocate(windowBytes);
    const lists = memory.allocate(positionsMax * 8);
    if (window !== undefined && lists !== undefined)
      return new ScanRecords(memory, [window, lists], framing, scanner, { fields, cells, byRow });
    if (window !== undefined) memory.free(window);
    if (lists !== undefined) memory.free(lists);
    scanner.release();
    return undefined;
  }

  /** Where the record of each row starts in the memory, and what lies there. */
  readonly #rowStarts = new Int32Array(limits.batchRowsMax);
  #base = 0;
  #place: RecordPlace | undefined;

  setFixed(values: readonly Value[]): void {
    this.#fixed = values;
    this.#byRow.setFixed(values);
  }

  read(data: Buffer, from: number, final: boolean, rowsMax: number, place: RecordPlace): number {
    this.#scanner.begin();
    const records = this.#findRecords(data, from, final, Math.min(rowsMax, limits.batchRowsMax));
    if (records === 0) return this.#readLong(data, from, final, rowsMax, place);
    const { starts, ends } = this.#positions;
    const base = this.#address - from;
    this.#place = place;
    this.#base = base;
    for (let record = 0; record < records; record++) {
      const before = this.#scanner.rows;
      const next = this.#scanner.scan(this.#positions, record, records);
      this.#rowStarts.set(starts.subarray(record, next), before);
      record = next;
      if (record === records) break;
      const start = starts[record]! - base;
      if (place.badRecords?.full === true) return start;
      const scanned = this.#scanner.rows;
      if (this.#reference(record, data, start, ends[record]! - base, place)) {
        this.#rowStarts.fill(starts[record]!, scanned, this.#scanner.rows);
        continue;
      }
      return this.#scanner.rows > 0 ? start : this.#byRow.read(data, start, final, 1, place);
    }
    return starts[records]! - base;
  }

  /** Notes where the records from `from` on lie in the memory; returns how many, and behind them stands where the next one
   *  starts. */
  #findRecords(data: Buffer, from: number, final: boolean, recordsMax: number): number {
    this.#data = data;
    this.#from = from;
    if (!this.#isInMemory(data)) return this.#copyAndFind(data, from, final, recordsMax);
    this.#address = data.byteOffset + from;
    this.#to = data.length;
    const bytes = { start: this.#address, end: data.byteOffset + data.length, final };
    return this.#framing.find(this.#positions, 0, bytes, recordsMax);
  }
  #isInMemory(data: Buffer): boolean {
    return data.buffer === this.#memory.memory.buffer;
  }
  #copyAndFind(data: Buffer, from: number, final: boolean, recordsMax: number): number {
    const { address } = this.#window;
    const end = Math.min(data.length, from + windowBytes);
    this.#address = address;
    this.#to = from;
    let records = 0;
    let start = address;
    while (records < recordsMax && this.#to < end) {
      const to = Math.min(end, this.#to + copyBytes);
      this.#memory.bytes.set(data.subarray(this.#to, to), address + this.#to - from);
      this.#to = to;
      const bytes = { start, end: address + to - from, final: final && to === data.length };
      records += this.#framing.find(this.#positions, records, bytes, recordsMax - records);
      start = this.#positions.starts[records]!;
    }
    return records;
  }
  lines(data: Buffer, from: number, to: number): number {
    if (data !== this.#data || from < this.#from || to > this.#to) return countLines(data, from, to);
    const base = this.#address - this.#from;
    return this.#framing.lines(from + base, to + base);
  }
  /** A record that is longer than the window, or not there as a whole yet. */
  #readLong(data: Buffer, from: number, final: boolean, rowsMax: number, place: RecordPlace): number {
    if (data.length - from <= windowBytes || (this.#isInMemory(data) && !final)) return from;
    return this.#byRow.read(data, from, final, Math.min(rowsMax, 1), place);
  }
  /** False when the record's rows do not fit the frame. */
  #reference(record: number, data: Buffer, start: number, end: number, place: RecordPlace): boolean {
    try {
      return this.#scanner.reference(this.#positions, record, true);
    } catch (error) {
      leaveOut(error, data, start, end, { skipsMalformed: this.#scanner.skipsMalformed, place });
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
    const place = this.#place;
    const base = this.#base;
    const origin = (row: number): RowOrigin => ({ place: place!.describe(this.#rowStarts[row]! - base) });
    return { rows, columns, kinds: undefined, marks: noMarks, origin };
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
