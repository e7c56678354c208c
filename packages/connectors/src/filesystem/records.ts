/* From the bytes of a file to batches: records are found by the format's framing and read by its decoder, row
 * by row. The way that takes every format; see scan-records.ts for the fast one. */

import { BatchBuilder, type Batch, type Field, type Value } from '#data';
import type { BadRecords } from '#dataflow';
import { MalformedRecord, type Decoder, type Framing, type RowSink } from '#formats';

/** Where each produced cell comes from: the record, or the file that it lies in. */
export type CellOrigin = { readonly kind: 'decoded'; readonly index: number } | { readonly kind: 'fixed' };

/** What a reader of records is told about the bytes that it reads. */
export interface RecordPlace {
  readonly path: string;
  /** In the plain bytes of the file. */
  offsetOf(at: number): number;
  /** `path:line` of the record that starts at `at`. */
  describe(at: number): string;
  /** A malformed record was skipped. */
  skipped(): void;
  /** Takes malformed records, where the table has a policy for them. */
  readonly badRecords: BadRecords | undefined;
}

/** The record data[start, end) is malformed: it is reported or skipped. Throws the error with its place where neither is asked
 *  for. */
export function leaveOut(
  error: unknown,
  data: Buffer,
  start: number,
  end: number,
  { skipsMalformed, place }: { readonly skipsMalformed: boolean; readonly place: RecordPlace },
): void {
  if (!(error instanceof MalformedRecord)) throw error;
  const { badRecords } = place;
  if (badRecords !== undefined)
    badRecords.report({
      error,
      part: 'value',
      place: place.describe(start),
      key: null,
      value: data.subarray(start, end),
      headers: [],
    });
  else if (skipsMalformed) place.skipped();
  else throw error.locatedAt(place.describe(start), data, start, end);
}

export interface RecordReader {
  /** Of formats whose files have a head: a file begins, or goes on behind this head, in a block of which so many records were
   *  taken. */
  begin?(head: Uint8Array | undefined, taken: number): void;
  /** The file's head, once it was read. */
  readonly head?: Uint8Array | undefined;
  /** The values of fixed cells from now on, one a produced cell; the others are ignored. */
  setFixed(values: readonly Value[]): void;
  /** Reads records that start at `from` or later, up to `rowsMax` rows, into the batch; returns where the
   *  next one starts. No rows: the next record goes on beyond `data`, unless `final`. */
  read(data: Buffer, from: number, final: boolean, rowsMax: number, place: RecordPlace): number;
  /** Line feeds in bytes [from, to), which the last `read` went over. */
  lines(data: Buffer, from: number, to: number): number;
  /** What was read since the last call. The batch stands until the next `read`. */
  build(): Batch;
  close(): void;
}

export class RowRecords implements RecordReader {
  readonly #decoder: Decoder;
  readonly #framing: Framing;
  readonly #cells: readonly CellOrigin[];
  readonly #builder: BatchBuilder;
  #fixed: readonly Value[] = [];
  /** Where the record of each row starts, and what these places are called. */
  #starts: number[] = [];
  #place: RecordPlace | undefined;

  constructor(fields: readonly Field[], cells: readonly CellOrigin[], decoder: Decoder, framing: Framing) {
    this.#cells = cells;
    this.#decoder = decoder;
    this.#framing = framing;
    this.#builder = new BatchBuilder(fields.map((f) => f.type));
  }
  setFixed(values: readonly Value[]): void {
    this.#fixed = values;
  }
  get rows(): number {
    return this.#builder.rows;
  }

  read(data: Buffer, from: number, final: boolean, rowsMax: number, place: RecordPlace): number {
    const builder = this.#builder;
    this.#place = place;
    let start = from;
    const { badRecords } = place;
    while (start < data.length && !builder.full && builder.rows < rowsMax && badRecords?.full !== true) {
      if (!this.#framing.find(data, start, data.length, final)) break;
      const { recordEnd, nextStart } = this.#framing;
      this.#decode(data, start, recordEnd, rowsMax, place);
      start = nextStart;
    }
    return start;
  }
  #decode(data: Buffer, start: number, end: number, rowsMax: number, place: RecordPlace): void {
    const { columns } = this.#builder;
    try {
      const emit: RowSink = (row, kind) => {
        if (this.#builder.rows >= rowsMax) return;
        this.#cells.forEach((cell, i) => {
          columns[i]!.append(cell.kind === 'decoded' ? row[cell.index]! : this.#fixed[i]!);
        });
        this.#builder.endRow(kind);
        this.#starts.push(start);
      };
      if (start === end && this.#decoder.decodeBlank !== undefined) this.#decoder.decodeBlank(emit);
      else this.#decoder.decode(data, start, end, emit);
    } catch (error) {
      leaveOut(error, data, start, end, { skipsMalformed: this.#decoder.skipsMalformed, place });
    }
  }
  lines(data: Buffer, from: number, to: number): number {
    return countLines(data, from, to);
  }
  build(): Batch {
    const starts = this.#starts;
    const place = this.#place;
    this.#starts = [];
    return {
      ...this.#builder.build(),
      origin: place && ((row) => ({ place: place.describe(starts[row]!) })),
    };
  }
  close(): void {}
}

/** Line feeds in bytes [from, to). */
export function countLines(data: Buffer, from: number, to: number): number {
  let count = 0;
  for (let at = data.indexOf(10, from); at >= 0 && at < to; at = data.indexOf(10, at + 1)) count++;
  return count;
}
