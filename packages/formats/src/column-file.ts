/* What a format is whose files hold groups of rows, column by column, and a footer that says where.
 *
 *   group: column │ column │ … ║ group: column │ … ║ … ║ footer │ tail
 *
 * Pure, as all of a format: who reads brings the bytes that are asked for, who writes takes bytes away. */

import type { RowCondition } from '#catalog';
import type { Column, Field, Row } from '#data';
import type { FormatOptions } from './format-options.ts';
import type { SchemaColumns } from './schema-columns.ts';

/** Bytes [start, end) of a file. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/** Rows of a file, once the bytes of all its ranges were taken. Every method throws MalformedRecord. */
export interface RowGroup {
  readonly rows: number;
  /** The conditions are true of none of its rows: it need not be read. */
  readonly leftOut: boolean;
  /** What is needed of the file: the columns that are read, and no others. */
  readonly ranges: readonly FileRange[];
  /** Takes the bytes of range `index`, which stay the group's. */
  take(index: number, bytes: Uint8Array): void;
  /** The next row. With the last one what was taken is let go. */
  next(): Row;
}

export interface ColumnFileReader {
  /** The groups of a file that ends with `footer`. Throws MalformedRecord, and UserError for columns of other types. */
  open(footer: Uint8Array, fileBytes: number): readonly RowGroup[];
}

/** Writes one file. */
export interface ColumnFileWriter {
  /** Takes a row into the open group. Throws UserError for a value that the format cannot express; then nothing of the row is
   *  taken. */
  add(columns: readonly Column[], row: number): void;
  /** About how long the open group is. */
  readonly pendingBytes: number;
  /** The open group has as many rows as one should. */
  readonly groupIsFull: boolean;
  /** Ends the open group, which has rows; returns what follows in the file. */
  endGroup(): Uint8Array;
  /** The footer. No group is open, and there was one. */
  end(): Uint8Array;
}

export interface ColumnFile {
  /** So many bytes at the end of a file say how long its footer is. */
  readonly tailBytes: number;
  /** How many bytes the footer has, its tail included. Throws MalformedRecord. */
  footerBytes(tail: Uint8Array, fileBytes: number): number;
  /** The columns of a file with this footer. Throws MalformedRecord, and UserError for what no column can be. */
  columns(footer: Uint8Array): SchemaColumns;
  /** Makes rows of `fields`; groups may be left out by the conditions. */
  reader(
    fields: readonly Field[],
    options: FormatOptions,
    conditions?: readonly RowCondition[],
  ): ColumnFileReader;
  /** For rows of `fields`. */
  writer(fields: readonly Field[], options: FormatOptions): ColumnFileWriter;
}
