/* Rows → messages with the id of their schema in front, and the place of their type in it. */

import { assert, UserError, type ByteWriter } from '#base';
import type { Column, Field } from '#data';
import { indexesOf, messageAt, ProtoSchema, writeMessageIndexes } from '#schemas';
import type { Encoder } from '../format.ts';
import { ProtoEncoder, type ProtoEncoderOptions } from '../protobuf/encoder.ts';
import { MessageTypes, type MessageType } from '../protobuf/message-type.ts';
import { writeHeader } from '../registry/header.ts';
import type { EncoderSchema } from '../unknown-schema.ts';

export class ProtobufConfluentEncoder implements Encoder {
  readonly schema: EncoderSchema;
  #id = 0;
  #place: Uint8Array = new Uint8Array(0);
  #encoder: ProtoEncoder | undefined;

  /** `message`: of `own`. Throws FMT1003 for columns that do not fit it. */
  constructor(
    own: ProtoSchema,
    message: MessageType,
    fields: readonly Field[],
    options: ProtoEncoderOptions,
  ) {
    const encoder = new ProtoEncoder(message, fields, options);
    const place = (): Uint8Array => this.#place;
    this.schema = {
      get place() {
        return place();
      },
      type: 'PROTOBUF',
      text: own.text,
      recordName: message.fullName,
      use: (id, schema) => {
        if (!(schema instanceof ProtoSchema))
          throw new UserError('FMT1003', {
            message: `schema ${id} is of type ${schema.type}, and the format '${options.format}' writes PROTOBUF`,
          });
        const name =
          indexesOf(schema.file, message.fullName) === undefined
            ? messageAt(schema.file, [0])?.fullName
            : message.fullName;
        const target = name === undefined ? undefined : new MessageTypes(schema.types).named(name);
        const place = name === undefined ? undefined : indexesOf(schema.file, name);
        if (target === undefined || place === undefined)
          throw new UserError('FMT1003', { message: `schema ${id} has no message to write` });
        this.#id = id;
        this.#place = writeMessageIndexes(place);
        this.#encoder = schema.text === own.text ? encoder : new ProtoEncoder(target, fields, options);
      },
    };
  }
  encode(columns: readonly Column[], row: number, kind: number, to: ByteWriter): void {
    assert(this.#encoder !== undefined, 'the schema is known before the first row');
    writeHeader(this.#id, to);
    to.bytes(this.#place);
    this.#encoder.encode(columns, row, kind, to);
  }
}
