/* JSON behind the id of its schema. What a reader needs is in the message: the id is passed over. */

import { UserError, type ByteWriter } from '#base';
import type { Column, Field } from '#data';
import type { DecodeLoss, Decoder, RowSink } from '../decoder.ts';
import type { Encoder } from '../format.ts';
import type { FormatOptions } from '../format-options.ts';
import { JsonDecoder } from '../json/decoder.ts';
import { jsonRowWriter } from '../json/encoder.ts';
import { jsonEncodeSettings } from '../json/options.ts';
import { headerBytes, readHeader, writeHeader } from '../registry/header.ts';
import type { EncoderSchema } from '../unknown-schema.ts';

export class JsonRegistryDecoder implements Decoder {
  readonly #format: string;
  readonly #json: JsonDecoder;

  constructor(fields: readonly Field[], options: FormatOptions, format: string) {
    this.#format = format;
    this.#json = new JsonDecoder(fields, options, format);
  }
  get skipsMalformed(): boolean {
    return this.#json.skipsMalformed;
  }
  get onLoss(): ((loss: DecodeLoss) => void) | undefined {
    return this.#json.onLoss;
  }
  set onLoss(callback: ((loss: DecodeLoss) => void) | undefined) {
    this.#json.onLoss = callback;
  }
  decode(data: Uint8Array, start: number, end: number, emit: RowSink): void {
    readHeader(this.#format, data, start, end);
    this.#json.decode(data, start + headerBytes, end, emit);
  }
}

export class JsonRegistryEncoder implements Encoder {
  readonly schema: EncoderSchema;
  readonly #write: (columns: readonly Column[], row: number, to: ByteWriter) => void;
  #id = 0;

  constructor(text: string, fields: readonly Field[], options: FormatOptions, format: string) {
    this.#write = jsonRowWriter(fields, jsonEncodeSettings(options, format));
    this.schema = {
      type: 'JSON',
      text,
      recordName: undefined,
      use: (id, schema) => {
        if (schema.type !== 'JSON')
          throw new UserError('FMT1003', {
            message: `schema ${id} is of type ${schema.type}, and the format '${format}' writes JSON`,
          });
        this.#id = id;
      },
    };
  }
  encode(columns: readonly Column[], row: number, _kind: number, to: ByteWriter): void {
    writeHeader(this.#id, to);
    this.#write(columns, row, to);
  }
}
