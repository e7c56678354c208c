/* Rows → JSON, byte for byte as Flink's json format writes them. A writer is made for each type once; it
 * appends the cell of a row straight from the column. */

import { quoteJson, assert, UserError } from '#base';
import {
  mapTypes,
  typeText,
  wideAt,
  type BytesColumn,
  type Column,
  type ExactColumn,
  type Field,
  type LogicalType,
} from '#data';
import type { ByteWriter } from '#base';
import type { FormatOptions } from '../format-options.ts';
import type { CellWriter } from '../block/cell.ts';
import type { Encoder } from '../format.ts';
import { base64ToText } from '../text/base64.ts';
import { decimalToPlain, decimalToScientific, doubleToText, floatToText } from '../text/numbers.ts';
import { dateToText, timestampToText, timeToText } from '../text/time.ts';
import { jsonEncodeSettings, type JsonEncodeSettings } from './options.ts';

const utf8 = new TextEncoder();
const text = new TextDecoder('utf-8', { ignoreBOM: true });
const comma = 44;
const colon = 58;
const quote = 34;
const backslash = 92;

type RowWriter = (columns: readonly Column[], row: number, to: ByteWriter) => void;

export class JsonEncoder implements Encoder {
  readonly #write: RowWriter;

  constructor(fields: readonly Field[], options: FormatOptions) {
    this.#write = new WriterMaker(jsonEncodeSettings(options)).fields(fields);
  }
  encode(columns: readonly Column[], row: number, _kind: number, to: ByteWriter): void {
    this.#write(columns, row, to);
  }
}

/** Appends cells of the type as they stand in an object. */
export function jsonCellWriter(type: LogicalType, settings: JsonEncodeSettings): CellWriter {
  return new WriterMaker(settings).cell(type);
}

/** Appends the object of a row of the fields. */
export function jsonRowWriter(fields: readonly Field[], settings: JsonEncodeSettings): RowWriter {
  return new WriterMaker(settings).fields(fields);
}

const isNull = (column: Column, row: number): boolean =>
  column.valid !== undefined && column.valid[row] === 0;

/** The value of an exact cell, whichever way it lies. */
export function exactText(column: ExactColumn, row: number): string {
  return column.wide ? wideAt(column, row).toString() : column.values[row]!.toString();
}
export function exactBigint(column: ExactColumn, row: number): bigint {
  return column.wide ? wideAt(column, row) : BigInt(column.values[row]!);
}

class WriterMaker {
  readonly #settings: JsonEncodeSettings;

  constructor(settings: JsonEncodeSettings) {
    this.#settings = settings;
  }

  fields(fields: readonly Field[]): RowWriter {
    const writers = fields.map((f) => this.cell(f.type));
    const names = fields.map((f) => utf8.encode(`${quoteJson(f.name, true)}:`));
    const { skipNulls } = this.#settings;
    return (columns, row, to) => {
      to.byte(123);
      let written = 0;
      for (let i = 0; i < writers.length; i++) {
        const column = columns[i]!;
        const empty = isNull(column, row);
        if (empty && skipNulls) continue;
        if (written++ > 0) to.byte(comma);
        to.bytes(names[i]!);
        if (empty) to.ascii('null');
        else writers[i]!(column, row, to);
      }
      to.byte(125);
    };
  }

  #nullable(type: LogicalType): CellWriter {
    const write = this.cell(type);
    return (column, row, to) => (isNull(column, row) ? to.ascii('null') : write(column, row, to));
  }
  cell(type: LogicalType): CellWriter {
    const { style, plainDecimals } = this.#settings;
    switch (type.kind) {
      case 'NULL':
        return (_column, _row, to) => to.ascii('null');
      case 'BOOLEAN':
        return int((v) => (v === 0 ? 'false' : 'true'));
      case 'TINYINT':
      case 'SMALLINT':
      case 'INT':
      case 'INTERVAL_YEAR_MONTH':
        return int(String);
      case 'DATE':
        return int((v) => `"${dateToText(v)}"`);
      case 'TIME':
        return int((v) => `"${timeToText(v)}"`);
      case 'FLOAT':
        return approximate(floatToText);
      case 'DOUBLE':
        return approximate(doubleToText);
      case 'BIGINT':
      case 'INTERVAL_DAY_TIME':
        return exact((column, row) => exactText(column, row));
      case 'DECIMAL': {
        const print = plainDecimals ? decimalToPlain : decimalToScientific;
        return exact((column, row) => print(exactBigint(column, row), type.scale));
      }
      case 'TIMESTAMP':
      case 'TIMESTAMP_LTZ':
        return timestamp(style, type.kind === 'TIMESTAMP_LTZ');
      case 'CHAR':
      case 'VARCHAR':
        return writeString;
      case 'BINARY':
      case 'VARBINARY':
        return writeBinary;
      case 'ROW':
        return this.#row(type.fields);
      case 'ARRAY':
        return this.#array(type.element);
      case 'MAP':
      case 'MULTISET':
        return this.#map(type);
      case 'VARIANT':
      case 'BITMAP':
      case 'SYMBOL':
        throw new UserError('FMT1003', {
          message: `the ${this.#settings.format} format has no form for ${typeText(type)}`,
        });
    }
  }
  #row(fields: readonly Field[]): CellWriter {
    const write = this.fields(fields);
    return (column, row, to) => {
      assert(column.layout === 'row', 'a row column');
      write(column.fields, row, to);
    };
  }
  #array(type: LogicalType): CellWriter {
    const write = this.#nullable(type);
    return (column, row, to) => {
      assert(column.layout === 'list', 'a list column');
      const start = column.starts[row]!;
      const length = column.lengths[row]!;
      to.byte(91);
      for (let i = 0; i < length; i++) {
        if (i > 0) to.byte(comma);
        write(column.element, start + i, to);
      }
      to.byte(93);
    };
  }
  #map(type: LogicalType): CellWriter {
    const [key, value] = mapTypes(type);
    if (key.kind !== 'CHAR' && key.kind !== 'VARCHAR') {
      throw new UserError('FMT1003', {
        message: `the ${this.#settings.format} format takes only strings as keys of a map, found ${typeText(type)}`,
      });
    }
    const write = this.#nullable(value);
    const { nullKeys, nullKeyLiteral } = this.#settings;
    return (column, row, to) => {
      assert(column.layout === 'map', 'a map column');
      const start = column.starts[row]!;
      const end = start + column.lengths[row]!;
      const last = lastOfKeys(column.keys, start, end);
      to.byte(123);
      let written = 0;
      for (let entry = start; entry < end; entry++) {
        // Of a key that comes twice the last value stands, in the first place.
        const i = last === undefined ? entry : last[entry - start]!;
        if (i < 0) continue;
        const noKey = isNull(column.keys, i);
        if (noKey && nullKeys === 'DROP') continue;
        if (noKey && nullKeys === 'FAIL') throw nullKey(this.#settings.format);
        if (written++ > 0) to.byte(comma);
        if (noKey) to.text(quoteJson(nullKeyLiteral, true));
        else writeString(column.keys, i, to);
        to.byte(colon);
        write(column.values, i, to);
      }
      to.byte(125);
    };
  }
}

