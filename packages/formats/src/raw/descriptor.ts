/* The raw format: a message is the value of the one column, text or the bytes of a number; NULL is no message, which
 * is not an empty one. */

import { UserError } from '#base';
import { insertOnly, type OptionSpec } from '#catalog';
import { typeText, type Column, type Field, type LogicalType, type Value } from '#data';
import { readValue } from '#data';
import type { ByteWriter } from '#base';
import type { FormatOptions } from '../format-options.ts';
import type { Decoder, RowSink } from '../decoder.ts';
import type { Encoder, FormatDescriptor } from '../format.ts';
import { LineFraming } from '../framing.ts';
import { MalformedRecord } from '../malformed.ts';

const specs: readonly OptionSpec[] = [
  { key: 'charset', type: 'string', default: 'UTF-8', doc: 'The encoding of text; only UTF-8 is there.' },
  {
    key: 'endianness',
    type: 'enum',
    values: ['big-endian', 'little-endian'],
    default: 'big-endian',
    doc: "The order of a number's bytes.",
  },
];

const widths: Partial<Record<LogicalType['kind'], number>> = {
  BOOLEAN: 1,
  TINYINT: 1,
  SMALLINT: 2,
  INT: 4,
  BIGINT: 8,
  FLOAT: 4,
  DOUBLE: 8,
};

function onlyType(fields: readonly Field[], options: FormatOptions): LogicalType {
  const charset = options.string('charset') ?? 'UTF-8';
  if (!/^utf-?8$/i.test(charset))
    throw options.refuse('charset', `found '${charset}', and only UTF-8 is there`);
  if (fields.length !== 1) {
    throw new UserError('FMT1003', {
      message: `the raw format takes exactly one column, found ${fields.length}`,
    });
  }
  return fields[0]!.type;
}

const isText = (type: LogicalType): boolean => type.kind === 'CHAR' || type.kind === 'VARCHAR';
const isBytes = (type: LogicalType): boolean => type.kind === 'BINARY' || type.kind === 'VARBINARY';

function checkedWidth(type: LogicalType): number {
  const width = widths[type.kind];
  if (width === undefined)
    throw new UserError('FMT1003', { message: `the raw format has no form for ${typeText(type)}` });
  return width;
}

class RawDecoder implements Decoder {
  readonly skipsMalformed = false;
  readonly #type: LogicalType | undefined;
  readonly #read: (data: Uint8Array, start: number, end: number) => Value;

  constructor(fields: readonly Field[], options: FormatOptions) {
    // A query that reads no column still counts messages.
    this.#type = fields.length === 0 ? undefined : onlyType(fields, options);
    this.#read =
      this.#type === undefined
        ? () => null
        : reader(this.#type, options.enum('endianness') === 'little-endian');
  }
  decode(data: Uint8Array, start: number, end: number, emit: RowSink): void {
    emit(this.#type === undefined ? [] : [this.#read(data, start, end)], 0);
  }
  decodeNull(emit: RowSink): void {
    emit(this.#type === undefined ? [] : [null], 0);
  }
}

function reader(type: LogicalType, little: boolean): (data: Uint8Array, start: number, end: number) => Value {
  if (isText(type)) return (data, start, end) => new TextDecoder().decode(data.subarray(start, end));
  if (isBytes(type)) return (data, start, end) => Uint8Array.prototype.slice.call(data, start, end);
  const width = checkedWidth(type);
  return (data, start, end) => {
    if (end - start !== width) {
      throw new MalformedRecord(
        'raw',
        `a ${typeText(type)} has ${width} bytes, found ${end - start}`,
        0,
        undefined,
        "Check the column's type.",
      );
    }
    const view = new DataView(data.buffer, data.byteOffset + start, width);
    switch (type.kind) {
      case 'BOOLEAN':
        return view.getUint8(0) !== 0;
      case 'TINYINT':
        return view.getInt8(0);
      case 'SMALLINT':
        return view.getInt16(0, little);
      case 'INT':
        return view.getInt32(0, little);
      case 'BIGINT':
        return view.getBigInt64(0, little);
      case 'FLOAT':
        return view.getFloat32(0, little);
      default:
        return view.getFloat64(0, little);
    }
  };
}

class RawEncoder implements Encoder {
  readonly #type: LogicalType;
  readonly #little: boolean;
  readonly #width: number;

  constructor(fields: readonly Field[], options: FormatOptions) {
    this.#type = onlyType(fields, options);
    this.#little = options.enum('endianness') === 'little-endian';
    this.#width = isText(this.#type) || isBytes(this.#type) ? 0 : checkedWidth(this.#type);
  }
  isNull(columns: readonly Column[], row: number): boolean {
    return readValue(columns[0]!, this.#type, row) === null;
  }
  encode(columns: readonly Column[], row: number, _kind: number, to: ByteWriter): void {
    const value = readValue(columns[0]!, this.#type, row);
    if (value === null) return;
    if (typeof value === 'string') return to.text(value);
    if (value instanceof Uint8Array) return to.bytes(value);
    const at = to.reserve(this.#width);
    const view = new DataView(to.data.buffer, to.data.byteOffset + at, this.#width);
    switch (this.#type.kind) {
      case 'BOOLEAN':
        view.setUint8(0, value === true ? 1 : 0);
        break;
      case 'TINYINT':
        view.setInt8(0, value as number);
        break;
      case 'SMALLINT':
        view.setInt16(0, value as number, this.#little);
        break;
      case 'INT':
        view.setInt32(0, value as number, this.#little);
        break;
      case 'BIGINT':
        view.setBigInt64(0, value as bigint, this.#little);
        break;
      case 'FLOAT':
        view.setFloat32(0, value as number, this.#little);
        break;
      default:
        view.setFloat64(0, value as number, this.#little);
    }
    to.size += this.#width;
  }
}

export const rawFormat: FormatDescriptor = {
  name: 'raw',
  needsNoSchema: true,
  options: specs,
  changelog: insertOnly,
  decoder: (fields, options) => new RawDecoder(fields, options),
  encoder: (fields, options) => new RawEncoder(fields, options),
  framing: () => new LineFraming(),
};
