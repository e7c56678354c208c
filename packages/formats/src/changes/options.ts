/* The options that all change formats over JSON share, as Flink 2.3 has them. */

import type { OptionSpec } from '#catalog';
import type { FormatOptions } from '../format-options.ts';
import { jsonOptionSpecs, type JsonDecodeSettings } from '../json/options.ts';
import type { TimestampStyle } from '../text/time.ts';

const ofJsonAlone = new Set(['fail-on-missing-field', 'decode.json-parser.enabled']);

export const changeOptionSpecs: readonly OptionSpec[] = jsonOptionSpecs.filter(
  (spec) => !ofJsonAlone.has(spec.key),
);

/** How rows inside of a message are read: as Flink reads a tree, where numbers that become text are in their normal form. */
export function changeDecodeSettings(options: FormatOptions, format: string): JsonDecodeSettings {
  return {
    format,
    failOnMissing: false,
    ignoreErrors: options.boolean('ignore-parse-errors'),
    style: options.enum('timestamp-format.standard') as TimestampStyle,
    rawNumbers: false,
  };
}
