/* The strict reference decoder: it decides what a JSON message means, what is malformed, and why. Slow and
 * obvious; the WebAssembly scanners must agree with it on every byte.
 *
 *   {"user":{"id":7},"tags":["a"],"more":[1,2]}      fields user ROW<id INT>, tags ARRAY<STRING>
 *     └─ ROW [7]        └─ ['a']    └─ checked, skipped
 *
 * A projection prunes conversion, never the check of structure. What follows the object is not looked at,
 * as in Flink, but it is counted. A field that occurs twice has its last value. Missing is NULL unless fail-on-missing-field. */

import { UserError } from '#base';
import {
  typeText,
  type ArrayType,
  type Field,
  type LogicalType,
  type MapValue,
  type Row,
  type Value,
} from '#data';
import type { FormatOptions } from '../format-options.ts';
import type { DecodeLoss, Decoder, RowSink } from '../decoder.ts';
import { code, JsonCursor } from './cursor.ts';
import { jsonDecodeSettings, type JsonDecodeSettings } from './options.ts';
import { scalarConversion } from './scalars.ts';

/** Reads the value at the cursor, whatever it is, and leaves the cursor behind it. */
export type ValueReader = (cursor: JsonCursor) => Value;
/** The cells of an object's row; those that it does not have are undefined. */
export type PartialRow = (Value | undefined)[];

export class JsonDecoder implements Decoder {
  readonly skipsMalformed: boolean;
  onLoss: ((loss: DecodeLoss) => void) | undefined;
  readonly #cursor: JsonCursor;
  readonly #row: (cursor: JsonCursor) => Value[];

  /** `format`: whose messages these are, in errors. */
  constructor(fields: readonly Field[], options: FormatOptions, format = 'json') {
    this.#cursor = new JsonCursor(format);
    const settings = jsonDecodeSettings(options, format);
    this.skipsMalformed = settings.ignoreErrors;
    const maker = new JsonReaders(settings, hasDecimals(fields), () => this.onLoss?.('made-null'));
    this.#row = maker.fields(fields);
  }

  decode(data: Uint8Array, start: number, end: number, emit: RowSink): void {
    if (start === end) return;
    const cursor = this.#cursor;
    cursor.reset(data, start, end);
    const first = cursor.peek();
    if (first === code.openBrace) {
      const row = this.#row(cursor);
      this.#lookBehind(cursor);
      return emit(row, 0);
    }
    if (first !== code.openBracket) throw cursor.malformed('expected an object or an array of objects');
    const rows: Row[] = [];
    cursor.enter();
    for (let head = true; cursor.nextElement(head); head = false) {
      if (cursor.peek() !== code.openBrace)
        throw cursor.malformed('expected an object in the outermost array');
      rows.push(this.#row(cursor));
    }
    this.#lookBehind(cursor);
    for (const row of rows) emit(row, 0);
  }
  #lookBehind(cursor: JsonCursor): void {
    if (this.onLoss !== undefined && cursor.peek() >= 0) this.onLoss('trailing');
  }
}

/** Where a field is a decimal, numbers in text keep all digits. */
export const hasDecimals = (fields: readonly Field[]): boolean => fields.some((f) => hasDecimal(f.type));

function hasDecimal(type: LogicalType): boolean {
  switch (type.kind) {
    case 'DECIMAL':
      return true;
    case 'ARRAY':
    case 'MULTISET':
      return hasDecimal(type.element);
    case 'MAP':
      return hasDecimal(type.key) || hasDecimal(type.value);
    case 'ROW':
      return hasDecimals(type.fields);
    default:
      return false;
  }
}

/** Builds readers for types; all share the decoder's settings. */
export class JsonReaders {
  readonly #settings: JsonDecodeSettings;
  readonly #exactFloats: boolean;

  readonly #madeNull: () => void;

  constructor(settings: JsonDecodeSettings, exactFloats: boolean, madeNull: () => void) {
    this.#settings = settings;
    this.#madeNull = madeNull;
    this.#exactFloats = exactFloats;
  }

  /** Reads the object at the cursor into those of the fields that it has. */
  partial(fields: readonly Field[]): (cursor: JsonCursor) => PartialRow {
    const readers = fields.map((f) => this.value(f.type, `field '${f.name}'`));
    const indexes = new Map(fields.map((f, i) => [f.name, i]));
    return (c) => {
      const row: PartialRow = new Array<Value | undefined>(fields.length).fill(undefined);
      c.enter();
      for (let first = true; c.nextKey(first); first = false) {
        const index = indexes.get(c.text());
        if (index === undefined) c.value();
        else row[index] = readers[index]!(c);
      }
      return row;
    };
  }
  /** Reads the object at the cursor into a row of `fields`. */
  fields(fields: readonly Field[]): (cursor: JsonCursor) => Value[] {
    const read = this.partial(fields);
    const required = fields.map((f) => !f.type.nullable);
    const { failOnMissing } = this.#settings;
    return (c) => {
      const start = c.at;
      const row = read(c);
      for (let i = 0; i < row.length; i++) {
        if (row[i] !== undefined) continue;
        if (failOnMissing) throw c.malformed(`field '${fields[i]!.name}' is missing`, start);
        if (required[i])
          throw c.malformed(`field '${fields[i]!.name}' is missing, and its type is NOT NULL`, start);
        row[i] = null;
      }
      return row as Value[];
    };
  }

