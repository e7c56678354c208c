/* Rows → messages of a Protobuf schema, fields in the order of their numbers, as Java and Python write them. NULL is a field
 * that is not there; in lists and maps, where that cannot be, it is the default. */

import { ByteWriter, UserError } from '#base';
import {
  mapTypes,
  typeText,
  wideAt,
  type Column,
  type ExactColumn,
  type Field,
  type LogicalType,
} from '#data';
import type { Encoder } from '../format.ts';
import { isTimestampMessage, wrappedField } from './known-messages.ts';
import { madeFields, madeKind, writeMade } from './made-values.ts';
import {
  wire,
  wireOf,
  type EnumValues,
  type FieldType,
  type MessageField,
  type MessageType,
  type ScalarName,
} from './message-type.ts';
import * as write from './write-values.ts';

type Of<L extends Column['layout']> = Column & { readonly layout: L };
/** Writes the value of row `row`, which is not NULL, without its tag. */
type ValueWriter = (column: Column, row: number, to: ByteWriter) => void;
/** Writes a field, or nothing. */
type FieldWriter = (columns: readonly Column[], row: number, to: ByteWriter) => void;

export interface ProtoEncoderOptions {
  readonly format: string;
  /** 'write-null-string-literal'. */
  readonly nullText: string;
}

const isNull = (column: Column, row: number): boolean =>
  column.valid !== undefined && column.valid[row] === 0;

export class ProtoEncoder implements Encoder {
  readonly #write: FieldWriter;

  /** Throws FMT1003 for columns and fields that do not fit each other. */
  constructor(message: MessageType, fields: readonly Field[], options: ProtoEncoderOptions) {
    this.#write = new Writers(options).message(message, fields, '');
  }
  encode(columns: readonly Column[], row: number, _kind: number, to: ByteWriter): void {
    this.#write(columns, row, to);
  }
}

