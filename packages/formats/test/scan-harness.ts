/* Runs records through the ladder of a format's scanner and holds each outcome to the reference decoder. */

import { expect } from 'vitest';
import { readRow, type Batch, type Column, type Field, type Row } from '#data';
import { findFormat, MalformedRecord, type RungCounts, type Scanner } from '#formats';
import { threadMemory } from '#wasm';
import { optionsOf, type Set } from './samples.ts';

export const memory = threadMemory();
const recordsMax = 1 << 12;
export const region = memory.allocate(1 << 23)!;
export const lists = memory.allocate(recordsMax * 8)!;
const starts = new Int32Array(memory.memory.buffer, lists.address, recordsMax);
const ends = new Int32Array(memory.memory.buffer, lists.address + recordsMax * 4, recordsMax);
export const place = {
  starts,
  ends,
  startsAddress: lists.address,
  endsAddress: lists.address + recordsMax * 4,
};

/** A format, the columns that are read, and what a record of it holds: more, for formats without names. */
export interface Reading {
  readonly format: string;
  readonly columns: readonly Field[];
  readonly record: readonly Field[];
  readonly set: Set;
}
export const readingOf = (
  format: string,
  columns: readonly Field[],
  set: Set = {},
  record = columns,
): Reading => ({ format, columns, record, set });

export function scannerOf(reading: Reading, rowsMax: number): Scanner | undefined {
  const { format, columns, record, set } = reading;
  return findFormat(format).scanner!({
    memory,
    fields: columns,
    record,
    options: optionsOf(format, set),
    rowsMax,
  });
}

/** Bytes that stand around records: what they hold must not matter. */
const plainSurroundings = Buffer.from('}"0');

/** Lays records one behind the other, with something between and behind them; returns how many bytes that takes. */
export function lay(records: readonly Uint8Array[], around: Uint8Array = plainSurroundings): number {
  let at = region.address;
  records.forEach((record, i) => {
    memory.bytes.set(around, at);
    at += around.length;
    starts[i] = at;
    memory.bytes.set(record, at);
    at += record.length;
    ends[i] = at;
  });
  for (let i = 0; i < 64; i++) memory.bytes[at + i] = around[i % around.length]!;
  return at + 64 - region.address;
}

export type Outcome = { readonly rows: Row[] } | { readonly error: string };

/** Makes the reference's outcome of one record after the other. */
export function referenceOf({ format, columns, record, set }: Reading): (bytes: Uint8Array) => Outcome {
  const decoder = findFormat(format).decoder!(columns, optionsOf(format, set), record);
  return (bytes) => {
    const rows: Row[] = [];
    try {
      decoder.decode(bytes, 0, bytes.length, (row) => rows.push(row));
      return { rows };
    } catch (error) {
      if (!(error instanceof MalformedRecord)) throw error;
      return { error: error.message };
    }
  };
}

/** A slice of text lies in its record, or in the scanner's frame: never in another record or the lists. */
function checkSlices(columns: readonly Column[], row: number, record: number): void {
  for (const column of columns) {
    if (column.valid !== undefined && column.valid[row] === 0) continue;
    if (column.layout === 'row') checkSlices(column.fields, row, record);
    if (column.layout !== 'bytes') continue;
    const from = column.starts[row]!;
    const to = from + column.lengths[row]!;
    const inRecord = from >= starts[record]! && to <= ends[record]!;
    const outside = to <= region.address || from >= lists.address + lists.bytes;
    if (to < from || !(inRecord || outside))
      throw new Error(`record ${record}: text at [${from}, ${to}) is not its own`);
  }
}

/** What the ladder makes of the records that were laid. Rows that do not fit a frame are taken from the reference. */
export function scanAll(
  reading: Reading,
  records: readonly Uint8Array[],
  scanner: Scanner,
  reference: (bytes: Uint8Array) => Outcome,
): Outcome[] {
  const types = reading.columns.map((f) => f.type);
  const outcomes: Outcome[] = [];
  scanner.begin();
  /** Where each row came from: rows are read when a batch is whole, as readers do. */
  let origins: number[] = [];
  const flush = (): void => {
    const batch: Batch = {
      rows: scanner.rows,
      columns: scanner.columns(),
      kinds: undefined,
      marks: { count: 0, at: new Int32Array(0), watermark: new Float64Array(0) },
    };
    origins.forEach((record, row) => {
      checkSlices(batch.columns, row, record);
      (outcomes[record] as { rows: Row[] }).rows.push(readRow(batch, types, row));
    });
    origins = [];
    scanner.begin();
  };
  for (let record = 0; record < records.length; ) {
    const next = scanner.scan(place, record, records.length);
    for (; record < next; record++) {
      outcomes[record] = { rows: [] };
      origins.push(record);
    }
    if (record === records.length) break;
    if (scanner.full) {
      flush();
      continue;
    }
    try {
      const before = scanner.rows;
      if (scanner.reference(place, record)) {
        outcomes[record] = { rows: [] };
        for (let row = before; row < scanner.rows; row++) origins.push(record);
      } else outcomes[record] = reference(records[record]!);
    } catch (error) {
      outcomes[record] = { error: (error as MalformedRecord).message };
    }
    record++;
  }
  flush();
  return outcomes;
}

/** Fails when the ladder and the reference differ on any record; returns how many rows each rung took. */
export function agree(
  reading: Reading,
  records: readonly Uint8Array[],
  around: Uint8Array = plainSurroundings,
): RungCounts {
  const scanner = scannerOf(reading, 512)!;
  const reference = referenceOf(reading);
  try {
    lay(records, around);
    const found = scanAll(reading, records, scanner, reference);
    records.forEach((record, i) => {
      expect(found[i], Buffer.from(record).toString()).toEqual(reference(record));
    });
    return scanner.counts;
  } finally {
    scanner.release();
  }
}