  /** A reader that knows NULL: for JSON null, and for what does not fit where errors are ignored. */
  value(type: LogicalType, what: string): ValueReader {
    const read = this.#notNull(type, what);
    if (type.nullable) return read;
    return (c) => {
      c.peek();
      const start = c.at;
      const value = read(c);
      if (value === null) throw c.malformed(`${what} is NULL, and its type is NOT NULL`, start);
      return value;
    };
  }
  #notNull(type: LogicalType, what: string): ValueReader {
    switch (type.kind) {
      case 'ROW':
        return this.#container(type, what, code.openBrace, this.fields(type.fields));
      case 'ARRAY':
        return this.#container(type, what, code.openBracket, this.#array(type, what));
      case 'MAP':
        return this.#container(type, what, code.openBrace, this.#map(type, type.key, type.value, what));
      case 'MULTISET':
        return this.#container(
          type,
          what,
          code.openBrace,
          this.#map(type, type.element, { kind: 'INT', nullable: true }, what),
        );
      default:
        return this.#scalar(type, what);
    }
  }

  #misfit(c: JsonCursor, type: LogicalType, what: string): null {
    if (this.#settings.ignoreErrors) {
      this.#madeNull();
      return null;
    }
    const found = c.kind === 'object' || c.kind === 'array' ? `an ${c.kind}` : shorten(c.text());
    throw c.malformed(
      `${what}: ${found} is no ${typeText({ ...type, nullable: true })}`,
      c.start,
      isoHint(type, c.kind === 'string' ? c.text() : '', this.#settings),
    );
  }
  #scalar(type: LogicalType, what: string): ValueReader {
    const convert = scalarConversion(type, this.#settings, this.#exactFloats);
    return (c) => {
      c.value();
      if (c.kind === 'null') return null;
      const value = convert(c);
      return value === undefined ? this.#misfit(c, type, what) : value;
    };
  }
  #container(type: LogicalType, what: string, open: number, read: ValueReader): ValueReader {
    return (c) => {
      if (c.peek() === open) return read(c);
      c.value();
      return c.kind === 'null' ? null : this.#misfit(c, type, what);
    };
  }
  #array(type: ArrayType, what: string): ValueReader {
    const element = this.value(type.element, `an element of ${what}`);
    return (c) => {
      const values: Value[] = [];
      c.enter();
      for (let first = true; c.nextElement(first); first = false) values.push(element(c));
      return values;
    };
  }
  #map(type: LogicalType, key: LogicalType, value: LogicalType, what: string): ValueReader {
    if (key.kind !== 'CHAR' && key.kind !== 'VARCHAR') {
      throw new UserError('FMT1003', {
        message: `the ${this.#settings.format} format takes only strings as keys of a map, found ${typeText(type)}`,
      });
    }
    const read = this.value(value, `a value of ${what}`);
    return (c): MapValue => {
      const entries = new Map<string, Value>();
      c.enter();
      for (let first = true; c.nextKey(first); first = false) {
        const name = c.text();
        entries.set(name, read(c));
      }
      return { entries: [...entries] };
    };
  }
}

const shorten = (text: string): string => (text.length > 60 ? `'${text.slice(0, 60)}…'` : `'${text}'`);

/** The other of the two forms of a time is likely what the table wants. */
function isoHint(type: LogicalType, text: string, { style, format }: JsonDecodeSettings): string | undefined {
  if (type.kind !== 'TIMESTAMP' && type.kind !== 'TIMESTAMP_LTZ') return undefined;
  const iso = /^\d{4}-\d\d-\d\dT\d\d:/.test(text);
  const sql = /^\d{4}-\d\d-\d\d \d\d:/.test(text);
  if (style === 'SQL' && iso)
    return /Z$/.test(text) && type.kind === 'TIMESTAMP'
      ? `Set '${format}.timestamp-format.standard' = 'ISO-8601', and declare the column TIMESTAMP_LTZ(3), for the text ends with Z.`
      : `Set '${format}.timestamp-format.standard' = 'ISO-8601': the text has a T between date and time.`;
  if (style === 'ISO-8601' && sql)
    return `Set '${format}.timestamp-format.standard' = 'SQL': the text has a space between date and time.`;
  return undefined;
}
