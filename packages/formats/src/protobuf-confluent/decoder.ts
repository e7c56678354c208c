/* Messages with the id of their schema in front, and the place of their type in it. A reader is made for each, once. */

import type { Field } from '#data';
import { messageAt, ProtoSchema, readMessageIndexes, type ParsedSchema } from '#schemas';
import type { DecodeLoss, Decoder, RowSink } from '../decoder.ts';
import { MalformedRecord } from '../malformed.ts';
import { compileReader, type ProtoRowReader } from '../protobuf/compile-reader.ts';
import { ProtoCursor } from '../protobuf/cursor.ts';
import type { ProtoDecoderOptions } from '../protobuf/decoder.ts';
import { MessageTypes, type MessageType } from '../protobuf/message-type.ts';
import { PlanRefusal, planMessage } from '../protobuf/read-plan.ts';
import { BySchema, headerBytes, readHeader } from '../registry/header.ts';
import { UnknownSchema } from '../unknown-schema.ts';
import { messageToRead } from './own-message.ts';

/** The readers of one schema, by the place of the message. */
interface SchemaReaders {
  readonly schema: ProtoSchema | string;
  readonly byPlace: Map<string, ProtoRowReader>;
}

export class ProtobufConfluentDecoder implements Decoder {
  readonly skipsMalformed: boolean;
  onLoss: ((loss: DecodeLoss) => void) | undefined;
  readonly #fields: readonly Field[];
  readonly #options: ProtoDecoderOptions;
  readonly #own: MessageType | undefined;
  readonly #cursor: ProtoCursor;
  readonly #known = new BySchema<SchemaReaders>();

  /** `own`: the message of the table's own schema. */
  constructor(fields: readonly Field[], options: ProtoDecoderOptions, own?: MessageType) {
    this.#own = own;
    this.skipsMalformed = options.skipsMalformed;
    this.#fields = fields;
    this.#options = options;
    this.#cursor = new ProtoCursor(options.format);
  }
  decode(data: Uint8Array, start: number, end: number, emit: RowSink): void {
    const { format } = this.#options;
    const id = readHeader(format, data, start, end);
    const readers = this.#known.get(id);
    if (readers === undefined) throw new UnknownSchema(id);
    const place = readMessageIndexes(data.subarray(0, end), start + headerBytes);
    if (place === undefined)
      throw new MalformedRecord(format, 'no place of a message in its schema', headerBytes);
    const read = this.#readerOf(id, readers, place.indexes);
    this.#cursor.reset(data, start, end, place.end);
    emit(read(this.#cursor), 0);
  }
  learn(id: number, schema: ParsedSchema | undefined): void {
    const found =
      schema === undefined
        ? `the registry has no schema ${id}`
        : schema instanceof ProtoSchema
          ? schema
          : `schema ${id} is of type ${schema.type}, not PROTOBUF`;
    this.#known.set(id, { schema: found, byPlace: new Map() });
  }
  #readerOf(id: number, { schema, byPlace }: SchemaReaders, indexes: readonly number[]): ProtoRowReader {
    const key = indexes.join('.');
    const known = byPlace.get(key);
    if (known !== undefined) return known;
    const made = this.#make(id, schema, indexes);
    byPlace.set(key, made);
    return made;
  }
  #make(id: number, schema: ProtoSchema | string, indexes: readonly number[]): ProtoRowReader {
    const refuse =
      (reason: string): ProtoRowReader =>
      (cursor) => {
        throw cursor.malformed(reason, cursor.start);
      };
    if (typeof schema === 'string') return refuse(schema);
    const found = messageAt(schema.file, indexes);
    const message = found && new MessageTypes(schema.types).named(found.fullName);
    if (message === undefined) return refuse(`schema ${id} has no message at place ${indexes.join('.')}`);
    try {
      const { defaults } = this.#options;
      const read = messageToRead(message, this.#own);
      return compileReader(planMessage(read, this.#fields, { defaults, mayLack: true }));
    } catch (error) {
      if (error instanceof PlanRefusal) return refuse(error.message);
      throw error;
    }
  }
}
