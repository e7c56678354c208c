/* The options of the csv format, as Flink 2.2 has them. */

import type { OptionSpec } from '#catalog';
import type { FormatOptions } from '../format-options.ts';

export const csvOptionSpecs: readonly OptionSpec[] = [
  {
    key: 'field-delimiter',
    type: 'string',
    default: ',',
    doc: 'The character between fields; \\t and \\u0001 are understood.',
  },
  { key: 'disable-quote-character', type: 'boolean', default: 'false', doc: 'Quotes are plain characters.' },
  {
    key: 'quote-character',
    type: 'string',
    default: '"',
    doc: 'The character around values that hold delimiters.',
  },
  { key: 'allow-comments', type: 'boolean', default: 'false', doc: 'Skip lines that start with #.' },
  {
    key: 'ignore-parse-errors',
    type: 'boolean',
    default: 'false',
    doc: 'Read a field that does not fit its type as NULL, skip a record that is no CSV; else fail.',
  },
  {
    key: 'array-element-delimiter',
    type: 'string',
    default: ';',
    doc: 'The text between elements of arrays and fields of rows.',
  },
  { key: 'escape-character', type: 'string', doc: 'The character before a character to be taken as it is.' },
  { key: 'null-literal', type: 'string', doc: 'The text that stands for NULL.' },
  {
    key: 'write-bigdecimal-in-scientific-notation',
    type: 'boolean',
    default: 'true',
    doc: 'Write decimals in the shortest form (1E+2) instead of with all digits (100.00).',
  },
];

/** The rules of the dialect; characters as one-character strings. */
export interface CsvSettings {
  readonly delimiter: string;
  /** Undefined when quotes mean nothing. */
  readonly quote: string | undefined;
  readonly escape: string | undefined;
  readonly comments: boolean;
  readonly arrayDelimiter: string;
  readonly nullLiteral: string | undefined;
  readonly ignoreErrors: boolean;
  readonly scientificDecimals: boolean;
}

/** Throws FMT1004 for characters that are none and for options that contradict each other. */
export function csvSettings(options: FormatOptions): CsvSettings {
  const unquoted = options.boolean('disable-quote-character');
  if (unquoted && options.has('quote-character')) {
    throw options.refuse(
      'quote-character',
      `cannot be set together with '${options.key('disable-quote-character')}'`,
    );
  }
  return {
    delimiter: character(options, 'field-delimiter') ?? ',',
    quote: unquoted ? undefined : character(options, 'quote-character'),
    escape: character(options, 'escape-character'),
    comments: options.boolean('allow-comments'),
    arrayDelimiter: options.string('array-element-delimiter') ?? ';',
    nullLiteral: options.string('null-literal'),
    ignoreErrors: options.boolean('ignore-parse-errors'),
    scientificDecimals: options.boolean('write-bigdecimal-in-scientific-notation'),
  };
}

const named: Readonly<Record<string, string>> = {
  '\\t': '\t',
  '\\n': '\n',
  '\\r': '\r',
  '\\\\': '\\',
  '\\b': '\b',
  '\\f': '\f',
};

/** One character below U+0080, written as itself or as a Java escape. */
function character(options: FormatOptions, key: string): string | undefined {
  const text = options.string(key);
  if (text === undefined) return undefined;
  const unicode = /^\\u([0-9a-fA-F]{4})$/.exec(text);
  const meant =
    unicode === null ? (named[text] ?? text) : String.fromCharCode(Number.parseInt(unicode[1]!, 16));
  if (meant.length !== 1) throw options.refuse(key, `found '${text}', expected one character`);
  if (meant.charCodeAt(0) > 127) throw options.refuse(key, `found '${text}', expected an ASCII character`);
  return meant;
}
