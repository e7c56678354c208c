/* Messages with the id of their schema in front. A reader is made for each schema, once: what its records have and the table
 * has not is skipped, what they lack is NULL. */

import type { Field } from '#data';
import { AvroSchema, type AvroType, type ParsedSchema } from '#schemas';
import type { DecodeLoss, Decoder, RowSink } from '../decoder.ts';
import { compileReader, type AvroRowReader } from '../avro/compile-reader.ts';
import { AvroCursor } from '../avro/cursor.ts';
import { planRows } from '../avro/read-plan.ts';
import { BySchema, headerBytes, readHeader } from '../registry/header.ts';
import { UnknownSchema } from '../unknown-schema.ts';

export class AvroConfluentDecoder implements Decoder {
  readonly skipsMalformed = false;
  onLoss: ((loss: DecodeLoss) => void) | undefined;
  readonly #format: string;
  readonly #fields: readonly Field[];
  readonly #reader: AvroType | undefined;
  readonly #cursor: AvroCursor;
  readonly #readers = new BySchema<AvroRowReader>();

  /** `reader`: the table's own schema, whose defaults and aliases count. */
  constructor(fields: readonly Field[], format: string, reader?: AvroType) {
    this.#reader = reader;
    this.#format = format;
    this.#fields = fields;
    this.#cursor = new AvroCursor(format);
  }
  decode(data: Uint8Array, start: number, end: number, emit: RowSink): void {
    const id = readHeader(this.#format, data, start, end);
    const read = this.#readers.get(id);
    if (read === undefined) throw new UnknownSchema(id);
    const cursor = this.#cursor;
    cursor.reset(data, start, end, start + headerBytes);
    const row = read(cursor);
    if (cursor.at < end) this.onLoss?.('trailing');
    emit(row, 0);
  }
  learn(id: number, schema: ParsedSchema | undefined): void {
    this.#readers.set(id, readerOf(id, schema, this.#fields, this.#reader));
  }
}

function readerOf(
  id: number,
  schema: ParsedSchema | undefined,
  fields: readonly Field[],
  reader: AvroType | undefined,
): AvroRowReader {
  const refuse =
    (reason: string): AvroRowReader =>
    (cursor) => {
      throw cursor.malformed(reason, cursor.start);
    };
  if (schema === undefined) return refuse(`the registry has no schema ${id}`);
  if (!(schema instanceof AvroSchema)) return refuse(`schema ${id} is of type ${schema.type}, not AVRO`);
  return compileReader(planRows(schema.root, fields, reader));
}