/** For each entry of a map the last with its key, or -1 where an earlier one has it; undefined when no key comes twice. */
function lastOfKeys(keys: Column, start: number, end: number): Int32Array | undefined {
  if (end - start < 2) return undefined;
  assert(keys.layout === 'bytes', 'a bytes column');
  const first = new Map<string, number>();
  let last: Int32Array | undefined;
  for (let i = start; i < end; i++) {
    const from = keys.starts[i]!;
    const key = isNull(keys, i)
      ? 'null'
      : `"${Buffer.from(keys.data.buffer, keys.data.byteOffset + from, keys.lengths[i]!).toString('latin1')}`;
    const known = first.get(key);
    if (known === undefined) {
      first.set(key, i);
      continue;
    }
    last ??= Int32Array.from({ length: end - start }, (_, at) => start + at);
    last[known - start] = i;
    last[i - start] = -1;
  }
  return last;
}

function nullKey(format: string): UserError {
  return new UserError('FMT1005', {
    message: 'a map with a NULL key cannot be written as JSON',
    hint: `Set '${format}.map-null-key.mode' to 'DROP' or 'LITERAL'.`,
  });
}

function int(print: (value: number) => string): CellWriter {
  return (column, row, to) => {
    assert(column.layout === 'i32', 'an i32 column');
    to.ascii(print(column.values[row]!));
  };
}

function approximate(print: (value: number) => string): CellWriter {
  return (column, row, to) => {
    assert(column.layout === 'f64', 'an f64 column');
    const value = column.values[row]!;
    to.ascii(Number.isFinite(value) ? print(value) : `"${print(value)}"`);
  };
}

function exact(print: (column: ExactColumn, row: number) => string): CellWriter {
  return (column, row, to) => {
    assert(column.layout === 'exact', 'an exact column');
    to.ascii(print(column, row));
  };
}

function timestamp(style: JsonEncodeSettings['style'], zoned: boolean): CellWriter {
  return (column, row, to) => {
    assert(column.layout === 'time', 'a time column');
    const ns = column.nanos === undefined ? 0 : column.nanos[row]!;
    to.ascii(`"${timestampToText(column.millis[row]!, ns, style, zoned)}"`);
  };
}

function writeString(column: Column, row: number, to: ByteWriter): void {
  assert(column.layout === 'bytes', 'a bytes column');
  const start = column.starts[row]!;
  const end = start + column.lengths[row]!;
  if (needsEscape(column, start, end)) {
    to.text(quoteJson(text.decode(column.data.subarray(start, end)), true));
    return;
  }
  to.byte(quote);
  to.bytes(column.data, start, end);
  to.byte(quote);
}

/** True when a string cannot be copied as its bytes; 0xf0 and above start characters that are written as
 *  two escapes. */
function needsEscape(column: BytesColumn, start: number, end: number): boolean {
  const { data } = column;
  for (let i = start; i < end; i++) {
    const c = data[i]!;
    if (c < 32 || c === quote || c === backslash || c >= 0xf0) return true;
  }
  return false;
}

function writeBinary(column: Column, row: number, to: ByteWriter): void {
  assert(column.layout === 'bytes', 'a bytes column');
  const start = column.starts[row]!;
  to.ascii(`"${base64ToText(column.data.subarray(start, start + column.lengths[row]!))}"`);
}