class Writers {
  readonly #options: ProtoEncoderOptions;
  constructor(options: ProtoEncoderOptions) {
    this.#options = options;
  }
  #unfit(name: string, problem: string): UserError {
    return new UserError('FMT1003', {
      message: `column '${name}' of the format '${this.#options.format}': ${problem}`,
    });
  }

  message(message: MessageType, fields: readonly Field[], path: string): FieldWriter {
    const odd = fields.find((f) => !message.fields.some((m) => m.name === f.name));
    if (odd !== undefined)
      throw this.#unfit(`${path}${odd.name}`, `the message '${message.fullName}' has no such field`);
    const writers = message.fields.flatMap((field): FieldWriter[] => {
      const at = fields.findIndex((f) => f.name === field.name);
      if (at < 0) return [];
      const write = this.#field(field, fields[at]!.type, `${path}${field.name}`);
      const later = laterOfOneof(field, message, fields, at);
      return [
        (columns, row, to) => {
          if (later.some((other) => !isNull(columns[other]!, row))) return;
          write(columns[at]!, row, to);
        },
      ];
    });
    return (columns, row, to) => {
      for (let i = 0; i < writers.length; i++) writers[i]!(columns, row, to);
    };
  }

  /** Writes nothing for NULL. */
  #field(field: MessageField, type: LogicalType, name: string): ValueWriter {
    if (field.key !== undefined) return this.#map(field, field.key, type, name);
    if (field.repeated) return this.#list(field, type, name);
    const value = this.#value(field.type, type, name);
    const tag = tagOf(field);
    const close = closeOf(field);
    const isDefault = field.presence ? () => false : defaultTest(field.type, type);
    return (column, row, to) => {
      if (isNull(column, row)) {
        if (field.required)
          throw new UserError('FMT1005', { message: `column '${name}' is NULL, and its field is required` });
        return;
      }
      if (isDefault(column, row)) return;
      write.varint32(to, tag);
      value(column, row, to);
      if (close !== undefined) write.varint32(to, close);
    };
  }
  #list(field: MessageField, type: LogicalType, name: string): ValueWriter {
    if (type.kind !== 'ARRAY')
      throw this.#unfit(name, `${typeText(type)} is no list, and its field is repeated`);
    const value = this.#orDefault(field.type, type.element, `${name}[]`);
    const tag = tagOf(field);
    const close = closeOf(field);
    const scratch = new ByteWriter();
    return (column, row, to) => {
      if (isNull(column, row)) return;
      const { element, starts, lengths } = column as Of<'list'>;
      const start = starts[row]!;
      const end = start + lengths[row]!;
      if (start === end) return;
      if (field.packed) {
        scratch.clear();
        for (let i = start; i < end; i++) value(element, i, scratch);
        write.varint32(to, ((field.number << 3) | wire.bytes) >>> 0);
        write.bytes(to, scratch.data, 0, scratch.size);
        return;
      }
      for (let i = start; i < end; i++) {
        write.varint32(to, tag);
        value(element, i, to);
        if (close !== undefined) write.varint32(to, close);
      }
    };
  }
  #map(field: MessageField, keyType: FieldType, type: LogicalType, name: string): ValueWriter {
    if (type.kind !== 'MAP') throw this.#unfit(name, `${typeText(type)} is no map, and its field is one`);
    const [keys, values] = mapTypes(type);
    const key = this.#orDefault(keyType, keys, `${name}{}`);
    const value = this.#orDefault(field.type, values, `${name}{}`);
    const keyTag = (1 << 3) | wireOf(keyType);
    const valueTag = (2 << 3) | wireOf(field.type);
    const scratch = new ByteWriter();
    return (column, row, to) => {
      if (isNull(column, row)) return;
      const map = column as Of<'map'>;
      const start = map.starts[row]!;
      for (let i = start; i < start + map.lengths[row]!; i++) {
        scratch.clear();
        write.varint32(scratch, keyTag);
        key(map.keys, i, scratch);
        write.varint32(scratch, valueTag);
        value(map.values, i, scratch);
        write.varint32(to, ((field.number << 3) | wire.bytes) >>> 0);
        write.bytes(to, scratch.data, 0, scratch.size);
      }
    };
  }
  /** In a list or map: NULL is the default, of text `nullText`. */
  #orDefault(field: FieldType, type: LogicalType, name: string): ValueWriter {
    const value = this.#value(field, type, name);
    const fallback = defaultBytes(field, this.#options.nullText);
    return (column, row, to) => (isNull(column, row) ? to.bytes(fallback) : value(column, row, to));
  }

  #value(field: FieldType, type: LogicalType, name: string): ValueWriter {
    const writer =
      field.kind === 'scalar'
        ? scalarWriter(field.scalar, type)
        : field.kind === 'enum'
          ? enumWriter(field.values, type, name)
          : this.#nested(field.message, field.group, type, name);
    if (writer !== undefined) return writer;
    const of = field.kind === 'scalar' ? field.scalar : field.kind;
    throw this.#unfit(name, `${typeText({ ...type, nullable: true })} is no ${of}`);
  }
  #nested(message: MessageType, group: boolean, type: LogicalType, name: string): ValueWriter | undefined {
    const scratch = new ByteWriter();
    if (type.kind === 'ROW') {
      const row = this.message(message, type.fields, `${name}.`);
      if (group) return (column, at, to) => row((column as Of<'row'>).fields, at, to);
      return (column, at, to) => {
        scratch.clear();
        row((column as Of<'row'>).fields, at, scratch);
        write.bytes(to, scratch.data, 0, scratch.size);
      };
    }
    if ((type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ') && isTimestampMessage(message))
      return (column, at, to) => {
        scratch.clear();
        write.timestamp(scratch, column as Of<'time'>, at);
        write.bytes(to, scratch.data, 0, scratch.size);
      };
    const made = madeKind(message);
    if (made !== undefined && madeFields(message, type) !== undefined) {
      const scale = type.kind === 'DECIMAL' ? type.scale : 0;
      const valueOf = made === 'decimal' ? exact : i32;
      return (column, at, to) => {
        scratch.clear();
        writeMade(made, scratch, valueOf(column, at), scale);
        write.bytes(to, scratch.data, 0, scratch.size);
      };
    }
    const wrapped = wrappedField(message);
    if (wrapped?.type.kind !== 'scalar') return undefined;
    const value = scalarWriter(wrapped.type.scalar, type);
    const isDefault = defaultTest(wrapped.type, type);
    return (
      value &&
      ((column, at, to) => {
        scratch.clear();
        if (!isDefault(column, at)) {
          write.varint32(scratch, tagOf(wrapped));
          value(column, at, scratch);
        }
        write.bytes(to, scratch.data, 0, scratch.size);
      })
    );
  }
}

const tagOf = ({ number, type }: MessageField): number => ((number << 3) | wireOf(type)) >>> 0;
const closeOf = ({ number, type }: MessageField): number | undefined =>
  type.kind === 'message' && type.group ? ((number << 3) | wire.endGroup) >>> 0 : undefined;

/** Of the fields of a oneof one is written: that of the last column that is not NULL. */
function laterOfOneof(
  field: MessageField,
  message: MessageType,
  fields: readonly Field[],
  at: number,
): number[] {
  if (field.oneof === undefined) return [];
  return message.fields
    .filter((other) => other.oneof === field.oneof)
    .map((other) => fields.findIndex((f) => f.name === other.name))
    .filter((other) => other > at);
}

