/* What a format is whose files are more than records one behind the other.
 *
 *   head │ block: records, maybe compressed │ block │ …
 *
 * Pure, as all of a format: who reads or writes brings bytes and chance. */

import type { Field } from '#data';
import type { RowSink } from './decoder.ts';
import type { SchemaColumns } from './schema-columns.ts';
import type { Encoder } from './encoder.ts';
import type { FormatOptions } from './format-options.ts';

/** Reads one file after the other. */
export interface ContainerReader {
  /** Takes the head of a file, which starts at `start`; returns where it ends, or undefined while more bytes are needed. Throws
   *  MalformedRecord. */
  readHead(data: Uint8Array, start: number, end: number): number | undefined;
  /** The head that was taken, to go on in its file later. */
  readonly head: Uint8Array;
  /** Takes the block at `start`; returns where the next one starts, or undefined while more bytes are needed. The bytes of the
   *  block are not looked at again. Throws MalformedRecord. */
  openBlock(data: Uint8Array, start: number, end: number): number | undefined;
  /** Records of the block that are not read yet. */
  readonly left: number;
  /** Reads the next one. Throws MalformedRecord, whose position counts in the block as it was before it was compressed. */
  next(emit: RowSink): void;
}

export interface ContainerWriter {
  /** What a file begins with; `mark`, of `markBytes`, is its own. */
  head(mark: Uint8Array): Uint8Array;
  /** Writes records as they lie in blocks. */
  readonly encoder: Encoder;
  /** Records that the encoder wrote one behind the other, as a block of the file with this mark. */
  block(records: Uint8Array, count: number, mark: Uint8Array): Uint8Array;
  readonly markBytes: number;
}

export interface FileContainer {
  /** The columns of a file that begins with these bytes. Throws MalformedRecord, also for bytes that are too few. */
  columns(data: Uint8Array): SchemaColumns;
  /** Makes rows of `fields`. */
  reader(fields: readonly Field[], options: FormatOptions): ContainerReader;
  /** For rows of `fields`. */
  writer(fields: readonly Field[], options: FormatOptions): ContainerWriter;
}
