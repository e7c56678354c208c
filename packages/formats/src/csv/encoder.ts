/* Rows → CSV, byte for byte as Flink's csv format writes them (Jackson's loose quoting: long text and text
 * with a character up to the greatest of delimiter and quote is quoted). The line end is the file
 * writer's. */

import { UserError } from '#base';
import { readValue, type Column, type Field, type Instant, type LogicalType, type Value } from '#data';
import type { ByteWriter } from '#base';
import type { FormatOptions } from '../format-options.ts';
import type { CellWriter } from '../block/cell.ts';
import type { Encoder } from '../format.ts';
import { base64ToText } from '../text/base64.ts';
import { decimalToPlain, decimalToScientific, doubleToText, floatToText } from '../text/numbers.ts';
import { dateToText, timestampToText, timeToText } from '../text/time.ts';
import { checkNested, unsupported } from './decoder.ts';
import { csvSettings, type CsvSettings } from './options.ts';

/** Text longer than this is quoted without being looked at. */
export const lookedAtMax = 24;

type Printer = (value: Exclude<Value, null>) => string;

export class CsvEncoder implements Encoder {
  readonly #settings: CsvSettings;
  readonly #writers: readonly CellWriter[];

  constructor(fields: readonly Field[], options: FormatOptions) {
    this.#settings = csvSettings(options);
    this.#writers = fields.map((f) => csvCellWriter(f.type, this.#settings));
  }

  encode(columns: readonly Column[], row: number, _kind: number, to: ByteWriter): void {
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      if (i > 0) to.text(this.#settings.delimiter);
      if (column.valid !== undefined && column.valid[row] === 0) to.text(this.#settings.nullLiteral ?? '');
      else this.#writers[i]!(column, row, to);
    }
  }
}

/** Appends cells of the type, in quotes where they need them. */
export function csvCellWriter(type: LogicalType, settings: CsvSettings): CellWriter {
  const print = printer(type, settings);
  const quote = isBare(type) ? (text: string): string => text : quoter(settings);
  return (column, row, to) => {
    const value = readValue(column, type, row);
    to.text(value === null ? (settings.nullLiteral ?? '') : quote(print(value)));
  };
}

/** Characters up to this one ask for quotes, and so does the escape. */
export const greatestQuoted = ({ delimiter, quote }: CsvSettings): number =>
  Math.max(delimiter.charCodeAt(0), (quote ?? ' ').charCodeAt(0), 13);
/** What escapes where no option says so. */
export const escapeOf = ({ escape }: CsvSettings): string => escape ?? '\\';

function quoter(settings: CsvSettings): (text: string) => string {
  const { quote, escape } = settings;
  if (quote === undefined) return (text) => text;
  const escapeCode = escapeOf(settings).charCodeAt(0);
  const needsQuotes = new RegExp(`[\\u0000-${hex(greatestQuoted(settings))}${hex(escapeCode)}]`);
  return (text) => {
    if (text.length <= lookedAtMax && !needsQuotes.test(text)) return text;
    const escaped = escape === undefined ? text : text.replaceAll(escape, () => escape + escape);
    return quote + escaped.replaceAll(quote, () => quote + quote) + quote;
  };
}

const hex = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

/** Numbers and booleans are written as they are, everything else as text. */
function isBare(type: LogicalType): boolean {
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
    case 'FLOAT':
    case 'DOUBLE':
    case 'DECIMAL':
      return true;
    default:
      return false;
  }
}

function printer(type: LogicalType, settings: CsvSettings): Printer {
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
      return String;
    case 'CHAR':
    case 'VARCHAR':
      return (value) => value as string;
    case 'FLOAT':
      return (value) => floatToText(value as number);
    case 'DOUBLE':
      return (value) => doubleToText(value as number);
    case 'DECIMAL': {
      const print = settings.scientificDecimals ? decimalToScientific : decimalToPlain;
      return (value) => print(value as bigint, type.scale);
    }
    case 'BINARY':
    case 'VARBINARY':
      return (value) => base64ToText(value as Uint8Array);
    case 'DATE':
      return (value) => dateToText(value as number);
    case 'TIME':
      return (value) => timeToText(value as number);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return (value) =>
        timestampToText((value as Instant).ms, (value as Instant).ns, 'SQL', type.kind === 'TIMESTAMP_LTZ');
    case 'ARRAY': {
      const print = nested(type.element, settings);
      return (value) => (value as readonly Value[]).map(print).join(settings.arrayDelimiter);
    }
    case 'ROW': {
      const prints = type.fields.map((f) => nested(f.type, settings));
      return (value) =>
        prints.map((print, i) => print((value as readonly Value[])[i]!)).join(settings.arrayDelimiter);
    }
    case 'NULL':
      return () => {
        throw new UserError('FMT1005', { message: 'a NULL type holds no value' });
      };
    default:
      throw unsupported(type);
  }
}

function nested(type: LogicalType, settings: CsvSettings): (value: Value) => string {
  checkNested(type);
  const print = printer(type, settings);
  return (value) => (value === null ? (settings.nullLiteral ?? '') : print(value));
}