const i32 = (column: Column, row: number): number => (column as Of<'i32'>).values[row]!;
const f64 = (column: Column, row: number): number => (column as Of<'f64'>).values[row]!;
const exact = (column: Column, row: number): bigint => {
  const values = column as ExactColumn;
  return values.wide ? wideAt(values, row) : BigInt(values.values[row]!);
};
/** Of a column of whole numbers of any width. */
const whole = ({ kind }: LogicalType): ((column: Column, row: number) => bigint) | undefined => {
  if (kind === 'BIGINT' || kind === 'DECIMAL') return exact;
  return kind === 'TINYINT' || kind === 'SMALLINT' || kind === 'INT'
    ? (column, row) => BigInt(i32(column, row))
    : undefined;
};
const slice: ValueWriter = (column, row, to) => {
  const { data, starts, lengths } = column as Of<'bytes'>;
  write.bytes(to, data, starts[row]!, starts[row]! + lengths[row]!);
};

function scalarWriter(scalar: ScalarName, type: LogicalType): ValueWriter | undefined {
  const { kind } = type;
  switch (scalar) {
    case 'double':
      return kind === 'DOUBLE' || kind === 'FLOAT'
        ? (c, row, to) => write.double(to, f64(c, row))
        : undefined;
    case 'float':
      return kind === 'FLOAT' ? (c, row, to) => write.float(to, f64(c, row)) : undefined;
    case 'bool':
      return kind === 'BOOLEAN' ? (c, row, to) => to.byte(i32(c, row)) : undefined;
    case 'string':
      return kind === 'CHAR' || kind === 'VARCHAR' ? slice : undefined;
    case 'bytes':
      return kind === 'BINARY' || kind === 'VARBINARY' ? slice : undefined;
    default: {
      const value = whole(type);
      const put = write.integers[scalar];
      if (value === undefined || !fitsInteger(scalar, type)) return undefined;
      return (c, row, to) => put(to, value(c, row));
    }
  }
}
function fitsInteger(scalar: ScalarName, type: LogicalType): boolean {
  const isWide = scalar.endsWith('64');
  const isUnsigned = /^u|^fixed/.test(scalar);
  if (type.kind === 'DECIMAL') return isWide && isUnsigned && type.scale === 0;
  return isWide || isUnsigned || type.kind !== 'BIGINT';
}

function enumWriter(values: EnumValues, type: LogicalType, name: string): ValueWriter | undefined {
  const number = whole(type);
  if (number !== undefined && type.kind !== 'DECIMAL')
    return (column, row, to) => write.integers.int32(to, number(column, row));
  if (type.kind !== 'CHAR' && type.kind !== 'VARCHAR') return undefined;
  return (column, row, to) => {
    const { data, starts, lengths } = column as Of<'bytes'>;
    const text = Buffer.from(data.buffer, data.byteOffset + starts[row]!, lengths[row]!).toString();
    const found = values.numbers.get(text);
    if (found === undefined)
      throw new UserError('FMT1005', {
        message: `column '${name}': '${text}' is no constant of the enum '${values.fullName}'`,
        hint: `Its constants are ${[...values.numbers.keys()].join(', ')}.`,
      });
    write.integers.int32(to, BigInt(found));
  };
}

/** Whether a value is the one that stands for none, where there is no presence. */
function defaultTest(field: FieldType, type: LogicalType): (column: Column, row: number) => boolean {
  if (field.kind === 'message') return () => false;
  if (field.kind === 'enum') {
    const number = whole(type);
    if (number !== undefined) return (column, row) => number(column, row) === BigInt(field.values.first);
    const first = Buffer.from(field.values.names.get(field.values.first) ?? '');
    return (column, row) => {
      const { data, starts, lengths } = column as Of<'bytes'>;
      return first.equals(data.subarray(starts[row]!, starts[row]! + lengths[row]!));
    };
  }
  switch (field.scalar) {
    case 'string':
    case 'bytes':
      return (column, row) => (column as Of<'bytes'>).lengths[row] === 0;
    case 'double':
    case 'float':
      return (column, row) => Object.is(f64(column, row), 0);
    case 'bool':
      return (column, row) => i32(column, row) === 0;
    default: {
      const value = whole(type);
      return (column, row) => value?.(column, row) === 0n;
    }
  }
}

/** What stands for NULL in a list or map, behind its tag. */
function defaultBytes(field: FieldType, nullText: string): Uint8Array {
  const to = new ByteWriter();
  if (field.kind === 'message') return field.group ? to.finish() : Uint8Array.of(0);
  if (field.kind === 'enum') write.integers.int32(to, BigInt(field.values.first));
  else if (field.scalar === 'string') write.bytes(to, Buffer.from(nullText), 0, Buffer.byteLength(nullText));
  else {
    const size = { [wire.varint]: 1, [wire.bytes]: 1, [wire.fixed32]: 4, [wire.fixed64]: 8 }[wireOf(field)]!;
    to.bytes(new Uint8Array(size));
  }
  return to.finish();
}
