/* What makes a format of the rules and the texts of one. */

import { allChanges, type OptionSpec } from '#catalog';
import type { FormatDescriptor } from '../format.ts';
import type { FormatOptions } from '../format-options.ts';
import { LineFraming } from '../framing.ts';
import { newLineFraming } from '../scan/block-framing.ts';
import { ChangeDecoder, type ChangeRules } from './decoder.ts';
import { ChangeEncoder, type ChangeTexts } from './encoder.ts';
import { changeOptionSpecs } from './options.ts';
import type { ChangeMetadata } from './metadata.ts';

export interface ChangeFormat {
  readonly name: string;
  /** Beside those that all have. */
  readonly options: readonly OptionSpec[];
  readonly metadata: readonly ChangeMetadata[];
  /** Throws UserError for options that cannot be. */
  rules(options: FormatOptions): ChangeRules;
  texts(options: FormatOptions): ChangeTexts;
}

/** One message a line in files, all kinds of change in both directions. */
export const changeFormat = (format: ChangeFormat): FormatDescriptor => ({
  name: format.name,
  needsNoSchema: true,
  options: [...format.options, ...changeOptionSpecs],
  changelog: allChanges,
  metadata: format.metadata,
  decoder: (fields, options, _record, metadata = []) =>
    new ChangeDecoder(format.rules(options), fields, options, metadata),
  encoder: (fields, options) => new ChangeEncoder(format.texts(options), fields, options),
  framing: () => new LineFraming(),
  blockFraming: (memory) => newLineFraming(memory),
});
