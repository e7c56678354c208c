/* What a format is: bytes of one message ↔ rows. Pure: no I/O, no clock.
 *
 *   message bytes ──▶ Decoder ──▶ rows        row of columns ──▶ Encoder ──▶ message bytes
 *   file bytes ──▶ Framing ──▶ message bytes, one record after the other
 *
 * A format is one folder that exports a FormatDescriptor and stands in the table of `formats.ts`. */

import type { Field, LogicalType } from '#data';
import type { ChangelogMode, OptionSpec } from '#catalog';
import type { ParsedSchema } from '#schemas';
import type { ThreadMemory } from '#wasm';
import type { BlockEncoder, BlockEncoderSpec } from './block-encoder.ts';
import type { BlockFraming } from './block-framing.ts';
import type { ColumnFile } from './column-file.ts';
import type { FileContainer } from './container.ts';
import type { DriftInspector } from './drift.ts';
import type { Encoder } from './encoder.ts';
export type { Encoder } from './encoder.ts';
import type { Decoder } from './decoder.ts';
import type { FormatOptions } from './format-options.ts';
import type { RegistrySettings } from './registry/options.ts';
import type { SchemaColumns } from './schema-columns.ts';
import type { Scanner, ScannerSpec } from './scanner.ts';

/** Finds records in the bytes of a file. */
export interface Framing {
  /** Looks for the record that starts at `start`. False when it may go on beyond `end` and more bytes will
   *  come (`final` false): then ask again from the same start with more bytes. On true, `recordEnd` is
   *  where it ends, its line end excluded, and `nextStart` where the next one begins. */
  find(data: Uint8Array, start: number, end: number, final: boolean): boolean;
  readonly recordEnd: number;
  readonly nextStart: number;
  /** What a writer puts behind every record. */
  readonly terminator: Uint8Array;
}

/** What a message holds beside its row, for a metadata column: `key` and the type that it has. */
export interface FormatMetadata {
  readonly key: string;
  readonly type: LogicalType;
}

export interface FormatDescriptor {
  readonly name: string;
  /** Keys without prefix. */
  readonly options: readonly OptionSpec[];
  /** Below these, without the format's prefix, any key is taken. */
  readonly prefixes?: readonly string[];
  /** Kinds of change that its decoder makes and its encoder takes. */
  readonly changelog: ChangelogMode;
  /** Absent: a message holds nothing but its rows. */
  readonly metadata?: readonly FormatMetadata[];
  /** Its decoder and encoder need columns and options, no schema: what they refuse is known when a query is planned. */
  readonly needsNoSchema?: boolean;
  /** Of formats whose messages name their schema by its id: where schemas are. Such decoders throw UnknownSchema. */
  registry?(options: FormatOptions): RegistrySettings;
  /** The columns that a schema gives, and options of the format that go with them: the subject's latest schema, for formats with
   *  a registry, else the one that the options name. Throws UserError for a schema that gives none. */
  columns?(options: FormatOptions, schema: ParsedSchema | undefined): SchemaColumns;
  /** Each throws UserError for options that do not fit together and for types that the format cannot hold.
   *  A decoder makes rows of exactly `fields`; what else a message holds is checked for structure and
   *  skipped. Formats without names (csv) need `record`, all fields of a message in order, when `fields`
   *  are only some of them. The cells of `metadata`, keys of the format's, come behind those of `fields`. */
  decoder?(
    fields: readonly Field[],
    options: FormatOptions,
    record?: readonly Field[],
    metadata?: readonly string[],
  ): Decoder;
  encoder?(fields: readonly Field[], options: FormatOptions): Encoder;
  /** Absent, or undefined for fields that it is not for: then the decoder reads message by message. */
  scanner?(spec: ScannerSpec): Scanner | undefined;
  /** Absent, or undefined for fields that it is not for: then the encoder writes message by message. */
  blockEncoder?(spec: BlockEncoderSpec): BlockEncoder | undefined;
  /** Of formats whose files have a head and blocks: these instead of a framing. */
  readonly container?: FileContainer;
  /** Absent: nobody sees how its messages differ from a table with these columns. */
  drift?(columns: readonly Field[], options: FormatOptions): DriftInspector;
  /** Of formats whose files hold columns: these instead of all others. */
  readonly columnFile?: ColumnFile;
  /** Absent for formats that cannot lie one record behind the other in a file. */
  framing?(options: FormatOptions): Framing;
  /** Absent, or undefined for options that it is not for: then records are found one by one. */
  blockFraming?(memory: ThreadMemory, options: FormatOptions): BlockFraming | undefined;
}
