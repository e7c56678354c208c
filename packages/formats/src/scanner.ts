/* What reads many messages at once: bytes in the thread's memory → columns over it. A format that has one gives the same
 * rows as its decoder, on a ladder of rungs (DESIGN.md 3): what the fast ones are not sure of, the decoder decides. */

import type { Column, Field } from '#data';
import type { ParsedSchema } from '#schemas';
import type { ThreadMemory } from '#wasm';
import type { FormatOptions } from './format-options.ts';
import type { DecodeLoss } from './decoder.ts';

/** Records in the thread's memory: where their values start and end. A start of -1 is no value. */
export interface RecordPositions {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Addresses of the two arrays. */
  readonly startsAddress: number;
  readonly endsAddress: number;
}

/** Rows by the rung that took them. */
export interface RungCounts {
  fused: number;
  generic: number;
  reference: number;
}

export interface Scanner {
  /** Rows written since `begin`. */
  readonly rows: number;
  /** There is room for no further row. */
  readonly full: boolean;
  readonly counts: RungCounts;
  /** As Decoder.skipsMalformed. */
  readonly skipsMalformed: boolean;
  /** As Decoder.onLoss: a record that loses anything is always read by the reference decoder. */
  onLoss: ((loss: DecodeLoss) => void) | undefined;
  /** Starts a batch: the columns of the last one are no longer read. */
  begin(): void;
  /** Reads records [from, to) and returns the first that was not taken, or `to`, or where it was full. A record that was
   *  not taken goes to `reference`. 64 bytes behind each record may be read; what they hold means nothing. */
  scan(positions: RecordPositions, from: number, to: number): number;
  /** Reads one record with the reference decoder. False when its rows do not fit: then the batch ends before it. Throws
   *  MalformedRecord. `ofFile`: an empty record is an empty line of a file (Decoder.decodeBlank). */
  reference(positions: RecordPositions, record: number, ofFile?: boolean): boolean;
  /** As Decoder.learn: `reference` throws UnknownSchema. */
  learn?(id: number, schema: ParsedSchema | undefined): void;
  /** The rows so far as columns over the thread's memory. They stand until `begin`. */
  columns(): Column[];
  release(): void;
}

/** What a scanner is made for. */
export interface ScannerSpec {
  readonly memory: ThreadMemory;
  /** The columns to read. */
  readonly fields: readonly Field[];
  /** All fields of a message in order, for formats without names. */
  readonly record: readonly Field[];
  readonly options: FormatOptions;
  readonly rowsMax: number;
}
