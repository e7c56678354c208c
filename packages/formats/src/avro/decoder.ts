/* One message of one schema, which is known beforehand: the bare datum. */

import type { Field } from '#data';
import type { AvroType } from '#schemas';
import type { DecodeLoss, Decoder, RowSink } from '../decoder.ts';
import { compileReader, type AvroRowReader } from './compile-reader.ts';
import { AvroCursor } from './cursor.ts';
import { planRows } from './read-plan.ts';

export class AvroDecoder implements Decoder {
  readonly skipsMalformed = false;
  onLoss: ((loss: DecodeLoss) => void) | undefined;
  readonly #cursor: AvroCursor;
  readonly #read: AvroRowReader;

  constructor(writer: AvroType, fields: readonly Field[], format = 'avro') {
    this.#cursor = new AvroCursor(format);
    this.#read = compileReader(planRows(writer, fields));
  }
  decode(data: Uint8Array, start: number, end: number, emit: RowSink): void {
    const cursor = this.#cursor;
    cursor.reset(data, start, end);
    const row = this.#read(cursor);
    if (cursor.at < end) this.onLoss?.('trailing');
    emit(row, 0);
  }
}
