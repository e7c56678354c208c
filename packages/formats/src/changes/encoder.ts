/* Rows with their kinds → messages of changes, byte for byte as Flink writes them: a row that comes is an insert, a row
 * that goes a delete, so an update is two messages. */

import { isAdd, type Column, type Field } from '#data';
import type { ByteWriter } from '#base';
import type { Encoder } from '../format.ts';
import type { FormatOptions } from '../format-options.ts';
import { jsonRowWriter } from '../json/encoder.ts';
import { jsonEncodeSettings } from '../json/options.ts';

/** What stands before and behind the object of a row. */
export interface Around {
  readonly head: string;
  readonly tail: string;
}
export interface ChangeTexts {
  readonly format: string;
  /** `skipNulls`: members that are null are left out. */
  readonly insert: (skipNulls: boolean) => Around;
  readonly delete: (skipNulls: boolean) => Around;
}

export class ChangeEncoder implements Encoder {
  readonly #write: (columns: readonly Column[], row: number, to: ByteWriter) => void;
  readonly #insert: Around;
  readonly #delete: Around;

  constructor(texts: ChangeTexts, fields: readonly Field[], options: FormatOptions) {
    const settings = jsonEncodeSettings(options, texts.format);
    this.#write = jsonRowWriter(fields, settings);
    this.#insert = texts.insert(settings.skipNulls);
    this.#delete = texts.delete(settings.skipNulls);
  }
  encode(columns: readonly Column[], row: number, kind: number, to: ByteWriter): void {
    const { head, tail } = isAdd(kind) ? this.#insert : this.#delete;
    to.ascii(head);
    this.#write(columns, row, to);
    to.ascii(tail);
  }
}
