/* One CSV record → one row, with the conversions of Flink's csv format: numbers, booleans and timestamps
 * are trimmed, strings, decimals and dates are not; an array or a row is one cell, its elements between
 * array-element-delimiters. */

import { UserError } from '#base';
import { typeText, type Field, type LogicalType, type Value } from '#data';
import type { FormatOptions } from '../format-options.ts';
import type { DecodeLoss, Decoder, RowSink } from '../decoder.ts';
import { parseBase64 } from '../text/base64.ts';
import {
  javaTrim,
  parseDecimal,
  parseDouble,
  parseFloat32,
  parseInteger,
  toDecimalType,
} from '../text/numbers.ts';
import { parseIsoTime, parseLenientDate, parseTimestamp } from '../text/time.ts';
import { csvSettings, type CsvSettings } from './options.ts';
import { CsvReader } from './reader.ts';

/** Undefined when the text cannot be a value of the type. */
type CellReader = (text: string) => Value | undefined;

export class CsvDecoder implements Decoder {
  readonly skipsMalformed: boolean;
  onLoss: ((loss: DecodeLoss) => void) | undefined;
  readonly #settings: CsvSettings;
  readonly #reader: CsvReader;
  readonly #fields: readonly Field[];
  readonly #cellReaders: readonly CellReader[];
  readonly #cellIndexes: readonly number[];
  readonly #recordCells: number;
  readonly #cells: string[] = [];

  /** `record`: all cells of a record, where `fields` are only some of them. */
  constructor(fields: readonly Field[], options: FormatOptions, record: readonly Field[] = fields) {
    this.#settings = csvSettings(options);
    this.skipsMalformed = this.#settings.ignoreErrors;
    this.#reader = new CsvReader(this.#settings);
    this.#fields = fields;
    this.#cellReaders = fields.map((f) => cellReader(f.type, this.#settings));
    this.#cellIndexes = fields.map((f) => record.findIndex((r) => r.name === f.name));
    this.#recordCells = record.length;
  }

  decode(data: Uint8Array, start: number, end: number, emit: RowSink): void {
    const cells = this.#cells;
    const reader = this.#reader;
    if (!reader.read(data, start, end, cells)) throw reader.malformed('no record, only comments');
    if (start === end) throw reader.malformed('no record, the message is empty');
    this.#emit(cells, emit);
  }
  /** An empty line has one cell without text; where there may be comments it is none. */
  decodeBlank(emit: RowSink): void {
    if (!this.#settings.comments) this.#emit([''], emit);
  }

  #emit(cells: string[], emit: RowSink): void {
    this.#checkCount(cells);
    const row: Value[] = [];
    for (let i = 0; i < this.#fields.length; i++) row.push(this.#cell(i, cells[this.#cellIndexes[i]!]));
    emit(row, 0);
  }

  #checkCount(cells: string[]): void {
    const expected = this.#recordCells;
    // One delimiter at the end is no further cell.
    if (cells.length === expected + 1 && cells[expected] === '') cells.pop();
    const tooFew = cells.length < expected && !this.#settings.ignoreErrors;
    if (cells.length > expected || tooFew)
      throw this.#reader.malformed(`expected ${expected} fields, found ${cells.length}`);
  }
  #cell(index: number, text: string | undefined): Value {
    const field = this.#fields[index]!;
    let value: Value | undefined = null;
    // Of an array each element may be the null literal, and so the only one.
    const isNull = text === this.#settings.nullLiteral && field.type.kind !== 'ARRAY';
    if (text !== undefined && !isNull) value = this.#cellReaders[index]!(text);
    if (value === undefined) {
      if (!this.#settings.ignoreErrors) {
        throw this.#reader.malformed(
          `field '${field.name}': '${text}' is no ${typeText({ ...field.type, nullable: true })}`,
        );
      }
      this.onLoss?.('made-null');
      value = null;
    }
    if (value === null && !field.type.nullable) {
      throw this.#reader.malformed(`field '${field.name}' is NULL, and its type is NOT NULL`);
    }
    return value;
  }
}

const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n } as const;

function cellReader(type: LogicalType, settings: CsvSettings): CellReader {
  switch (type.kind) {
    case 'NULL':
      return () => null;
    case 'BOOLEAN':
      return (text) => javaTrim(text).toLowerCase() === 'true';
    case 'TINYINT':
      return wholeNumber(-128, 127);
    case 'SMALLINT':
      return wholeNumber(-32768, 32767);
    case 'INT':
      return wholeNumber(-2147483648, 2147483647);
    case 'BIGINT':
      return (text) => parseInteger(javaTrim(text), int64.min, int64.max);
    case 'FLOAT':
      return parseFloat32;
    case 'DOUBLE':
      return parseDouble;
    case 'DECIMAL':
      return (text) => {
        const decimal = parseDecimal(text);
        return decimal === undefined ? undefined : toDecimalType(decimal, type);
      };
    case 'CHAR':
    case 'VARCHAR':
      return (text) => text;
    case 'BINARY':
    case 'VARBINARY':
      return parseBase64;
    case 'DATE':
      return parseLenientDate;
    case 'TIME':
      return (text) => parseIsoTime(text, type.precision);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return (text) => parseTimestamp(javaTrim(text), 'SQL', type.kind === 'TIMESTAMP_LTZ', type.precision);
    case 'ARRAY':
      return arrayReader(type.element, settings);
    case 'ROW':
      return rowReader(type.fields, settings);
    default:
      throw unsupported(type);
  }
}

/** The error for a type that cannot stand in a CSV cell. */
export function unsupported(type: LogicalType): UserError {
  return new UserError('FMT1003', { message: `the csv format has no form for ${typeText(type)}` });
}

function wholeNumber(min: number, max: number): CellReader {
  return (text) => {
    const value = parseInteger(javaTrim(text), BigInt(min), BigInt(max));
    return value === undefined ? undefined : Number(value);
  };
}

/** Refuses what would need a second delimiter, as Flink does. */
export function checkNested(type: LogicalType): void {
  if (type.kind === 'ARRAY' || type.kind === 'ROW') {
    throw new UserError('FMT1003', {
      message: `the csv format cannot nest ${typeText(type)} in an array or a row`,
    });
  }
}

function nested(type: LogicalType, settings: CsvSettings): CellReader {
  checkNested(type);
  const read = cellReader(type, settings);
  return (text) => {
    if (text === settings.nullLiteral) return type.nullable ? null : undefined;
    const value = read(text);
    if (value === undefined && settings.ignoreErrors && type.nullable) return null;
    return value === null && !type.nullable ? undefined : value;
  };
}

function arrayReader(element: LogicalType, settings: CsvSettings): CellReader {
  const read = nested(element, settings);
  return (text) => {
    if (text === '') return [];
    const values: Value[] = [];
    for (const part of text.split(settings.arrayDelimiter)) {
      const value = read(part);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  };
}

function rowReader(fields: readonly Field[], settings: CsvSettings): CellReader {
  const readers = fields.map((f) => nested(f.type, settings));
  return (text) => {
    if (text === '') return null;
    const parts = text.split(settings.arrayDelimiter);
    if (parts.length < fields.length && !settings.ignoreErrors) return undefined;
    const values: Value[] = [];
    for (let i = 0; i < fields.length; i++) {
      const value = i < parts.length ? readers[i]!(parts[i]!) : null;
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  };
}
