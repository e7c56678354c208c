/* The options of the json format, as Flink 2.2 has them. */

import type { OptionSpec } from '#catalog';
import type { FormatOptions } from '../format-options.ts';
import type { TimestampStyle } from '../text/time.ts';

export const jsonOptionSpecs: readonly OptionSpec[] = [
  {
    key: 'fail-on-missing-field',
    type: 'boolean',
    default: 'false',
    doc: 'Fail when a field is missing, instead of reading NULL.',
  },
  {
    key: 'ignore-parse-errors',
    type: 'boolean',
    default: 'false',
    doc: 'Read a field that does not fit its type as NULL, skip a record that is no JSON; else fail.',
  },
  {
    key: 'timestamp-format.standard',
    type: 'enum',
    values: ['SQL', 'ISO-8601'],
    default: 'SQL',
    doc: 'How timestamps are written: 2024-01-01 12:00:00.123 or 2024-01-01T12:00:00.123.',
  },
  {
    key: 'map-null-key.mode',
    type: 'enum',
    values: ['FAIL', 'DROP', 'LITERAL'],
    default: 'FAIL',
    doc: 'What becomes of a NULL key of a map: fail, drop the entry, or write map-null-key.literal.',
  },
  {
    key: 'map-null-key.literal',
    type: 'string',
    default: 'null',
    doc: 'The key written for NULL when map-null-key.mode is LITERAL.',
  },
  {
    key: 'encode.decimal-as-plain-number',
    type: 'boolean',
    default: 'false',
    doc: 'Write decimals with all digits (100.00) instead of the shortest form (1E+2).',
  },
  {
    key: 'encode.ignore-null-fields',
    type: 'boolean',
    default: 'false',
    doc: 'Leave out fields that are NULL.',
  },
  {
    key: 'decode.json-parser.enabled',
    type: 'boolean',
    default: 'true',
    doc: 'Read a number into a string column as it is written; false: in its normal form.',
  },
];

export interface JsonDecodeSettings {
  /** The format whose options these are, for messages. */
  readonly format: string;
  readonly failOnMissing: boolean;
  readonly ignoreErrors: boolean;
  readonly style: TimestampStyle;
  /** Numbers that become strings keep their digits. */
  readonly rawNumbers: boolean;
}

/** Throws FMT1004 when both ways to treat a missing field are asked for. */
export function jsonDecodeSettings(options: FormatOptions, format = 'json'): JsonDecodeSettings {
  const settings = {
    format,
    failOnMissing: options.boolean('fail-on-missing-field'),
    ignoreErrors: options.boolean('ignore-parse-errors'),
    style: options.enum('timestamp-format.standard') as TimestampStyle,
    rawNumbers: options.boolean('decode.json-parser.enabled'),
  };
  if (settings.failOnMissing && settings.ignoreErrors) {
    throw options.refuse(
      'fail-on-missing-field',
      `cannot be true together with '${options.key('ignore-parse-errors')}'`,
    );
  }
  return settings;
}

export interface JsonEncodeSettings {
  /** The format whose options these are, for messages. */
  readonly format: string;
  readonly style: TimestampStyle;
  readonly nullKeys: 'FAIL' | 'DROP' | 'LITERAL';
  readonly nullKeyLiteral: string;
  readonly plainDecimals: boolean;
  readonly skipNulls: boolean;
}

export function jsonEncodeSettings(options: FormatOptions, format = 'json'): JsonEncodeSettings {
  return {
    format,
    style: options.enum('timestamp-format.standard') as TimestampStyle,
    nullKeys: options.enum('map-null-key.mode') as 'FAIL' | 'DROP' | 'LITERAL',
    nullKeyLiteral: options.string('map-null-key.literal') ?? 'null',
    plainDecimals: options.boolean('encode.decimal-as-plain-number'),
    skipNulls: options.boolean('encode.ignore-null-fields'),
  };
}
