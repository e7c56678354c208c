/* Rows → messages with the id of their schema in front: the one that the columns give, or the subject's latest. */

import { assert, UserError, type ByteWriter } from '#base';
import type { Column, Field } from '#data';
import { AvroSchema, printAvro, type AvroType } from '#schemas';
import type { Encoder } from '../format.ts';
import { AvroEncoder } from '../avro/encoder.ts';
import { writeHeader } from '../registry/header.ts';
import type { EncoderSchema } from '../unknown-schema.ts';

export class AvroConfluentEncoder implements Encoder {
  readonly schema: EncoderSchema;
  #id = 0;
  #encoder: AvroEncoder | undefined;

  constructor(root: AvroType, fields: readonly Field[], format: string) {
    // Columns that do not fit are an error of the statement, not of its first row.
    const own = new AvroEncoder(root, fields, format);
    this.schema = {
      type: 'AVRO',
      text: printAvro(root),
      recordName: root.kind === 'record' ? root.fullName : undefined,
      use: (id, schema) => {
        if (!(schema instanceof AvroSchema))
          throw new UserError('FMT1003', {
            message: `schema ${id} is of type ${schema.type}, and the format '${format}' writes AVRO`,
          });
        this.#id = id;
        this.#encoder = schema.text === this.schema.text ? own : new AvroEncoder(schema.root, fields, format);
      },
    };
  }
  encode(columns: readonly Column[], row: number, kind: number, to: ByteWriter): void {
    assert(this.#encoder !== undefined, 'the schema is known before the first row');
    writeHeader(this.#id, to);
    this.#encoder.encode(columns, row, kind, to);
  }
}
