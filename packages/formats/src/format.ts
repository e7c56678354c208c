/* What a format is: bytes of one message ↔ rows. Pure: no I/O, no clock.
 *
 *   message bytes ──▶ Decoder ──▶ rows        row of columns ──▶ Encoder ──▶ message bytes
 *   file bytes ──▶ Framing ──▶ message bytes, one record after the other
 *
 * A format is one folder that exports a FormatDescriptor and stands in the table of `formats.ts`. */

import { UserError, type Span } from '#base';
import type { Column, Field, Row } from '#data';
import type { ChangelogMode, Options, OptionSpec } from '#catalog';
import type { ByteWriter } from '#base';

/** Takes one decoded row; `kind` is a changeKind. The row is the taker's to keep. */
export type RowSink = (row: Row, kind: number) => void;

/** 'made-null': a value that does not fit its type is NULL, for errors are ignored. 'trailing': what stands behind the
 *  message's value is not read, as in Flink. */
export type DecodeLoss = 'made-null' | 'trailing';

export interface Decoder {
  /** Decodes the message `data[start, end)` and hands its rows to `emit`: one as a rule, none for an empty
   *  message, several where the format allows it. All or nothing: `emit` is called only after the whole
   *  message was found good, else MalformedRecord is thrown, whatever `ignore-parse-errors` says: see
   *  `skipsMalformed`. */
  decode(data: Uint8Array, start: number, end: number, emit: RowSink): void;
  /** The rows of a record of a file that is an empty line, for a format to which that is another thing than an empty
   *  message. Absent: decode. */
  decodeBlank?(emit: RowSink): void;
  /** The rows of a message that is null: none, unless a format says otherwise. */
  decodeNull?(emit: RowSink): void;
  /** The table asked for malformed messages to be skipped: the reader counts them and goes on. */
  readonly skipsMalformed: boolean;
  /** Called for each loss that is no error: nobody should lose data without a count. */
  onLoss?: ((loss: DecodeLoss) => void) | undefined;
}

export interface Encoder {
  /** Appends the message for row `row`. Throws UserError for a value that the format cannot express; then
   *  what was appended is to be dropped. */
  encode(columns: readonly Column[], row: number, kind: number, to: ByteWriter): void;
  /** Whether row `row` has no message at all: a record then has a null key or value. Absent: never. */
  isNull?(columns: readonly Column[], row: number): boolean;
}

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

/** The options of one format of one table, keys without their prefix. */
export class FormatOptions {
  readonly #options: Options;
  readonly #prefix: string;

  constructor(options: Options, prefix: string) {
    this.#options = options;
    this.#prefix = prefix;
  }
  /** The key as the user writes it. */
  key(key: string): string {
    return this.#prefix + key;
  }
  has(key: string): boolean {
    return this.#options.has(this.key(key));
  }
  at(key: string): Span | undefined {
    return this.#options.at(this.key(key));
  }
  string(key: string): string | undefined {
    return this.#options.string(this.key(key));
  }
  boolean(key: string): boolean {
    return this.#options.boolean(this.key(key));
  }
  enum(key: string): string | undefined {
    return this.#options.enum(this.key(key));
  }
  /** The error for a value that its schema allows and its meaning does not. */
  refuse(key: string, problem: string, hint?: string): UserError {
    return new UserError('FMT1004', {
      at: this.at(key),
      message: `option '${this.key(key)}': ${problem}`,
      hint,
    });
  }
}

export interface FormatDescriptor {
  readonly name: string;
  /** Keys without prefix. */
  readonly options: readonly OptionSpec[];
  /** Kinds of change that its decoder makes and its encoder takes. */
  readonly changelog: ChangelogMode;
  /** Each throws UserError for options that do not fit together and for types that the format cannot hold.
   *  A decoder makes rows of exactly `fields`; what else a message holds is checked for structure and
   *  skipped. Formats without names (csv) need `record`, all fields of a message in order, when `fields`
   *  are only some of them. */
  decoder?(fields: readonly Field[], options: FormatOptions, record?: readonly Field[]): Decoder;
  encoder?(fields: readonly Field[], options: FormatOptions): Encoder;
  /** Absent for formats that cannot lie one record behind the other in a file. */
  framing?(options: FormatOptions): Framing;
}
