/* Rows with their kinds → messages of Debezium in Avro: a row that comes is an insert, a row that goes a delete, so an update is
 * two messages, as Flink writes them. */

import type { ByteWriter } from '#base';
import { isAdd, type Column, type Field } from '#data';
import { AvroConfluentEncoder } from '../avro-confluent/encoder.ts';
import type { Encoder } from '../format.ts';
import type { AvroType } from '#schemas';
import type { EncoderSchema } from '../unknown-schema.ts';
import { envelopeOf } from './envelope.ts';

export class DebeziumAvroEncoder implements Encoder {
  readonly schema: EncoderSchema;
  readonly #envelopes: AvroConfluentEncoder;
  /** For every row that there was: nothing, and the first byte of `operations`. */
  #nothing = new Uint8Array(0);
  #starts = new Int32Array(0);
  #lengths = new Int32Array(0);
  readonly #insert = Buffer.from('c');
  readonly #delete = Buffer.from('d');

  constructor(root: AvroType, fields: readonly Field[], format: string) {
    this.#envelopes = new AvroConfluentEncoder(root, envelopeOf(fields), format);
    this.schema = this.#envelopes.schema;
  }
  encode(columns: readonly Column[], row: number, kind: number, to: ByteWriter): void {
    if (row >= this.#nothing.length) this.#grow(row + 1);
    const there: Column = { layout: 'row', valid: undefined, fields: columns };
    const nothing: Column = { layout: 'row', valid: this.#nothing, fields: columns };
    const [starts, lengths] = [this.#starts, this.#lengths];
    const data = isAdd(kind) ? this.#insert : this.#delete;
    const op: Column = { layout: 'bytes', valid: undefined, starts, lengths, data };
    const rows = isAdd(kind) ? [nothing, there] : [there, nothing];
    this.#envelopes.encode([...rows, op], row, kind, to);
  }
  #grow(rows: number): void {
    const size = Math.max(rows, this.#nothing.length * 2);
    this.#nothing = new Uint8Array(size);
    this.#starts = new Int32Array(size);
    this.#lengths = new Int32Array(size).fill(1);
  }
}
